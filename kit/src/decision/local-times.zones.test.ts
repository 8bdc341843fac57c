/**
 * Local times in every zone of this runtime, around every jump of its clock from 2026 to 2030, held against the clock that `Intl` shows,
 * minute by minute.
 *
 * Zones whose clocks are alike in all those years are of one kind. Every kind goes through all windows that begin and end near a jump,
 * each once in spring and once in autumn; every zone goes through two of them at each jump.
 */
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { LocalTimes } from './local-times';
import { quietHoursOf, WEEKDAYS, type QuietHours } from './preferences';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const DAY_MINUTES = 24 * 60;
const WEEK_MINUTES = 7 * DAY_MINUTES;

const BEGIN = Date.parse('2026-01-01T00:00Z');
const END = Date.parse('2031-01-01T00:00Z');
/** No clock jumps by more in these years (Antarctica/Troll). */
const LONGEST_JUMP = 2 * HOUR;

const ZONES = [...new Set([...Intl.supportedValuesOf('timeZone'), 'UTC'])];
const TIMES = new LocalTimes(Temporal, 'UTC');

/** The clock of a place by `Intl`, as the ms since 1970 at which one in UTC shows the same; to the minute. */
class Clock {
  private readonly format: Intl.DateTimeFormat;
  private readonly shown = new Map<number, number>();
  private readonly ends = new Map<number, number>();

  constructor(timeZone: string) {
    this.format = new Intl.DateTimeFormat('en-US', {
      ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
      ...{ hour: '2-digit', minute: '2-digit' },
    });
  }

  at(instant: number): number {
    const known = this.shown.get(instant);
    if (known !== undefined) return known;
    const numbers = this.format.format(instant).split(/\D+/).map(Number);
    const [month = 0, day = 0, year = 0, hour = 0, minute = 0] = numbers;
    const wall = Date.UTC(year, month - 1, day, hour, minute);
    this.shown.set(instant, wall);
    return wall;
  }

  /** When it shows a time for the last time, or the first later one in its place: minute by minute, from the first at which it might. */
  lastAt(wall: number, before: number): number {
    const first = Math.max(before, before + wall - this.at(before) - LONGEST_JUMP);
    let at = this.ends.get(wall) ?? first;
    while (!this.isLastAt(wall, at)) at += MINUTE;
    this.ends.set(wall, at);
    return at;
  }

  private isLastAt(wall: number, at: number): boolean {
    if (this.at(at) < wall) return false;
    for (let later = at + MINUTE; later <= at + LONGEST_JUMP; later += MINUTE) {
      if (this.at(later) <= wall) return false;
    }
    return true;
  }
}

/** By the minute of the week, from Monday 00:00: how many more are quiet from there on without a break. */
type QuietWeek = Float64Array;

function quietWeek(windows: Readonly<Record<string, string>>): QuietWeek {
  const isQuiet = new Uint8Array(WEEK_MINUTES);
  WEEKDAYS.forEach((day, nth) => {
    for (const window of windows[day]?.split(',') ?? []) {
      const [from = 0, to = 0] = window.split('-').map(minuteOfDay);
      const length = to > from ? to - from : to - from + DAY_MINUTES;
      for (let minute = 0; minute < length; minute += 1) {
        isQuiet[(nth * DAY_MINUTES + from + minute) % WEEK_MINUTES] = 1;
      }
    }
  });
  const left = new Float64Array(WEEK_MINUTES);
  let count = Infinity;
  for (let minute = 2 * WEEK_MINUTES - 1; minute >= 0; minute -= 1) {
    count = isQuiet[minute % WEEK_MINUTES] === 1 ? count + 1 : 0;
    left[minute % WEEK_MINUTES] = count;
  }
  return left;
}

function minuteOfDay(time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return hour * 60 + minute;
}

/** 5 January 1970 was a Monday. */
function quietLeft(week: QuietWeek, wall: number): number {
  return week[((wall - 4 * DAY) / MINUTE) % WEEK_MINUTES] as number;
}

/** When the clock last shows the end of the quiet time that it shows now; and again, if what it shows then is quiet as well. */
function expectedEnd(clock: Clock, week: QuietWeek, now: number): number | undefined {
  let end: number | undefined;
  for (let at = minute(now); ; at = end) {
    const left = quietLeft(week, clock.at(at));
    if (left === 0) return end;
    if (left === Infinity) return Infinity;
    end = clock.lastAt(clock.at(at) + left * MINUTE, at);
  }
}

/** @throws where `quietUntil` has another end than expected, or one that is quiet. */
function check(
  zone: string,
  windows: Readonly<Record<string, string>>,
  instants: readonly number[],
): void {
  const clock = clockOf(zone);
  const week = quietWeek(windows);
  const hours = quietHoursOf(windows) as QuietHours;
  for (const now of instants) {
    const end = TIMES.quietUntil(hours, zone, now);
    const expected = expectedEnd(clock, week, now);
    const isOutside =
      end === Infinity ||
      ((end ?? now + 1) > now && quietLeft(week, clock.at(minute(end ?? now))) === 0);
    // `expect` takes longer than all the rest.
    if (end === expected && isOutside) continue;
    const what = `${zone}, ${JSON.stringify(windows)} at ${utc(now)}`;
    throw new Error(`${what}: expected ${utc(expected)}, got ${utc(end)}.`);
  }
}

const minute = (instant: number): number => instant - (instant % MINUTE);

function utc(instant: number | undefined): string {
  if (instant === undefined || instant === Infinity) return String(instant);
  return new Date(instant).toISOString();
}

interface Jump {
  readonly at: number;
  /** ms. */
  readonly before: number;
  readonly after: number;
}

function jumpsOf(zone: string): Jump[] {
  const jumps: Jump[] = [];
  let here = Temporal.Instant.fromEpochMilliseconds(BEGIN).toZonedDateTimeISO(zone);
  for (;;) {
    const next = here.getTimeZoneTransition('next');
    if (next === null || next.epochMilliseconds >= END) return jumps;
    const before = next.subtract({ milliseconds: 1 });
    jumps.push({
      at: next.epochMilliseconds,
      before: before.offsetNanoseconds / 1e6,
      after: next.offsetNanoseconds / 1e6,
    });
    here = next;
  }
}

const CLOCKS = new Map(ZONES.map((zone) => [zone, new Clock(zone)]));
const JUMPS = new Map(ZONES.map((zone) => [zone, jumpsOf(zone)]));
const clockOf = (zone: string): Clock => CLOCKS.get(zone) as Clock;

/** One zone for all whose clocks are alike. */
const KINDS = new Map(
  ZONES.toReversed().map((zone) => {
    const jumps = JUMPS.get(zone) as Jump[];
    return [JSON.stringify([clockOf(zone).at(BEGIN), jumps]), { zone, jumps }];
  }),
);

/** Times of day before, at, within and after what a jump leaves out or repeats. */
function timesAround({ at, before, after }: Jump): string[] {
  const first = at + Math.min(before, after);
  const last = at + Math.max(before, after);
  const middle = (first + last) / 2;
  return [first - HOUR, first - MINUTE, first, middle, last, last + MINUTE, last + HOUR].map(
    (wall) => new Date(wall).toISOString().slice(11, 16),
  );
}

function instantsAround({ at }: Jump, step: number): number[] {
  const instants = [at - MINUTE, at - 1, at + 1, at + MINUTE];
  for (let each = at - 2.5 * HOUR; each <= at + 2.5 * HOUR; each += step) instants.push(each);
  return instants;
}

function everyDay(windows: string): Record<string, string> {
  return Object.fromEntries(WEEKDAYS.map((day) => [day, windows]));
}

it('covers zones of many kinds, with jumps of all sorts', () => {
  const jumps = [...JUMPS.values()].flat();
  const minutes = new Set(jumps.map(({ before, after }) => (after - before) / MINUTE));
  expect(ZONES.length).toBeGreaterThan(400);
  expect(KINDS.size).toBeGreaterThan(50);
  expect(jumps.length).toBeGreaterThan(1_000);
  expect([...minutes]).toEqual(expect.arrayContaining([60, -60, 30, -30]));
});

it('knows of every jump that Intl knows of', () => {
  for (const [zone, jumps] of JUMPS) {
    const clock = clockOf(zone);
    const offsetAt = (instant: number): number => clock.at(instant) - instant;
    let offset = jumps[0]?.before ?? offsetAt(BEGIN);
    let at = BEGIN;
    for (const jump of [...jumps, { at: END, after: 0 }]) {
      const instants = [jump.at - MINUTE];
      for (; at < jump.at; at += 3 * DAY) instants.push(at);
      const wrong = instants.find((instant) => offsetAt(instant) !== offset);
      if (wrong !== undefined) throw new Error(`${zone} at ${utc(wrong)}: expected ${offset} ms.`);
      offset = jump.after;
    }
  }
});

describe('quietUntil', () => {
  it('is right for windows that begin and end before, in and after a jump, in each kind of zone', () => {
    /** Odd: a window that has its turn at a jump in spring has the next one in autumn. */
    const turns = 5;
    for (const { zone, jumps } of KINDS.values()) {
      jumps.forEach((jump, nth) => {
        const times = timesAround(jump);
        times
          .flatMap((from) => times.map((to) => `${from}-${to}`))
          .filter((_, index) => index % turns === nth % turns)
          .forEach((window) => {
            check(zone, everyDay(window), instantsAround(jump, 15 * MINUTE));
          });
      });
    }
  });

  it('is right at every jump of every zone', () => {
    for (const [zone, jumps] of JUMPS) {
      for (const jump of jumps) {
        const [before, , first, middle, , , after] = timesAround(jump);
        const instants = instantsAround(jump, HOUR);
        check(zone, everyDay(`${before}-${middle}`), instants);
        check(zone, everyDay(`${before}-${first},${middle}-${after}`), instants);
      }
    }
  });

  it('is right for weeks of any windows, at any time, in any zone', () => {
    const time = fc
      .nat({ max: 47 })
      .map((half) => new Date(half * 30 * MINUTE).toISOString().slice(11, 16));
    const day = fc
      .array(fc.tuple(time, time), { minLength: 1, maxLength: 4 })
      .map((windows) => windows.map(([from, to]) => `${from}-${to}`).join());
    const week = fc.dictionary(fc.constantFrom(...WEEKDAYS), day, { minKeys: 1 });
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), week, anyInstant(), (zone, windows, now) => {
        check(zone, windows, [now(zone)]);
      }),
      { numRuns: 400 },
    );
  });
});

describe('instantOf', () => {
  it('is when the clock last shows that time, or the jump over it, in every zone', () => {
    for (const [zone, jumps] of JUMPS) {
      const clock = clockOf(zone);
      for (const jump of jumps) {
        const shown = new Map<string, number>();
        for (let at = jump.at - 6 * HOUR; at <= jump.at + 6 * HOUR; at += 15 * MINUTE) {
          shown.set(new Date(clock.at(at)).toISOString(), at);
        }
        for (let step = -6; step <= 6; step += 1) {
          const wall = new Date(jump.at + jump.before + step * 30 * MINUTE).toISOString();
          requireInstant(zone, wall, shown.get(wall) ?? jump.at);
        }
      }
    }
  });

  it('is when the clock shows that time, on any day in any zone', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), anyInstant(), (zone, now) => {
        const at = minute(now(zone));
        const clock = clockOf(zone);
        const wall = clock.at(at);
        requireInstant(zone, new Date(wall).toISOString(), clock.lastAt(wall, at));
      }),
      { numRuns: 1_000 },
    );
  });
});

function requireInstant(zone: string, wall: string, expected: number): void {
  const got = TIMES.instantOf({ date: wall.slice(0, 10), time: wall.slice(11, 16) }, zone);
  if (got !== expected) {
    throw new Error(`${wall} in ${zone}: expected ${utc(expected)}, got ${utc(got)}.`);
  }
}

/** Any moment of these years, every other time within two days of a jump of the zone. */
function anyInstant(): fc.Arbitrary<(zone: string) => number> {
  return fc
    .tuple(fc.integer({ min: BEGIN, max: END }), fc.boolean())
    .map(([instant, isNearJump]) => (zone) => {
      const jumps = JUMPS.get(zone) as Jump[];
      const jump = isNearJump ? jumps[instant % jumps.length] : undefined;
      return jump === undefined ? instant : jump.at + (instant % (4 * DAY)) - 2 * DAY;
    });
}
