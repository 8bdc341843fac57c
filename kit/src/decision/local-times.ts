/**
 * Times of day where a person is, and when those are; pure.
 *
 * What summer time leaves out in spring counts as the moment at which it does; of what comes twice in autumn, the later counts: whoever
 * asked not to be disturbed until seven is not at six.
 */
import type { Temporal } from 'temporal-polyfill';
import type { LocalTime } from '../model/notification/choice';
import { WEEKDAYS, type QuietHours, type Weekday } from './preferences';

type TemporalApi = typeof Temporal;

/** Windows that follow one another without a break for longer than this, ms, have no end: somebody wants to hear nothing. */
const LONGEST_MS = 7 * 24 * 60 * 60_000;

export class LocalTimes {
  private readonly temporal: TemporalApi;
  private readonly defaultZone: string;

  /** @param defaultZone that of whoever has none, or one that this runtime does not know. */
  constructor(temporal: TemporalApi, defaultZone: string) {
    this.temporal = temporal;
    this.defaultZone = defaultZone;
  }

  /**
   * When the quiet time ends that `now` is in (ms since 1970): windows that touch are one. `Infinity`: it does not end within a week.
   * Undefined: `now` is in none.
   */
  quietUntil(hours: QuietHours, timeZone: unknown, now: number): number | undefined {
    const zone = this.zoneOf(timeZone);
    let end: number | undefined;
    for (let at = now; ;) {
      const next = this.endOfWindow(hours, zone, at);
      if (next === undefined) return end;
      if (next > now + LONGEST_MS) return Infinity;
      at = end = next;
    }
  }

  /** When a time of day is where a person is, ms since 1970. */
  instantOf({ date, time }: LocalTime, timeZone: unknown): number {
    return this.instantIn(
      this.zoneOf(timeZone),
      this.temporal.PlainDate.from(date).toPlainDateTime(time),
    );
  }

  private zoneOf(timeZone: unknown): string {
    if (typeof timeZone !== 'string') return this.defaultZone;
    try {
      return this.here(timeZone, 0).timeZoneId;
    } catch (error) {
      if (error instanceof RangeError) return this.defaultZone;
      throw error;
    }
  }

  private here(zone: string, at: number): Temporal.ZonedDateTime {
    return this.temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  }

  /** The latest end of the windows that a moment is in. Its clock decides that, so an hour that comes twice is twice in its window. */
  private endOfWindow(hours: QuietHours, zone: string, at: number): number | undefined {
    const { PlainDateTime } = this.temporal;
    const here = this.here(zone, at).toPlainDateTime();
    const today = here.toPlainDate();
    let end: Temporal.PlainDateTime | undefined;
    for (const day of [today.subtract({ days: 1 }), today]) {
      for (const { from, to } of hours.get(WEEKDAYS[day.dayOfWeek - 1] as Weekday) ?? []) {
        const begins = day.toPlainDateTime(from);
        const ends = (to > from ? day : day.add({ days: 1 })).toPlainDateTime(to);
        const isIn =
          PlainDateTime.compare(begins, here) <= 0 && PlainDateTime.compare(here, ends) < 0;
        if (isIn && (end === undefined || PlainDateTime.compare(end, ends) < 0)) end = ends;
      }
    }
    return end === undefined ? undefined : this.instantIn(zone, end);
  }

  private instantIn(zone: string, local: Temporal.PlainDateTime): number {
    const later = local.toZonedDateTime(zone, { disambiguation: 'later' });
    if (later.toPlainDateTime().equals(local)) return later.epochMilliseconds;
    // Left out: the clock jumps over it.
    const jump = later.getTimeZoneTransition('previous');
    return (jump ?? later).epochMilliseconds;
  }
}

/** Loaded when first needed: most people have no quiet hours. */
export async function loadLocalTimes(defaultZone: string): Promise<LocalTimes> {
  const { Temporal } = await import('temporal-polyfill');
  return new LocalTimes(Temporal, defaultZone);
}
