/**
 * What an operator has sent again, while workers, crashes and other operators come in between: nobody is left out, nobody gets it twice,
 * and the sums are right.
 */
import { Timestamp } from '@google-cloud/firestore';
import { fingerprint } from '../../kit/src/model/address.ts';
import { NO_COUNTS as NOTHING } from '../../kit/src/model/counts.ts';
import type { Outcome } from '../../kit/src/model/outcome.ts';
import { beginAtPresent, FailingFcm, sweep } from './failing-fcm.ts';
import { Operator } from './operator.ts';
import { slowProvider } from './slow-provider.ts';
import { LEASE_MS, World } from './world.ts';

let world: World;
let operator: Operator;
let fcm: FailingFcm;
/** Whom the notification is for that is composed once more. */
let audience: readonly string[] = [];
let compositions = 0;
beforeAll(async () => {
  world = await World.create({
    shardSize: 5,
    recompose: (made) => (event) => {
      compositions += 1;
      const { content, recipients } = made.order({ to: audience, title: 'Late' }, event.id);
      return Promise.resolve({ kind: 'order', order: { content, recipients, ...event } });
    },
  });
  operator = new Operator(world.project);
});
beforeEach(async () => {
  compositions = 0;
  await beginAtPresent(world);
  fcm = new FailingFcm(world);
});
afterEach(() => jest.restoreAllMocks());
afterAll(async () => {
  Operator.leave();
  await world.close();
});

async function asked(delivery: string, ...options: readonly string[]) {
  const { out } = await operator.call('retry', '--delivery', delivery, '--json', ...options);
  const { deliveries } = JSON.parse(out) as {
    readonly deliveries: readonly {
      readonly nothing?: string;
      readonly reopened?: readonly string[];
      readonly entries?: readonly { readonly devices: number; readonly unnamed: number }[];
    }[];
  };
  return deliveries[0];
}

async function retry(delivery: string, ...options: string[]): Promise<readonly string[]> {
  return (await asked(delivery, '--apply', ...options))?.reopened ?? [];
}

/** Twenty-three people in shards, of whom three were not reached. */
async function incomplete(id: string) {
  const users = await world.addUsers(23);
  const uids = [...users.keys()];
  const failing = uids.slice(3, 6);
  for (const uid of failing) fcm.refuse(users.get(uid) as string);
  await world.tell({ to: uids, title: 'All' }, id);
  expect(await world.entry(id)).toMatchObject({ counts: { delivered: 20, failed: 3 } });
  fcm.answerAsUsual();
  return { users, uids, failing };
}

describe('a large delivery that is sent again', () => {
  const ALL_REACHED = {
    state: 'done',
    counts: { addresses: 23, delivered: 23, failed: 0 },
    codes: {},
  };

  it('while somebody adds up its shards does not end with the sum of before', async () => {
    await incomplete('order-e1');
    await world.db.doc('deliveries/order-e1').update({ state: 'sending', counts: NOTHING });
    // Between the adding up and the end that is recorded.
    const { runTransaction } = world.db;
    let reopened: readonly string[] = [];
    jest.spyOn(world.db, 'runTransaction').mockImplementationOnce(async (...args) => {
      reopened = await retry('order-e1');
      return runTransaction.apply(world.db, args);
    });
    await world.ledger().shards.finish('order-e1');
    expect(reopened).not.toEqual([]);
    await sweep(world);
    expect(await world.entry('order-e1')).toMatchObject(ALL_REACHED);
  });

  it('has none of its shards sent again once somebody has ended it, until it is asked for again', async () => {
    await incomplete('order-e2');
    const { operator: byHand, shards } = world.ledger();
    const transactions = jest.spyOn(world.db, 'runTransaction');
    const { runTransaction } = Object.getPrototypeOf(world.db) as typeof world.db;
    transactions.mockImplementationOnce(async (...args) => {
      transactions.mockRestore();
      await shards.finish('order-e2');
      return runTransaction.apply(world.db, args);
    });
    await byHand.retry('order-e2', { now: world.now });
    await sweep(world);
    await retry('order-e2');
    await sweep(world);
    expect(await world.entry('order-e2')).toMatchObject(ALL_REACHED);
  });
});

describe('a large audience that is composed once more', () => {
  const ID = 'order-e3';
  beforeEach(async () => {
    const users = await world.addUsers(23);
    audience = [...users.keys()];
    await world.ledger().fail(ID, {
      ...{ type: 'order', findBy: [], error: 'no such shop', errorCode: 'INVALID_INPUT' },
      ...{ document: 'orders/o1', eventAt: Timestamp.fromMillis(world.now) },
    });
    expect(await retry(ID)).toEqual([ID]);
  });

  it.each([
    ['ledger.fill', true],
    ['ledger.fill', false],
    ['ledger.prepare', true],
    ['ledger.prepare', false],
    ['tasks.enqueue', false],
    ['ledger.shards.leave', true],
    ['ledger.shards.leave', false],
    ['ledger.takeOver', true],
  ])('reaches everybody once where a worker dies at %s (done: %p)', async (step, happens) => {
    world.now = Date.now() + 1_000;
    await world.boot().sweep(100);
    world.power.cutAtNext(step, happens);
    await world.settle();
    expect(await world.entry(ID)).toMatchObject({
      state: 'done',
      counts: { recipients: 23, addresses: 23, delivered: 23 },
    });
    expect(await world.entry(ID)).not.toHaveProperty('recompose');
    expect(new Set(audience.map((uid) => world.sends(`${uid}:APA91b-address`)))).toEqual(
      new Set([1]),
    );
  });

  it('is given up, and can be asked for again, where every worker dies over it', async () => {
    await world.db.doc(`deliveries/${ID}`).update({ attempts: 50 });
    await sweep(world);
    expect(await world.entry(ID)).toMatchObject({ state: 'failed', errorCode: 'COMPOSE_FAILED' });
    expect(compositions).toBe(0);
    expect(await retry(ID)).toEqual([ID]);
    await sweep(world);
    expect(await world.entry(ID)).toMatchObject({ state: 'done', counts: { delivered: 23 } });
  });
});

const phone = (uid: string) => `${uid}:APA91b-phone`;
const tablet = (uid: string) => `${uid}:APA91b-tablet`;

describe('one device that is sent to again', () => {
  const STEPS = 10;
  it.each(
    Array.from({ length: 2 * STEPS }, (_, nth) => [Math.floor(nth / 2), nth % 2 === 0] as const),
  )(
    'hears of it where a worker dies at step %p (done: %p), and no other does',
    async (nth, done) => {
      const id = 'order-e4';
      await world.addUser('ana', [phone('ana'), tablet('ana')]);
      await world.addUser('leo', [phone('leo')]);
      fcm.refuse(phone('ana'));
      await world.tell({ to: ['ana', 'leo'], title: 'Ready' }, id);
      fcm.answerAsUsual();
      await retry(id);
      world.now = Date.now() + 1_000;
      world.power.cutAt(nth, done);
      await world
        .boot()
        .sweep(100)
        .catch(() => undefined);
      await world.settle();
      expect(await world.entry(id)).toMatchObject({
        state: 'done',
        counts: { addresses: 3, delivered: 3, failed: 0 },
        codes: {},
      });
      expect([tablet('ana'), phone('leo')].map((address) => world.sends(address))).toEqual([1, 1]);
      expect(world.titles(phone('ana'))).toEqual(['Ready']);
      // Before, once again, and once more at most for the one worker who died.
      expect(world.sends(phone('ana'))).toBeLessThanOrEqual(3);
    },
  );
});

it('is sent to nobody again whose device has moved, who muted it, or who is gone', async () => {
  const id = 'order-e5';
  for (const uid of ['ana', 'leo', 'mia']) await world.addUser(uid, [phone(uid)]);
  fcm.refuseAll();
  await world.tell({ to: ['ana', 'leo', 'mia'], title: 'Ready' }, id);
  fcm.answerAsUsual();
  const requests = world.simulator.requestCount();
  await world.addUser('ana', []);
  await world.addUser('bo', [phone('ana')]);
  await world.addUser('leo', [phone('leo')], { notificationSettings: { order: false } });
  await world.db.doc('users/mia').delete();
  await retry(id);
  await sweep(world);
  expect(world.simulator.requestCount()).toBe(requests);
  expect(await world.entry(id)).toMatchObject({
    state: 'done',
    counts: { addresses: 3, unregistered: 3, failed: 0 },
    codes: {},
  });
});

it('is broadcast again once where a topic was refused', async () => {
  fcm.refuseAll();
  await world.tell({ to: { topic: 'news' }, title: 'News' }, 'order-e6');
  fcm.answerAsUsual();
  await retry('order-e6');
  await sweep(world);
  expect(await world.entry('order-e6')).toMatchObject({
    counts: { recipients: 1, addresses: 1, delivered: 1, failed: 0 },
    codes: {},
  });
  expect(world.simulator.requestCount()).toBe(2);
});

describe('what was sent again without a record until it was given up', () => {
  const id = 'order-e7';

  /** The provider has it, and whoever sent it dies. */
  async function sendAndDie(send: () => Promise<void>): Promise<void> {
    world.power.cutAtNext('fcm.send', true);
    await expect(send()).rejects.toThrow('power cut');
    world.power.on();
  }

  const PARTS: Readonly<Record<string, () => Promise<object>>> = {
    'a first try': async () => {
      const order = world.order({ to: 'ana', title: 'Once' }, id);
      await sendAndDie(() => world.boot().deliver(order));
      return { next: { times: 5, until: 'ana' } };
    },
    'a later try': async () => {
      fcm.answer({ status: 503, errorCode: 'UNAVAILABLE' });
      await world.boot().deliver(world.order({ to: 'ana', title: 'Once' }, id));
      fcm.answerAsUsual();
      world.now += 60_000;
      const [task] = world.takeTasks(() => true);
      if (task === undefined) throw new Error('Expected a task.');
      await sendAndDie(() => world.boot().run(task));
      return { retry: { times: 5, dueBy: world.now } };
    },
  };

  it.each(Object.keys(PARTS))(
    'at %s, is not sent once more unless that is asked for',
    async (part) => {
      await world.addUser('ana', [phone('ana')]);
      const resends = await PARTS[part]?.();
      const sent = world.sends(phone('ana'));
      await world.db.doc(`deliveries/${id}`).update({ attempts: 50, resends });
      await world.settle();
      expect(await world.entry(id)).toMatchObject({ errorCode: 'ATTEMPTS_USED_UP' });
      await retry(id);
      await sweep(world);
      expect(world.sends(phone('ana'))).toBe(sent);
      const reason = expect.stringMatching(/^failed:OUTCOME_UNKNOWN/) as string;
      expect(await world.entry(id)).toMatchObject({ reasons: { ana: reason } });
      expect(await asked(id, '--apply')).toMatchObject({ nothing: 'outcome-unknown' });
      await retry(id, '--unknown');
      await sweep(world);
      expect(world.sends(phone('ana'))).toBe(sent + 1);
      expect(await world.entry(id)).toMatchObject({
        state: 'done',
        counts: { addresses: 1, delivered: 1, failed: 0 },
        codes: {},
      });
    },
  );
});

it('of a step that was sent again in part goes on with those whose turn had not come', async () => {
  const id = 'order-e9';
  await world.addUser('ana', [phone('ana')]);
  await world.addUser('bo', [phone('bo')]);
  world.power.cutAtNext('fcm.send', false);
  const order = world.order({ to: ['ana', 'bo'], title: 'Once' }, id);
  await expect(world.boot().deliver(order)).rejects.toThrow('power cut');
  world.power.on();
  const next = { times: 1, until: 'bo', isSent: true, unsent: [fingerprint(phone('bo'))] };
  await world.db.doc(`deliveries/${id}`).update({ resends: { next } });
  await world.settle();
  expect([world.sends(phone('ana')), world.sends(phone('bo'))]).toEqual([0, 1]);
  expect(await world.entry(id)).toMatchObject({
    state: 'done',
    reasons: {
      ana: expect.stringMatching(/^failed:OUTCOME_UNKNOWN/) as string,
      bo: 'delivered',
    },
  });
});

it('what reached no provider when it was sent again is sent by the next worker, though nobody recorded that', async () => {
  const id = 'order-e10';
  const resume = { kind: 'resume', delivery: id, lease: 0 } as const;
  await world.addUser('ana', [phone('ana')]);
  world.power.cutAtNext('fcm.send', false);
  const order = world.order({ to: 'ana', title: 'Once' }, id);
  await expect(world.boot().deliver(order)).rejects.toThrow('power cut');
  world.power.on();
  world.now += 2 * LEASE_MS;
  const answer = (): Outcome => ({ kind: 'retry', cause: 'unprocessed', code: 'ECONNREFUSED' });
  const { providers } = slowProvider(world, { answer });
  world.power.cutAtNext('ledger.wait', false);
  await expect(world.boot({ providers }).run(resume)).rejects.toThrow('power cut');
  world.power.on();
  await world.settle();
  expect(world.sends(phone('ana'))).toBe(1);
  expect(await world.entry(id)).toMatchObject({ state: 'done', reasons: { ana: 'delivered' } });
});

it('says of how many devices the ledger had no room to keep which they are', async () => {
  const id = 'order-e8';
  const uid = 'u'.repeat(1_400);
  const devices = Array.from({ length: 400 }, (_, nth) => `d${nth}:APA91b-phone`);
  await world.addUser(uid, devices);
  fcm.refuseAll();
  await world.tell({ to: uid, title: 'Ready' }, id);
  fcm.answerAsUsual();
  const { devices: kept = 0, unnamed = 0 } = (await asked(id))?.entries?.[0] ?? {};
  expect(kept + unnamed).toBe(devices.length);
  expect(unnamed).toBeGreaterThan(100);
  expect((await operator.call('retry', '--delivery', id)).out).toContain(
    `order, ${kept} devices, not ${unnamed} others that failed: the ledger had no room`,
  );
  await retry(id);
  await sweep(world);
  expect(await world.entry(id)).toMatchObject({
    state: 'done',
    counts: { addresses: devices.length, delivered: kept, failed: unnamed },
  });
  expect(await asked(id)).toMatchObject({ nothing: 'devices-unknown' });
});
