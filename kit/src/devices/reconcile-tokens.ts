/**
 * The other way into `devices`: apps that write `users/{uid}.tokens` themselves get the same guarantee.
 *
 * It cannot loop. What it writes to a user either takes entries out of the array, or spells one as it should be; each such
 * write wakes it once more, and then there is nothing left to do.
 */
import { fingerprint } from '../model/address';
import type { AddressRemoval } from './address-removal';
import type { Ownership, Reconciled } from './ownership';
import { tokenChanges, type UnknownContent } from './token-changes';

/** One write to a user's document. */
export interface TokensEvent {
  readonly uid: string;
  /** The `tokens` field before and after; `undefined` where there was no document. */
  readonly before: unknown;
  readonly after: unknown;
  /** When it was written, ms since 1970. */
  readonly writtenAt: number;
}

export interface ReconcileLog {
  reconciled(
    uid: string,
    fingerprint: string,
    outcome: Exclude<Reconciled, { kind: 'nothing' }>,
  ): void;
  tidied(uid: string, healed: number, evicted: readonly string[]): void;
  /** Something that is not understood came in; it stays. */
  skipped(uid: string, unknown: UnknownContent): void;
}

export interface ReconcileDeps {
  readonly ownership: Pick<Ownership, 'unreconciled' | 'reconcile'>;
  readonly removal: Pick<AddressRemoval, 'tidy'>;
  readonly maxAddresses: number;
  readonly log: ReconcileLog;
}

/**
 * Claims what came in and releases what went, by the present state; rejects only when Firestore fails, to be retried.
 *
 * Costs nothing if `tokens` did not change, one read per changed address if the server changed it, and a transaction per
 * address if an app did.
 */
export async function reconcileTokens(event: TokensEvent, deps: ReconcileDeps): Promise<void> {
  const { uid, writtenAt } = event;
  const changes = tokenChanges(event.before, event.after, deps.maxAddresses);
  if (changes.unknown !== 0) deps.log.skipped(uid, changes.unknown);
  let gone: readonly string[] = [];
  if (changes.isUntidy) {
    const { healed, evicted } = await deps.removal.tidy(uid, deps.maxAddresses);
    if (healed + evicted.length > 0) deps.log.tidied(uid, healed, evicted.map(fingerprint));
    gone = evicted;
  }
  const evicted = new Set(gone);
  const added = changes.added.filter((address) => !evicted.has(address));
  const change = { added, removed: changes.removed, writtenAt };
  for (const address of await deps.ownership.unreconciled(uid, change)) {
    const outcome = await deps.ownership.reconcile(uid, address, { writtenAt });
    if (outcome.kind !== 'nothing') deps.log.reconciled(uid, fingerprint(address), outcome);
  }
}
