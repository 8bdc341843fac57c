/**
 * Runs a transaction until it gets through: the calls of several devices of one account contend for one document.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Firestore, Transaction } from '@google-cloud/firestore';

/** Ten phones that start at once must all get through; the SDK waits between tries, longer each time. */
const MAX_ATTEMPTS = 20;
/** Times that a transaction is begun anew because it was closed under way. */
const MAX_REOPENINGS = 8;
/** First wait before that, ms; it doubles with each, up to the longest. All in all well below a callable's minute. */
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 2_000;

/** gRPC's INVALID_ARGUMENT, ABORTED. */
const INVALID_ARGUMENT = 3;
const ABORTED = 10;
/** The emulator's wording, and Firestore's. */
const CLOSED = /Transaction is invalid or closed|transaction has expired/i;
/** gRPC: CANCELLED, UNKNOWN, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED, INTERNAL, UNAVAILABLE. */
const TRANSIENT: ReadonlySet<unknown> = new Set([1, 2, 4, 8, 10, 13, 14]);

/** A write did not get through to a document that others write as well, although it was tried again and again: the same may succeed later. */
export class ContentionError extends Error {
  /** As Firestore has it for a transaction that lost: whoever asks whether this passes finds that it does. */
  readonly code = ABORTED;

  constructor(attempts: number, cause?: unknown) {
    super(`Expected a write to get through, but others came first ${attempts} times.`, { cause });
    this.name = 'ContentionError';
  }
}

/**
 * `db.runTransaction`, patient. `body` may run several times.
 *
 * A transaction that lost a deadlock is closed by the server. Where that shows at a read, the SDK tries again for one
 * wording of it ("transaction has expired"), but not for the emulator's ("Transaction is invalid or closed").
 *
 * @param wait waits so many ms; default: a timer.
 * @param random gives numbers from 0 up to, not including, 1.
 * @throws {ContentionError} if it was closed each time.
 */
export async function transact<T>(
  db: Firestore,
  body: (transaction: Transaction) => Promise<T>,
  wait: (ms: number) => Promise<unknown> = sleep,
  random: () => number = Math.random,
): Promise<T> {
  for (let reopenings = 0; ; reopenings += 1) {
    try {
      return await db.runTransaction(body, { maxAttempts: MAX_ATTEMPTS });
    } catch (error) {
      if (!isClosed(error)) throw error;
      if (reopenings === MAX_REOPENINGS) throw new ContentionError(reopenings + 1, error);
      // Those who met come back at different times.
      await wait(random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** reopenings));
    }
  }
}

/** Whether Firestore would refuse the same request again, however often: an id or a value that it does not take, a document that is too large. */
export function isRefusedForGood(error: unknown): boolean {
  return (error as { code?: unknown }).code === INVALID_ARGUMENT && !isClosed(error);
}

/** Whether the same request to Firestore may succeed in a moment. */
export function isTransient(error: unknown): boolean {
  return TRANSIENT.has((error as { code?: unknown }).code) || isClosed(error);
}

function isClosed(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return code === INVALID_ARGUMENT && CLOSED.test(String(message));
}
