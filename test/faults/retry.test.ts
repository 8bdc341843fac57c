/**
 * `npx @firestore-push/push retry` and `cancel` as an operator calls them, after the real engine and simulator have done what went
 * wrong.
 */
import { setImmediate } from 'node:timers/promises';
import { Firestore, Timestamp } from '@google-cloud/firestore';
import { MAX_ATTEMPTS } from '../../kit/src/delivery/attempts.ts';
import { like, recomposeLikes } from './catalogue.ts';
import { beginAtPresent, FailingFcm, sweep } from './failing-fcm.ts';
import { Operator } from './operator.ts';
import { World } from './world.ts';

let world: World;
let operator: Operator;
let fcm: FailingFcm;
beforeAll(async () => {
  world = await World.create({ shardSize: 5, recompose: recomposeLikes });
  operator = new Operator(world.project);
});
beforeEach(async () => {
  await beginAtPresent(world);
  fcm = new FailingFcm(world);
});
afterEach(() => jest.restoreAllMocks());
afterAll(async () => {
  Operator.leave();
  await world.close();
});

const phone = (uid: string) => `${uid}:APA91b-phone`;
const tablet = (uid: string) => `${uid}:APA91b-tablet`;

/** What a queue of one task at a time does next. */
async function runNextTask(): Promise<void> {
  const [next, ...others] = world.takeTasks(() => true);
  for (const task of others) world.putTask(task);
  if (next === undefined) throw new Error('Expected a task.');
  await world.boot().run(next);
}

async function retry(...args: string[]) {
  const { code, out, err } = await operator.call('retry', ...args, '--json');
  if (out === '') throw new Error(err);
  const { deliveries } = JSON.parse(out) as {
    readonly deliveries: readonly {
      readonly delivery: string;
      readonly devices?: number;
      readonly nothing?: string;
      readonly reopened?: readonly string[];
    }[];
  };
  return { code, deliveries };
}

/** Whatever is begun together with the next transaction ends before it: no order between them may be taken for granted. */
function firstTransactionComesLast(): void {
  const { runTransaction } = Firestore.prototype;
  const others: Promise<unknown>[] = [];
  jest
    .spyOn(Firestore.prototype, 'runTransaction')
    .mockImplementation(function (this: Firestore, ...args) {
      const other = runTransaction.apply(this, args);
      others.push(other);
      return other;
    })
    .mockImplementationOnce(async function (this: Firestore, ...args) {
      await setImmediate();
      await Promise.allSettled(others);
      return runTransaction.apply(this, args);
    });
}

describe('a delivery of which one device failed', () => {
  const id = 'order-e1';
  beforeEach(async () => {
    await world.addUser('ana', [phone('ana'), tablet('ana')]);
    await world.addUser('leo', [phone('leo')]);
    await world.addUser('bo', []);
    fcm.refuse(tablet('ana'));
    await world.tell({ to: ['ana', 'leo', 'bo'], title: 'Ready' }, id);
    expect(await world.entry(id)).toMatchObject({
      state: 'done',
      counts: { recipients: 3, delivered: 2, failed: 1, unreachable: 1 },
      reasons: { ana: expect.stringMatching(/^delivered \+ failed:/) as string },
      codes: { THIRD_PARTY_AUTH_ERROR: 1 },
    });
    fcm.answerAsUsual();
  });

  it('is not touched by a dry run, which says what would be sent', async () => {
    const before = await world.entry(id);
    const { code, out } = await operator.call('retry', '--delivery', id);
    expect(code).toBe(0);
    expect(out).toMatch(/Would be sent again: 1 delivery, 1 device\. Nothing was changed/);
    expect(await world.entry(id)).toEqual(before);
  });

  it('is sent again to that device, once, however often it is asked for', async () => {
    const asked = await Promise.all([
      retry('--delivery', id, '--apply'),
      retry('--delivery', id, '--apply'),
      retry('--since', '1h', '--kind', 'order', '--apply'),
    ]);
    const reopened = asked.flatMap(({ deliveries }) => deliveries.flatMap((each) => each.reopened));
    expect(reopened.filter((each) => each !== undefined)).toEqual([id]);
    expect(await world.entry(id)).toMatchObject({
      state: 'sending',
      pending: [{ uid: 'ana' }],
      counts: { failed: 0 },
      reasons: { ana: 'delivered + retrying:THIRD_PARTY_AUTH_ERROR', leo: 'delivered' },
    });
    await sweep(world);
    expect(await world.entry(id)).toMatchObject({
      state: 'done',
      counts: { recipients: 3, delivered: 3, failed: 0, unreachable: 1 },
      codes: {},
      reasons: { ana: 'delivered', leo: 'delivered', bo: 'no-address' },
    });
    expect(await world.entry(id)).not.toHaveProperty('content');
    expect([phone('ana'), phone('leo')].map((address) => world.sends(address))).toEqual([1, 1]);
    expect(world.titles(tablet('ana'))).toEqual(['Ready']);
    expect(await retry('--delivery', id, '--apply')).toMatchObject({
      code: 1,
      deliveries: [{ nothing: 'nothing-failed' }],
    });
  });

  it('that has logged out meanwhile is not sent to', async () => {
    await world.addUser('ana', [phone('ana')]);
    await retry('--delivery', id, '--apply');
    await sweep(world);
    expect(world.sends(tablet('ana'))).toBe(1);
    expect(await world.entry(id)).toMatchObject({ state: 'done', counts: { failed: 0 } });
  });

  it('fails again where the cause is still there, and can then be asked for again', async () => {
    fcm.refuse(tablet('ana'));
    await retry('--delivery', id, '--apply');
    await sweep(world);
    expect(await world.entry(id)).toMatchObject({ state: 'done', counts: { failed: 1 } });
    expect((await retry('--delivery', id)).deliveries).toMatchObject([{ devices: 1 }]);
  });

  it('is told of by why: that it was sent again, and how that ended', async () => {
    await retry('--delivery', id, '--apply');
    const underWay = await operator.why('--delivery', id);
    expect(underWay.code).toBe(3);
    await sweep(world);
    expect((await operator.why('--delivery', id)).code).toBe(0);
  });

  it.each([
    ['of another kind', ['--since', '1h', '--kind', 'wave']],
    ['of another time', ['--since', '2h', '--until', '1h']],
  ])('is not found among those %s', async (_what, args) => {
    expect(await retry(...args)).toEqual({ code: 1, deliveries: [] });
  });
});

describe('what can be sent again', () => {
  it('is what of an expired push was too late, with a life of its own from now', async () => {
    await world.addUser('ana', [phone('ana')]);
    fcm.answer({ status: 503, errorCode: 'UNAVAILABLE' });
    const entry = await world.tell({ to: 'ana', title: 'Soon', timeToLive: 60 }, 'order-e2');
    expect(entry).toMatchObject({ counts: { expired: 1 }, codes: { EXPIRED: 1 } });
    fcm.answerAsUsual();
    await retry('--delivery', 'order-e2', '--apply');
    await sweep(world);
    expect(await world.entry('order-e2')).toMatchObject({ counts: { delivered: 1, expired: 0 } });
  });

  it('is in a large delivery what failed in its shards, and its sum is right again', async () => {
    const users = await world.addUsers(23);
    const uids = [...users.keys()];
    const failing = uids.slice(3, 6);
    for (const uid of failing) fcm.refuse(users.get(uid) as string);
    await world.tell({ to: [...uids, 'a/b'], title: 'All' }, 'order-e3');
    expect(await world.entry('order-e3')).toMatchObject({
      counts: { recipients: 24, delivered: 20, failed: 3, unreachable: 1 },
    });
    fcm.answerAsUsual();
    const { deliveries } = await retry('--since', '1h', '--apply');
    expect(deliveries).toMatchObject([{ delivery: 'order-e3', devices: 3 }]);
    await sweep(world);
    expect(await world.entry('order-e3')).toMatchObject({
      state: 'done',
      counts: { recipients: 24, delivered: 23, failed: 0, unreachable: 1 },
      codes: {},
    });
    for (const uid of uids) {
      expect([uid, world.sends(users.get(uid) as string)]).toEqual([
        uid,
        failing.includes(uid) ? 2 : 1,
      ]);
    }
  });

  it.each(['a list', 'everyone'] as const)(
    'is, of %s whose queue stood still until it was given up, whatever was not told, once',
    async (audience) => {
      const users = await world.addUsers(23);
      const uids = [...users.keys()];
      const isList = audience === 'a list';
      const failing = users.get(uids[0] as string) as string;
      fcm.refuse(failing);
      const to = isList ? [...uids, 'a/b'] : { everyone: true as const };
      await world.boot().deliver(world.order({ to, title: 'Late' }, 'order-e7'));
      await runNextTask();
      const waiting = world.takeTasks(() => true);
      const long = Timestamp.fromMillis(world.now - 8 * 24 * 60 * 60_000);
      await world.db.doc('deliveries/order-e7').update({
        ...{ attempts: MAX_ATTEMPTS, createdAt: long, leaseUntil: long },
      });
      await world.boot().run({ kind: 'resume', delivery: 'order-e7', lease: 0 });
      expect(await world.entry('order-e7')).toMatchObject({ errorCode: 'ATTEMPTS_USED_UP' });
      // Those of a list go on by themselves; a page begins for a delivery that is under way only.
      for (const task of waiting) world.putTask(task);
      await world.settle();
      fcm.answerAsUsual();
      firstTransactionComesLast();
      const { code } = await retry('--delivery', 'order-e7', '--apply');
      expect(code).toBe(0);
      await sweep(world);
      expect(await world.entry('order-e7')).toMatchObject({
        state: 'done',
        counts: { recipients: isList ? 24 : 23, delivered: 23, failed: 0 },
      });
      const sends = [...users.values()].map((address) => world.sends(address));
      expect(sends.sort()).toEqual([...Array.from({ length: 22 }, () => 1), 2]);
    },
  );
  it('is nothing yet of a large delivery that is under way, although nothing of it has failed so far', async () => {
    const users = await world.addUsers(23);
    await world.tell({ to: [...users.keys()], title: 'All' }, 'order-e9');
    await world.db.doc('deliveries/order-e9').update({ state: 'sending' });
    expect(await retry('--delivery', 'order-e9')).toEqual({
      code: 1,
      deliveries: [{ delivery: 'order-e9', nothing: 'under-way' }],
    });
  });

  it.each([
    ['an unknown delivery', 'nothing-here', 'not-found'],
    ['one that failed, and does not name its document', 'order-e4', 'nothing-composed'],
  ])('is nothing of %s', async (_what, id, nothing) => {
    await world.ledger().fail('order-e4', {
      ...{ type: 'order', findBy: [], error: 'no such shop', errorCode: 'COMPOSE_FAILED' },
    });
    expect(await retry('--delivery', id, '--apply')).toEqual({
      code: 1,
      deliveries: [{ delivery: id, nothing }],
    });
  });
});

describe('a delivery that could not be composed', () => {
  const LIKE = 'walls/p1/waves/leo';
  let id: string;
  beforeEach(async () => {
    await world.addUser('ana', [phone('ana')]);
    await world.db.doc('walls/p1').set({ text: 'no owner' });
    id = await like(world, LIKE, 'e1');
    expect(await world.entry(id)).toMatchObject({ state: 'failed', errorCode: 'INVALID_INPUT' });
  });

  it('is composed once more, of the documents as they are then, and sent once', async () => {
    await world.db.doc('walls/p1').set({ ownerId: 'ana' });
    const asked = await Promise.all([
      retry('--delivery', id, '--apply'),
      retry('--since', '1h', '--apply'),
    ]);
    const reopened = asked.flatMap(({ deliveries }) => deliveries.flatMap((each) => each.reopened));
    expect(reopened.filter((each) => each !== undefined)).toEqual([id]);
    await sweep(world);
    expect(await world.entry(id)).toMatchObject({
      state: 'done',
      counts: { recipients: 1, delivered: 1 },
      reasons: { ana: 'delivered' },
    });
    expect(world.titles(phone('ana'))).toEqual(['Somebody liked your post']);
    for (const [option, value] of [
      ['--document', LIKE],
      ['--user', 'ana'],
    ] as const) {
      expect((await operator.why(option, value)).stories).toMatchObject([{ state: 'told' }]);
    }
  });

  it('fails again, and can be asked for again, where the cause is still there', async () => {
    await retry('--delivery', id, '--apply');
    await sweep(world);
    expect(await world.entry(id)).toMatchObject({ state: 'failed', errorCode: 'INVALID_INPUT' });
    expect((await retry('--delivery', id)).code).toBe(0);
  });

  it('tells nobody where compose says so by now, and why says that', async () => {
    await world.db.doc('walls/p1').delete();
    await retry('--delivery', id, '--apply');
    await sweep(world);
    expect(await world.entry(id)).toMatchObject({ state: 'done', counts: { recipients: 0 } });
    const { code, stories } = await operator.why('--document', LIKE);
    expect([code, stories[0]?.state]).toEqual([0, 'nobody']);
    expect(stories[0]?.answer).toContain('the post was deleted');
  });

  it('is done by a worker after it where the first one dies over it', async () => {
    await world.db.doc('walls/p1').set({ ownerId: 'ana' });
    await retry('--delivery', id, '--apply');
    world.power.cutAtNext('ledger.fill', true);
    await sweep(world);
    expect(world.titles(phone('ana'))).toHaveLength(1);
    expect(await world.entry(id)).toMatchObject({ state: 'done', counts: { delivered: 1 } });
  });
});

describe('a large delivery that is cancelled', () => {
  it.each(['a list', 'everyone'] as const)(
    'to %s begins no further shard, and what began is final',
    async (audience) => {
      const users = await world.addUsers(23);
      const uids = [...users.keys()];
      const to = audience === 'a list' ? uids : { everyone: true as const };
      await world.boot().deliver(world.order({ to, title: 'Wrong' }, 'order-e5'));
      // One shard of five.
      await runNextTask();
      const sent = uids.filter((uid) => world.sends(users.get(uid) as string) > 0);
      expect(sent.length).toBeGreaterThan(0);
      expect(sent.length).toBeLessThan(uids.length);
      const dry = await operator.call('cancel', '--delivery', 'order-e5');
      expect(dry.out).toMatch(/would be cancelled\. .* Nothing was changed/);
      const applied = await operator.call('cancel', '--delivery', 'order-e5~0', '--apply');
      expect([applied.code, applied.err]).toEqual([0, '']);
      await world.settle();
      const after = uids.filter((uid) => world.sends(users.get(uid) as string) > 0);
      expect(after).toEqual(sent);
      expect(await world.entry('order-e5')).toMatchObject({
        state: 'failed',
        errorCode: 'CANCELLED',
        counts: { delivered: sent.length },
      });
      expect((await operator.call('cancel', '--delivery', 'order-e5', '--apply')).code).toBe(1);
      expect((await retry('--delivery', 'order-e5', '--apply')).deliveries).toMatchObject([
        { nothing: 'cancelled' },
      ]);
    },
  );

  it('while one of its shards waits for a retry does not try that again', async () => {
    const users = await world.addUsers(7);
    fcm.answer({ status: 503, errorCode: 'UNAVAILABLE' });
    await world.boot().deliver(world.order({ to: [...users.keys()], title: 'Wrong' }, 'order-e6'));
    await runNextTask();
    const requests = world.simulator.requestCount();
    await operator.call('cancel', '--delivery', 'order-e6', '--apply');
    await world.settle();
    expect(world.simulator.requestCount()).toBe(requests);
    expect(await world.entry('order-e6~0')).toMatchObject({ state: 'failed' });
  });
});
