/**
 * Judges refusals to take a phone over, by what people came to have and lost: only whoever took too many from others within a day is
 * refused one, and never one that was theirs not long ago.
 */
import type { Change } from '../firestore/server.ts';
import type { Witness } from './witness.ts';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
/** What may lie between a count and what it counts becoming visible: an instance that froze, and clocks that differ, ms. */
const MARGIN_MS = HOUR_MS;
/** A phone that an app lists itself is counted when its event comes, which may be tried for a day. */
const LISTED_COUNTS_MS = 2 * DAY_MS + MARGIN_MS;
const WAY_BACK_MS = 30 * DAY_MS - MARGIN_MS;

export class Takeovers {
  /** Until when a token may count as taken over, ms since 1970, by person. */
  private readonly gained = new Map<string, Map<string, number>>();
  /** Who lost a token's phone when, ms since 1970, as long as its record was kept since. */
  private readonly lost = new Map<string, Map<string, number>>();
  private readonly witness: Witness;
  private readonly maxPerDay: number;
  private readonly now: () => number;

  constructor(witness: Witness, maxPerDay: number, now: () => number) {
    this.witness = witness;
    this.maxPerDay = maxPerDay;
    this.now = now;
  }

  /** A person's document was written. */
  onUser(uid: string, had: unknown, has: unknown): void {
    if (had === has || !Array.isArray(has)) return;
    const until = this.now() + (this.witness.isPeople ? LISTED_COUNTS_MS : DAY_MS + MARGIN_MS);
    for (const token of has as readonly string[]) {
      if (Array.isArray(had) && had.includes(token)) continue;
      mapIn(this.gained, uid).set(token, until);
    }
  }

  /** A device's record was written. */
  onDevice({ before, after }: Change): void {
    const { uid: former, address } = (before?.fields ?? {}) as Owned;
    if (former === undefined || address === undefined) return;
    if (after === undefined) {
      this.lost.delete(address);
      return;
    }
    const { uid } = after.fields as Owned;
    if (uid === undefined || uid === former) return;
    const people = mapIn(this.lost, address);
    people.set(former, this.now());
    people.delete(uid);
  }

  /** Somebody was refused a phone, by a call that began then, ms since 1970. */
  onRefused(uid: string, token: string, began: number): void {
    const now = this.now();
    const counted = [...(this.gained.get(uid)?.values() ?? [])].filter((until) => until > now);
    if (counted.length < this.maxPerDay) {
      const words = `${this.witness.name(token)} was refused to ${uid}, who took at most ${counted.length} of ${this.maxPerDay}`;
      this.witness.fail('taken', words);
    }
    const lostAt = this.lost.get(token)?.get(uid);
    if (lostAt === undefined || lostAt > began || now - lostAt > WAY_BACK_MS) return;
    const words = `${this.witness.name(token)} was refused to ${uid}, who lost it ${now - lostAt} ms ago`;
    this.witness.fail('taken', words);
  }
}

interface Owned {
  readonly uid?: string;
  readonly address?: string;
}

function mapIn<K, L, V>(maps: Map<K, Map<L, V>>, key: K): Map<L, V> {
  let found = maps.get(key);
  if (found === undefined) maps.set(key, (found = new Map<L, V>()));
  return found;
}
