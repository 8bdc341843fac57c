/**
 * Which devices of an ended delivery may be sent to again, and what its entry says then; pure.
 *
 * Only devices that were not reached: what a provider took is not sent again.
 */
import { sumCounts, type Counts } from '../model/counts';
import { nameInMap } from '../model/describe-value';
import { withoutCodes, type Answer } from './answers';
import { isSpread } from './coverage';
import type { DeliveryDocument, PendingAddress } from './delivery-document';
import { UNKNOWN_CODE } from './give-up';
import { joinReasons } from './reasons';
import { reasonOfAnswer } from './settle';

/** A push that is sent again lives for so long at least, ms: one for now or never was asked for anew. */
const LEAST_LIFE_MS = 60 * 60_000;

export interface ReopenOptions {
  /** ms since 1970. */
  readonly now: number;
  /** Also those of which nobody knows whether they were reached: they may get it twice. */
  readonly unknown?: boolean;
}

/** Why nothing of an entry is sent again. */
export type NotReopened =
  /** It is not at its end. */
  | 'under-way'
  /** Everybody was reached, or can never be. */
  | 'nothing-failed'
  /** Nobody knows of the rest whether they were reached, and they were not asked for. */
  | 'outcome-unknown'
  /** Something failed, and the entry does not say which devices: it is of an earlier version, or was too large. */
  | 'devices-unknown'
  /** Somebody stopped it. */
  | 'cancelled'
  /** It failed before there was anything to send, and does not name its document. */
  | 'nothing-composed'
  /** What to send is gone: an entry of an earlier version. */
  | 'content-gone'
  /** Nobody but its event knows who was left. */
  | 'recipients-unknown';

/** What of an entry is sent again. */
export interface Reopening {
  /** The devices, as they wait now. */
  readonly pending: readonly PendingAddress[];
  /** Whether recipients are left besides who never had their turn. */
  readonly hasRest: boolean;
  readonly counts: Counts;
  readonly codes: Readonly<Record<string, number>>;
  readonly answers: readonly Answer[];
  readonly reasons: Readonly<Record<string, string>>;
  /** There was nothing to send: it is composed once more. */
  readonly recompose?: true;
}

const COMPOSED_ANEW = { hasRest: true, recompose: true } as const;

/** @param hasContent whether there still is what to send: in the entry, or in that of the delivery that it is a shard of. */
export function reopening(
  entry: DeliveryDocument,
  hasContent: boolean,
  { now, unknown = false }: ReopenOptions,
): Reopening | NotReopened {
  const { state, errorCode, coverage, sent } = entry;
  if (state === 'sending') return 'under-way';
  if (errorCode === 'CANCELLED') return 'cancelled';
  if (errorCode === 'COMPOSE_FAILED' || errorCode === 'INVALID_INPUT') {
    if (entry.document === undefined || entry.eventAt === undefined) return 'nothing-composed';
    const { counts, reasons } = entry;
    return { ...{ pending: [], answers: [], codes: {}, counts, reasons }, ...COMPOSED_ANEW };
  }
  const answers = entry.answers ?? [];
  const again = answers.filter((answer) => isMissed(answer, unknown));
  // Pages of a collection may be left that were never begun; lists were all written down.
  const hasRest =
    state === 'failed' && (isSpread(coverage) ? coverage.shards === undefined : !sent);
  if (again.length === 0 && !hasRest) return whyNothing(entry);
  if (hasRest && coverage === undefined) return 'nothing-composed';
  if (!hasContent || coverage === undefined) return 'content-gone';

  const others = answers.filter((answer) => !again.includes(answer));
  const pending = again.map(({ uid, device, code, outcome }): PendingAddress => ({
    ...{ uid, fingerprint: device, attempts: 0, since: now, dueAt: now },
    code: code ?? outcome.toUpperCase(),
  }));
  return {
    pending,
    hasRest,
    answers: others,
    counts: sumCounts([entry.counts, ...again.map(({ outcome }) => ({ [outcome]: -1 }))]),
    codes: withoutCodes(entry.codes, again),
    reasons: reasonsOf(entry.reasons, others, pending),
  };
}

/** When a push that is sent again at `now` is past its end; all in ms since 1970. */
export function newEnd(
  { expiresAt }: { readonly expiresAt: number },
  begun: number,
  now: number,
): number {
  return now + Math.max(expiresAt - begun, LEAST_LIFE_MS);
}

/** Of an entry without devices that could be sent to again. */
function whyNothing(entry: DeliveryDocument): NotReopened {
  const { coverage, answers = [] } = entry;
  // What failed in shards stands in theirs.
  if (isSpread(coverage)) return 'nothing-failed';
  if (answers.some((answer) => isMissed(answer, true))) return 'outcome-unknown';
  return unnamedIn(entry) > 0 ? 'devices-unknown' : 'nothing-failed';
}

/** Devices that failed, and of which the entry does not say which they are. */
export function unnamedIn({
  counts: { rejected, failed, expired },
  answers = [],
}: Pick<DeliveryDocument, 'counts' | 'answers'>): number {
  const named = answers.filter(({ outcome }) => FAILED.has(outcome)).length;
  return Math.max(0, rejected + failed + expired - named);
}

const FAILED: ReadonlySet<Answer['outcome']> = new Set(['rejected', 'failed', 'expired']);

/** Whether a device was not reached, and could be. `unknown`: also where nobody knows. */
function isMissed({ outcome, code, prune }: Answer, unknown: boolean): boolean {
  // Called dead by a provider that was not believed.
  if (outcome === 'unregistered') return prune === 'breaker';
  if (outcome === 'delivered' || outcome === 'gone') return false;
  return unknown || code !== UNKNOWN_CODE;
}

/** Whoever waits again has the reasons of their other devices beside it. */
function reasonsOf(
  known: Readonly<Record<string, string>>,
  others: readonly Answer[],
  pending: readonly PendingAddress[],
): Record<string, string> {
  const reasons = new Map(Object.entries(known));
  for (const [uid, waiting] of Map.groupBy(pending, (each) => each.uid)) {
    const own = others.filter((answer) => answer.uid === uid).map(reasonOfAnswer);
    const all = [...own, ...waiting.map(({ code }) => `retrying:${code}`)];
    reasons.set(nameInMap(uid), all.reduce(joinReasons));
  }
  return Object.fromEntries(reasons);
}
