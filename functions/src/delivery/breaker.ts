/**
 * Holds mass pruning back: a deploy with the wrong key or project must not empty anyone's device list; pure.
 */

/** Up to this many addresses, any number of them may be dead: small batches prove nothing either way. */
const BREAKER_MIN_ADDRESSES = 20;
/** Above, more than this part at once is taken for our fault, not the devices'. */
const BREAKER_MAX_DEAD = 0.5;

/** Whether `dead` of `sent` addresses is too much to believe; then nothing is pruned. */
export function breakerTrips(dead: number, sent: number): boolean {
  return sent > BREAKER_MIN_ADDRESSES && dead > sent * BREAKER_MAX_DEAD;
}
