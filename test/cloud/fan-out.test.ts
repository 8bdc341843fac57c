/** Large audiences: tasks that get lost, names that cannot be used again, and very many deliveries that were abandoned. */
import { Timestamp } from '@google-cloud/firestore';
import { openCloud } from './cloud.ts';
import { addPeople, addressOf, expectTold, offer, tellCustomers } from './people.ts';

const MINUTE_MS = 60_000;
/** Shards are small, so that few people make many. */
const SMALL_SHARDS = { SHARD_SIZE: '3' };

const EVERYONE = { to: { everyone: true }, title: 'News', body: 'For everybody' };

it.each([0, 3])('tells everybody soon although the task of page %i was lost', async (page) => {
  const cloud = await openCloud({ settings: SMALL_SHARDS });
  const uids = await addPeople(cloud, 12);
  let lost = 0;
  cloud.tasks.loses = ({ data }) => {
    const isLost = lost === 0 && data['kind'] === 'page' && data['shard'] === page;
    if (isLost) lost += 1;
    return isLost;
  };
  await cloud.write({ 'pushes/news': EVERYONE });
  const passed = await cloud.settle();
  expect(lost).toBe(1);
  expectTold(
    cloud,
    uids.map((uid) => addressOf(uid)),
    { crashes: 0 },
  );
  expect({ isSoon: passed < 30 * MINUTE_MS, passed }).toEqual({ isSoon: true, passed });
});

it('tells a list of people that is larger than a shard at once, by tasks that the function takes the first time', async () => {
  const cloud = await openCloud({ settings: SMALL_SHARDS });
  const uids = await addPeople(cloud, 12);
  await tellCustomers(cloud, uids);
  const passed = await cloud.settle();
  const addresses = uids.map((uid) => addressOf(uid));
  expectTold(cloud, addresses, { crashes: 0 });
  expect({ isAtOnce: passed < MINUTE_MS, passed }).toEqual({ isAtOnce: true, passed });
});

it('tells everybody although the task of a part of the audience was lost', async () => {
  const cloud = await openCloud({ settings: SMALL_SHARDS });
  const uids = await addPeople(cloud, 12);
  cloud.tasks.loses = ({ data }) => data['kind'] === 'retry' && data['round'] === 0;
  await tellCustomers(cloud, uids);
  await cloud.settle();
  const addresses = uids.map((uid) => addressOf(uid));
  expectTold(cloud, addresses, { crashes: 0 });
  expect((await cloud.onlyDelivery()).state).toBe('done');
});

it('tries again soon although the task for that was lost', async () => {
  const cloud = await openCloud();
  const [uid] = (await addPeople(cloud, 1)) as [string];
  cloud.tasks.loses = () => cloud.tasks.taken.length === 1;
  cloud.simulator.addFault({ times: 1, then: { errorCode: 'UNAVAILABLE' } });
  await offer(cloud, uid, ['courier']);
  const passed = await cloud.settle();
  expectTold(cloud, [addressOf(uid)], { crashes: 0 });
  expect({ isSoon: passed < 30 * MINUTE_MS, passed }).toEqual({ isSoon: true, passed });
});

it('resumes a delivery whose instance died although the task for that was lost', async () => {
  const cloud = await openCloud();
  const uids = await addPeople(cloud, 10);
  const slow = cloud.simulator.addFault({ then: { delayMs: 1_000, deliver: true } });
  cloud.tasks.loses = () => cloud.tasks.taken.length === 1;
  await tellCustomers(cloud, uids, { copies: 2 });
  await cloud.untilSent(10);
  await cloud.until(() => cloud.eventarc.outstanding === 1, 'the second event was acknowledged');
  await cloud.fleet.instances[0]?.kill();
  cloud.simulator.removeFault(slow.id);
  const passed = await cloud.settle();
  expectTold(
    cloud,
    uids.map((uid) => addressOf(uid)),
    { crashes: 1 },
  );
  expect({ isSoon: passed < 60 * MINUTE_MS, passed }).toEqual({ isSoon: true, passed });
});

it.each([
  ['v2.1', 'v2'],
  ['v2~1', 'v2'],
  ['v2', 'v2~1'],
])(
  'sends the push %s and then %s to everybody, although one names what might be a part of the other',
  async (first, second) => {
    const cloud = await openCloud({ settings: SMALL_SHARDS });
    const uids = await addPeople(cloud, 12);
    await cloud.write({ [`pushes/${first}`]: EVERYONE });
    await cloud.settle();
    await cloud.write({ [`pushes/${second}`]: EVERYONE });
    await cloud.settle();
    const sends = cloud.sends();
    expect(uids.map((uid) => sends.get(addressOf(uid)))).toEqual(uids.map(() => 2));
    for (const id of [first, second]) {
      expect((await cloud.db.doc(`pushes/${id}`).get()).get('state')).toBe('sent');
    }
  },
);

it('sweeps 500 abandoned deliveries of 95 KB each with 256 MiB of memory', async () => {
  const cloud = await openCloud({ instance: { heapMiB: 256 } });
  const [uid] = (await addPeople(cloud, 1)) as [string];
  const long = Timestamp.fromMillis(cloud.clock.now() - 60 * MINUTE_MS);
  const noCounts = { recipients: 0, addresses: 0, delivered: 0, unregistered: 0, rejected: 0 };
  const entry = {
    type: 'news',
    function: 'news',
    state: 'sending',
    coverage: { kind: 'listed', uids: [uid] },
    attempts: 1,
    sent: true,
    round: 0,
    pending: [],
    counts: { ...noCounts, failed: 0, expired: 0, unreachable: 0, skipped: 0 },
    reasons: Object.fromEntries(
      Array.from({ length: 64 }, (_, nth) => [`person-${nth}`, 'delivered:'.padEnd(1_490, '-')]),
    ),
    leaseUntil: long,
    createdAt: long,
    updatedAt: long,
    expiresAt: Timestamp.fromMillis(cloud.clock.now() + 24 * 60 * MINUTE_MS),
  };
  const writer = cloud.db.bulkWriter({ throttling: false });
  for (let nth = 0; nth < 500; nth += 1) void writer.set(cloud.db.doc(`deliveries/d${nth}`), entry);
  await writer.close();
  await cloud.pass(5 * MINUTE_MS);
  expect(cloud.fleet.instances).toHaveLength(1);
  expect(cloud.tasks.taken).toHaveLength(500);
});
