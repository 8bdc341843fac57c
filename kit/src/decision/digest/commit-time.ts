/**
 * Moments at which Firestore made commits, as exact as it says them; pure.
 */

/** What a Firestore timestamp has. */
export interface CommitTime {
  readonly seconds: number;
  readonly nanoseconds: number;
}

export function isEarlier(one: CommitTime, other: CommitTime): boolean {
  return one.seconds === other.seconds
    ? one.nanoseconds < other.nanoseconds
    : one.seconds < other.seconds;
}

/** From `from` on and before `at`: intervals that follow one another share no moment and leave none out. */
export interface Interval {
  readonly from: CommitTime;
  readonly at: CommitTime;
}

export function isIn({ from, at }: Interval, moment: CommitTime): boolean {
  return !isEarlier(moment, from) && isEarlier(moment, at);
}
