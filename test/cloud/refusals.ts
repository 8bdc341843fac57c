/** Records that Firestore refuses, for as long as a test wants, and how often people hear of a push meanwhile. */
import type { Cloud } from './cloud.ts';
import { openCloud } from './cloud.ts';
import type { Wires } from './fleet.ts';
import { addPeople, tellCustomers } from './people.ts';

const MINUTE_MS = 60_000;

/** gRPC statuses. */
export const INVALID_ARGUMENT = 3;
export const UNAVAILABLE = 14;

/** The commit that makes an entry of the ledger: it says when. */
export const isClaim = (body: string) => body.includes('deliveries/') && body.includes('createdAt');

/** A commit that says how a round went; one that takes an entry over says nothing but that there is one more attempt. */
export const isOutcome = (body: string) =>
  body.includes('deliveries/') && !isClaim(body) && /counts|reached|reasons|failed/.test(body);

export function wiresOf(cloud: Cloud): Wires {
  return cloud.fleet.instances.at(-1)?.wires as Wires;
}

function mostSends(cloud: Cloud): number {
  return Math.max(0, ...cloud.sends().values());
}

/**
 * Lets `ms` pass while Firestore refuses: in leaps when nobody is at work, else two minutes for each refusal, since whoever is at
 * work tries again.
 */
async function passInTrouble(cloud: Cloud, ms: number, isEnough: () => boolean): Promise<void> {
  const { calls } = wiresOf(cloud);
  const end = cloud.clock.now() + ms;
  while (cloud.clock.now() < end && !isEnough()) {
    const { struck } = calls;
    await cloud.until(() => !cloud.fleet.isBusy || calls.struck > struck, 'something happened');
    if (cloud.fleet.isBusy) cloud.clock.advance(2 * MINUTE_MS);
    else cloud.leap();
    await new Promise(setImmediate);
  }
}

/** Refuses every record of a push to `count` people with a gRPC status for `ms`, and checks that nobody is sent to more than twice. */
export async function expectTwiceAtMost(count: number, status: number, ms: number): Promise<void> {
  const cloud = await openCloud({ instance: { wired: true } });
  const uids = await addPeople(cloud, count);
  const { calls } = wiresOf(cloud);
  calls.add({ call: 'Commit', when: isOutcome, then: status });
  await tellCustomers(cloud, uids);
  await passInTrouble(cloud, ms, () => mostSends(cloud) > 2);
  expect(calls.struck).toBeGreaterThan(1);
  expect(mostSends(cloud)).toBeLessThanOrEqual(2);
  calls.mend();
  await cloud.settle();
  expect(mostSends(cloud)).toBeLessThanOrEqual(2);
  const { state, error } = await cloud.onlyDelivery();
  // What Firestore says it will never take ends the delivery, and the ledger says so.
  const isComplete = cloud.sends().size === count || (state === 'failed' && error !== undefined);
  expect({ isComplete, state, error }).toEqual({ isComplete: true, state, error });
}
