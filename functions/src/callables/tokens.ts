/**
 * What an app calls about its device: register it after login, unregister it at logout.
 */
import { HttpsError, onCall, type CallableRequest } from 'firebase-functions/https';
import { z } from 'zod';
import { enforceAppCheck, functionOptions } from '../config';
import { backend } from '../delivery/backend';
import { describeIssues } from '../delivery/describe-issues';
import { logRegistered, logUnregistered } from '../log';
import { addressKind, fingerprint, MAX_ADDRESS_LENGTH } from '../providers/address';

const address = z
  .string({ error: 'expected the device token as a string' })
  .max(MAX_ADDRESS_LENGTH, { error: `expected at most ${MAX_ADDRESS_LENGTH} characters` })
  .refine((value) => addressKind(value) !== undefined, {
    error: 'expected printable ASCII without spaces, exactly as the SDK gave it',
  })
  .refine((value) => !/^Expo(?:nent)?PushToken\[/.test(value), {
    error:
      'is an Expo push token, which only Expo can send to: pass the native token from getDevicePushTokenAsync()',
  });

const registration = z.strictObject({
  address,
  platform: z.enum(['android', 'ios', 'web']).optional(),
  appId: z.string().min(1).max(200).optional(),
  appVersion: z.string().min(1).max(100).optional(),
  locale: z.string().min(1).max(35).optional(),
  timeZone: z.string().min(1).max(64).optional(),
});

const removal = z.strictObject({ address });

/** Makes a device the caller's own, and nobody else's. Idempotent; call it at every login and app start. */
export const registerToken = onCall(
  { ...functionOptions, enforceAppCheck },
  async (request): Promise<{ kind: string }> => {
    const uid = callerOf(request);
    const { address, ...facts } = input(registration, request);
    // The schema has refused what is no address.
    const kind = addressKind(address) ?? 'fcm';
    await backend().devices.register(uid, address, kind, facts, Date.now());
    logRegistered(uid, fingerprint(address), kind);
    return { kind };
  },
);

/** Takes a device from the caller; call it at logout. Idempotent: `removed` says whether there was anything to remove. */
export const unregisterToken = onCall(
  { ...functionOptions, enforceAppCheck },
  async (request): Promise<{ removed: boolean }> => {
    const uid = callerOf(request);
    const { address } = input(removal, request);
    const removed = await backend().devices.unregister(uid, address);
    logUnregistered(uid, fingerprint(address), removed);
    return { removed };
  },
);

/** The signed-in caller's uid. */
function callerOf(request: CallableRequest): string {
  if (request.auth === undefined) {
    throw new HttpsError('unauthenticated', 'Sign in first: a device belongs to a signed-in user.');
  }
  return request.auth.uid;
}

/** The request's data as the schema has it; errors name fields, never their values. */
function input<T>(schema: z.ZodType<T>, request: CallableRequest): T {
  const parsed = schema.safeParse(request.data);
  if (!parsed.success) {
    throw new HttpsError('invalid-argument', `Invalid request: ${describeIssues(parsed.error)}.`);
  }
  return parsed.data;
}
