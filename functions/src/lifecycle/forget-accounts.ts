/**
 * Deletes what is kept of people whose account is gone: addresses, device records and settings.
 *
 * There is no event to wait for: Firebase tells of a deleted account only to 1st gen functions, which do not run on this
 * Node version (firebase/firebase-functions#1383). So accounts are deleted through `deleteAccount`, and a sweep finds
 * those that were deleted in another way.
 */
import type { Clearing } from '../store/clearing';
import { COLLECTIONS } from '../store/schema';
import type { UserStore } from '../store/users';

/** The part of Firebase Authentication that is needed here. */
export interface Accounts {
  /** Those of the user ids that have no account; at most 100 at a time. */
  missing(uids: readonly string[]): Promise<readonly string[]>;
  /** Deletes an account; one that is gone already is no error. */
  delete(uid: string): Promise<void>;
}

/** `getUsers` takes this many (firebase-admin, `Auth.getUsers`). */
export const ACCOUNTS_PER_PAGE = 100;
/** Up to so many missing accounts on a page are believed without looking at the others. */
const FEW = 3;

export interface AccountSweepCounts {
  /** User documents looked at. */
  readonly looked: number;
  /** Users forgotten. */
  readonly forgotten: number;
  /** Pages on which most accounts were missing: left alone. */
  readonly doubted: number;
  /** Where the next sweep goes on: after this user id. Absent when all were looked at. */
  readonly next?: string;
}

export interface AccountSweepDeps {
  readonly users: Pick<UserStore, 'idsInRange'>;
  readonly accounts: Pick<Accounts, 'missing'>;
  readonly clearing: Pick<Clearing, 'forget'>;
  readonly now: () => number;
  readonly log: {
    forgotten(uid: string, addresses: number): void;
    doubted(missing: number, looked: number): void;
  };
}

/**
 * Looks through users after `after` until `until` (ms since 1970), and forgets those without an account.
 *
 * A page on which most accounts are missing is left alone: users then live in another project or tenant than the one that
 * was asked, and nobody's data may go for that.
 */
export async function forgetDeletedAccounts(
  after: string,
  until: number,
  deps: AccountSweepDeps,
): Promise<AccountSweepCounts> {
  const counts = { looked: 0, forgotten: 0, doubted: 0 };
  let last = after;
  while (deps.now() < until) {
    const uids = await deps.users.idsInRange(COLLECTIONS.users, last, ACCOUNTS_PER_PAGE);
    counts.looked += uids.length;
    const missing = uids.length === 0 ? [] : await deps.accounts.missing(uids);
    if (missing.length > Math.max(FEW, uids.length / 2)) {
      counts.doubted += 1;
      deps.log.doubted(missing.length, uids.length);
    } else {
      for (const uid of missing) {
        const addresses = await deps.clearing.forget(uid);
        counts.forgotten += 1;
        deps.log.forgotten(uid, addresses.length);
      }
    }
    const end = uids.at(-1);
    if (end === undefined || uids.length < ACCOUNTS_PER_PAGE) return counts;
    last = end;
  }
  return { ...counts, next: last };
}
