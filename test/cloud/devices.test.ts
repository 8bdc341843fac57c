/** Devices that die, change hands or renew their tokens while a delivery is under way. */
import { openCloud, type Cloud } from './cloud.ts';
import { addPeople, addressOf, expectTold, offer, STEP, tellCustomers } from './people.ts';

async function register(cloud: Cloud, uid: string, address: string, more = {}): Promise<void> {
  const answer = await cloud.call(uid, 'registerToken', { address, ...more });
  expect(answer).toMatchObject({ status: 200 });
}

async function tokensOf(cloud: Cloud, uid: string): Promise<unknown> {
  return (await cloud.db.doc(`users/${uid}`).get()).get('tokens');
}

it('lets a hundred offers at once to a customer with a dead device finish quickly, and the customer register meanwhile', async () => {
  const cloud = await openCloud();
  const [uid] = (await addPeople(cloud, 1, 2)) as [string];
  const dead = addressOf(uid, 1);
  cloud.simulator.putDevice(dead, { state: 'unregistered' });
  const couriers = Array.from({ length: 100 }, (_, nth) => `courier${nth}`);
  const began = performance.now();
  await offer(cloud, uid, couriers);
  await cloud.untilSent(10);
  await register(cloud, uid, 'new:APA91b-phone');
  await cloud.settle();
  expect(performance.now() - began).toBeLessThan(30_000);
  expect(cloud.fleet.errors).toEqual([]);
  const requests = cloud.simulator.requests({ address: addressOf(uid) });
  expect(requests).toHaveLength(couriers.length);
  // Where the customer registered during the sends, the dead address may stay until the next.
  await offer(cloud, uid, ['one-more']);
  await cloud.settle();
  expect(await tokensOf(cloud, uid)).toEqual([addressOf(uid), 'new:APA91b-phone']);
});

it('tells nothing to a device that another person took over, or that was logged out, while others were being told', async () => {
  const cloud = await openCloud();
  const uids = await addPeople(cloud, 2 * STEP);
  const [takenOver, loggedOut] = uids.slice(-2) as [string, string];
  const slow = cloud.simulator.addFault({ then: { delayMs: 2_000, deliver: true } });
  await tellCustomers(cloud, uids);
  await cloud.untilSent(50);
  await register(cloud, 'newcomer', addressOf(takenOver));
  await cloud.call(loggedOut, 'unregisterToken', { address: addressOf(loggedOut) });
  // The second step has not begun.
  expect(cloud.simulator.requestCount()).toBeLessThanOrEqual(STEP);
  cloud.simulator.removeFault(slow.id);
  await cloud.settle();
  expectTold(
    cloud,
    uids.slice(0, -2).map((uid) => addressOf(uid)),
    { crashes: 0 },
  );
  expect(cloud.sends().has(addressOf(takenOver))).toBe(false);
  expect(cloud.sends().has(addressOf(loggedOut))).toBe(false);
});

it('keeps an address that its app took out and put back while a send called it dead', async () => {
  const cloud = await openCloud();
  const uid = 'ola';
  const address = addressOf(uid);
  await cloud.write({ [`users/${uid}`]: { tokens: [address] } });
  await cloud.settle();
  cloud.simulator.addFault({
    match: { address },
    then: { delayMs: 1_500, errorCode: 'UNREGISTERED' },
  });
  await offer(cloud, uid, ['courier']);
  await cloud.untilSent(1);
  // The function hears of the removal when the address is back.
  await cloud.write({ [`users/${uid}`]: { tokens: [] } }, { delayMs: 500 });
  await cloud.write({ [`users/${uid}`]: { tokens: [address] } }, { delayMs: 500 });
  await cloud.settle();
  expect(await tokensOf(cloud, uid)).toEqual([address]);
});

it.each([5_000, -5_000])(
  'keeps an address that was registered again during a send by an instance whose clock is off by %i ms',
  async (skewMs) => {
    const cloud = await openCloud({ instance: { skewMs } });
    const [uid] = (await addPeople(cloud, 1)) as [string];
    const address = addressOf(uid);
    await register(cloud, uid, address);
    cloud.simulator.addFault({
      match: { address },
      then: { delayMs: 2_500, errorCode: 'UNREGISTERED' },
    });
    await offer(cloud, uid, ['courier']);
    await cloud.untilSent(1);
    await cloud.fleet.boot();
    await register(cloud, uid, address);
    await cloud.settle();
    expect(await tokensOf(cloud, uid)).toEqual([address]);
  },
);

it('prunes a dead address whatever the clocks of sender and registration say', async () => {
  const cloud = await openCloud({ instance: { skewMs: 5_000 } });
  const [uid] = (await addPeople(cloud, 1)) as [string];
  await register(cloud, uid, addressOf(uid));
  await cloud.fleet.boot({ skewMs: -5_000 });
  cloud.simulator.putDevice(addressOf(uid), { state: 'unregistered' });
  await offer(cloud, uid, ['courier']);
  await cloud.settle();
  expect(await tokensOf(cloud, uid)).toEqual([]);
});

it('tries again at the token that replaced the one it failed at', async () => {
  const cloud = await openCloud();
  const [uid] = (await addPeople(cloud, 1)) as [string];
  await register(cloud, uid, addressOf(uid));
  const away = cloud.simulator.addFault({ then: { errorCode: 'UNAVAILABLE' } });
  await offer(cloud, uid, ['courier']);
  await cloud.until(() => cloud.tasks.taken.length > 0, 'a retry was enqueued');
  cloud.simulator.removeFault(away.id);
  await register(cloud, uid, 'renewed:APA91b-phone', { replaces: addressOf(uid) });
  await cloud.settle();
  expect([...cloud.sends().keys()]).toEqual(['renewed:APA91b-phone']);
});

it('cleans the list of a person most of whose many devices are dead', async () => {
  const cloud = await openCloud();
  const [uid] = (await addPeople(cloud, 1, 24)) as [string];
  const dead = Array.from({ length: 14 }, (_, nth) => addressOf(uid, nth));
  for (const address of dead) cloud.simulator.putDevice(address, { state: 'unregistered' });
  await offer(cloud, uid, ['courier']);
  await cloud.settle();
  expect(await tokensOf(cloud, uid)).toHaveLength(10);
});
