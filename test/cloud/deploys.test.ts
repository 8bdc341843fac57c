/**
 * Deploys, rollbacks, and functions that a deploy deletes, in the middle of deliveries: what docs/deploys.md promises. Queues that are
 * paused or deleted, and scheduled pushes, are in `queues.test.ts`.
 */
import { openCloud, type Cloud } from './cloud.ts';
import { deploy } from './firebase-cli.ts';
import type { Instance } from './fleet.ts';
import {
  beginFanOuts,
  beginRetry,
  DELIVERIES,
  expectSent,
  HOUR_MS,
  MINUTE_MS,
  pass,
  refuse,
  slowDown,
  SMALL_SHARDS,
  SOON_MS,
} from './in-flight.ts';
import { addPeople, addressOf, expectTold, offer, tellCustomers } from './people.ts';

function addressesOf(uids: readonly string[]): string[] {
  return uids.map((uid) => addressOf(uid));
}

describe('a deploy in the middle of a fan-out', () => {
  const SHARD = 10;
  const AT_ONCE = 2;

  /** Deploys while an instance works on a fan-out of many parts, of which it has some behind it and some before it. */
  async function deployMidway() {
    const cloud = await openCloud({
      settings: { SHARD_SIZE: String(SHARD), TASKS_AT_ONCE: String(AT_ONCE) },
    });
    // So many parts that they outlast the start of the new instance, on whatever machine.
    const uids = await addPeople(cloud, 300);
    const speedUp = slowDown(cloud, 500);
    await tellCustomers(cloud, uids);
    await cloud.untilSent(2 * AT_ONCE * SHARD + 1);
    const [old] = cloud.fleet.instances as [Instance];
    await deploy(cloud);
    expect(cloud.simulator.requestCount()).toBeLessThan(uids.length);
    return { cloud, uids, old, speedUp };
  }

  it('notifies everybody once where the old instance may finish what it has begun', async () => {
    const { cloud, uids, old, speedUp } = await deployMidway();
    speedUp();
    await cloud.until(() => old.running === 0, 'the old instance had finished');
    await old.shutDown();
    await cloud.settle();
    expectTold(cloud, addressesOf(uids), { crashes: 0 });
    expect(cloud.fleet.errors).toEqual([]);
  });

  it('notifies everybody where the old instance is ended at work, and only whom it was at work for a second time', async () => {
    const { cloud, uids, old, speedUp } = await deployMidway();
    await cloud.until(() => old.running > 0, 'the old instance was at work');
    await old.shutDown();
    speedUp();
    const passed = await cloud.settle();
    expectTold(cloud, addressesOf(uids), { crashes: 1, units: AT_ONCE });
    // By parts, not by people: a list is spread by a hash, so that its parts differ in size.
    const sends = cloud.sends();
    const twice = uids.filter((uid) => (sends.get(addressOf(uid)) ?? 0) > 1);
    const parts = [...(await cloud.ledger()).values()].filter(
      ({ parent, reasons }) => parent !== undefined && twice.some((uid) => uid in reasons),
    );
    expect(parts.length).toBeLessThanOrEqual(AT_ONCE);
    expect({ isSoon: passed < SOON_MS, passed }).toEqual({ isSoon: true, passed });
  });
});

it('makes the retries that wait in the queue on the new instance, alone and together with others', async () => {
  const cloud = await openCloud();
  // More than may share a task.
  const uids = await addPeople(cloud, 30);
  const [first] = uids as [string];
  refuse(cloud, 31);
  await tellCustomers(cloud, uids);
  await offer(cloud, first, ['courier']);
  await cloud.until(() => cloud.tasks.in(DELIVERIES) === 2 && !cloud.fleet.isBusy, 'both wait');
  expect(cloud.sends().size).toBe(0);
  await deploy(cloud);
  await cloud.fleet.instances[0]?.shutDown();
  const passed = await cloud.settle();
  const sends = Object.fromEntries(cloud.sends());
  expect(sends).toEqual({
    ...Object.fromEntries(addressesOf(uids).map((address) => [address, 1])),
    [addressOf(first)]: 2,
  });
  expect({ isAtOnce: passed < 5 * MINUTE_MS, passed }).toEqual({ isAtOnce: true, passed });
});

describe('a rollback: what a later release wrote and this one does not know', () => {
  const LATER = { writtenByLater: { reason: 'a field of a later release' } };

  it('in a ledger entry and a push stays, and the delivery is worked off', async () => {
    const cloud = await openCloud();
    const [uid] = (await addPeople(cloud, 1)) as [string];
    // Twice, so that this release also writes the entry, and not only its end.
    refuse(cloud, 2);
    await cloud.write({ 'pushes/p1': { to: uid, title: 'Hello' } });
    await cloud.until(() => cloud.tasks.in(DELIVERIES) === 1 && !cloud.fleet.isBusy, 'it waits');
    const entry = cloud.db.doc('deliveries/push-p1');
    const push = cloud.db.doc('pushes/p1');
    const { pending } = await cloud.entry('push-p1');
    await entry.update({ ...LATER, pending: pending.map((address) => ({ ...address, ...LATER })) });
    await push.update({ 'accepted.writtenByLater': 1, nextCheck: 'a later release’s' });
    await cloud.settle();
    expect(Object.fromEntries(cloud.sends())).toEqual({ [addressOf(uid)]: 1 });
    expect((await entry.get()).data()).toMatchObject({ ...LATER, state: 'done' });
  });

  it('in a task is ignored', async () => {
    const cloud = await openCloud();
    const [uid] = await beginRetry(cloud);
    cloud.tasks.alter(DELIVERIES, (data) => ({ ...data, ...LATER }));
    const passed = await cloud.settle();
    expect(Object.fromEntries(cloud.sends())).toEqual({ [addressOf(uid as string)]: 1 });
    expect({ isAtOnce: passed < 5 * MINUTE_MS, passed }).toEqual({ isAtOnce: true, passed });
  });

  it('as a task of another kind waits for a release that knows it, and the sweep has its delivery gone on with', async () => {
    const cloud = await openCloud();
    const [uid] = await beginRetry(cloud);
    cloud.tasks.alter(DELIVERIES, (data) => ({ ...data, kind: 'of-a-later-release' }));
    await cloud.pass(SOON_MS);
    expect(Object.fromEntries(cloud.sends())).toEqual({ [addressOf(uid as string)]: 1 });
    expect((await cloud.onlyDelivery()).state).toBe('done');
    expect(cloud.tasks.in(DELIVERIES)).toBe(1);
  });
});

describe('the function of the queue of deliveries', () => {
  it('deleted by a deploy, and its queue purged by the next, costs nobody a push', async () => {
    const cloud = await openCloud({ settings: SMALL_SHARDS });
    const uids = await beginRetry(cloud);
    await deploy(cloud, { without: [DELIVERIES] });
    await beginFanOuts(cloud, uids);
    await pass(cloud, 3 * HOUR_MS);
    expect(cloud.sends().size).toBe(0);
    await deploy(cloud);
    expect(cloud.tasks.in(DELIVERIES)).toBe(0);
    const passed = await cloud.settle();
    await expectSent(cloud, uids, { each: 2, first: 1 });
    expect({ isSoon: passed < SOON_MS, passed }).toEqual({ isSoon: true, passed });
  });

  it('deleted past the CLI, so that its tasks fail until they are given up, costs nobody a push', async () => {
    const cloud = await openCloud({ settings: SMALL_SHARDS });
    const uids = await beginRetry(cloud);
    cloud.fleet.deleted.add(DELIVERIES);
    await beginFanOuts(cloud, uids);
    await pass(cloud, 20 * HOUR_MS);
    expect(cloud.sends().size).toBe(0);
    await deploy(cloud);
    const passed = await cloud.settle();
    await expectSent(cloud, uids, { each: 2, first: 1 });
    expect({ isSoon: passed < SOON_MS, passed }).toEqual({ isSoon: true, passed });
  });
});

describe('a trigger that is deleted and made again', () => {
  const TRIGGER = 'notifyOffer';

  async function untilNobodyIsAtWork(cloud: Cloud): Promise<void> {
    await cloud.until(() => !cloud.fleet.isBusy, 'nobody was at work');
  }

  it('hears nothing of what was written meanwhile, and what was begun before comes to its end', async () => {
    const cloud = await openCloud();
    const [, second, third] = (await beginRetry(cloud)) as [string, string, string];
    await deploy(cloud, { without: [TRIGGER] });
    await offer(cloud, second, ['courier']);
    await untilNobodyIsAtWork(cloud);
    await deploy(cloud);
    await offer(cloud, third, ['courier']);
    await cloud.pass(HOUR_MS);
    const told = ['u00000', third].map((uid) => [addressOf(uid), 1]);
    expect(Object.fromEntries(cloud.sends())).toEqual(Object.fromEntries(told));
    expect((await cloud.ledger()).size).toBe(2);
  });

  it('is told of such a document where it is deleted and written again', async () => {
    const cloud = await openCloud();
    const [uid] = (await addPeople(cloud, 1)) as [string];
    await deploy(cloud, { without: [TRIGGER] });
    await offer(cloud, uid, ['courier']);
    await deploy(cloud);
    await cloud.write({ [`orders/of-${uid}/offers/courier`]: null });
    await offer(cloud, uid, ['courier']);
    await cloud.settle();
    expect(Object.fromEntries(cloud.sends())).toEqual({ [addressOf(uid)]: 1 });
  });
});
