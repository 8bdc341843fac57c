/**
 * What a notification may say, field by field; what is wrong is said in the same order, for an error or for a push document.
 */
import * as z from 'zod';
import { isCollectionPath, MAX_DOCUMENT_ID_BYTES } from '../document-id';
import { publicImages, type ImagePolicy } from './image-url';
import { isTopic, parseCondition } from '../topic-condition';
import { contentProblems, imageProblem } from './contradictions';
import { contentFields } from './field-schemas';
import { issuesByField } from '../describe-issues';
import type { Notification } from './notification';

/** More recipients than this belong in a collection: see {@link Recipients}. */
export const MAX_LISTED_RECIPIENTS = 100_000;

/** What Firestore takes for `in` and `array-contains-any`. */
export const MAX_FILTER_VALUES = 30;

/** Of fields that a user document may have. Other operators would need an index for each field, or page in another order. */
const userFilter = z
  .strictObject({
    field: z
      .string()
      .max(500)
      .refine(isFieldPath, { error: 'expected a field of users, such as locale or plan.name' }),
    op: z.enum(['==', 'in', 'array-contains', 'array-contains-any'], {
      error:
        'expected ==, in, array-contains or array-contains-any: others cannot be read page by page without an index; write what you look for into a field of its own',
    }),
    value: z.unknown(),
  })
  .superRefine(({ op, value }, context) => {
    const isList = op === 'in' || op === 'array-contains-any';
    const path = ['value'];
    if (!isList) {
      if (!(isScalar(value) && (value !== null || op === '=='))) {
        const types =
          op === '==' ? 'a string, number, boolean or null' : 'a string, number or boolean';
        const message = `expected ${types}; a string of at most 1,500 bytes`;
        context.addIssue({ code: 'custom', path, message });
      }
    } else if (!Array.isArray(value) || value.length === 0 || value.length > MAX_FILTER_VALUES) {
      const message = `expected a list of 1 to ${MAX_FILTER_VALUES} values`;
      context.addIssue({ code: 'custom', path, message });
    } else if (!value.every((each) => each !== null && isScalar(each))) {
      const message =
        'expected strings, numbers or booleans in the list (null is found by == alone); strings of at most 1,500 bytes';
      context.addIssue({ code: 'custom', path, message });
    }
  });

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

const TO_EXPECTED =
  'expected a user id, a list of user ids, or one of { members }, { users }, { everyone: true }, { topic }, { condition }';

const notificationSchema = z.strictObject({
  to: z.union(
    [
      // Ids that can be none are told apart later, one by one: the others are told.
      z.string().min(1),
      z.array(z.unknown()).max(MAX_LISTED_RECIPIENTS, {
        error: `expected at most ${MAX_LISTED_RECIPIENTS} user ids; keep more in a collection and use { members: path }`,
      }),
      z.strictObject({
        members: z.string().refine(isCollectionPath, {
          error: 'expected the path of a collection, such as chats/c1/members',
        }),
      }),
      z.strictObject({ everyone: z.literal(true) }),
      z.strictObject({ users: userFilter }),
      z.strictObject({
        topic: z.string().refine(isTopic, {
          error: 'expected 1 to 900 of a-z A-Z 0-9 - _ . ~ %, without /topics/ before it',
        }),
      }),
      z.strictObject({ condition: z.string().superRefine(checkCondition) }),
    ],
    { error: TO_EXPECTED },
  ),
  actor: z.string().optional(),
  ...contentFields,
});

/**
 * What is wrong with a notification: field → what was expected; nothing if it is fine.
 *
 * @param images which pictures it may have. Default: any of a public host.
 */
export function notificationProblems(
  notification: unknown,
  images: ImagePolicy = publicImages,
): Record<string, string> {
  const parsed = notificationSchema.safeParse(notification);
  const { image } = Object(notification) as { readonly image?: unknown };
  return {
    ...(parsed.success
      ? contentProblems(notification as Notification, images)
      : issuesByField(parsed.error)),
    ...imageProblem(image, images),
  };
}
