/**
 * A worker's hold of an entry, given back early where work on it fails: the next try need not wait for the end of the lease.
 */
import type { EngineDeps } from './deps';
import type { HeldEntry } from './ledger-entry';

/**
 * Gives the entry back. Never rejects: where it fails, the entry is resumed when the lease ends.
 *
 * @param isUntouched nothing that was not recorded can have been sent.
 */
export async function release(
  { ledger, log }: Pick<EngineDeps, 'ledger' | 'log'>,
  entry: HeldEntry,
  isUntouched: boolean,
): Promise<void> {
  try {
    await ledger.release(entry, isUntouched);
  } catch (error) {
    log.leaseKept(entry.id, error);
  }
}

/** What has to be done with an entry in hand before a round begins. Where it fails nothing was sent, and the entry is given back. */
export async function releaseOnError<T>(
  deps: Pick<EngineDeps, 'ledger' | 'log'>,
  entry: HeldEntry,
  prepare: () => Promise<T>,
): Promise<T> {
  try {
    return await prepare();
  } catch (error) {
    await release(deps, entry, !entry.inDoubt);
    throw error;
  }
}
