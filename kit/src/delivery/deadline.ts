/**
 * Until when a push may be begun, and a worker may work; pure.
 */

/** Longest run of a trigger or task, in seconds: a full shard takes a few, a slow provider many. */
export const TIMEOUT_SECONDS = 300;
/** One worker's hold on a delivery: it must outlast the worker. */
export const LEASE_MS = (TIMEOUT_SECONDS + 30) * 1000;

/**
 * A function begins no send after this, ms from its begin: what is under way may take its time-out and a resend, and the record of it
 * has to be written before the platform ends the function.
 */
export const WORK_MS = (TIMEOUT_SECONDS - 60) * 1000;
/** The same, counted back from the end of a lease: it also stops a worker that slept while its lease ended. */
export const LEASE_MARGIN_MS = 90_000;
/** Recording is tried until this close to the end of the lease, ms. */
export const RECORD_MARGIN_MS = 35_000;

/** The sweep looks this often at what others go on with: a delivery that is left to its shards, a push under way, ms. */
export const PARENT_CHECK_MS = 10 * 60_000;
/** The same where it has been under way for long: often enough that one that never ends is given up in a week, ms. */
const LONGEST_CHECK_MS = 3 * 60 * 60_000;
/** The time until the next look at it, as a part of its age. */
const PART_OF_AGE = 1 / 4;

/**
 * How long until the sweep looks again at what others go on with. One person's quiet hours keep a large audience under way all night,
 * and each look costs a task and several writes.
 *
 * @param ageMs since it was begun.
 */
export function checkAfterMs(ageMs: number): number {
  return Math.min(Math.max(PARENT_CHECK_MS, ageMs * PART_OF_AGE), LONGEST_CHECK_MS);
}

/** A push may be begun this long after its end, ms: with a time to live of 0, now or never, its end is the event itself. */
const LATEST_BEGIN_MS = 60_000;
/** "Now" lasts this long for an audience that was begun in time, ms: hundreds of shards take their turns. */
const LONGEST_NOW_MS = 60 * 60_000;

/** Times of a push, ms since 1970. */
export interface PushTimes {
  /** When its audience was begun. */
  readonly audienceBegan: number;
  /** When it was asked for; absent in entries of earlier versions. */
  readonly eventAt: number | undefined;
  /** Its end: from then on it is worth nothing. */
  readonly expiresAt: number;
}

/**
 * Whether a push is past its end at `now`, ms since 1970.
 *
 * A push for now or never counts from when its audience was begun, not from when each shard's turn comes: that is how the queue is
 * set, and nobody's fault.
 */
export function isTooLate(now: number, { audienceBegan, eventAt, expiresAt }: PushTimes): boolean {
  const latest = expiresAt + LATEST_BEGIN_MS;
  if (audienceBegan > latest) return true;
  // One that had some time, and was begun when that was just over, is not for now or never.
  const isForNow = expiresAt <= (eventAt ?? audienceBegan);
  return now > (isForNow ? audienceBegan + LONGEST_NOW_MS : latest);
}
