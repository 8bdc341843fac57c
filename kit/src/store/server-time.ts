/**
 * Firestore's own times, to compare with one another: no two instances' clocks agree, but Firestore has one for all.
 */
import type { Timestamp } from '@google-cloud/firestore';

/** ms since 1970, with Firestore's microseconds as the fraction: a commit and a read in one millisecond have an order. */
export function serverMillis(time: Timestamp): number {
  return time.seconds * 1000 + time.nanoseconds / 1_000_000;
}
