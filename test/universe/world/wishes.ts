/** What everybody wanted to hear, and when, at each moment of a world: as their documents said it, in true time. */
import { isInHours, type Hours } from './wall-clock.ts';
import { millisOf } from './words.ts';

/** A send begins within three seconds after its recipients were asked for (`FRESH_MS`), and its request leaves at once. */
export const WINDOW_MS = 3_500;
/** Clocks of instances are never further apart, ms. */
export const CLOCKS_MS = 10_000;

type Fields = Readonly<Record<string, unknown>>;

interface Version {
  /** ms since 1970. */
  readonly from: number;
  readonly fields: Fields;
}

/** Something that is so of a document at a moment, ms since 1970. */
export type Test = (fields: Fields, at: number) => boolean;

export class Wishes {
  /** Whether anybody ever had quiet hours. */
  hasNights = false;
  private readonly versions = new Map<string, Version[]>();

  /** A person's document was written; undefined: deleted. */
  onUser(uid: string, fields: Fields = {}, now: number): void {
    if (fields['quietHours'] !== undefined) this.hasNights = true;
    const version = { from: now, fields };
    const known = this.versions.get(uid);
    if (known === undefined) this.versions.set(uid, [version]);
    else known.push(version);
  }

  /** Whether something was so of a person all the time, by whichever clock. */
  isAllAlong(uid: string, { from, until, skewMs = 0 }: Stretch, test: Test): boolean {
    const found = this.during(uid, from, until);
    return (
      found.length > 0 &&
      found.every(({ fields }) => test(fields, from - skewMs) && test(fields, until + skewMs))
    );
  }

  /** Whether it was so at the beginning of this stretch, or when they said something else within it. */
  isEver(uid: string, { from, until, skewMs = 0 }: Stretch, test: Test): boolean {
    return this.during(uid, from, until).some((version) => {
      return test(version.fields, Math.max(from, version.from) - skewMs);
    });
  }

  /** Whether they have said nothing since then, ms since 1970. */
  isSince(uid: string, at: number): boolean {
    return (this.versions.get(uid)?.at(-1)?.from ?? Infinity) <= at;
  }

  /** What their document said at some time from then until then. */
  private during(uid: string, from: number, until: number): Version[] {
    const all = this.versions.get(uid) ?? [];
    return all.filter((version, index) => {
      return version.from <= until && (all[index + 1]?.from ?? Infinity) >= from;
    });
  }
}

/** From one moment to another, ms since 1970, and how far clocks may be from the true time. */
export interface Stretch {
  readonly from: number;
  readonly until: number;
  readonly skewMs?: number;
}

/** They are not to be disturbed. */
export const isQuiet: Test = ({ quietHours, timeZone }, at) =>
  quietHours !== undefined && isInHours(quietHours as Hours, timeZone, at);

/** They want to hear nothing of this. */
export function hasMutedTarget(target: string | undefined): Test {
  return ({ mute }, at) => {
    if (mute === undefined || target === undefined) return false;
    const until = (mute as Fields)[target];
    return until === true || (millisOf(until) ?? -Infinity) > at;
  };
}

/** They have blocked somebody. */
export function hasBlocked(actor: string | undefined): Test {
  return ({ blocked }) => actor !== undefined && Array.isArray(blocked) && blocked.includes(actor);
}

/** They have said so of a kind: `false`: off. */
export function hasSaid(kind: string, way: 'silent' | false): Test {
  return ({ notificationSettings }) => (notificationSettings as Fields | undefined)?.[kind] === way;
}
