/**
 * Turns outcomes into what the ledger says: counts, a reason per recipient, and what is to be tried again; pure.
 */
import { fingerprint } from '../providers/address';
import type { Outcome } from '../providers/outcome';
import { decideRetry } from '../providers/retry-policy';
import type { Counts, PendingAddress } from '../store/schema';
import type { Target } from './audience';

/** What became of one address in one round. `prune` is set for `unregistered` outcomes once the breaker and the store have spoken. */
export interface Result extends Target {
  readonly outcome: Outcome;
  /** For `unregistered`: whether it was pruned, or why it was kept. */
  readonly prune?: 'pruned' | KeptReason;
}

/** `breaker`: too many at once, see `breaker.ts`. `re-registered`: the device came back meanwhile. `error`: the prune failed. `dry-run`: nothing is pruned in one. */
export type KeptReason = 'breaker' | 're-registered' | 'error' | 'dry-run';

export interface SettleContext {
  /** Earlier tries, by fingerprint. */
  readonly earlier: ReadonlyMap<string, PendingAddress>;
  readonly now: number;
  readonly expiresAt: number;
  readonly random: () => number;
  /** Addresses that can be kept for a retry; what is beyond has failed. */
  readonly maxPending: number;
}

export interface Settlement {
  /** To be added to the entry's counts; `retry` outcomes are not counted until they are final. */
  readonly counts: Partial<Counts>;
  readonly pending: readonly PendingAddress[];
  readonly reasons: Readonly<Record<string, string>>;
}

/**
 * Settles one round. Of a recipient's several addresses the best outcome gives the reason.
 *
 * Chance is asked once a round: what failed together is due together, in one task, while other deliveries spread. A chance
 * for each of 500 addresses would make hundreds of rounds.
 */
export function settle(results: readonly Result[], context: SettleContext): Settlement {
  const chance = context.random();
  const counts = { delivered: 0, unregistered: 0, rejected: 0, failed: 0, expired: 0 };
  const pending: PendingAddress[] = [];
  const reasons: Record<string, string> = {};
  for (const result of results) {
    const { uid } = result;
    const outcome: Exclude<Outcome, { kind: 'unsent' }> =
      result.outcome.kind === 'unsent' ? NOT_BEGUN : result.outcome;
    let reason: string;
    if (outcome.kind === 'retry') {
      const next = retryOrGiveUp(result, outcome, context, chance);
      if (typeof next === 'object' && pending.length < context.maxPending) {
        pending.push(next);
        reason = `retrying:${outcome.code}`;
      } else if (next === 'expired') {
        counts.expired += 1;
        reason = 'expired';
      } else {
        counts.failed += 1;
        reason = `failed:${outcome.code}`;
      }
    } else {
      counts[outcome.kind] += 1;
      reason = reasonOf(outcome, result.prune);
    }
    reasons[uid] = betterReason(reasons[uid], reason);
  }
  return { counts, pending, reasons };
}

function retryOrGiveUp(
  { uid, address }: Target,
  outcome: Extract<Outcome, { kind: 'retry' }>,
  { earlier, now, expiresAt }: SettleContext,
  chance: number,
): PendingAddress | 'expired' | 'retries-used-up' {
  const name = fingerprint(address);
  const before = earlier.get(name);
  const attempts = (before?.attempts ?? 0) + 1;
  const since = before?.since ?? now;
  const decision = decideRetry({
    cause: outcome.cause,
    attempts,
    ...(outcome.retryAfterMs === undefined ? {} : { retryAfterMs: outcome.retryAfterMs }),
    now,
    firstFailureAt: since,
    expiresAt,
    random: chance,
  });
  if (decision.kind === 'give-up') return decision.reason;
  return { uid, fingerprint: name, attempts, since, dueAt: decision.at, code: outcome.code };
}

const NOT_BEGUN = { kind: 'retry', cause: 'unprocessed', code: 'UNSENT' } as const;

function reasonOf(
  outcome: Exclude<Outcome, { kind: 'retry' | 'unsent' }>,
  prune: Result['prune'],
): string {
  switch (outcome.kind) {
    case 'delivered':
      return outcome.unchecked === true ? 'delivered:unchecked' : 'delivered';
    case 'unregistered':
      return prune === undefined || prune === 'pruned' ? 'pruned' : `kept:${prune}`;
    case 'rejected':
    case 'failed': {
      const detail = outcome.detail === undefined ? '' : ` (${outcome.detail})`;
      return `${outcome.kind}:${outcome.code}${detail}`;
    }
  }
}

const RANK = ['gone', 'pruned', 'kept', 'expired', 'rejected', 'failed', 'retrying', 'delivered'];

/** The reason that says more of whether the person was told; of two equals the first. */
export function betterReason(known: string | undefined, fresh: string): string {
  if (known === undefined) return fresh;
  return rank(fresh) > rank(known) ? fresh : known;
}

function rank(reason: string): number {
  return RANK.indexOf(reason.split(':', 1)[0] ?? reason);
}

/** Reasons after a further round: what was only being retried gives way to how that ended. */
export function mergeReasons(
  known: Readonly<Record<string, string>>,
  fresh: Readonly<Record<string, string>>,
): Record<string, string> {
  const merged = { ...known };
  for (const [uid, reason] of Object.entries(fresh)) {
    const before = merged[uid]?.startsWith('retrying:') ? undefined : merged[uid];
    merged[uid] = betterReason(before, reason);
  }
  return merged;
}
