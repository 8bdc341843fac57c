/**
 * What becomes of push documents over real stores and the simulator: schedules, edits, cancellations, dry runs, each `to`.
 */
import { Timestamp } from '@google-cloud/firestore';
import { addressId, fingerprint } from '../../kit/src/model/address.ts';
import { OutboxWorld } from './world.ts';

const OLA = 'ola:APA91b-1';
const LIA = 'lia:APA91b-2';
const BO = 'bo:APA91b-3';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let outbox: OutboxWorld;
let pushes = 0;

beforeAll(async () => {
  outbox = await OutboxWorld.create();
});
beforeEach(async () => {
  await outbox.empty();
  await outbox.world.addUser('ola', [OLA], {
    locale: 'de',
    plan: { name: 'pro' },
    teams: ['red', 'blue'],
  });
  await outbox.world.addUser('lia', [LIA], {
    locale: 'en',
    plan: { name: 'free' },
    teams: ['red'],
  });
  await outbox.world.addUser('bo', [BO], { notificationSettings: { push: false } });
});
afterAll(() => outbox.close());

/** An id that no other push of this file has. */
function newId(): string {
  pushes += 1;
  return `p${pushes}`;
}

function inMs(ms: number): Timestamp {
  return Timestamp.fromMillis(outbox.world.now + ms);
}

function titles(): Record<string, (string | undefined)[]> {
  const { world } = outbox;
  return { ola: world.titles(OLA), lia: world.titles(LIA), bo: world.titles(BO) };
}

describe('to', () => {
  it.each<[string, unknown, string[]]>([
    ['a user', 'ola', ['ola']],
    ['users', ['ola', 'lia'], ['ola', 'lia']],
    ['everyone', { everyone: true }, ['ola', 'lia']],
    ['users where a field says so', { users: { field: 'locale', op: '==', value: 'de' } }, ['ola']],
    [
      'users by a field in a map',
      { users: { field: 'plan.name', op: '==', value: 'free' } },
      ['lia'],
    ],
    [
      'users by one of some values',
      { users: { field: 'locale', op: 'in', value: ['de', 'en'] } },
      ['ola', 'lia'],
    ],
    [
      'users by an element of a list',
      { users: { field: 'teams', op: 'array-contains', value: 'blue' } },
      ['ola'],
    ],
    [
      'users by one of some elements',
      { users: { field: 'teams', op: 'array-contains-any', value: ['red', 'x'] } },
      ['ola', 'lia'],
    ],
    ['users that nobody is', { users: { field: 'locale', op: '==', value: 'fi' } }, []],
    ['addresses', { addresses: [OLA, LIA] }, ['ola', 'lia']],
  ])('%s reaches them, and not who muted it', async (_what, to, reached) => {
    const push = await outbox.send(newId(), { to, title: 'Sale' });
    expect(push).toMatchObject({ state: 'sent', counts: { delivered: reached.length } });
    expect(titles()).toEqual({
      ola: reached.includes('ola') ? ['Sale'] : [],
      lia: reached.includes('lia') ? ['Sale'] : [],
      bo: [],
    });
  });

  it('users pages by the field, and counts nobody twice', async () => {
    const small = await OutboxWorld.create({ shardSize: 2 });
    const { world } = small;
    await small.empty();
    for (let nth = 0; nth < 7; nth += 1) {
      await world.addUser(`u${nth}`, [`u${nth}:APA91b-x`], { locale: nth % 2 ? 'de' : 'en' });
    }
    const push = await small.send(newId(), {
      to: { users: { field: 'locale', op: '==', value: 'en' } },
      title: 'Sale',
    });
    expect(push).toMatchObject({ state: 'sent', counts: { recipients: 4, delivered: 4 } });
    expect([0, 1, 2, 6].map((nth) => world.titles(`u${nth}:APA91b-x`).length)).toEqual([
      1, 0, 1, 1,
    ]);
    await small.close();
  });

  it('a topic reaches its subscribers with one request', async () => {
    outbox.world.simulator.putDevice(OLA, { topics: ['news'] });
    outbox.world.simulator.putDevice(LIA, {});
    const push = await outbox.send(newId(), { to: { topic: 'news' }, title: 'Snow' });
    expect(push).toMatchObject({
      state: 'sent',
      counts: { recipients: 1, addresses: 1, delivered: 1 },
      reasons: { 'the topic': 'delivered' },
    });
    expect(titles()).toEqual({ ola: ['Snow'], lia: [], bo: [] });
    expect(outbox.world.simulator.requests()).toHaveLength(1);
  });

  it('a topic that FCM is too busy for is tried again after its wait', async () => {
    outbox.world.simulator.putDevice(OLA, { topics: ['news'] });
    outbox.world.simulator.addFault({
      times: 1,
      then: { errorCode: 'QUOTA_EXCEEDED', retryAfterSeconds: 90 },
    });
    const before = outbox.world.now;
    const push = await outbox.send(newId(), { to: { topic: 'news' }, title: 'Snow' });
    expect(push).toMatchObject({ state: 'sent', counts: { addresses: 1, delivered: 1 } });
    expect(outbox.world.now - before).toBeGreaterThanOrEqual(90_000);
    expect(titles()).toMatchObject({ ola: ['Snow'] });
  });

  it('a topic that FCM refuses fails, with what it said', async () => {
    outbox.world.simulator.addFault({ then: { errorCode: 'INVALID_ARGUMENT' } });
    const push = await outbox.send(newId(), { to: { topic: 'news' }, title: 'Snow' });
    expect(push).toMatchObject({
      state: 'failed',
      reasons: { 'the topic': 'rejected:INVALID_ARGUMENT' },
    });
    expect(outbox.world.log).toContainEqual(expect.stringMatching(/^rejected .*INVALID_ARGUMENT/));
  });
});

describe('addresses', () => {
  it('that are dead are pruned from whoever has them, by record or by array alone', async () => {
    const { world } = outbox;
    await world.addDevice('ola', OLA, world.now - DAY);
    for (const address of [OLA, LIA]) world.simulator.putDevice(address, { state: 'unregistered' });
    const push = await outbox.send(newId(), {
      to: { addresses: [OLA, LIA, 'nobody:1'] },
      title: 'Sale',
    });
    expect(push).toMatchObject({
      state: 'partial',
      reasons: {
        [fingerprint(OLA)]: 'pruned',
        [fingerprint(LIA)]: 'pruned',
        [fingerprint('nobody:1')]: 'delivered',
      },
    });
    expect([await world.tokensOf('ola'), await world.tokensOf('lia')]).toEqual([[], []]);
    expect((await world.db.doc(`devices/${addressId(OLA)}`).get()).exists).toBe(false);
  });

  it('stay out of the ledger, also while they are tried again', async () => {
    const { world } = outbox;
    world.simulator.addFault({ times: 1, then: { errorCode: 'UNAVAILABLE' } });
    const id = newId();
    await outbox.write(id, { to: { addresses: [OLA] }, title: 'Sale' });
    expect(JSON.stringify(await world.entry(`push-${id}`))).not.toContain(OLA);
    await outbox.settle();
    expect(await outbox.read(id)).toMatchObject({
      state: 'sent',
      counts: { addresses: 1, delivered: 1 },
    });
  });

  it('are told in the language of their device', async () => {
    await outbox.world.db.doc(`devices/${addressId(OLA)}`).set({ uid: 'ola', locale: 'de-AT' });
    await outbox.send(newId(), {
      to: { addresses: [OLA, LIA] },
      title: { key: 'offer.title', args: { name: 'Bo' } },
    });
    expect(titles().ola).not.toEqual(titles().lia);
  });
});

describe('a push for later', () => {
  it('waits until it is due, and no longer', async () => {
    const id = newId();
    await outbox.write(id, { to: 'ola', title: 'Sale', sendAt: inMs(HOUR) });
    expect(await outbox.read(id)).toMatchObject({ state: 'scheduled' });
    expect(outbox.tasks).toMatchObject([{ push: id, at: outbox.world.now + HOUR }]);
    expect(titles().ola).toEqual([]);
    await outbox.dispatch();
    expect(await outbox.read(id)).toMatchObject({ state: 'sent' });
    expect(titles().ola).toEqual(['Sale']);
  });

  it('at a time of day comes at that time wherever each person is', async () => {
    const id = newId();
    const { world } = outbox;
    await world.db.doc('users/ola').update({ timeZone: 'Asia/Tokyo' });
    await world.db.doc('users/lia').update({ timeZone: 'America/New_York' });
    const date = new Date(world.now + 3 * DAY).toISOString().slice(0, 10);
    const nine = Date.parse(`${date}T09:00:00Z`);
    await outbox.write(id, {
      ...{ to: ['ola', 'lia', 'bo'], title: 'Nine', type: 'sale' },
      sendAt: { local: '09:00', date },
    });
    await outbox.dispatch();
    expect(world.now).toBe(nine - 14 * HOUR);
    expect(titles()).toMatchObject({ ola: [], lia: [], bo: [] });
    await outbox.world.settle();
    const came = Object.fromEntries(
      [OLA, LIA, BO].map((address) => [address, world.simulator.inbox(address)[0]?.title]),
    );
    expect(came).toEqual({ [OLA]: 'Nine', [LIA]: 'Nine', [BO]: 'Nine' });
    expect(world.now).toBeGreaterThanOrEqual(nine + 5 * HOUR);
  });

  it('beyond the queue’s horizon is handed on until it is due', async () => {
    const id = newId();
    const due = outbox.world.now + 70 * DAY;
    await outbox.write(id, { to: 'ola', title: 'Sale', sendAt: Timestamp.fromMillis(due) });
    const hops: number[] = [];
    while (outbox.tasks.length > 0) {
      await outbox.dispatch();
      hops.push(outbox.world.now);
    }
    expect(hops).toEqual([due - 41 * DAY, due - 12 * DAY, due]);
    expect(await outbox.read(id)).toMatchObject({ state: 'sent' });
  });

  it('goes round in a queue that knows no schedule, without staying in it', async () => {
    const id = newId();
    const { world } = outbox;
    const began = world.now;
    await outbox.write(id, { to: 'ola', title: 'Sale', sendAt: inMs(50_000) });
    const waits: number[] = [];
    for (let last = began; await outbox.dispatch('at once'); last = world.now)
      waits.push(world.now - last);
    expect(waits).toEqual([20_000, 20_000, 10_000]);
    expect(titles().ola).toEqual(['Sale']);
  });

  it('that is cancelled is not sent, and its task finds that', async () => {
    const id = newId();
    await outbox.write(id, { to: 'ola', title: 'Sale', sendAt: inMs(HOUR) });
    await outbox.write(id, { state: 'cancelled' });
    await outbox.dispatch();
    expect(await outbox.read(id)).toMatchObject({
      state: 'cancelled',
      finishedAt: expect.any(Timestamp) as object,
    });
    expect(titles().ola).toEqual([]);
    expect(outbox.tasks).toEqual([]);
  });

  it('that is moved is sent at its new time, once, with its new text', async () => {
    const id = newId();
    await outbox.write(id, { to: 'ola', title: 'Sale', sendAt: inMs(HOUR) });
    const moved = inMs(2 * HOUR);
    await outbox.write(id, { sendAt: moved, title: 'Big sale' });
    expect(outbox.tasks).toHaveLength(2);
    await outbox.dispatch();
    expect(titles().ola).toEqual([]);
    await outbox.dispatch();
    expect(outbox.world.now).toBe(moved.toMillis());
    expect(titles().ola).toEqual(['Big sale']);
    expect(outbox.world.sends(OLA)).toBe(1);
  });

  it('that is moved to an earlier time does not wait for the later one', async () => {
    const id = newId();
    await outbox.write(id, { to: 'ola', title: 'Sale', sendAt: inMs(2 * HOUR) });
    await outbox.write(id, { sendAt: inMs(HOUR) });
    const due = outbox.world.now + HOUR;
    await outbox.dispatch();
    expect({ now: outbox.world.now, titles: titles().ola }).toEqual({ now: due, titles: ['Sale'] });
    await outbox.dispatch();
    expect(outbox.world.sends(OLA)).toBe(1);
  });

  it('whose task was lost is found by the sweep', async () => {
    const id = newId();
    await outbox.write(id, { to: 'ola', title: 'Sale', sendAt: inMs(HOUR) });
    outbox.tasks = [];
    await outbox.settle();
    expect(await outbox.read(id)).toMatchObject({ state: 'sent' });
    expect(outbox.world.sends(OLA)).toBe(1);
  });

  it('whose task was lost, and that of the sweep as well, is found by a later sweep, not by the next', async () => {
    const id = newId();
    await outbox.write(id, { to: 'ola', title: 'Sale', sendAt: inMs(HOUR) });
    // A quarter of an hour in which the sweep uses one name has just begun.
    outbox.world.now += HOUR + 15 * MINUTE;
    outbox.world.now -= outbox.world.now % (15 * MINUTE);
    const sweepAfter = async (ms: number): Promise<number> => {
      outbox.tasks = [];
      outbox.world.now += ms;
      await outbox.boot().sweep(10);
      return outbox.tasks.length;
    };
    expect(await sweepAfter(0)).toBe(1);
    expect(await sweepAfter(1)).toBe(0);
    expect(await sweepAfter(15 * MINUTE)).toBe(1);
    await outbox.settle();
    expect(await outbox.read(id)).toMatchObject({ state: 'sent' });
    expect(outbox.world.sends(OLA)).toBe(1);
  });

  it('that is overwritten as a whole before it is due is sent once, as it says then', async () => {
    const id = newId();
    await outbox.write(id, { to: 'ola', title: 'Sale', sendAt: inMs(HOUR) });
    await outbox.replace(id, { to: 'ola', title: 'Other', sendAt: inMs(2 * HOUR) });
    await outbox.settle();
    expect(titles().ola).toEqual(['Other']);
    expect(outbox.world.sends(OLA)).toBe(1);
  });

  it('that is deleted before it is due is not sent', async () => {
    const id = newId();
    await outbox.write(id, { to: 'ola', title: 'Sale', sendAt: inMs(HOUR) });
    await outbox.replace(id, undefined);
    await outbox.dispatch();
    expect(titles().ola).toEqual([]);
  });
});

describe('an edit that comes too late', () => {
  it('is refused with a reason, and nobody is told twice', async () => {
    const id = newId();
    await outbox.send(id, { to: 'ola', title: 'Sale' });
    await outbox.write(id, { title: 'Big sale', to: ['ola', 'lia'] });
    const { state, refused } = await outbox.read(id);
    expect({ state, reason: refused?.reason }).toEqual({
      state: 'sent',
      reason: expect.stringContaining('it was already sent when you edited it') as string,
    });
    await outbox.write(id, { state: 'cancelled' });
    expect(await outbox.read(id)).toMatchObject({ state: 'sent' });
    expect(titles()).toMatchObject({ ola: ['Sale'], lia: [] });
  });

  it('is refused also where the whole document is written anew', async () => {
    const id = newId();
    await outbox.send(id, { to: 'ola', title: 'Sale' });
    await outbox.replace(id, { to: 'ola', title: 'Sale' });
    expect(await outbox.read(id)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('sent before') as string,
    });
    expect(outbox.world.sends(OLA)).toBe(1);
  });
});

describe('a push that is wrong', () => {
  it('says so field by field, and is sent when it is mended', async () => {
    const id = newId();
    await outbox.write(id, { to: 'ola', title: 7, badge: -1 });
    expect(await outbox.read(id)).toMatchObject({
      state: 'failed',
      errors: { title: expect.any(String) as string, badge: expect.any(String) as string },
    });
    await outbox.write(id, { title: 'Sale', badge: 1 });
    await outbox.settle();
    const push = await outbox.read(id);
    expect(push.state).toBe('sent');
    expect(push).not.toHaveProperty('errors');
  });

  it('by its size is failed with the bytes', async () => {
    const push = await outbox.send(newId(), {
      to: 'ola',
      title: 'Sale',
      data: { id: 'x'.repeat(5000) },
      requiredData: ['id'],
    });
    expect(push).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('4096 bytes') as string,
    });
  });

  it('by its size for a topic, whose limit is lower, too', async () => {
    const big = { title: 'Sale', data: { id: 'x'.repeat(2500) }, requiredData: ['id'] };
    expect(await outbox.send(newId(), { to: 'ola', ...big })).toMatchObject({ state: 'sent' });
    expect(await outbox.send(newId(), { to: { topic: 'news' }, ...big })).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('2048 bytes') as string,
    });
  });
});

describe('a dry run', () => {
  it('delivers nothing, prunes nothing, and counts what would be', async () => {
    const { world } = outbox;
    world.simulator.putDevice(LIA, { state: 'unregistered' });
    const push = await outbox.send(newId(), {
      to: ['ola', 'lia', 'bo', 'x'],
      title: 'Sale',
      validateOnly: true,
    });
    expect(push).toMatchObject({
      state: 'partial',
      counts: {
        recipients: 4,
        addresses: 2,
        delivered: 1,
        unregistered: 1,
        unreachable: 1,
        skipped: 1,
      },
      reasons: { ola: 'delivered', lia: 'kept:dry-run', bo: 'muted', x: 'no-user' },
      note: expect.stringContaining('nothing was delivered') as string,
    });
    expect(titles()).toEqual({ ola: [], lia: [], bo: [] });
    expect(await world.tokensOf('lia')).toEqual([LIA]);
    for (const { body } of world.simulator.requests())
      expect(body).toMatchObject({ validateOnly: true });
  });

  it('of a topic reaches nobody', async () => {
    outbox.world.simulator.putDevice(OLA, { topics: ['news'] });
    const push = await outbox.send(newId(), {
      to: { topic: 'news' },
      title: 'Snow',
      validateOnly: true,
    });
    expect(push).toMatchObject({ state: 'sent' });
    expect(titles().ola).toEqual([]);
  });
});

describe('the documents of pushes', () => {
  it('deleted while they are being sent are not brought back', async () => {
    const { world } = outbox;
    world.simulator.addFault({
      match: { address: OLA },
      times: 1,
      then: { errorCode: 'UNAVAILABLE' },
    });
    const id = newId();
    await outbox.write(id, { to: 'ola', title: 'Sale' });
    await outbox.replace(id, undefined);
    await world.settle();
    expect(titles().ola).toEqual(['Sale']);
    expect((await world.db.doc(`pushes/${id}`).get()).exists).toBe(false);
  });

  it('deleted while addresses wait for a retry leave them unsent, and the ledger says so', async () => {
    const { world } = outbox;
    world.simulator.addFault({
      match: { address: OLA },
      times: 1,
      then: { errorCode: 'UNAVAILABLE' },
    });
    const id = newId();
    await outbox.write(id, { to: { addresses: [OLA] }, title: 'Sale' });
    await outbox.replace(id, undefined);
    await world.settle();
    expect(await world.entry(`push-${id}`)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('is gone') as string,
      counts: { failed: 1 },
    });
  });
});
