/**
 * A push that is to be sent at a time of day wherever each of its recipients is; pure.
 */
import * as z from 'zod';
import { HOUR_MS } from '../model/durations';
import { once } from '../model/once';
import type { LocalTime } from '../model/notification/choice';
import { isTimeOfDay } from '../model/time-of-day';

/** `sendAt` of such a push. */
export interface LocalSendTime {
  /** Time of day, `HH:MM`. */
  readonly local: string;
  /** `YYYY-MM-DD`. */
  readonly date: string;
}

/** The time zones that are the furthest ahead of UTC and behind it: https://data.iana.org/time-zones/tz-link.html */
const FURTHEST_AHEAD_MS = 14 * HOUR_MS;
const FURTHEST_BEHIND_MS = 12 * HOUR_MS;

export const SEND_TIME_EXPECTED =
  'expected a timestamp, or { local, date } with a time of day such as 09:00 and a date such as 2030-06-01';

export const localSendTime = once(() =>
  z.strictObject(
    {
      local: z.string({ error: SEND_TIME_EXPECTED }).refine(isTimeOfDay, SEND_TIME_EXPECTED),
      date: z.iso.date({ error: SEND_TIME_EXPECTED }),
    },
    { error: SEND_TIME_EXPECTED },
  ),
);

export function localTimeOf({ local, date }: LocalSendTime): LocalTime {
  return { date, time: local };
}

/** When that is in the first time zone of the earth, and in the last, ms since 1970. */
export function spanOf({ local, date }: LocalSendTime): {
  readonly first: number;
  readonly last: number;
} {
  const inUtc = Date.parse(`${date}T${local}:00Z`);
  return { first: inUtc - FURTHEST_AHEAD_MS, last: inUtc + FURTHEST_BEHIND_MS };
}
