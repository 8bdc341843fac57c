/**
 * What a notification may say, field by field; what is wrong is said in the same order, for an error or for a push document.
 */
import * as z from 'zod';
import { apnsOptionsSchema } from '../providers/apns/options';
import { isCollectionPath, MAX_DOCUMENT_ID_BYTES } from '../model/document-id';
import { own } from '../model/own';
import { isTopic, parseCondition } from '../providers/fcm/condition';
import { issuesByField } from './describe-issues';

/** FCM keeps a message for four weeks at most; also the default, as FCM's own. */
export const MAX_TIME_TO_LIVE_SECONDS = 2_419_200;
/** More recipients than this belong in a collection: see {@link Recipients}. */
export const MAX_LISTED_RECIPIENTS = 100_000;

/** What Firestore takes for `in` and `array-contains-any`. */
export const MAX_FILTER_VALUES = 30;

const httpUrl = z
  .string()
  .max(2048)
  .regex(/^https?:\/\/\S+$/, 'expected an http(s) URL');

/** See {@link Text}. */
const text = z.union(
  [
    z.string(),
    z.strictObject({
      key: z.string().min(1),
      args: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
    }),
    z.strictObject({
      locKey: z.string().min(1),
      locArgs: z.array(z.string()).optional(),
      fallback: z.string().optional(),
    }),
  ],
  { error: 'expected a text, { key, args } or { locKey, locArgs, fallback }' },
);

/**
 * FCM answers 400 for some (REST reference, `Message.data`, and ErrorCode's list of invalid keys); the others stand beside the
 * data in what Apple's devices get.
 */
const RESERVED_DATA_KEY = /^(?:from$|message_type$|aps$|fcm_options$|google|gcm)/;

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
      if (!isScalar(value)) {
        context.addIssue({
          code: 'custom',
          path,
          message: 'expected a string, number, boolean or null; a string of at most 1,500 bytes',
        });
      }
    } else if (!Array.isArray(value) || value.length === 0 || value.length > MAX_FILTER_VALUES) {
      const message = `expected a list of 1 to ${MAX_FILTER_VALUES} values`;
      context.addIssue({ code: 'custom', path, message });
    } else if (!value.every(isScalar)) {
      const message =
        'expected strings, numbers, booleans or null in the list; strings of at most 1,500 bytes';
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

const notificationSchema = z
  .strictObject({
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
    title: text.optional(),
    subtitle: text.optional(),
    body: text.optional(),
    image: httpUrl.optional(),
    data: z
      .record(
        z.string().refine((key) => !RESERVED_DATA_KEY.test(key), {
          error:
            'is reserved by FCM: expected a key other than "from", "message_type", "aps", "fcm_options", "google…", "gcm…"',
        }),
        z.string({
          error: 'expected a string: convert numbers and booleans, JSON.stringify objects',
        }),
      )
      .optional(),
    requiredData: z.array(z.string()).optional(),
    link: z.string().max(2048).optional(),
    collapseKey: z.string().min(1).optional(),
    channelId: z.string().min(1).optional(),
    category: z.string().min(1).optional(),
    threadId: z.string().min(1).optional(),
    sound: z.string().min(1).nullable().optional(),
    criticalVolume: z.number().min(0).max(1).optional(),
    interruptionLevel: z.enum(['passive', 'active', 'time-sensitive', 'critical']).optional(),
    relevanceScore: z.number().min(0).max(1).optional(),
    targetContentId: z.string().min(1).optional(),
    launchImage: z.string().min(1).optional(),
    badge: z.int().min(0).optional(),
    timeToLive: z.int().min(0).max(MAX_TIME_TO_LIVE_SECONDS).optional(),
    priority: z.enum(['high', 'normal']).optional(),
    style: z.enum(['alert', 'data']).optional(),
    analyticsLabel: z
      .string()
      .regex(/^[a-zA-Z0-9-_.~%]{1,50}$/, 'expected 1 to 50 of a-z A-Z 0-9 - _ . ~ %')
      .optional(),
    apns: apnsOptionsSchema.optional(),
    expo: z
      .strictObject({
        experienceId: z.string().min(1).max(200),
        icon: z.string().min(1).optional(),
      })
      .optional(),
  })
  .refine(({ sound, criticalVolume }) => sound !== null || criticalVolume === undefined, {
    path: ['criticalVolume'],
    error: 'expected a sound to go with it, got null',
  })
  .refine(
    ({ style, apns }) => style !== 'data' || apns?.aps === undefined || apns.pushType !== undefined,
    {
      path: ['apns', 'aps'],
      error:
        'expected style "alert" or a pushType: Apple wants nothing but content-available in a silent push',
    },
  );

/** What is wrong with a notification: field → what was expected; nothing if it is fine. */
export function notificationProblems(notification: unknown): Record<string, string> {
  const parsed = notificationSchema.safeParse(notification);
  if (!parsed.success) return issuesByField(parsed.error);
  const { requiredData = [], data } = parsed.data;
  const missing = requiredData.filter((key) => own(data ?? {}, key) === undefined);
  if (missing.length === 0) return {};
  return { requiredData: `names ${missing.join(', ')}: expected keys that are in data` };
}
