/**
 * Turns outcomes into what the ledger says: counts, a reason per recipient, and what is to be tried again; pure.
 */
import { addressKind, fingerprint } from '../model/address';
import type { Outcome } from '../model/outcome';
import { decideRetry } from '../providers/retry-policy';
import type { Counts } from '../model/counts';
import type { Answer } from './answers';
import { isHeld } from './collapse';
import type { PendingAddress } from './delivery-document';
import type { Target } from './audience';
import { joinReasons } from './reasons';
import { releaseAt } from './release-time';

/** What became of one address in one round. `prune` is set for `unregistered` outcomes once the breaker and the store have spoken. */
export interface Result extends Target {
  readonly outcome: Outcome;
  /** For `unregistered`: whether it was pruned, or why it was kept. */
  readonly prune?: NonNullable<Answer['prune']>;
}

export interface SettleContext {
  /** Earlier tries, by fingerprint. */
  readonly earlier: ReadonlyMap<string, PendingAddress>;
  readonly now: number;
  readonly expiresAt: number;
  readonly random: () => number;
  /** Bytes of the entry that are left for addresses to be tried again; what is beyond has failed. */
  readonly pendingBytes: number;
}

export interface Settlement {
  /** To be added to the entry's counts; what is to be tried again is not counted until it is final. */
  readonly counts: Partial<Counts>;
  readonly pending: readonly PendingAddress[];
  readonly reasons: ReadonlyMap<string, string>;
  /** Of the addresses that have their final outcome. */
  readonly answers: readonly Answer[];
}

/** What Firestore counts for one pending address beside its user id and code: names, numbers, the fingerprint. */
const PENDING_OVERHEAD_BYTES = 110;
/** Longest reason that is kept: a provider's words come from outside, and there are hundreds of reasons in an entry. */
const MAX_REASON_LENGTH = 200;

/**
 * Settles one round. Of a recipient's several addresses the best outcome gives the reason, with what went wrong beside it.
 *
 * One random number a round: what failed together is due together, in one task, while other deliveries spread. One
 * for each of 500 addresses would make hundreds of rounds.
 */
export function settle(results: readonly Result[], context: SettleContext): Settlement {
  const random = context.random();
  const counts = { delivered: 0, unregistered: 0, rejected: 0, failed: 0, expired: 0 };
  const pending: PendingAddress[] = [];
  let bytesLeft = context.pendingBytes;
  const reasons = new Map<string, string>();
  const answers: Answer[] = [];
  for (const result of results) {
    const { uid, outcome } = result;
    let reason: string;
    if (outcome.kind === 'retry' || outcome.kind === 'unsent') {
      const next = retryOrGiveUp(result, outcome, context, random);
      if (typeof next === 'object' && sizeOf(next) <= bytesLeft) {
        bytesLeft -= sizeOf(next);
        pending.push(next);
        reason = `${isHeld(next) ? 'held' : 'retrying'}:${next.code}`;
      } else if (next === 'expired') {
        counts.expired += 1;
        reason = 'expired';
        answers.push(answerOf(result, { outcome: 'expired', code: codeOf(outcome) }, context));
      } else {
        counts.failed += 1;
        reason = `failed:${codeOf(outcome)}`;
        answers.push(answerOf(result, { outcome: 'failed', code: codeOf(outcome) }, context));
      }
    } else {
      counts[outcome.kind] += 1;
      const answer = answerOf(result, finalOf(outcome, result.prune), context);
      reason = reasonOfAnswer(answer);
      answers.push(answer);
    }
    reasons.set(uid, joinReasons(reasons.get(uid), reason.slice(0, MAX_REASON_LENGTH)));
  }
  return { counts, pending, reasons, answers };
}

/** The plainest account of a round, for when a better one could not be made: nobody's reason, and nothing is tried again. */
export function settlePlainly(results: readonly Result[]): Settlement {
  const counts = { delivered: 0, unregistered: 0, rejected: 0, failed: 0 };
  for (const { outcome } of results) {
    counts[outcome.kind === 'retry' || outcome.kind === 'unsent' ? 'failed' : outcome.kind] += 1;
  }
  return { counts, pending: [], reasons: new Map(), answers: [] };
}

/** Bytes that pending addresses take in an entry. */
export function pendingBytes(pending: readonly PendingAddress[]): number {
  return pending.reduce((sum, address) => sum + sizeOf(address), 0);
}

function sizeOf({ uid, code }: PendingAddress): number {
  return PENDING_OVERHEAD_BYTES + Buffer.byteLength(uid) + Buffer.byteLength(code);
}

type Final = Pick<Answer, 'outcome' | 'code' | 'detail' | 'prune'>;

function answerOf(
  { uid, address }: Target,
  final: Final,
  { earlier, now }: Pick<SettleContext, 'earlier' | 'now'>,
): Answer {
  const device = fingerprint(address);
  const kind = addressKind(address);
  const tries = (earlier.get(device)?.attempts ?? 0) + 1;
  return {
    uid,
    device,
    ...(kind === undefined ? {} : { kind }),
    ...final,
    at: now,
    ...(tries === 1 ? {} : { tries }),
  };
}

function finalOf(
  outcome: Exclude<Outcome, { kind: 'retry' | 'unsent' }>,
  prune: Result['prune'],
): Final {
  if (outcome.kind === 'delivered') {
    return { outcome: 'delivered', ...(outcome.unchecked === true ? { code: UNCHECKED } : {}) };
  }
  const { kind, code } = outcome;
  if (kind === 'unregistered') return { outcome: kind, code, prune: prune ?? 'pruned' };
  const { detail } = outcome;
  return {
    outcome: kind,
    code,
    ...(detail === undefined ? {} : { detail: detail.slice(0, MAX_REASON_LENGTH) }),
  };
}

function codeOf(outcome: Extract<Outcome, { kind: 'retry' | 'unsent' }>): string {
  return outcome.kind === 'retry' ? outcome.code : (outcome.held?.why ?? 'UNSENT');
}

function retryOrGiveUp(
  { uid, address }: Target,
  outcome: Extract<Outcome, { kind: 'retry' | 'unsent' }>,
  { earlier, now, expiresAt }: SettleContext,
  random: number,
): PendingAddress | 'expired' | 'retries-used-up' {
  const name = fingerprint(address);
  const before = earlier.get(name);
  const since = before?.since ?? now;
  const known = { uid, fingerprint: name, since, code: codeOf(outcome) };
  // Its turn did not come, so it was no try, and there is nothing to wait for but what holds its person.
  if (outcome.kind === 'unsent') {
    const attempts = before?.attempts ?? 0;
    if (outcome.held === undefined) return { ...known, attempts, dueAt: now };
    const dueAt = releaseAt(outcome.held.until, expiresAt);
    return { ...known, attempts, dueAt, since: dueAt };
  }
  const attempts = (before?.attempts ?? 0) + 1;
  const decision = decideRetry({
    cause: outcome.cause,
    attempts,
    ...(outcome.retryAfterMs === undefined ? {} : { retryAfterMs: outcome.retryAfterMs }),
    now,
    firstFailureAt: since,
    expiresAt,
    random,
  });
  if (decision.kind === 'give-up') return decision.reason;
  return { ...known, attempts, dueAt: decision.at };
}

/** The code of a dry run's answer where the provider has no way to check the address. */
const UNCHECKED = 'UNCHECKED';

/** What a device's answer means for its person. */
export function reasonOfAnswer({ outcome, code, detail, prune }: Answer): string {
  switch (outcome) {
    case 'delivered':
      return code === UNCHECKED ? 'delivered:unchecked' : 'delivered';
    case 'unregistered':
      return prune === undefined || prune === 'pruned' ? 'pruned' : `kept:${prune}`;
    case 'gone':
      return 'address-removed';
    case 'expired':
      return 'expired';
    case 'rejected':
    case 'failed':
      return `${outcome}:${code}${detail === undefined ? '' : ` (${detail})`}`;
  }
}
