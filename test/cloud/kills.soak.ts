/** Many crashes, at moments that a seed decides. */
import { seededRandom } from '../../simulator/src/seeded-random.ts';
import type { FaultSpec } from '../../simulator/src/index.ts';
import { openCloud, type Cloud } from './cloud.ts';
import { addPeople, addressOf, expectTold, offer, tellCustomers } from './people.ts';

const PATIENCE_MS = 300_000;
const SHARD = 500;

/** Faults after which nothing has reached the device, so that whatever reaches it again is ours. */
const FAULTS: readonly FaultSpec['then'][] = [
  { errorCode: 'UNAVAILABLE' },
  { errorCode: 'INTERNAL' },
  { errorCode: 'QUOTA_EXCEEDED', retryAfterSeconds: 5 },
  { status: 502, body: '<html>' },
  { reset: 'REFUSED_STREAM' },
  { goaway: { processed: false } },
  { disconnect: true },
];

/** Lets an instance die each time so many were sent to, as long as there is work; returns how often. */
async function settleWithKills(cloud: Cloud, moments: readonly number[]): Promise<number> {
  let isSettled = false;
  const settling = cloud.settle().finally(() => {
    isSettled = true;
  });
  let kills = 0;
  for (const moment of moments) {
    await cloud.until(
      () => isSettled || (cloud.fleet.isBusy && cloud.simulator.requestCount() >= moment),
      'a kill was due',
    );
    if (isSettled) break;
    await cloud.fleet.instances.at(-1)?.kill();
    kills += 1;
  }
  await settling;
  return kills;
}

it('tells 3,000 people while instances die twelve times, and repeats no more than the steps under way', async () => {
  const cloud = await openCloud({ patienceMs: PATIENCE_MS });
  const random = seededRandom(1);
  cloud.simulator.addFault({ then: { delayMs: 100, deliver: true } });
  const uids = await addPeople(cloud, 3_000);
  await tellCustomers(cloud, uids);
  const moments = Array.from({ length: 12 }, (_, nth) => nth * 250 + Math.ceil(random() * 250));
  const crashes = await settleWithKills(cloud, moments);
  expect(crashes).toBeGreaterThan(0);
  // What was interrupted twice or more is told all the same, not given up.
  expect((await cloud.onlyDelivery()).counts).toMatchObject({ delivered: uids.length, failed: 0 });
  expectTold(
    cloud,
    uids.map((uid) => addressOf(uid)),
    {
      crashes,
      units: uids.length / SHARD,
    },
  );
}, 900_000);

it.each([1, 2, 3])(
  'loses nobody and prunes nobody alive under faults, duplicate events, kills and freezes, seed %i',
  async (seed) => {
    const cloud = await openCloud({
      patienceMs: PATIENCE_MS,
      simulator: { random: seededRandom(seed) },
    });
    const random = seededRandom(seed);
    for (const then of FAULTS) cloud.simulator.addFault({ rate: 0.015, then });
    const uids = await addPeople(cloud, 200, 2);
    for (const uid of uids) await offer(cloud, uid, ['one', 'two']);
    await tellCustomers(cloud, uids);
    let crashes = 0;
    for (let nth = 0; nth < 6; nth += 1) {
      const before = cloud.simulator.requestCount();
      const more = Math.ceil(random() * 100);
      await cloud.until(
        () => !cloud.fleet.isBusy || cloud.simulator.requestCount() >= before + more,
        'some more were sent',
      );
      const instance = cloud.fleet.instances.at(-1);
      crashes += 1;
      if (random() < 0.5) await instance?.kill();
      else {
        instance?.freeze();
        cloud.clock.advance(Math.ceil(random() * 400_000));
        await cloud.fleet.boot();
        instance?.thaw();
      }
    }
    await cloud.settle();
    const sends = cloud.sends();
    const lost = uids.filter((uid) => (sends.get(addressOf(uid)) ?? 0) < 3);
    expect(lost).toEqual([]);
    const users = await cloud.db.collection('users').get();
    expect(users.docs.filter((user) => (user.get('tokens') as string[]).length !== 2)).toEqual([]);
    for (const [, { state }] of await cloud.ledger()) expect(state).toBe('done');
    expect(Math.max(...sends.values())).toBeLessThanOrEqual(3 * (1 + crashes));
  },
  900_000,
);
