/**
 * What callables accept. Every field is bounded, and messages name fields, never their values: those are addresses.
 */
import { HttpsError } from 'firebase-functions/https';
import * as z from 'zod';
import { describeIssues } from '../model/describe-issues';
import { readFacts, type ReadFacts } from '../model/device-facts';
import { isExpoPushToken, MAX_ADDRESS_LENGTH, normaliseAddress } from '../model/address';
import { once } from '../model/once';
import { isTopic } from '../model/topic-condition';

/** Two addresses of the longest kind and every fact at its longest fit; nothing else has a reason to be long. */
const MAX_REQUEST_BYTES = 12_000;

const address = once(() =>
  z
    .string({ error: 'expected the device token as a string' })
    .max(MAX_ADDRESS_LENGTH, { error: `expected at most ${MAX_ADDRESS_LENGTH} characters` })
    .refine((value) => !isExpoPushToken(value), {
      error:
        'is an Expo push token, which only Expo can send to: pass the native token from getDevicePushTokenAsync()',
    })
    .regex(/^[!-~]+$/, 'expected printable ASCII without spaces, exactly as the SDK gave it')
    // What was refused above is not read; the type does not know.
    .transform((value) => normaliseAddress(value) ?? value),
);

const registrationSchema = once(() => z.looseObject({ address: address() }));

/** A call of `registerToken`. */
export interface Registration extends ReadFacts {
  readonly address: string;
  readonly replaces: string | undefined;
}

/**
 * Only the address decides whether a device is registered: whatever else is odd is left out and named in `ignored`. An app of an
 * earlier or later version than this must still hear of what happens.
 *
 * @throws {HttpsError} as {@link checkedInput}.
 */
export function checkedRegistration(data: unknown): Registration {
  const { address: registered, replaces, ...told } = checkedInput(registrationSchema, data);
  const { facts, ignored } = readFacts(told);
  const replaced = replaces ?? undefined;
  const { success, data: former } = address().optional().safeParse(replaced);
  return {
    address: registered,
    replaces: success ? former : undefined,
    facts,
    ignored: success ? ignored : ['replaces', ...ignored],
  };
}

/** To be logged out must not fail for a field more. */
export const removalSchema = once(() => z.object({ address: address() }));

/** A topic, for all of the caller's devices or one. */
export const topicSchema = once(() =>
  strict({
    topic: z
      .string()
      .refine(isTopic, { error: 'expected 1 to 900 of a-z A-Z 0-9 - _ . ~ %, without /topics/' }),
    address: address().optional(),
  }),
);

export const nothingSchema = once(() => strict({}));

/** An object with these fields only; the message lists them and not what was sent instead. */
export function strict<Shape extends z.ZodRawShape>(shape: Shape) {
  const fields = Object.keys(shape).join(', ') || 'none';
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? `expected no fields other than: ${fields}` : undefined,
  });
}

/**
 * `data` as the schema has it; a call without data counts as `{}`.
 *
 * @throws {HttpsError} `invalid-argument`, naming each field, what was expected and what to do.
 */
export function checkedInput<T>(schema: () => z.ZodType<T>, data: unknown): T {
  const bytes = Buffer.byteLength(JSON.stringify(data ?? null));
  if (bytes > MAX_REQUEST_BYTES) {
    throw new HttpsError(
      'invalid-argument',
      `Invalid request: expected at most ${MAX_REQUEST_BYTES} bytes, got ${bytes}.`,
    );
  }
  const parsed = schema().safeParse(data ?? {});
  if (!parsed.success) {
    throw new HttpsError('invalid-argument', `Invalid request: ${describeIssues(parsed.error)}.`);
  }
  return parsed.data;
}
