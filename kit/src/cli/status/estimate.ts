/** How fast a large delivery gets on, and when it will be done if it goes on like that; pure. */
import type { LargeDelivery } from './numbers';

export interface Estimate {
  /** Shards. */
  readonly perMinute: number;
  /** ms since 1970; absent where it cannot be said. */
  readonly endAt?: number;
}

const MINUTE_MS = 60_000;

/** Undefined before the first shard is done. */
export function estimate(
  { since, done, total }: Pick<LargeDelivery, 'since' | 'done' | 'total'>,
  now: number,
): Estimate | undefined {
  // A clock may be behind the one that wrote the entry.
  const elapsed = Math.max(1, now - since);
  if (done === 0) return undefined;
  const perMs = done / elapsed;
  const perMinute = perMs * MINUTE_MS;
  if (total === undefined) return { perMinute };
  return { perMinute, endAt: Math.round(now + Math.max(0, total - done) / perMs) };
}
