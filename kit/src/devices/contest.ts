/**
 * Who owns an address when more than one user claims it; pure.
 *
 * The rule is "whoever claimed it last": it gives the same answer in whichever order events arrive. A device has one
 * user at a time, and that is the one who logged in last.
 */

/** A user with the address in their array, and when that was written, ms since 1970. */
export interface Claimant {
  readonly uid: string;
  readonly writtenAt: number;
}

/** What the address's device record says. */
export interface Owner {
  readonly uid: string;
  /** When the owner last showed to hold the device, ms since 1970. */
  readonly refreshedAt: number;
}

export interface Contest {
  readonly claimant: Claimant;
  readonly owner: Owner | undefined;
  /** The others whose arrays hold the address; only asked for while there is no owner on record. */
  readonly rivals: readonly Claimant[];
}

export type Verdict =
  /** Theirs already. */
  | { readonly kind: 'kept' }
  /** Theirs now; it leaves the arrays of `from`. */
  | { readonly kind: 'won'; readonly from: readonly string[] }
  /** Somebody else's: of the owner on record, or of the rival who wrote it last. It leaves the arrays of `losers`. */
  | { readonly kind: 'lost'; readonly winner: Claimant; readonly losers: readonly string[] };

/** Decides a contest. At the same millisecond the owner on record stays, and a claimant comes before rivals. */
export function decide({ claimant, owner, rivals }: Contest): Verdict {
  const { uid } = claimant;
  if (owner !== undefined) {
    if (owner.uid === uid) return { kind: 'kept' };
    return claimant.writtenAt > owner.refreshedAt
      ? { kind: 'won', from: [owner.uid] }
      : {
          kind: 'lost',
          winner: { uid: owner.uid, writtenAt: owner.refreshedAt },
          losers: [uid],
        };
  }
  const others = rivals.filter((rival) => rival.uid !== uid);
  const winner = others.reduce(
    (newest, rival) => (rival.writtenAt > newest.writtenAt ? rival : newest),
    claimant,
  );
  const losers = [claimant, ...others].filter((one) => one !== winner).map((one) => one.uid);
  return winner === claimant ? { kind: 'won', from: losers } : { kind: 'lost', winner, losers };
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Which addresses a user took from others since `since` (ms since 1970). */
export interface Takeovers {
  readonly count: number;
  readonly since: number;
  /** Fingerprints of those that are counted; absent in a count that is older than this list. */
  readonly addresses?: readonly string[] | undefined;
}

/**
 * The count after one more takeover, or `undefined` if that is one too many for a day.
 *
 * Whoever collected other people's tokens could otherwise walk through all of them, one after the other. An address counts once
 * a day: two people who take one phone from each other by turns are no collectors.
 *
 * @param address its fingerprint.
 */
export function oneMoreTakeover(
  sofar: Takeovers | undefined,
  address: string,
  now: number,
  maxPerDay: number,
): Takeovers | undefined {
  const isPast = sofar === undefined || now - sofar.since >= DAY_MS;
  if (isPast) return maxPerDay > 0 ? { count: 1, since: now, addresses: [address] } : undefined;
  const { count, since, addresses = [] } = sofar;
  if (addresses.includes(address)) return sofar;
  if (count >= maxPerDay) return undefined;
  return { count: count + 1, since, addresses: [...addresses, address] };
}

/**
 * The addresses beyond `max`: the stalest, in order of staleness. `refreshedAt` is ms since 1970; an address without a
 * record has just been added and counts as fresh. At the same age the one earlier in the array goes first.
 */
export function beyondLimit(
  addresses: readonly string[],
  refreshedAt: (address: string) => number | undefined,
  max: number,
  keep?: string,
): readonly string[] {
  const excess = addresses.length - max;
  if (excess <= 0) return [];
  const ageOf = (address: string) => refreshedAt(address) ?? Infinity;
  return addresses
    .filter((address) => address !== keep)
    .sort((a, b) => compare(ageOf(a), ageOf(b)))
    .slice(0, excess);
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
