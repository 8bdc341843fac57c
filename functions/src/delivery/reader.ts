/**
 * Lets a catalogue entry look at other documents, field by field, without trusting what apps wrote there.
 */
import type { Firestore } from '@google-cloud/firestore';
import type { z } from 'zod';
import { describeIssues } from './describe-issues';
import { InvalidInputError } from './notification';

export interface Reader {
  /**
   * Reads the fields of `path` that `schema` names: one document read, and only those fields travel.
   *
   * @returns undefined when there is no such document.
   * @throws {InvalidInputError} when the document does not fit the schema: the event is recorded as failed, not retried.
   */
  get<Shape extends z.ZodRawShape>(
    path: string,
    schema: z.ZodObject<Shape>,
  ): Promise<z.infer<z.ZodObject<Shape>> | undefined>;
}

export function firestoreReader(db: Firestore): Reader {
  return {
    async get(path, schema) {
      const [snapshot] = await db.getAll(db.doc(path), { fieldMask: Object.keys(schema.shape) });
      if (snapshot === undefined || !snapshot.exists) return undefined;
      return checked(path, schema, snapshot.data());
    },
  };
}

/**
 * The document's fields as the schema has them.
 *
 * @throws {InvalidInputError} naming the document and each field.
 */
export function checked<T>(path: string, schema: z.ZodType<T>, document: unknown): T {
  const parsed = schema.safeParse(document);
  if (!parsed.success) {
    throw new InvalidInputError(`Document ${path}: ${describeIssues(parsed.error)}`);
  }
  return parsed.data;
}
