/**
 * Who a notification is for: what its field `to` may be, and what that becomes.
 */
import * as z from 'zod';
import { once } from '../once';
import { isCollectionPath, MAX_DOCUMENT_ID_BYTES, type DocumentId } from '../document-id';
import { isTopic, parseCondition } from '../topic-condition';

/** Users selected by one field; only operators whose results come in order of document id without a composite index. */
export interface UserFilter {
  /** Name of the field in the user's document, or its path with dots. */
  readonly field: string;
  /** Firestore's operator. */
  readonly op: '==' | 'in' | 'array-contains' | 'array-contains-any';
  /** What the field is compared with; a list for `in` and `array-contains-any`. */
  readonly value: unknown;
}

/**
 * Who is notified: a user id, user ids, the users whose ids are the document ids of a collection (e.g. `chats/c1/members`), the
 * users selected by one field, every user, or whoever is subscribed to a topic or to topics for which a condition holds (see
 * `allOf` and `anyOf`). Ids given twice count once. What cannot be a user id is skipped, and the ledger names it with the reason
 * `invalid-id`; the others are notified.
 */
export type Recipients =
  | string
  | readonly unknown[]
  | { readonly members: string }
  | { readonly users: UserFilter }
  | { readonly everyone: true }
  | { readonly topic: string }
  | { readonly condition: string };

/**
 * Where a notification's recipients are found: a list at hand, a collection whose document ids are user ids, all users, or whoever
 * a provider knows.
 */
export type RecipientSource =
  | {
      readonly uids: readonly DocumentId[];
      /** What else was named and cannot be a user id, described as the ledger can keep it, each once. */
      readonly invalid?: readonly string[];
    }
  | { readonly collection: string }
  | { readonly everyone: true; readonly where?: UserFilter }
  | { readonly topic: string }
  | { readonly condition: string }
  /** Those that the push document lists. */
  | { readonly addresses: true };

/** More recipients than this belong in a collection: see {@link Recipients}. */
const MAX_LISTED_RECIPIENTS = 100_000;

/** What Firestore takes for `in` and `array-contains-any`. */
const MAX_FILTER_VALUES = 30;

/** Of fields that a user document may have. Other operators would need an index for each field, or page in another order. */
const userFilter = () =>
  z
    .strictObject({
      field: z
        .string()
        .max(500)
        .refine(isFieldPath, { error: 'expected a field of users, such as locale or plan.name' }),
      op: z.enum(['==', 'in', 'array-contains', 'array-contains-any'], {
        error:
          'expected ==, in, array-contains or array-contains-any: other operators need an index to be read page by page; store what you query in a field of its own',
      }),
      value: z.unknown(),
    })
    .superRefine(({ op, value }, context) => {
      const message = filterValueProblem(op, value);
      if (message !== undefined) context.addIssue({ code: 'custom', path: ['value'], message });
    });

function filterValueProblem(op: UserFilter['op'], value: unknown): string | undefined {
  if (op === '==') {
    return isScalar(value)
      ? undefined
      : 'expected a string, number, boolean or null (a string of at most 1,500 bytes)';
  }
  const isComparable = (each: unknown): boolean => each !== null && isScalar(each);
  if (op === 'array-contains') {
    return isComparable(value)
      ? undefined
      : 'expected a string, number or boolean (a string of at most 1,500 bytes)';
  }
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_FILTER_VALUES) {
    return `expected a list of 1 to ${MAX_FILTER_VALUES} values`;
  }
  return value.every(isComparable)
    ? undefined
    : 'expected a list of strings, numbers or booleans (strings of at most 1,500 bytes); only == finds null';
}

/** Firestore takes no name of the form `__…__`, and needs no quotes around these. */
function isFieldPath(path: string): boolean {
  return path.split('.').every((name) => /^[A-Za-z_]\w*$/.test(name) && !/^__.*__$/.test(name));
}

/** What a field can be compared with. Firestore compares the first 1,500 bytes of a string, so a longer one would find others. */
function isScalar(value: unknown): boolean {
  if (typeof value === 'string') {
    return value.isWellFormed() && Buffer.byteLength(value) <= MAX_DOCUMENT_ID_BYTES;
  }
  if (typeof value === 'number') return !Number.isNaN(value);
  return value === null || typeof value === 'boolean';
}

function checkCondition(text: string, context: z.RefinementCtx): void {
  try {
    parseCondition(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
  }
}

/** See {@link Recipients}. */
export const recipients = once(() =>
  z.union(
    [
      // Strings that cannot be user ids are set apart later, one by one, so that the others are notified.
      z.string().min(1),
      z.array(z.unknown()).max(MAX_LISTED_RECIPIENTS, {
        error: `expected at most ${MAX_LISTED_RECIPIENTS} user ids; keep more in a collection and use { members: path }`,
      }),
      z.strictObject({
        members: z.string().refine(isCollectionPath, {
          error: 'expected the path of a collection, such as chats/c1/members',
        }),
      }),
      z.strictObject({ users: userFilter() }),
      z.strictObject({ everyone: z.literal(true) }),
      z.strictObject({
        topic: z.string().refine(isTopic, {
          error: 'expected 1 to 900 of a-z A-Z 0-9 - _ . ~ %, without /topics/ at the beginning',
        }),
      }),
      z.strictObject({ condition: z.string().superRefine(checkCondition) }),
    ],
    {
      error:
        'expected a user id, a list of user ids, or one of { members }, { users }, { everyone: true }, { topic }, { condition }',
    },
  ),
);
