/**
 * How much a person may say of what they want: the same that firestore.rules take; pure.
 */
import { TIME_OF_DAY } from '../model/time-of-day';
import { WEEKDAYS, type Weekday } from './preferences';

/** Entries of `notificationSettings`. */
export const MAX_KINDS = 50;
/** Entries of `mute`, and bytes of all targets together. */
export const MAX_MUTED = 200;
export const MAX_MUTED_BYTES = 20_000;
/** Entries of `blocked`, and their bytes together. */
export const MAX_BLOCKED = 1_000;
export const MAX_BLOCKED_BYTES = 50_000;
/** Characters. */
const MAX_TARGET = 500;
const MAX_UID = 128;
/** Firestore's, of the name of a field. */
const MAX_NAME_BYTES = 1_500;

const WINDOW = `${TIME_OF_DAY}-${TIME_OF_DAY}`;
const DAY = new RegExp(`^${WINDOW}(?:,${WINDOW}){0,3}$`);

/** Whether somebody can have this id. */
export function isUserId(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length <= MAX_UID &&
    // eslint-disable-next-line no-control-regex -- which they may not hold
    /^[^/\u0000-\u001F\u007F]+$/.test(value) &&
    !/^(?:\.{1,2}|__.*__)$/.test(value)
  );
}

/** Whether this can be muted. */
export function isTarget(value: string): boolean {
  return value.length <= MAX_TARGET && isFieldName(value);
}

/** Whether Firestore takes it as the name of a field. */
export function isFieldName(value: string): boolean {
  const isShort = Buffer.byteLength(value) <= MAX_NAME_BYTES;
  return value !== '' && isShort && value.isWellFormed() && !/^__.*__$/s.test(value);
}

/** One to four windows, such as `12:30-13:30,22:00-07:00`. */
export function isQuietDay(value: unknown): value is string {
  return typeof value === 'string' && DAY.test(value);
}

export function isWeekday(value: string): value is Weekday {
  return (WEEKDAYS as readonly string[]).includes(value);
}

export function bytesOfAll(words: Iterable<string>): number {
  let bytes = 0;
  for (const word of words) bytes += Buffer.byteLength(word);
  return bytes;
}
