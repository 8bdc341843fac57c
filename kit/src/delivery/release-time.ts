/**
 * When people are released who are not to be notified yet; pure.
 */
import { MINUTE_MS } from '../model/durations';

/** Those who wait for about the same time are released together: a hundred people with a minute each would be a hundred rounds. */
const TOGETHER_MS = 5 * MINUTE_MS;

/** When somebody is released who is not to be notified before `until`; all in ms since 1970. */
export function releaseAt(until: number, expiresAt: number): number {
  const together = Math.ceil(until / TOGETHER_MS) * TOGETHER_MS;
  return together < expiresAt ? together : until;
}
