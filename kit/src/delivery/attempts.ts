/**
 * How often work on one entry may be begun without getting on, before it is recorded as failed, so that nothing loops for ever; pure.
 */
import { isSpread } from './coverage';
import type { DeliveryDocument } from './delivery-document';

export const MAX_ATTEMPTS = 50;
/**
 * A large audience is also given this long, ms. Its parts wait in the queue, and what is begun again is only the look at them: that
 * must not end it while the queue is paused over a weekend, or deleted, when Google may keep its name back for three days.
 */
const AUDIENCE_GIVEN_MS = 7 * 24 * 60 * 60_000;

/**
 * A large audience's entries, and the push documents of any, are kept this long at least, ms: two days longer than it is given. Of one
 * whose parts are deleted while it is under way, these would be sent again.
 */
export const LARGE_KEPT_MS = AUDIENCE_GIVEN_MS + 2 * 24 * 60 * 60_000;

/** Whether an entry is given up. `now`: ms since 1970. */
export function isGivenUp(
  {
    attempts,
    coverage,
    createdAt,
    reopenedAt,
  }: Pick<DeliveryDocument, 'attempts' | 'coverage' | 'createdAt' | 'reopenedAt'>,
  now: number,
): boolean {
  if (attempts <= MAX_ATTEMPTS) return false;
  return !isSpread(coverage) || now > (reopenedAt ?? createdAt).toMillis() + AUDIENCE_GIVEN_MS;
}
