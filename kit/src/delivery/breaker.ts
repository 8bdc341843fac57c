/**
 * Holds mass pruning back: a deploy with the wrong key or project must not empty anyone's device list; pure.
 */

/** Up to this many addresses, any number of them may be dead: small batches prove nothing either way. */
const BREAKER_MIN_ADDRESSES = 20;
/** Above, more than this part at once is taken for our fault, not the devices'. */
const BREAKER_MAX_DEAD = 0.5;
/** What one person can add: somebody with dozens of forgotten devices is no sign of a wrong key. */
const MAX_ADDRESSES_OF_ONE = 5;

/** Addresses of one person in a batch. */
export interface PersonsAddresses {
  readonly sent: number;
  /** Of these: called dead. */
  readonly dead: number;
}

/** Whether so much of a batch is dead that it cannot be believed; then nothing is pruned. */
export function breakerTrips(people: Iterable<PersonsAddresses>): boolean {
  let sent = 0;
  let dead = 0;
  for (const person of people) {
    const weight = Math.min(1, MAX_ADDRESSES_OF_ONE / person.sent);
    sent += person.sent * weight;
    dead += person.dead * weight;
  }
  return sent > BREAKER_MIN_ADDRESSES && dead > sent * BREAKER_MAX_DEAD;
}
