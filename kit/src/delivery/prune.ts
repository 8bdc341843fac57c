/**
 * Prunes the addresses that providers called dead, unless that is too much to believe or they came back meanwhile.
 */
import { fingerprint } from '../model/address';
import { forEachBounded } from '../model/concurrency';
import type { PruneResult } from '../devices/device-store';
import { breakerTrips } from './breaker';
import type { Result } from './settle';

/** The store's part: one user's dead addresses, in one write to that user. */
export interface Pruner {
  prune(uid: string, addresses: readonly string[], sendBegan: number): Promise<PruneResult>;
}

export interface PruneLog {
  pruned(fingerprints: readonly string[], kept: readonly string[]): void;
  breakerTripped(dead: number, sent: number): void;
  pruneFailed(error: unknown): void;
}

/** Users pruned at once: enough to be quick, few enough not to crowd out the reads of other deliveries. */
const USERS_AT_ONCE = 20;

/**
 * Prunes and returns the results with what was done to each dead address.
 *
 * A failed prune is logged and recorded, not thrown: the push was sent, and the next one will find the address dead again.
 *
 * @param sendBeganOf when a person's addresses were read, ms since 1970 by Firestore's clock; a device registered after that is alive.
 */
export async function pruneDead(
  results: readonly Result[],
  sendBeganOf: (uid: string) => number,
  pruner: Pruner,
  log: PruneLog,
): Promise<Result[]> {
  const people = new Map<string, { sent: number; readonly dead: string[] }>();
  for (const { uid, address, outcome } of results) {
    // Of what was not answered, or not even asked, nothing is known: it makes the others no more credible.
    if (outcome.kind === 'retry' || outcome.kind === 'unsent') continue;
    let person = people.get(uid);
    if (person === undefined) people.set(uid, (person = { sent: 0, dead: [] }));
    person.sent += 1;
    if (outcome.kind === 'unregistered') person.dead.push(address);
  }
  const users = [...people].filter(([, { dead }]) => dead.length > 0);
  if (users.length === 0) return [...results];
  const batch = Array.from(people.values(), ({ sent, dead }) => ({ sent, dead: dead.length }));
  if (breakerTrips(batch)) {
    const total = (count: 'sent' | 'dead') => batch.reduce((sum, person) => sum + person[count], 0);
    log.breakerTripped(total('dead'), total('sent'));
    return marked(results, () => 'breaker');
  }

  const fate = new Map<string, 'pruned' | 're-registered' | 'error'>();
  await forEachBounded(users.length, USERS_AT_ONCE, async (index) => {
    const [uid, { dead: addresses }] = users[index] as (typeof users)[number];
    try {
      const { pruned, kept } = await pruner.prune(uid, addresses, sendBeganOf(uid));
      for (const address of pruned) fate.set(address, 'pruned');
      for (const address of kept) fate.set(address, 're-registered');
      log.pruned(pruned.map(fingerprint), kept.map(fingerprint));
    } catch (error) {
      for (const address of addresses) fate.set(address, 'error');
      log.pruneFailed(error);
    }
  });
  return marked(results, (address) => fate.get(address));
}

function marked(
  results: readonly Result[],
  fateOf: (address: string) => Result['prune'],
): Result[] {
  return results.map((result) => {
    if (result.outcome.kind !== 'unregistered') return result;
    const prune = fateOf(result.address);
    return prune === undefined ? result : { ...result, prune };
  });
}
