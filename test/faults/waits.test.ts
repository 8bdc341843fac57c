/**
 * How long the engine waits before it tries again, and when it stops: FCM's own rules (scale-fcm), held to the clock.
 */
import { World } from './world.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

let world: World;
let uid: string;
let address: string;
let users = 0;
/** What back-off adds, 0 to 1; undefined: a matter of real chance. */
let chance: number | undefined = 0;

beforeAll(async () => {
  world = await World.create({ random: () => chance ?? Math.random() });
});
afterAll(() => world.close());
beforeEach(async () => {
  users += 1;
  chance = 0;
  uid = `u${users}`;
  address = `${uid}:APA91b-address`;
  world.simulator.reset();
  await world.addUser(uid, [address]);
});

/** Sends once and returns how long the engine means to wait before it tries again, ms. */
async function waitAfter(then: Parameters<World['simulator']['addFault']>[0]['then']) {
  world.simulator.addFault({ match: { address }, times: 1, then });
  const began = world.now;
  const id = world.newId();
  await world.deliverUntilAcknowledged(world.order({ to: uid }, id));
  expect(world.tasks).toHaveLength(1);
  const waiting = await world.entry(id);
  const [task] = world.tasks;
  // The ledger, the task's schedule and the time in the task itself agree.
  expect(waiting.retryAt?.toMillis()).toBe(task?.at);
  expect(task?.task).toEqual({ kind: 'due', dueAt: task?.at, after: '' });
  await world.settle();
  expect(await world.entry(id)).toMatchObject({ state: 'done', reasons: { [uid]: 'delivered' } });
  expect(world.titles(address)).toHaveLength(1);
  world.simulator.clearInbox(address);
  return (task?.at ?? 0) - began;
}

describe('the wait before another try', () => {
  it('is what Retry-After says after a 429', async () => {
    expect(await waitAfter({ errorCode: 'QUOTA_EXCEEDED', retryAfterSeconds: 90 })).toBe(90_000);
  });

  it('is 60 s after a 429 without Retry-After', async () => {
    expect(await waitAfter({ errorCode: 'QUOTA_EXCEEDED' })).toBe(MINUTE);
    expect(await waitAfter({ errorCode: 'RATE_LIMIT_EXCEEDED' })).toBe(MINUTE);
  });

  it('is 10 s after 500 and 503, longer where Retry-After says so, never shorter', async () => {
    expect(await waitAfter({ errorCode: 'UNAVAILABLE' })).toBe(10 * SECOND);
    expect(await waitAfter({ errorCode: 'INTERNAL' })).toBe(10 * SECOND);
    expect(await waitAfter({ errorCode: 'UNAVAILABLE', retryAfterSeconds: 1 })).toBe(10 * SECOND);
    expect(await waitAfter({ errorCode: 'UNAVAILABLE', retryAfterSeconds: 600 })).toBe(10 * MINUTE);
  });
});

describe('trying again', () => {
  it('goes on through a burst of 500 and 503 until the push arrives, once', async () => {
    world.simulator.addFault({ match: { address }, times: 3, then: { errorCode: 'UNAVAILABLE' } });
    world.simulator.addFault({ match: { address }, times: 2, then: { errorCode: 'INTERNAL' } });
    const entry = await world.tell({ to: uid });
    expect(entry).toMatchObject({ state: 'done', counts: { delivered: 1 }, round: 5 });
    expect(world.sends(address)).toBe(6);
    expect(world.titles(address)).toHaveLength(1);
  });

  it('replaces on the device what a lying 503 had delivered already', async () => {
    world.simulator.addFault({
      match: { address },
      times: 2,
      then: { errorCode: 'UNAVAILABLE', deliver: true },
    });
    const entry = await world.tell({ to: uid });
    expect(entry.reasons).toEqual({ [uid]: 'delivered' });
    expect(world.simulator.requests({ address }).map(({ delivered }) => delivered)).toEqual([
      1, 1, 1,
    ]);
    expect(world.titles(address)).toHaveLength(1);
  });

  it('keeps to the first failure of each address, not of the delivery', async () => {
    const late = `${uid}:APA91b-late`;
    await world.addUser(uid, [address, late]);
    world.simulator.addFault({
      match: { address },
      times: 1,
      then: { errorCode: 'UNAVAILABLE', retryAfterSeconds: 1000 },
    });
    world.simulator.addFault({
      match: { address: late },
      times: 1,
      then: { errorCode: 'INTERNAL' },
    });
    const entry = await world.tell({ to: uid });
    expect(entry).toMatchObject({ state: 'done', counts: { addresses: 2, delivered: 2 } });
    // Two rounds: the second waits for the longer wait alone.
    expect(entry.round).toBe(2);
    expect([world.sends(address), world.sends(late)]).toEqual([2, 2]);
  });

  it('ends after an hour of failures: failed, with the last answer as the reason', async () => {
    chance = 0.5;
    world.simulator.addFault({ match: { address }, then: { errorCode: 'UNAVAILABLE' } });
    const began = world.now;
    const entry = await world.tell({ to: uid });
    expect(entry).toMatchObject({
      state: 'done',
      pending: [],
      counts: { addresses: 1, failed: 1, delivered: 0 },
      reasons: { [uid]: 'failed:UNAVAILABLE' },
    });
    const tries = world.simulator.requests({ address }).length;
    expect(world.now - began).toBeLessThanOrEqual(HOUR);
    expect(world.now - began).toBeGreaterThan(HOUR / 2);
    expect(tries).toBeGreaterThan(5);
    expect(tries).toBeLessThan(20);
    expect(await world.tokensOf(uid)).toEqual([address]);
  });

  it('makes one round of what failed together, however many and whatever chance says', async () => {
    chance = undefined;
    const addresses = Array.from({ length: 300 }, (_, nth) => `${uid}:APA91b-${nth}`);
    await world.addUser(uid, addresses);
    world.simulator.addFault({ match: { address: `${uid}:*` }, times: 900, then: { status: 503 } });
    const entry = await world.tell({ to: uid });
    expect(entry).toMatchObject({ state: 'done', counts: { delivered: 300 }, round: 3 });
  });

  it('is not mistaken for going round in circles, however often', async () => {
    // Without chance the waits do not grow: the most tries there can be within an hour.
    world.simulator.addFault({ match: { address }, times: 60, then: { errorCode: 'UNAVAILABLE' } });
    const entry = await world.tell({ to: uid });
    expect(entry).toMatchObject({ state: 'done', counts: { delivered: 1 }, round: 60 });
  });

  it('ends with the time to live: expired', async () => {
    world.simulator.addFault({ match: { address }, then: { errorCode: 'UNAVAILABLE' } });
    const began = world.now;
    const entry = await world.tell({ to: uid, timeToLive: 25 });
    expect(entry).toMatchObject({
      state: 'done',
      pending: [],
      counts: { addresses: 1, expired: 1 },
      reasons: { [uid]: 'expired' },
    });
    // After 10 s and 20 s; the next would be due at 30 s.
    expect(world.sends(address)).toBe(3);
    expect(world.now - began).toBeLessThanOrEqual(25 * SECOND);
  });

  it('does not happen with a time to live of 0: now or never', async () => {
    world.simulator.addFault({ match: { address }, times: 1, then: { errorCode: 'UNAVAILABLE' } });
    const entry = await world.tell({ to: uid, timeToLive: 0 });
    expect(entry).toMatchObject({ state: 'done', reasons: { [uid]: 'expired' } });
    expect(world.sends(address)).toBe(1);
    expect(world.tasks).toEqual([]);
  });
});

describe('a push that comes to its turn late', () => {
  it.each([
    ['an hour after its end is not sent, and has expired', HOUR, 0, 'expired'],
    ['right after its end is sent: FCM knows what now or never means', 5 * SECOND, 1, 'delivered'],
  ])('%s', async (_what, after, sends, reason) => {
    const id = world.newId();
    const order = world.order({ to: uid, timeToLive: 0 }, id);
    world.now += after;
    await world.deliverUntilAcknowledged(order);
    await world.settle();
    expect(await world.entry(id)).toMatchObject({ state: 'done', reasons: { [uid]: reason } });
    expect(world.sends(address)).toBe(sends);
  });
});
