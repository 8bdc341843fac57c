/** Reads the times of the command line, strictly, and says them in the zones of everybody concerned; pure. */

import { UsageError } from './usage-error.ts';

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** ISO 8601 with a zone. Everything is written out, so that nothing is left to be guessed. */
const TIME =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?(?:(Z)|([+-])(\d\d):(\d\d))?$/;

/** The furthest that a zone is from UTC (Kiribati). */
const MAX_OFFSET_HOURS = 14;

/** After this a year has five digits, and Firestore no timestamps. */
const END_OF_TIME = Date.UTC(10_000, 0, 1);

const EXPECTED =
  'Expected --at with a time such as 2030-06-01T08:00Z, 2030-06-01T10:00+02:00 or +90m';

/**
 * A time such as `2030-01-31T18:00Z`, or from now on such as `+90m`.
 *
 * @param now ms since 1970.
 * @throws UsageError for what is no time, a day that is in no calendar, a time without a zone, and one that is over.
 */
export function readTime(at: string, now: number): Date {
  const [, amount, unit] = /^\+(\d{1,6})([smhd])$/.exec(at) ?? [];
  const ms =
    amount === undefined || unit === undefined
      ? momentOf(at)
      : now + Number(amount) * (UNITS[unit] ?? NaN);
  if (ms < now) throw new UsageError(`${EXPECTED}, got "${at}", which is in the past.`);
  if (ms >= END_OF_TIME)
    throw new UsageError(`${EXPECTED}, got "${at}", which is too far in the future.`);
  return new Date(ms);
}

function momentOf(at: string): number {
  const match = TIME.exec(at);
  if (match === null) throw new UsageError(`${EXPECTED}, got "${at}".`);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const [fraction = '', utc, sign, offsetHours = '0', offsetMinutes = '0'] = match.slice(7);
  if (utc === undefined && sign === undefined) {
    throw new UsageError(
      `${EXPECTED}, got "${at}" without a zone. For UTC write "${at}Z"; for another zone end it with its offset, such as +02:00.`,
    );
  }
  const local = Date.UTC(
    year,
    month - 1,
    day,
    hour,
    minute,
    second,
    Number(fraction.padEnd(3, '0')),
  );
  // Date carries what is too much over into the next unit: 30 February becomes 2 March.
  const exists =
    new Date(local).toISOString().slice(0, 19) === iso(year, month, day, hour, minute, second);
  if (!exists) throw new UsageError(`${EXPECTED}, got "${at}": there is no such day or time.`);
  const [hours, minutes] = [Number(offsetHours), Number(offsetMinutes)];
  if (minutes > 59 || hours * 60 + minutes > MAX_OFFSET_HOURS * 60) {
    throw new UsageError(`${EXPECTED}, got "${at}": there is no such zone.`);
  }
  const offset = (hours * 60 + minutes) * 60_000;
  return sign === '-' ? local + offset : local - offset;
}

function iso(year: number, ...rest: number[]): string {
  const [month, day, hour, minute, second] = rest.map((part) => String(part).padStart(2, '0'));
  return `${String(year).padStart(4, '0')}-${month}-${day}T${hour}:${minute}:${second}`;
}

/** A moment in UTC and as the clock on the wall has it, such as `2030-06-01T08:00:00.000Z (Sat 1 Jun 2030, 10:00 CEST)`. */
export function inBothZones(moment: Date, timeZone?: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
    ...(timeZone === undefined ? {} : { timeZone }),
  }).formatToParts(moment);
  const part = (type: Intl.DateTimeFormatPartTypes): string =>
    parts.find((each) => each.type === type)?.value ?? '';
  const day = `${part('weekday')} ${part('day')} ${part('month')} ${part('year')}`;
  const clock = `${part('hour')}:${part('minute')} ${part('timeZoneName')}`;
  return `${moment.toISOString()} (${day}, ${clock})`;
}
