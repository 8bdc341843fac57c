/** FCM that is slow, away, or refuses. */
import { openCloud, type Cloud } from './cloud.ts';
import { addPeople, addressOf, expectTold, offer, tellCustomers } from './people.ts';

const MINUTE_MS = 60_000;

function addressesOf(uids: readonly string[], devices = 1): string[] {
  return uids.flatMap((uid) =>
    Array.from({ length: devices }, (_, device) => addressOf(uid, device)),
  );
}

function fault(cloud: Cloud, spec: Parameters<Cloud['simulator']['addFault']>[0]): string {
  return cloud.simulator.addFault(spec).id;
}

it('stops beginning sends before its function would be ended, and another call goes on at once', async () => {
  const cloud = await openCloud();
  const uids = await addPeople(cloud, 500);
  const slow = fault(cloud, { then: { delayMs: 1_000, deliver: true } });
  await tellCustomers(cloud, uids);
  await cloud.untilSent(100);
  // As if the answers had taken so long.
  cloud.clock.advance(250_000);
  await cloud.until(() => cloud.tasks.taken.length > 0, 'the rest was handed on');
  expect(cloud.simulator.requestCount()).toBeLessThan(uids.length);
  cloud.simulator.removeFault(slow);
  const passed = await cloud.settle();
  expectTold(cloud, addressesOf(uids), { crashes: 0 });
  expect((await cloud.onlyDelivery()).counts).toMatchObject({ delivered: uids.length, failed: 0 });
  expect(passed).toBeLessThan(MINUTE_MS);
});

it('makes a round short when FCM accepts no connection: within seconds all are recorded as waiting, with the reason', async () => {
  const cloud = await openCloud({ instance: { wired: true } });
  const uids = await addPeople(cloud, 500, 2);
  const wire = cloud.fleet.instances[0]?.wires?.fcm;
  wire?.refuse();
  const began = performance.now();
  await tellCustomers(cloud, uids);
  await cloud.until(
    async () => [...(await cloud.ledger()).values()].some(({ pending }) => pending.length > 0),
    'the round was recorded',
  );
  expect(performance.now() - began).toBeLessThan(30_000);
  const { reasons } = await cloud.onlyDelivery();
  expect(Object.values(reasons)[0]).toMatch(/^retrying:/);
  wire?.speak();
  await cloud.settle();
  expectTold(cloud, addressesOf(uids, 2), { crashes: 0 });
});

it('takes one 401 for what it is: nothing was processed, and everybody is told', async () => {
  const cloud = await openCloud();
  const uids = await addPeople(cloud, 20);
  const error = { code: 401, status: 'UNAUTHENTICATED', message: 'Invalid credentials.' };
  const body = JSON.stringify({ error });
  fault(cloud, { times: 3, then: { status: 401, contentType: 'application/json', body } });
  await tellCustomers(cloud, uids);
  await cloud.settle();
  expectTold(cloud, addressesOf(uids), { crashes: 0 });
  expect((await cloud.onlyDelivery()).counts).toMatchObject({ delivered: 20, failed: 0 });
});

it('tries many deliveries again together: their retries take no longer than one', async () => {
  const cloud = await openCloud({ settings: { TASKS_PER_SECOND: '1', TASKS_AT_ONCE: '1' } });
  const uids = await addPeople(cloud, 60);
  const away = fault(cloud, { then: { errorCode: 'UNAVAILABLE' } });
  for (const uid of uids) await offer(cloud, uid, ['courier']);
  await cloud.untilSent(60);
  cloud.simulator.removeFault(away);
  const passed = await cloud.settle();
  expectTold(cloud, addressesOf(uids), { crashes: 0 });
  // One each would be 60 s at this rate, after the 10 to 20 s that FCM asks for.
  expect({ isSoon: passed < 50_000, passed }).toEqual({ isSoon: true, passed });
});

it('says why one device of a person failed although another was reached', async () => {
  const cloud = await openCloud();
  const [uid] = (await addPeople(cloud, 1, 2)) as [string];
  fault(cloud, {
    match: { address: addressOf(uid, 1) },
    then: { errorCode: 'THIRD_PARTY_AUTH_ERROR' },
  });
  await offer(cloud, uid, ['courier']);
  await cloud.settle();
  const { counts, ...entry } = await cloud.onlyDelivery();
  expect(counts).toMatchObject({ addresses: 2, delivered: 1 });
  expect(JSON.stringify(entry)).toContain('THIRD_PARTY_AUTH_ERROR');
});

it('records six thousand addresses that wait, more than an entry can hold, and loses none', async () => {
  const cloud = await openCloud();
  const uids = await addPeople(cloud, 500, 12);
  const away = fault(cloud, { then: { errorCode: 'UNAVAILABLE' } });
  await tellCustomers(cloud, uids);
  await cloud.until(() => cloud.tasks.taken.length > 0, 'a retry was enqueued');
  cloud.simulator.removeFault(away);
  await cloud.settle();
  expectTold(cloud, addressesOf(uids, 12), { crashes: 0 });
  expect((await cloud.onlyDelivery()).counts).toMatchObject({ delivered: 6_000, failed: 0 });
}, 90_000);
