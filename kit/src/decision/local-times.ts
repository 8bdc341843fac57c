/**
 * Times of day where a person is, and when those are; pure.
 *
 * What summer time leaves out in spring counts as the moment at which it does; of what comes twice in autumn, the later counts: whoever
 * asked not to be disturbed until seven is not at six.
 */
import type { Temporal } from 'temporal-polyfill';
import { DAY_MS, MINUTE_MS } from '../model/durations';
import type { LocalTime } from '../model/notification/choice';
import { WEEKDAYS, type QuietHours, type Weekday } from './preferences';

type TemporalApi = typeof Temporal;

/** What a clock on the wall shows, as the ms since 1970 at which one in UTC shows the same. */
type WallTime = number;

const WEEK_MS = 7 * DAY_MS;

/** The same as in firestore.rules. */
const MAX_ZONE_LENGTH = 64;
/** More than there are. */
const MAX_ZONES = 2_000;

/** Of day 0, 1 January 1970, in {@link WEEKDAYS}: a Thursday. */
const FIRST_WEEKDAY = 3;

export class LocalTimes {
  private readonly temporal: TemporalApi;
  private readonly defaultZone: string;
  /** What somebody named → the zone that counts: to find out takes longer than all the rest. */
  private readonly zones = new Map<string, string>();

  /** @param defaultZone that of whoever has none, or one that this runtime does not know. */
  constructor(temporal: TemporalApi, defaultZone: string) {
    this.temporal = temporal;
    this.defaultZone = defaultZone;
  }

  /**
   * When the quiet time ends that `now` is in (ms since 1970): windows that touch are one, and what comes twice in autumn does not
   * interrupt a window that has begun. `Infinity`: the windows fill the week. Undefined: `now` is in none.
   */
  quietUntil(hours: QuietHours, timeZone: unknown, now: number): number | undefined {
    const zone = this.zoneOf(timeZone);
    let end: number | undefined;
    for (let at = now; ;) {
      const wallEnd = quietEnd(hours, this.wallTime(zone, at));
      if (wallEnd === undefined) return end;
      if (wallEnd === Infinity) return Infinity;
      // Asked again there: a clock that jumps over the end may jump into another window.
      at = end = this.instantIn(zone, this.plain(wallEnd));
    }
  }

  /** When a time of day is where a person is, ms since 1970. */
  instantOf({ date, time }: LocalTime, timeZone: unknown): number {
    return this.instantIn(
      this.zoneOf(timeZone),
      this.temporal.PlainDate.from(date).toPlainDateTime(time),
    );
  }

  /** When a time of day (`HH:MM`) comes next where a person is, after `now`; ms since 1970. */
  nextOf(time: string, timeZone: unknown, now: number): number {
    const zone = this.zoneOf(timeZone);
    const today = this.here(zone, now).toPlainDate();
    for (let days = 0; ; days += 1) {
      const at = this.instantIn(zone, today.add({ days }).toPlainDateTime(time));
      if (at > now) return at;
    }
  }

  private zoneOf(timeZone: unknown): string {
    if (typeof timeZone !== 'string' || timeZone.length > MAX_ZONE_LENGTH) return this.defaultZone;
    const known = this.zones.get(timeZone);
    if (known !== undefined) return known;
    const zone = this.isZone(timeZone) ? timeZone : this.defaultZone;
    // People write these: anybody could fill the memory with them.
    if (this.zones.size >= MAX_ZONES) this.zones.clear();
    this.zones.set(timeZone, zone);
    return zone;
  }

  /** As the IANA writes it; Temporal also takes other cases, offsets, and whole dates with a zone in them. */
  private isZone(name: string): boolean {
    try {
      return /^[A-Z]/.test(name) && this.here(name, 0).timeZoneId === name;
    } catch (error) {
      if (error instanceof RangeError) return false;
      throw error;
    }
  }

  private here(zone: string, at: number): Temporal.ZonedDateTime {
    return this.temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  }

  private wallTime(zone: string, at: number): WallTime {
    return at + this.here(zone, at).offsetNanoseconds / 1_000_000;
  }

  private plain(wall: WallTime): Temporal.PlainDateTime {
    return this.here('UTC', wall).toPlainDateTime();
  }

  private instantIn(zone: string, local: Temporal.PlainDateTime): number {
    const later = local.toZonedDateTime(zone, { disambiguation: 'later' });
    if (later.toPlainDateTime().equals(local)) return later.epochMilliseconds;
    // Left out: the clock jumps over it. `later` may be that very moment, so the jump is looked for from before it.
    const before = local.toZonedDateTime(zone, { disambiguation: 'earlier' });
    return (before.getTimeZoneTransition('next') ?? later).epochMilliseconds;
  }
}

/** When the windows end that a time is in and those that follow without a break; `Infinity`: never. Undefined: it is in none. */
function quietEnd(hours: QuietHours, wall: WallTime): WallTime | undefined {
  let end: WallTime | undefined;
  for (let at = wall; ;) {
    const next = windowEnd(hours, at);
    if (next === undefined) return end;
    // Every week is the same: what was not free in this one never is.
    if (next >= wall + WEEK_MS) return Infinity;
    at = end = next;
  }
}

/** The latest end of the windows that a time is in. */
function windowEnd(hours: QuietHours, wall: WallTime): WallTime | undefined {
  const today = Math.floor(wall / DAY_MS);
  let end: WallTime | undefined;
  for (const day of [today - 1, today]) {
    const weekday = WEEKDAYS[(day + FIRST_WEEKDAY) % WEEKDAYS.length] as Weekday;
    for (const { from, to } of hours.get(weekday) ?? []) {
      const begins = day * DAY_MS + from * MINUTE_MS;
      const ends = (to > from ? day : day + 1) * DAY_MS + to * MINUTE_MS;
      const isIn = begins <= wall && wall < ends;
      if (isIn && (end === undefined || end < ends)) end = ends;
    }
  }
  return end;
}

/** Loaded when first needed: most people have no quiet hours. */
export async function loadLocalTimes(defaultZone: string): Promise<LocalTimes> {
  const { Temporal } = await import('temporal-polyfill');
  return new LocalTimes(Temporal, defaultZone);
}
