/**
 * The other way into `devices`: apps that write `users/{uid}.tokens` themselves get the same guarantee.
 *
 * It cannot loop. Everything it writes to a user only ever takes entries out of the array; each such write wakes it once
 * more, finds the record gone or another's, and writes nothing.
 */
import { fingerprint } from '../providers/address';
import type { Clearing } from '../store/clearing';
import type { Ownership, Settled } from '../store/ownership';
import { tokenChanges } from './token-changes';

/** One write to a user's document. */
export interface TokensEvent {
  readonly uid: string;
  /** The `tokens` field before and after; `undefined` where there was no document. */
  readonly before: unknown;
  readonly after: unknown;
  /** When it was written, ms since 1970. */
  readonly writtenAt: number;
}

export interface SettleLog {
  settled(uid: string, fingerprint: string, outcome: Exclude<Settled, { kind: 'nothing' }>): void;
  dropped(uid: string, unusable: number, evicted: readonly string[]): void;
}

export interface SettleDeps {
  readonly ownership: Pick<Ownership, 'unsettled' | 'settle'>;
  readonly clearing: Pick<Clearing, 'tidy'>;
  readonly maxAddresses: number;
  readonly log: SettleLog;
}

/**
 * Claims what came in and releases what went, by the present state; rejects only when Firestore fails, to be retried.
 *
 * Costs nothing if `tokens` did not change, one read per changed address if the server changed it, and a transaction per
 * address if an app did.
 */
export async function settleTokens(event: TokensEvent, deps: SettleDeps): Promise<void> {
  const { uid } = event;
  const { added, removed, isUntidy } = tokenChanges(event.before, event.after, deps.maxAddresses);
  let gone: readonly string[] = [];
  if (isUntidy) {
    const { unusable, evicted } = await deps.clearing.tidy(uid, deps.maxAddresses);
    if (unusable + evicted.length > 0) deps.log.dropped(uid, unusable, evicted.map(fingerprint));
    gone = evicted;
  }
  const stayed = new Set(gone);
  const change = { added: added.filter((address) => !stayed.has(address)), removed };
  for (const address of await deps.ownership.unsettled(uid, change)) {
    const outcome = await deps.ownership.settle(uid, address, { writtenAt: event.writtenAt });
    if (outcome.kind !== 'nothing') deps.log.settled(uid, fingerprint(address), outcome);
  }
}
