/**
 * Calls a minute and user: a bucket for each that fills up steadily, so that a burst at app start passes.
 *
 * Kept in memory, for each instance on its own. Counting in Firestore would cost a write and a read a call, more than
 * what it protects; and what must not be exceeded anywhere (addresses, takeovers) is counted in the documents themselves.
 * So somebody whose calls reach several instances gets the limit on each of them.
 */

interface Bucket {
  /** Calls that may still be made. */
  calls: number;
  /** When that was so, ms since 1970. */
  at: number;
}

export interface RateLimitOptions {
  readonly perMinute: number;
  readonly now: () => number;
  /** Users remembered; beyond that the one who called longest ago is forgotten, whose bucket is the fullest. */
  readonly maxUsers: number;
}

const MINUTE_MS = 60_000;

export class RateLimit {
  private readonly buckets = new Map<string, Bucket>();
  private readonly options: RateLimitOptions;

  constructor(options: RateLimitOptions) {
    this.options = options;
  }

  /** Takes one call; 0 if it may be made, else the ms until the next may. */
  take(uid: string): number {
    const { perMinute, maxUsers, now } = this.options;
    const at = now();
    const bucket = this.buckets.get(uid) ?? { calls: perMinute, at };
    const calls = Math.min(perMinute, bucket.calls + ((at - bucket.at) * perMinute) / MINUTE_MS);
    // Anew at the end of the map, which thus is in order of the last call.
    this.buckets.delete(uid);
    this.buckets.set(uid, { calls: calls < 1 ? calls : calls - 1, at });
    if (this.buckets.size > maxUsers) {
      const [longestAgo] = this.buckets.keys();
      if (longestAgo !== undefined) this.buckets.delete(longestAgo);
    }
    return calls < 1 ? Math.ceil(((1 - calls) * MINUTE_MS) / perMinute) : 0;
  }
}
