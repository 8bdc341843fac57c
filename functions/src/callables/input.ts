/**
 * What callables accept. Every field is bounded, and messages name fields, never their values: those are addresses.
 */
import { HttpsError } from 'firebase-functions/https';
import * as z from 'zod';
import { describeIssues } from '../delivery/describe-issues';
import { isExpoPushToken, MAX_ADDRESS_LENGTH, normaliseAddress } from '../providers/address';
import { isTopic } from '../providers/fcm/condition';

/** Two addresses of the longest kind and every fact at its longest fit; nothing else has a reason to be long. */
export const MAX_REQUEST_BYTES = 12_000;

const address = z
  .string({ error: 'expected the device token as a string' })
  .max(MAX_ADDRESS_LENGTH, { error: `expected at most ${MAX_ADDRESS_LENGTH} characters` })
  .refine((value) => !isExpoPushToken(value), {
    error:
      'is an Expo push token, which only Expo can send to: pass the native token from getDevicePushTokenAsync()',
  })
  .regex(/^[!-~]+$/, 'expected printable ASCII without spaces, exactly as the SDK gave it')
  // What was refused above is not read; the type does not know.
  .transform((value) => normaliseAddress(value) ?? value);

/** The same that firestore.rules accept in `users/{uid}`, where these are copied to. */
const locale = z
  .string()
  .max(35)
  .regex(/^[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8})*$/, 'expected a locale such as pt-BR');
const timeZone = z
  .string()
  .max(64)
  .regex(
    /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/,
    'expected an IANA time zone such as Europe/Vienna',
  );
const name = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .regex(/^[!-~]+$/, 'expected printable ASCII without spaces');

export const registrationSchema = strict({
  address,
  replaces: address.optional(),
  platform: z.enum(['android', 'ios', 'web']).optional(),
  appId: name(200).optional(),
  appVersion: name(100).optional(),
  locale: locale.optional(),
  timeZone: timeZone.optional(),
  environment: z.enum(['production', 'sandbox']).optional(),
  experienceId: name(200).optional(),
});

export const removalSchema = strict({ address });

/** A topic, for all of the caller's devices or one. */
export const topicSchema = strict({
  topic: z
    .string()
    .refine(isTopic, { error: 'expected 1 to 900 of a-z A-Z 0-9 - _ . ~ %, without /topics/' }),
  address: address.optional(),
});

export const nothingSchema = strict({});

/** An object with these fields only; the message lists them and not what was sent instead. */
function strict<Shape extends z.ZodRawShape>(shape: Shape) {
  const fields = Object.keys(shape).join(', ') || 'none';
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? `expected no other fields than: ${fields}` : undefined,
  });
}

/**
 * `data` as the schema has it; a call without data counts as `{}`.
 *
 * @throws {HttpsError} `invalid-argument`, naming each field, what was expected and what to do.
 */
export function checkedInput<T>(schema: z.ZodType<T>, data: unknown): T {
  const bytes = Buffer.byteLength(JSON.stringify(data ?? null));
  if (bytes > MAX_REQUEST_BYTES) {
    throw new HttpsError(
      'invalid-argument',
      `Invalid request: expected at most ${MAX_REQUEST_BYTES} bytes, got ${bytes}.`,
    );
  }
  const parsed = schema.safeParse(data ?? {});
  if (!parsed.success) {
    throw new HttpsError('invalid-argument', `Invalid request: ${describeIssues(parsed.error)}.`);
  }
  return parsed.data;
}
