/**
 * What a person wants to hear, as their user document says it; pure. Apps and people write these fields: what is not understood counts
 * as not said.
 */
import { own } from '../model/own';
import { WAYS, type Way } from '../model/notification/choice';
import { minutesOf, TIME_OF_DAY } from '../model/time-of-day';

/** The fields of a user document that decide. Whatever an app wrote there: nothing is assumed of their types. */
export interface Preferences {
  /** Kind → {@link Way}; `false` is `off`, and `true` is `push`, as earlier versions wrote it. */
  readonly notificationSettings?: unknown;
  /** Target → `true`, or the Firestore timestamp until which nothing of it is to be heard. */
  readonly mute?: unknown;
  /** User ids. */
  readonly blocked?: unknown;
  /** See {@link quietHoursOf}. */
  readonly quietHours?: unknown;
  /** Name of an IANA time zone. */
  readonly timeZone?: unknown;
}

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** From one time of day to another, both in minutes since midnight; an end that is not later is on the next day. */
export interface QuietWindow {
  readonly from: number;
  readonly to: number;
}

/** By the weekday on which a window begins. */
export type QuietHours = ReadonlyMap<Weekday, readonly QuietWindow[]>;

/** Windows of one day at most. */
const MAX_WINDOWS = 4;
const WINDOW = new RegExp(`^(${TIME_OF_DAY})-(${TIME_OF_DAY})$`);

/** How a person wants a kind to reach them; undefined: they did not say. */
export function wayOf(settings: unknown, kind: string): Way | undefined {
  const said = own(settings, kind);
  if (said === false) return 'off';
  if (said === true) return 'push';
  return WAYS.find((way) => way === said);
}

/** Until when a person wants to hear nothing of a target, ms since 1970; `Infinity`: until they say so. Undefined: they do want to. */
export function mutedUntil(mute: unknown, target: string): number | undefined {
  const until = own(mute, target);
  return until === true ? Infinity : millisOf(until);
}

export function hasBlocked(blocked: unknown, uid: string): boolean {
  return Array.isArray(blocked) && blocked.includes(uid);
}

/**
 * The windows in which a person is not to be disturbed, by weekday: `{ mon: '22:00-07:00', sat: '00:00-09:00,23:00-08:00' }`.
 *
 * A window belongs to the day on which it begins; an end that is not later than its beginning is on the next day. Undefined: there is
 * none.
 */
export function quietHoursOf(value: unknown): QuietHours | undefined {
  const hours = new Map<Weekday, readonly QuietWindow[]>();
  for (const day of WEEKDAYS) {
    const said = own(value, day);
    const windows = typeof said === 'string' ? windowsOf(said) : [];
    if (windows.length > 0) hours.set(day, windows);
  }
  return hours.size === 0 ? undefined : hours;
}

function windowsOf(said: string): QuietWindow[] {
  return said.split(',', MAX_WINDOWS).flatMap((each) => {
    const [, from, to] = WINDOW.exec(each.trim()) ?? [];
    if (from === undefined || to === undefined) return [];
    return [{ from: minutesOf(from), to: minutesOf(to) }];
  });
}

/** Of a Firestore timestamp. */
function millisOf(value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null || !('toMillis' in value)) return undefined;
  const { toMillis } = value;
  if (typeof toMillis !== 'function') return undefined;
  try {
    const millis: unknown = Reflect.apply(toMillis, value, []);
    return typeof millis === 'number' ? millis : undefined;
  } catch {
    // It only looks like a timestamp.
    return undefined;
  }
}
