/**
 * Who calls, and whether they may: signed in, not too often, and with a fresh App Check token where that is asked for.
 */
import { HttpsError, type CallableRequest } from 'firebase-functions/https';
import { logCallFailed, logRateLimited } from '../log';
import { isDocumentId } from '../model/document-id';
import { redact } from '../model/redact';
import { fingerprint } from '../model/address';
import { RefusedError, TooManyTakeoversError } from '../devices/refusals';
import type { RateLimit } from '../model/rate-limit';
import { callLimit } from '../push';

/** gRPC: DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED, UNAVAILABLE. The same call may succeed later. */
const TRANSIENT = new Set<unknown>([4, 8, 10, 14]);

export type Caller = Pick<CallableRequest, 'auth' | 'app'>;

/**
 * The signed-in caller's uid.
 *
 * @param limit default: the instance's.
 * @throws {HttpsError} `unauthenticated`; `resource-exhausted` with `details.retryAfterSeconds`; `permission-denied` for an
 *   App Check token that was used before.
 */
export function admitCaller({ auth, app }: Caller, limit: Pick<RateLimit, 'take'> = callLimit()) {
  // The emulator takes tokens unverified, also those that name nobody.
  if (auth === undefined || typeof auth.uid !== 'string') {
    throw new HttpsError('unauthenticated', 'Sign in first: a device belongs to a signed-in user.');
  }
  if (app?.alreadyConsumed === true) {
    throw new HttpsError(
      'permission-denied',
      'This App Check token has already been used: call with httpsCallable(functions, name, { limitedUseAppCheckTokens: true }).',
    );
  }
  // An account made by a server may have any id; "a/b/c" would lead to another person's document.
  if (!isDocumentId(auth.uid)) {
    throw new HttpsError(
      'failed-precondition',
      'Your user id cannot be a document id: expected no "/", and not ".", ".." or "__…__".',
    );
  }
  const waitMs = limit.take(auth.uid);
  if (waitMs > 0) {
    const retryAfterSeconds = Math.ceil(waitMs / 1000);
    logRateLimited(auth.uid);
    throw new HttpsError(
      'resource-exhausted',
      `Too many calls: call at app start, at login and when the token changes. Try again in ${retryAfterSeconds} s.`,
      { retryAfterSeconds },
    );
  }
  return auth.uid;
}

/**
 * Runs a callable's work; whatever goes wrong reaches the app as an `HttpsError` that says what to do.
 *
 * @param addresses those that the work deals with: they are kept out of the log.
 */
export async function asHttpsErrors<T>(
  name: string,
  uid: string,
  addresses: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof HttpsError) throw error;
    if (error instanceof TooManyTakeoversError) logRateLimited(uid);
    if (error instanceof RefusedError) throw new HttpsError(error.code, error.message);
    logCallFailed(name, uid, withoutAddresses(error, addresses));
    const { code } = error as { code?: unknown };
    throw TRANSIENT.has(code)
      ? new HttpsError('unavailable', 'The database is busy. Try again in a few seconds.')
      : new HttpsError(
          'internal',
          'The server failed; see its log. Try again at the next app start.',
        );
  }
}

function withoutAddresses(error: unknown, addresses: readonly string[]): string {
  const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
  // By fingerprint where it is known which they are, so that the line can be found; the rest as any error.
  return redact(
    addresses.reduce((text, address) => text.replaceAll(address, fingerprint(address)), words),
  );
}
