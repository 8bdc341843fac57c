/** Queues that are paused, or deleted and made again, in the middle of deliveries: what docs/deploys.md promises. */
import { Timestamp } from '@google-cloud/firestore';
import { openCloud, type Cloud } from './cloud.ts';
import { NO_QUEUE } from './cloud-tasks.ts';
import { deploy } from './firebase-cli.ts';
import {
  beginFanOuts,
  beginRetry,
  DELIVERIES,
  EVERYONE,
  expectSent,
  HOUR_MS,
  MINUTE_MS,
  pass,
  PUSHES,
  refuse,
  SMALL_SHARDS,
  SOON_MS,
} from './in-flight.ts';
import { addPeople, addressOf, offer } from './people.ts';

/** The sweep names an entry's task anew only so often. */
const RESUME_AGAIN_MS = 15 * MINUTE_MS;

describe('a queue of deliveries that is paused', () => {
  it('lets direct pushes through, keeps retries and fan-outs, fills up slowly, and sends each once when it goes on', async () => {
    const cloud = await openCloud({ settings: SMALL_SHARDS });
    const uids = await beginRetry(cloud);
    const [first] = uids as [string];
    cloud.tasks.pause(DELIVERIES);
    await beginFanOuts(cloud, uids);
    await offer(cloud, first, ['another']);
    const pausedMs = HOUR_MS;
    await cloud.pass(pausedMs);
    expect(Object.fromEntries(cloud.sends())).toEqual({ [addressOf(first)]: 1 });
    const open = [...(await cloud.ledger()).values()].filter(({ state }) => state === 'sending');
    const resumes = cloud.tasks.taken.filter(({ data }) => data['kind'] === 'resume');
    expect(resumes.length).toBeGreaterThan(open.length);
    expect(resumes.length).toBeLessThanOrEqual(open.length * (pausedMs / RESUME_AGAIN_MS + 1));
    cloud.tasks.resume(DELIVERIES);
    const passed = await cloud.settle();
    await expectSent(cloud, uids, { each: 2, first: 2 });
    expect({ isSoon: passed < SOON_MS, passed }).toEqual({ isSoon: true, passed });
    expect(cloud.fleet.errors).toEqual([]);
  });

  it('does not end a push to everybody that the outbox has begun anew more than fifty times', async () => {
    const cloud = await openCloud({ settings: SMALL_SHARDS });
    const uids = await addPeople(cloud, 4);
    cloud.tasks.pause(DELIVERIES);
    await cloud.write({ 'pushes/news': EVERYONE });
    await cloud.until(async () => (await cloud.ledger()).size === 1, 'it was begun');
    // As it stands after half a day of that.
    await cloud.db.doc('deliveries/push-news').update({ attempts: 50 });
    await pass(cloud, 3 * HOUR_MS);
    expect((await cloud.onlyDelivery()).attempts).toBeGreaterThan(50);
    cloud.tasks.resume(DELIVERIES);
    await cloud.settle();
    await expectSent(cloud, uids, { each: 1, first: 0 });
  });

  it('does not keep back the retry of a push of the outbox, which the other queue makes, unless that is paused as well', async () => {
    const cloud = await openCloud();
    const [uid] = (await addPeople(cloud, 1)) as [string];
    cloud.tasks.pause(DELIVERIES);
    cloud.tasks.pause(PUSHES);
    refuse(cloud, 1);
    await cloud.write({ 'pushes/p1': { to: uid, title: 'Hello' } });
    await pass(cloud, HOUR_MS);
    expect(cloud.sends().size).toBe(0);
    cloud.tasks.resume(PUSHES);
    await cloud.pass(SOON_MS);
    await expectSent(cloud, [uid], { each: 1, first: 0 });
  });

  it('records a push as expired whose time to live is over when it goes on', async () => {
    const cloud = await openCloud({ settings: SMALL_SHARDS });
    const uids = await addPeople(cloud, 12);
    cloud.tasks.pause(DELIVERIES);
    await cloud.write({ 'pushes/short': { ...EVERYONE, timeToLive: 3600 } });
    await pass(cloud, 2 * HOUR_MS);
    cloud.tasks.resume(DELIVERIES);
    await cloud.settle();
    expect(cloud.sends().size).toBe(0);
    const { state, counts } = await cloud.onlyDelivery();
    expect({ state, counts }).toMatchObject({ state: 'done', counts: { expired: uids.length } });
    const push = await cloud.db.doc('pushes/short').get();
    expect(push.get('state')).toBe('failed');
  });
});

describe('a queue of deliveries that is deleted', () => {
  it.each([
    // Longer than events come again.
    { hours: 26, refusal: NO_QUEUE.notFound },
    { hours: 1, refusal: NO_QUEUE.failedPrecondition },
  ])(
    'loses nobody in $hours h without it, where Google answers $refusal.status, and sends each once when it is there again',
    async ({ hours, refusal }) => {
      const cloud = await openCloud({ settings: SMALL_SHARDS });
      const uids = await beginRetry(cloud);
      cloud.tasks.delete(DELIVERIES, refusal);
      await beginFanOuts(cloud, uids);
      await pass(cloud, hours * HOUR_MS);
      expect(cloud.sends().size).toBe(0);
      await deploy(cloud);
      const passed = await cloud.settle();
      await expectSent(cloud, uids, { each: 2, first: 1 });
      expect({ isSoon: passed < SOON_MS, passed }).toEqual({ isSoon: true, passed });
    },
  );
});

it('goes on with fan-outs whose tasks were in a queue when it was deleted, and sends each once', async () => {
  const cloud = await openCloud({ settings: SMALL_SHARDS });
  const uids = await beginRetry(cloud);
  cloud.tasks.pause(DELIVERIES);
  await beginFanOuts(cloud, uids);
  await cloud.until(() => cloud.tasks.in(DELIVERIES) > 2 && !cloud.fleet.isBusy, 'tasks wait');
  cloud.tasks.delete(DELIVERIES);
  await cloud.pass(10 * MINUTE_MS);
  await deploy(cloud);
  const passed = await cloud.settle();
  await expectSent(cloud, uids, { each: 2, first: 1 });
  expect({ isSoon: passed < SOON_MS, passed }).toEqual({ isSoon: true, passed });
});

describe('a scheduled push', () => {
  const BEFORE_MS = HOUR_MS;
  const AWAY_MS = 2 * HOUR_MS;

  /** `begin` an hour before the push is due, `end` an hour after. */
  const situations: readonly {
    readonly what: string;
    readonly begin: (cloud: Cloud) => unknown;
    readonly end?: (cloud: Cloud) => unknown;
  }[] = [
    {
      what: 'its function is deployed anew',
      begin: async (cloud) => {
        await deploy(cloud);
        await cloud.fleet.instances[0]?.shutDown();
      },
    },
    {
      what: 'its queue is paused',
      begin: ({ tasks }) => tasks.pause(PUSHES),
      end: ({ tasks }) => tasks.resume(PUSHES),
    },
    { what: 'its queue is deleted', begin: ({ tasks }) => tasks.delete(PUSHES), end: deploy },
    {
      what: 'its function is deleted by a deploy, and its queue purged by the next',
      begin: (cloud) => deploy(cloud, { without: [PUSHES] }),
      end: deploy,
    },
    {
      what: 'the queue of deliveries is deleted, which its fan-out needs',
      begin: ({ tasks }) => tasks.delete(DELIVERIES),
      end: deploy,
    },
    {
      what: 'all functions are deleted by a deploy',
      begin: (cloud) => deploy(cloud, { without: Object.keys(cloud.fleet.endpoints) }),
      end: deploy,
    },
  ];

  it.each(situations)('is sent once, and not before its time, where $what', async (situation) => {
    const { begin, end } = situation;
    const cloud = await openCloud({ settings: SMALL_SHARDS });
    const uids = await addPeople(cloud, 7);
    const sendAt = Timestamp.fromMillis(cloud.clock.now() + 2 * BEFORE_MS);
    await cloud.write({ 'pushes/later': { ...EVERYONE, sendAt } });
    await pass(cloud, BEFORE_MS);
    await begin(cloud);
    await pass(cloud, BEFORE_MS - MINUTE_MS);
    expect(cloud.sends().size).toBe(0);
    if (end !== undefined) {
      await pass(cloud, AWAY_MS - BEFORE_MS);
      expect(cloud.sends().size).toBe(0);
      await end(cloud);
    }
    await cloud.pass(SOON_MS);
    const once = Object.fromEntries(uids.map((uid) => [addressOf(uid), 1]));
    expect(Object.fromEntries(cloud.sends())).toEqual(once);
    expect((await cloud.db.doc('pushes/later').get()).get('state')).toBe('sent');
    // Nothing comes later that would send it a second time.
    await pass(cloud, HOUR_MS);
    expect(Object.fromEntries(cloud.sends())).toEqual(once);
  });
});
