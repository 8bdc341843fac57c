/**
 * The fields of a notification that say what is sent, each with its limits; what depends on several of them is in
 * `contradictions.ts`.
 *
 * Texts that people write are not refused for their length: they are cut (`shorten.ts`), so that a long name loses nobody their push.
 */
import * as z from 'zod';
import { dataKeyProblem, fieldNameProblem } from './data-keys';
import { apnsOptionsSchema } from './apns-options';

/** FCM keeps a message for four weeks at most; also the default, as FCM's own. */
export const MAX_TIME_TO_LIVE_SECONDS = 2_419_200;
/** Of names that developers give: channels, sounds, keys of texts. */
const MAX_NAME_CHARACTERS = 256;
/** Values in one text. */
const MAX_ARGS = 20;
/** Longer links leave no room for anything else; one that does not fit the payload is dropped. */
const MAX_LINK_CHARACTERS = 8192;
const MAX_REQUIRED_KEYS = 100;
/** FCM's `notification_count` is an int32. */
const MAX_BADGE = 2 ** 31 - 1;

/** A name that a developer gave. */
function named(maxCharacters = MAX_NAME_CHARACTERS) {
  return z
    .string()
    .min(1)
    .max(maxCharacters)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'expected no control characters');
}

/** A key that is made of ids, and may be as long as they are. */
const made = z.string().min(1).max(10_000);

const args = strings({
  keyProblem: fieldNameProblem,
  maxKeys: MAX_ARGS,
  isValue: (value) => typeof value === 'string' || Number.isFinite(value),
  expected: 'expected a string or a number',
});

/** See {@link Text}. */
const text = z.union(
  [
    z.string(),
    z.strictObject({ key: named(), args: args.optional() }),
    z.strictObject({
      locKey: named(),
      locArgs: z.array(z.string()).max(MAX_ARGS).optional(),
      fallback: z.string().optional(),
    }),
  ],
  { error: 'expected a text, { key, args } or { locKey, locArgs, fallback }' },
);

const data = strings({
  keyProblem: dataKeyProblem,
  isValue: (value) => typeof value === 'string',
  expected: 'expected a string: convert numbers and booleans, JSON.stringify objects',
});

/** An object of the app's, key by key as it stands: a schema for records would pass over `__proto__`. */
function strings({
  keyProblem,
  isValue,
  expected,
  maxKeys = Infinity,
}: {
  readonly keyProblem: (key: string) => string | undefined;
  readonly isValue: (value: unknown) => boolean;
  readonly expected: string;
  readonly maxKeys?: number;
}) {
  return z.unknown().superRefine((value, context) => {
    const refuse = (message: string, ...path: string[]) =>
      context.addIssue({ code: 'custom', path, message });
    if (value === undefined) return;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return refuse('expected an object');
    }
    const entries = Object.entries(value);
    if (entries.length > maxKeys) return refuse(`expected at most ${maxKeys} values`);
    for (const [key, member] of entries) {
      const problem = keyProblem(key) ?? (isValue(member) ? undefined : expected);
      // A key may be long, or not be text that could be kept.
      if (problem !== undefined) refuse(problem, key.slice(0, 100).toWellFormed());
    }
  });
}

/** What is sent, without whom it is for. */
export const contentFields = {
  title: text.optional(),
  subtitle: text.optional(),
  body: text.optional(),
  image: z.string({ error: 'expected an https URL' }).optional(),
  data: data.optional(),
  requiredData: z.array(z.string().max(MAX_NAME_CHARACTERS)).max(MAX_REQUIRED_KEYS).optional(),
  link: z.string().max(MAX_LINK_CHARACTERS).optional(),
  collapseKey: made.optional(),
  channelId: named().optional(),
  category: named().optional(),
  threadId: made.optional(),
  sound: named().nullable().optional(),
  criticalVolume: z.number().min(0).max(1).optional(),
  interruptionLevel: z.enum(['passive', 'active', 'time-sensitive', 'critical']).optional(),
  relevanceScore: z.number().min(0).max(1).optional(),
  targetContentId: named().optional(),
  launchImage: named()
    .regex(/^(?!.*:\/\/)/, 'expected the name of an image in the app')
    .optional(),
  badge: z.int().min(0).max(MAX_BADGE).optional(),
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
      experienceId: named(200),
      icon: named(2048).optional(),
    })
    .optional(),
};
