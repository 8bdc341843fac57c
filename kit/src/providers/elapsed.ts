/**
 * Tells how recent a moment is on a clock that may be set: an instance can start with a wrong time that is put right later.
 */

/** Whether `now` is less than `ms` after `since`. A clock that was set back meanwhile cannot tell; then it is taken for over. */
export function isWithin(ms: number, since: number, now: number): boolean {
  return now >= since && now - since < ms;
}
