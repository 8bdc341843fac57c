/**
 * Writes down what was sent, whatever the database says: again while it is in trouble, in a plainer form where it refuses for good.
 */
import { isRefusedForGood, isTransient } from '../store/transact';
import { RECORD_MARGIN_MS } from './deadline';
import type { EngineDeps, Said } from './deps';

/** Waits between two tries, ms: doubling from the first to the longest. */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/**
 * What `write` resolves to. Rejects when Firestore is still in trouble shortly before the end of the lease, refuses the plain form
 * as well, or for any other reason, such as a lost hold.
 *
 * @param leaseUntil ms since 1970.
 * @param write writes all there is to say, or with `isPlain` only what cannot be too large or refused.
 */
export async function persist<T>(
  { clock, random, log }: Pick<EngineDeps, 'clock' | 'random' | 'log'>,
  about: Said,
  leaseUntil: number,
  write: (isPlain: boolean) => Promise<T>,
): Promise<T> {
  let isPlain = false;
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
    try {
      return await write(isPlain);
    } catch (error) {
      if (!isPlain && isRefusedForGood(error)) {
        isPlain = true;
        log.recordedPlainly(about, error);
        continue;
      }
      const isOver = clock.now() + waitMs > leaseUntil - RECORD_MARGIN_MS;
      if (isOver || !isTransient(error)) throw error;
      await clock.sleep(waitMs / 2 + (random() * waitMs) / 2);
    }
  }
}
