/**
 * Lets a catalogue entry read other documents, field by field, without trusting what apps wrote there.
 */
import type { Firestore } from '@google-cloud/firestore';
import type { z } from 'zod';
import { describeValue } from '../model/describe-value';
import { isDocumentId, isDocumentPath, type DocumentPath } from '../model/document-id';
import { InvalidInputError } from '../model/invalid-input';
import { describeIssues } from '../model/describe-issues';

/** Reads documents for `compose`. */
export interface Reader {
  /**
   * Reads the fields of a document that `schema` names: one document read, and only those fields are transferred.
   *
   * @param path made by {@link at}: ``reader.get(at`posts/${postId}`, post)``.
   * @returns undefined when there is no such document.
   * @throws {InvalidInputError} when the document does not fit the schema: the event is recorded as failed, not retried.
   */
  get<Shape extends z.ZodRawShape>(
    path: DocumentPath,
    schema: z.ZodObject<Shape>,
  ): Promise<z.infer<z.ZodObject<Shape>> | undefined>;
}

/**
 * Builds a document's path from ids that people chose: ``at`posts/${postId}/comments/${commentId}` ``. Each id stays one segment.
 *
 * @throws {InvalidInputError} for a string that is not a possible id, such as "a/b", which would lead to another document.
 * @example
 * ```ts
 * import { at } from '@firestore-push/push/lib';
 *
 * const postId = 'p1';
 * at`posts/${postId}/comments/${'c7'}`; // => 'posts/p1/comments/c7'
 * ```
 */
export function at(words: TemplateStringsArray, ...ids: readonly string[]): DocumentPath {
  const wrong = ids.find((id) => !isDocumentId(id));
  if (wrong !== undefined) {
    throw new InvalidInputError(
      `Path ${words.join('{id}')}: expected document ids, got ${describeValue(wrong)}.`,
    );
  }
  return checkedPath(String.raw({ raw: words }, ...ids));
}

function checkedPath(path: string): DocumentPath {
  if (isDocumentPath(path)) return path;
  throw new InvalidInputError(
    `Path ${describeValue(path)}: expected the path of a document, such as posts/p1.`,
  );
}

export function firestoreReader(db: Firestore): Reader {
  return {
    async get(path, schema) {
      // Whoever writes JavaScript, or a cast, comes here with any string.
      const [snapshot] = await db.getAll(db.doc(checkedPath(path)), {
        fieldMask: Object.keys(schema.shape),
      });
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
