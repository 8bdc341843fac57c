/**
 * Gives every address of an existing user base its device record, once; `npx @firestore-push/push backfill` runs it.
 *
 * Idempotent: what is in order already is only read, so it may be stopped and run again at any time.
 */
import type { AddressRemoval } from './address-removal';
import type { Ownership } from './ownership';
import { throughPages } from './paging';
import { canHoldAddresses, healedAddresses, healing, tokenList } from './token-list';
import type { RecipientRecord, UserStore } from '../store/users';

export interface BackfillOptions {
  /** Begin after this user id; `''` for the first. */
  readonly after: string;
  /** Only count. */
  readonly isDryRun: boolean;
  /** Users read at a time. */
  readonly pageSize: number;
  readonly maxAddresses: number;
}

export interface BackfillCounts {
  users: number;
  addresses: number;
  /** Addresses that had no record of this user. */
  missing: number;
  /** Of these: have one now. */
  recorded: number;
  /** Of these: left the array, because another user's document with the same address is newer, or owns it on record. */
  lost: number;
  /** Entries that say again, or in another spelling, what another says. */
  healed: number;
  /** Entries, and fields that are no arrays, that are not understood: left as they are. */
  unknown: number;
  /** Addresses beyond the limit. */
  beyondLimit: number;
}

export interface BackfillDeps {
  readonly users: Pick<UserStore, 'readRange'>;
  readonly ownership: Pick<Ownership, 'unreconciled' | 'reconcile'>;
  readonly removal: Pick<AddressRemoval, 'tidy'>;
  readonly now: () => number;
  /** Entries of a user's array go, or would go in a dry run: told before it is done. */
  readonly leaving: (
    uid: string,
    entries: { readonly healed: number; readonly beyondLimit: number },
  ) => void;
  /** Called after each page: everything up to `after` is done. */
  readonly progress: (after: string, counts: Readonly<BackfillCounts>) => void;
  /** Asked between pages. */
  readonly shouldStop: () => boolean;
}

/** Works through all users; returns the counts, and whether it came to the end. */
export async function backfillDevices(
  options: BackfillOptions,
  deps: BackfillDeps,
): Promise<{ readonly counts: Readonly<BackfillCounts>; readonly isComplete: boolean }> {
  const counts: BackfillCounts = {
    users: 0,
    addresses: 0,
    missing: 0,
    recorded: 0,
    lost: 0,
    healed: 0,
    unknown: 0,
    beyondLimit: 0,
  };
  const { after, pageSize } = options;
  const isComplete = await throughPages({
    after,
    read: async (last) => {
      const items = await deps.users.readRange(last, pageSize);
      return { items, last: items.at(-1)?.uid, isFull: items.length === pageSize };
    },
    work: (user) => backfillUser(user, options, deps, counts),
    progress: (last) => {
      deps.progress(last, counts);
    },
    shouldStop: deps.shouldStop,
  });
  return { counts, isComplete };
}

async function backfillUser(
  { uid, tokens }: RecipientRecord,
  { isDryRun, maxAddresses }: BackfillOptions,
  { ownership, removal, now, leaving }: BackfillDeps,
  counts: BackfillCounts,
): Promise<void> {
  const { addresses, unknown } = tokenList(tokens);
  const beyond = Math.max(0, addresses.length - maxAddresses);
  const repeated = healing(tokens).remove.length;
  counts.users += 1;
  counts.addresses += addresses.length;
  counts.healed += repeated;
  counts.unknown += canHoldAddresses(tokens) ? unknown : 1;
  counts.beyondLimit += beyond;
  if (repeated + beyond > 0) leaving(uid, { healed: repeated, beyondLimit: beyond });
  const gone = new Set<string>();
  if (!isDryRun && repeated + beyond > 0) {
    for (const address of (await removal.tidy(uid, maxAddresses)).evicted) gone.add(address);
  }
  const present = addresses.filter((address) => !gone.has(address));
  const { superseded } = healedAddresses(tokens);
  const missing = await ownership.unreconciled(uid, { added: present, removed: superseded });
  counts.missing += missing.length;
  if (isDryRun) return;
  for (const address of missing) {
    // From now: nobody knows when the app was last started, and a device must not be swept as stale for that.
    const { kind } = await ownership.reconcile(uid, address, { refreshedAt: now() });
    if (kind === 'claimed') counts.recorded += 1;
    if (kind === 'lost') counts.lost += 1;
  }
}
