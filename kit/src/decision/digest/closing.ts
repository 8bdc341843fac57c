/**
 * When a digest's window is to be closed; pure.
 */
import { MINUTE_MS } from '../../model/durations';
import type { DigestWindow } from '../../model/notification/digest';
import type { LocalTimes } from '../local-times';

/** Times in ms since 1970. */
export interface ClosingTimes {
  /** When the window is to be closed, or looked at. */
  readonly closesAt: number;
  /** When it is to be closed in any case. */
  readonly latestAt: number;
}

/** Whether it depends on what time it is where the person is. */
export function isLocal(window: DigestWindow): window is Extract<DigestWindow, { at: string }> {
  return 'at' in window;
}

/**
 * Of a window that is opened at `now`, ms since 1970.
 *
 * @param times absent where {@link isLocal} says that they are not needed.
 */
export function closingTimes(
  window: DigestWindow,
  now: number,
  times: LocalTimes | undefined,
  timeZone: unknown,
): ClosingTimes {
  if ('quietMinutes' in window) {
    const latestAt = now + window.maxMinutes * MINUTE_MS;
    return { closesAt: Math.min(now + window.quietMinutes * MINUTE_MS, latestAt), latestAt };
  }
  if ('minutes' in window) return fixed(now + window.minutes * MINUTE_MS);
  if (times === undefined) throw new TypeError('Expected local times for a time of day.');
  return fixed(times.nextOf(window.at, timeZone, now));
}

/** When an open window is to be closed, given when the newest of it came (ms since 1970); undefined: nothing came. */
export function dueAt(
  window: DigestWindow,
  { closesAt, latestAt }: ClosingTimes,
  newest: number | undefined,
): number {
  if (!('quietMinutes' in window) || newest === undefined) return closesAt;
  return Math.min(Math.max(closesAt, newest + window.quietMinutes * MINUTE_MS), latestAt);
}

function fixed(at: number): ClosingTimes {
  return { closesAt: at, latestAt: at };
}
