/**
 * Why a recipient was or was not notified, as the ledger says it: the best outcome of their devices, and beside it what went wrong with another; pure.
 */
import { nameInMap } from '../model/describe-value';

const RANK = [
  'repeated',
  'over-budget',
  'withdrawn',
  'digest-empty',
  'collapsed',
  'address-removed',
  'pruned',
  'kept',
  'expired',
  'rejected',
  'failed',
  'retrying',
  'held',
  'delivered',
] as const;

/** Between the best outcome, which then is `delivered` or `retrying:<code>`, and the other one. */
const BESIDE = ' + ';

/** Ways in which a device may have gone without that an operator wants to hear of, although another device got it. */
const NOTABLE = new Set(['kept', 'expired', 'rejected', 'failed', 'retrying', 'held']);

/** What gives way to how it ended. */
const GIVES_WAY = new Set(['retrying', 'held']);

/** The reason that says more of whether the recipient was notified; of two equals the first. */
export function betterReason(known: string | undefined, fresh: string): string {
  if (known === undefined) return fresh;
  return rank(fresh) > rank(known) ? fresh : known;
}

/** One reason for a person out of those of two devices, or two groups of them: the best, and the worst of what failed. */
export function joinReasons(known: string | undefined, fresh: string): string {
  if (known === undefined || known === fresh) return fresh;
  const [knownBest, knownOther] = split(known);
  const [freshBest, freshOther] = split(fresh);
  const best = betterReason(knownBest, freshBest);
  if (rank(best) < rank('retrying')) return best;
  const others = [knownBest, freshBest, knownOther, freshOther].filter(
    (other): other is string =>
      other !== undefined && kindOf(other) !== kindOf(best) && NOTABLE.has(kindOf(other)),
  );
  const other = others.reduce<string | undefined>(betterReason, undefined);
  return other === undefined ? best : `${best}${BESIDE}${other}`;
}

/** Reasons after a further round: what was only being retried gives way to how that ended. */
export function mergeReasons(
  known: Readonly<Record<string, string>>,
  fresh: ReadonlyMap<string, string>,
): Record<string, string> {
  const merged = new Map(Object.entries(known));
  for (const [uid, reason] of fresh) {
    const name = nameInMap(uid);
    merged.set(name, joinReasons(settled(merged.get(name)), reason));
  }
  return Object.fromEntries(merged);
}

/** What of a reason stands whatever a retry brings. */
function settled(reason: string | undefined): string | undefined {
  if (reason === undefined) return undefined;
  const kept = split(reason).filter((part) => part !== undefined && !GIVES_WAY.has(kindOf(part)));
  return kept.length === 0 ? undefined : kept.join(BESIDE);
}

/** The parts of a reason: the best outcome, and what went wrong with another device. */
export function split(reason: string): [string, string | undefined] {
  // Of other kinds the details may hold anything.
  const at = rank(reason) < rank('retrying') ? -1 : reason.indexOf(BESIDE);
  return at === -1 ? [reason, undefined] : [reason.slice(0, at), reason.slice(at + BESIDE.length)];
}

function kindOf(reason: string): string {
  return /^[a-z-]*/.exec(reason)?.[0] ?? '';
}

function rank(reason: string): number {
  return (RANK as readonly string[]).indexOf(kindOf(reason));
}
