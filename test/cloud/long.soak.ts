/** What takes its time: providers that answer late, machines that sleep, a database that says nothing, crowds. */
import { setTimeout as pause } from 'node:timers/promises';
import { openCloud, type Cloud } from './cloud.ts';
import { addPeople, addressOf, expectTold, offer, tellCustomers } from './people.ts';
import { expectTwiceAtMost, INVALID_ARGUMENT, UNAVAILABLE, wiresOf } from './refusals.ts';

const SECOND_MS = 1_000;
const HOUR_MS = 60 * 60 * SECOND_MS;
const PATIENCE_MS = 900_000;
const EVERYONE = { to: { everyone: true }, title: 'News', body: 'For everybody' };

function addressesOf(uids: readonly string[]): string[] {
  return uids.map((uid) => addressOf(uid));
}

it('tells 10,000 people once each while FCM takes 14 s to answer, and no call overruns', async () => {
  const cloud = await openCloud({ patienceMs: PATIENCE_MS });
  const uids = await addPeople(cloud, 10_000);
  cloud.simulator.addFault({ then: { delayMs: 14 * SECOND_MS, deliver: true } });
  await cloud.write({ 'pushes/news': EVERYONE });
  await cloud.settle();
  expectTold(cloud, addressesOf(uids), { crashes: 0 });
  expect(cloud.fleet.overruns).toBe(0);
}, 1_800_000);

it.each([20, 90])(
  'takes the answers that came while its instance slept for %i s for what they are',
  async (seconds) => {
    const cloud = await openCloud({ patienceMs: PATIENCE_MS });
    const uids = await addPeople(cloud, 320);
    cloud.simulator.addFault({ then: { delayMs: 2 * SECOND_MS, deliver: true } });
    await tellCustomers(cloud, uids);
    await cloud.untilSent(320);
    const [instance] = cloud.fleet.instances;
    instance?.freeze();
    // Nothing but time itself makes a sleep that long.
    await pause(seconds * SECOND_MS);
    instance?.thaw();
    await cloud.settle();
    expectTold(cloud, addressesOf(uids), { crashes: 0 });
  },
  600_000,
);

it('sends to nobody twice although Firestore says nothing for 100 s', async () => {
  const cloud = await openCloud({ patienceMs: PATIENCE_MS, instance: { wired: true } });
  const uids = await addPeople(cloud, 1_500);
  const wire = cloud.fleet.instances[0]?.wires?.firestore;
  cloud.simulator.addFault({ then: { delayMs: SECOND_MS, deliver: true } });
  await tellCustomers(cloud, uids);
  await cloud.untilSent(100);
  wire?.silence();
  await pause(100 * SECOND_MS);
  wire?.speak();
  await cloud.settle();
  expectTold(cloud, addressesOf(uids), { crashes: 0 });
}, 900_000);

it('makes a round short when FCM answers no connection at all', async () => {
  const cloud = await openCloud({ patienceMs: PATIENCE_MS, instance: { wired: true } });
  const uids = await addPeople(cloud, 500, 2);
  const wire = cloud.fleet.instances[0]?.wires?.fcm;
  wire?.silence();
  const began = performance.now();
  await tellCustomers(cloud, uids);
  await cloud.until(
    async () => [...(await cloud.ledger()).values()].some(({ pending }) => pending.length > 0),
    'the round was recorded',
  );
  expect(performance.now() - began).toBeLessThan(60_000);
  wire?.cut();
  wire?.speak();
  await cloud.settle();
  expectTold(
    cloud,
    uids.flatMap((uid) => [addressOf(uid), addressOf(uid, 1)]),
    { crashes: 0 },
  );
}, 300_000);

it('takes at most twice as long for 500 offers in one commit when the customer has a dead device', async () => {
  const couriers = Array.from({ length: 500 }, (_, nth) => `courier${nth}`);
  const timed = async (isDead: boolean): Promise<number> => {
    const cloud: Cloud = await openCloud({ patienceMs: PATIENCE_MS });
    const [customer] = (await addPeople(cloud, 1, 2)) as [string];
    if (isDead) cloud.simulator.putDevice(addressOf(customer, 1), { state: 'unregistered' });
    // The connections are warm.
    await offer(cloud, customer, ['first']);
    await cloud.settle();
    const began = performance.now();
    await offer(cloud, customer, couriers);
    await cloud.untilSent(100);
    const address = 'another:APA91b-phone';
    expect(await cloud.call(customer, 'registerToken', { address })).toMatchObject({ status: 200 });
    await cloud.settle();
    const took = performance.now() - began;
    expect(cloud.fleet.errors).toEqual([]);
    await cloud.close();
    return took;
  };
  const alive = await timed(false);
  const dead = await timed(true);
  expect({ isQuick: dead < 2 * alive, alive, dead }).toEqual({ isQuick: true, alive, dead });
}, 900_000);

it.each([
  [1, 'INVALID_ARGUMENT', INVALID_ARGUMENT],
  [1, 'UNAVAILABLE', UNAVAILABLE],
  [500, 'INVALID_ARGUMENT', INVALID_ARGUMENT],
  [500, 'UNAVAILABLE', UNAVAILABLE],
])(
  'sends to none of %i people more than twice in a day on which every record is refused as %s',
  (count, _, status) => expectTwiceAtMost(count, status, 24 * HOUR_MS),
  900_000,
);

it('does not hang on a connection to Firestore that died without a word', async () => {
  const cloud = await openCloud({ instance: { wired: true } });
  const uids = await addPeople(cloud, 2);
  await offer(cloud, uids[0] as string, ['courier']);
  await cloud.settle();
  wiresOf(cloud).firestore.silenceOpen();
  const began = performance.now();
  await offer(cloud, uids[1] as string, ['courier']);
  await cloud.until(() => cloud.sends().size === 2, 'the second was told');
  expect(performance.now() - began).toBeLessThan(30_000);
});
