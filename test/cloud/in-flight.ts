/** Work that is under way when somebody deploys or takes a queue away, and how it has to end. */
import type { Cloud } from './cloud.ts';
import { addPeople, addressOf, offer, tellCustomers } from './people.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
/** The queue of deliveries, which is named after its function. */
export const DELIVERIES = 'deliveryTasks';
/** The queue of scheduled pushes. */
export const PUSHES = 'pushTasks';
/**
 * What has lost its task goes on after this at the latest: its lease ends, the sweep comes, and a name that its task is to have may
 * be taken for a quarter of an hour; this twice, for a delivery and the push that asked for it.
 */
export const SOON_MS = 60 * MINUTE_MS;
/** So few are many shards. */
export const SMALL_SHARDS = { SHARD_SIZE: '3', TASKS_PER_SECOND: '100' };
const PEOPLE = 7;
const LEAP_MS = 50 * MINUTE_MS;

export const EVERYONE = { to: { everyone: true }, title: 'News', body: 'For everybody' };

/** FCM refuses this many sends for now, so that their retries wait in the queue. */
export function refuse({ simulator }: Cloud, times: number): void {
  simulator.addFault({ times, then: { errorCode: 'UNAVAILABLE' } });
}

/** Answers of FCM come so late that an instance can be caught at work; returns what ends that. */
export function slowDown({ simulator }: Cloud, delayMs: number): () => void {
  const { id } = simulator.addFault({
    match: { provider: 'fcm' },
    then: { delayMs, deliver: true },
  });
  return () => simulator.removeFault(id);
}

/** Lets time pass in leaps, so that there are few sweeps of those that production would have. */
export async function pass(cloud: Cloud, ms: number): Promise<void> {
  const end = cloud.clock.now() + ms;
  while (cloud.clock.now() < end) {
    cloud.clock.advance(Math.min(LEAP_MS, end - cloud.clock.now()));
    await cloud.pass(0);
  }
}

/** A retry that waits in the queue: an offer to the first of some people, which FCM refused once. */
export async function beginRetry(cloud: Cloud): Promise<string[]> {
  const uids = await addPeople(cloud, PEOPLE);
  refuse(cloud, 1);
  await offer(cloud, uids[0] as string, ['courier']);
  await cloud.until(() => cloud.tasks.in(DELIVERIES) === 1 && !cloud.fleet.isBusy, 'a retry waits');
  return uids;
}

/** Two large audiences, one a list and one a collection, each of all these people. */
export async function beginFanOuts(cloud: Cloud, uids: readonly string[]): Promise<void> {
  await tellCustomers(cloud, uids);
  const customers = uids.map((uid) => [`shops/s2/customers/${uid}`, {}] as const);
  await cloud.seed({ 'shops/s2': { name: 'A large shop' }, ...Object.fromEntries(customers) });
  await cloud.write({ 'shops/s2/notices/n1': { authorId: 'author', text: 'hello' } });
}

/** Checks that each person was sent so much, and the first so much more, and that everything is done according to the ledger. */
export async function expectSent(
  cloud: Cloud,
  uids: readonly string[],
  { each, first }: { readonly each: number; readonly first: number },
): Promise<void> {
  const sends = new Map(uids.map((uid) => [addressOf(uid), each]));
  sends.set(addressOf(uids[0] as string), each + first);
  const unfinished = [...(await cloud.ledger())].filter(([, { state }]) => state !== 'done');
  expect({ sends: cloud.sends(), unfinished }).toEqual({ sends, unfinished: [] });
}
