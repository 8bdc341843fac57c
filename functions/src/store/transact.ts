/**
 * Runs a transaction until it gets through: the calls of several devices of one account contend for one document.
 */
import type { Firestore, Transaction } from '@google-cloud/firestore';

/** Ten phones that start at once must all get through; the SDK waits between tries, longer each time. */
const MAX_ATTEMPTS = 20;
/** Times that a transaction is begun anew because it was closed under way. */
const MAX_REOPENINGS = 5;

/** gRPC's INVALID_ARGUMENT. */
const INVALID_ARGUMENT = 3;

/**
 * `db.runTransaction`, patient. `body` may run several times.
 *
 * A transaction that lost a deadlock is closed by the server. Where that shows at a read, the SDK tries again for one
 * wording of it ("transaction has expired"), but not for the emulator's ("Transaction is invalid or closed").
 */
export async function transact<T>(
  db: Firestore,
  body: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  for (let reopenings = 0; ; reopenings += 1) {
    try {
      return await db.runTransaction(body, { maxAttempts: MAX_ATTEMPTS });
    } catch (error) {
      if (!isClosed(error) || reopenings === MAX_REOPENINGS) throw error;
    }
  }
}

function isClosed(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return code === INVALID_ARGUMENT && String(message).includes('Transaction is invalid or closed');
}
