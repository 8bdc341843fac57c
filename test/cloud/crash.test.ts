/** Instances that die or stand still in the middle of a delivery. */
import { openCloud, type Cloud } from './cloud.ts';
import { addPeople, addressOf, expectTold, STEP, tellCustomers } from './people.ts';

/** Longer than the lease of a delivery. */
const LEASE_OVER_MS = 345_000;

/** Answers of FCM come so late that an instance can be caught at work. */
function slowDown(cloud: Cloud, delayMs: number): void {
  cloud.simulator.addFault({ match: { provider: 'fcm' }, then: { delayMs, deliver: true } });
}

function addressesOf(uids: readonly string[]): string[] {
  return uids.map((uid) => addressOf(uid));
}

it('tells everybody although the instance dies, and at most one step of people hears again', async () => {
  const cloud = await openCloud();
  const uids = await addPeople(cloud, 2 * STEP);
  slowDown(cloud, 50);
  await tellCustomers(cloud, uids);
  await cloud.untilSent(STEP + 100);
  await cloud.fleet.instances[0]?.kill();
  await cloud.settle();
  expectTold(cloud, addressesOf(uids), { crashes: 1 });
  expect((await cloud.onlyDelivery()).counts).toMatchObject({ delivered: uids.length });
});

it('tells everybody although the instance dies before it has sent anything, and then nobody hears again', async () => {
  const cloud = await openCloud({ instance: { wired: true } });
  const uids = await addPeople(cloud, 20);
  cloud.fleet.instances[0]?.wires?.fcm.silence();
  await tellCustomers(cloud, uids);
  await cloud.until(async () => (await cloud.ledger()).size > 0, 'the delivery was claimed');
  await cloud.fleet.instances[0]?.kill();
  await cloud.settle();
  expectTold(cloud, addressesOf(uids), { crashes: 0 });
});

it('tells everybody although three instances die one after the other before any of them has sent much', async () => {
  const cloud = await openCloud();
  const uids = await addPeople(cloud, 300);
  const slow = cloud.simulator.addFault({ then: { delayMs: 3_000, deliver: true } });
  await tellCustomers(cloud, uids);
  const settling = cloud.settle();
  for (let crashes = 0; crashes < 3; crashes += 1) {
    const sent = cloud.simulator.requestCount();
    await cloud.until(
      () => cloud.fleet.isBusy && cloud.simulator.requestCount() > sent,
      'a send was begun',
    );
    await cloud.fleet.instances.at(-1)?.kill();
  }
  cloud.simulator.removeFault(slow.id);
  await settling;
  expectTold(cloud, addressesOf(uids), { crashes: 3 });
});

it('lets an instance that was frozen for longer than its lease send nothing more when it goes on', async () => {
  const cloud = await openCloud();
  const uids = await addPeople(cloud, 2 * STEP);
  slowDown(cloud, 100);
  await tellCustomers(cloud, uids);
  await cloud.untilSent(100);
  const [frozen] = cloud.fleet.instances;
  frozen?.freeze();
  await cloud.pass(LEASE_OVER_MS);
  await cloud.settle();
  const told = cloud.simulator.requestCount();
  frozen?.thaw();
  await cloud.until(() => !cloud.fleet.isBusy, 'the thawed instance had given up');
  // What it had asked for already may arrive; the steps that were left do not.
  expect(cloud.simulator.requestCount() - told).toBeLessThanOrEqual(STEP - 100);
  await cloud.settle();
  expectTold(cloud, addressesOf(uids), { crashes: 1 });
});

it('takes an event that comes twice at once for the ordinary course: acknowledged, no error in the log, told once', async () => {
  const cloud = await openCloud();
  const uids = await addPeople(cloud, 10);
  slowDown(cloud, 500);
  await tellCustomers(cloud, uids, { copies: 3 });
  const passed = await cloud.settle();
  expectTold(cloud, addressesOf(uids), { crashes: 0 });
  expect({ failures: cloud.eventarc.failures, errors: cloud.fleet.errors }).toEqual({
    failures: 0,
    errors: [],
  });
  expect(passed).toBeLessThan(60_000);
});

it('resumes a delivery whose events were all acknowledged when its instance died', async () => {
  const cloud = await openCloud();
  const uids = await addPeople(cloud, 10);
  slowDown(cloud, 500);
  await tellCustomers(cloud, uids, { copies: 2 });
  await cloud.until(() => cloud.eventarc.outstanding === 1, 'the second event was acknowledged');
  await cloud.fleet.instances[0]?.kill();
  const passed = await cloud.settle();
  expectTold(cloud, addressesOf(uids), { crashes: 1 });
  expect(passed).toBeLessThan(20 * 60_000);
});
