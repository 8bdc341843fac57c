/**
 * Rounds and their time: slow providers, workers that slept, devices that change hands meanwhile, tasks that are lost.
 */
import type { DeliveryTask } from '../../kit/src/delivery/tasks.ts';
import { fingerprint } from '../../kit/src/model/address.ts';
import type { Outcome } from '../../kit/src/model/outcome.ts';
import type { Provider } from '../../kit/src/providers/provider.ts';
import { loseAnswers } from './lost-answers.ts';
import { slowProvider } from './slow-provider.ts';
import { LEASE_MS, World } from './world.ts';

const SECOND = 1000;
/** Of a function's 300 s, those in which it begins sends. */
const WORK_MS = 240 * SECOND;
/** Recipients that a crash can make hear twice, in the documentation's words. */
const STEP = 250;

let world: World;

beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.close());
beforeEach(async () => {
  world.simulator.reset();
  await world.emptyDatabase();
});

/** Runs the queue's tasks and the sweep on engines with these providers, until everything is final. */
async function settleWith(providers: { fcm: Provider }): Promise<void> {
  for (let round = 0; round < 200; round += 1) {
    const [next] = world.takeTasks(() => true);
    if (next !== undefined) {
      if (next.kind === 'retry') world.now = Math.max(world.now, next.dueAt);
      for (const task of world.takeTasks(() => true)) world.putTask(task);
      await world.boot({ providers }).run(next);
      continue;
    }
    const open = await world.db.collection('deliveries').where('state', '==', 'sending').get();
    if (open.empty) return;
    world.now += LEASE_MS;
    await world.boot({ providers }).sweep(10);
  }
  throw new Error('It never came to an end.');
}

describe('a provider that answers slowly', () => {
  it('makes rounds short: no send begins near the end of the function, and nobody is sent to twice', async () => {
    const uids = [...(await world.addUsers(500)).keys()];
    const slow = slowProvider(world, { answerMs: 60 * SECOND, atOnce: 50 });
    const id = world.newId();
    const began = world.now;
    await world.boot({ providers: slow.providers }).deliver(world.order({ to: uids }, id));
    expect(Math.max(...slow.begunAt) - began).toBeLessThan(WORK_MS);
    const waiting = await world.entry(id);
    expect(waiting).toMatchObject({ state: 'sending', sent: false });
    expect(waiting.counts.delivered).toBe(slow.sends.size);
    await settleWith(slow.providers);
    expect(await world.entry(id)).toMatchObject({
      state: 'done',
      counts: { recipients: 500, addresses: 500, delivered: 500 },
    });
    expect([slow.sends.size, slow.most]).toEqual([500, 1]);
  });

  it('that cannot be reached leaves everybody pending at once, with the reason', async () => {
    const uids = [...(await world.addUsers(500)).keys()];
    const refused = (): Outcome => ({ kind: 'retry', cause: 'unprocessed', code: 'ECONNREFUSED' });
    const down = slowProvider(world, { answer: refused });
    const id = world.newId();
    await world.boot({ providers: down.providers }).deliver(world.order({ to: uids }, id));
    const entry = await world.entry(id);
    expect(entry).toMatchObject({ state: 'sending', sent: false, reached: uids[STEP - 1] });
    expect(new Set(Object.values(entry.reasons))).toEqual(new Set(['retrying:ECONNREFUSED']));
    expect(world.log.at(-1)).toContain('ECONNREFUSED');
    const up = slowProvider(world);
    await settleWith(up.providers);
    expect(await world.entry(id)).toMatchObject({ state: 'done', counts: { delivered: 500 } });
    expect([up.sends.size, up.most]).toEqual([500, 1]);
  });
});

describe('a worker that slept while another took its delivery over', () => {
  it('begins no further send when it wakes up, and records nothing', async () => {
    const uids = [...(await world.addUsers(200)).keys()];
    const id = world.newId();
    const other = slowProvider(world);
    const sleeper = slowProvider(world, { atOnce: 20 });
    sleeper.afterGroup(async (start) => {
      if (start !== 0) return;
      world.now += LEASE_MS + 15 * SECOND;
      await world.boot({ providers: other.providers }).sweep(10);
      await settleWith(other.providers);
    });
    await world.boot({ providers: sleeper.providers }).deliver(world.order({ to: uids }, id));
    expect(sleeper.sends.size).toBe(20);
    expect([other.sends.size, other.most]).toEqual([200, 1]);
    expect(await world.entry(id)).toMatchObject({ state: 'done', counts: { delivered: 200 } });
  });
});

describe('a device that changes hands while its delivery is under way', () => {
  it('is not sent to once its records are a few seconds old: they are read again', async () => {
    const uids = [...(await world.addUsers(200)).keys()];
    const [kept, lost] = [uids[10] as string, uids[150] as string];
    const slow = slowProvider(world, { answerMs: 2 * SECOND, atOnce: 20 });
    slow.afterGroup(async (start) => {
      if (start !== 0) return;
      await world.addUser(lost, []);
      await world.addUser('new-owner', [`${lost}:APA91b-address`]);
    });
    const id = world.newId();
    await world.boot({ providers: slow.providers }).deliver(world.order({ to: uids }, id));
    expect(slow.sends.get(`${lost}:APA91b-address`)).toBeUndefined();
    const { counts, reasons } = await world.entry(id);
    expect([reasons[kept], reasons[lost]]).toEqual(['delivered', 'address-removed']);
    expect(counts).toMatchObject({ addresses: 200, delivered: 199, unregistered: 1 });
  });

  it('is found under its new token at a retry', async () => {
    await world.addUser('ola', ['old:APA91b-token']);
    world.simulator.addFault({
      match: { address: 'old:APA91b-token' },
      times: 1,
      then: { errorCode: 'UNAVAILABLE' },
    });
    const id = world.newId();
    await world.boot().deliver(world.order({ to: 'ola' }, id));
    await world.addUser('ola', ['new:APA91b-token']);
    await world.addDevice('ola', 'new:APA91b-token', world.now, {
      replaces: [fingerprint('old:APA91b-token')],
    });
    await world.settle();
    expect(world.titles('new:APA91b-token')).toHaveLength(1);
    expect(await world.entry(id)).toMatchObject({
      state: 'done',
      reasons: { ola: 'delivered' },
      counts: { addresses: 1, delivered: 1, unregistered: 0 },
    });
  });
});

describe('a task that is lost', () => {
  const small = { shardSize: 10 };
  const isPage = (task: DeliveryTask) => task.kind === 'page';

  it.each([0, 1, 2])(
    'page %i of everyone: the sweep has it made again, under a name that the queue has not had',
    async (lost) => {
      const users = await world.addUsers(35);
      const id = world.newId();
      await world.boot(small).deliver(world.order({ to: { everyone: true } }, id));
      for (let page = 0; page < lost; page += 1) {
        const [task] = world.takeTasks(isPage);
        await world.boot(small).run(task as DeliveryTask);
      }
      expect(world.takeTasks(isPage)).toMatchObject([{ shard: lost }]);
      for (let sweep = 0; sweep < 5; sweep += 1) {
        world.now += 11 * 60 * SECOND;
        await world.boot(small).sweep(10);
        for (let left = 50; left > 0; left -= 1) {
          const [task] = world.takeTasks(() => true);
          if (task !== undefined) await world.boot(small).run(task);
        }
      }
      expect(await world.entry(id)).toMatchObject({ state: 'done', counts: { delivered: 35 } });
      expect([...users.values()].filter((address) => world.sends(address) !== 1)).toEqual([]);
    },
  );
});

describe('the ledger’s own troubles', () => {
  it('a claim whose answer was lost recognises itself', async () => {
    await world.addUser('ola', ['ola:APA91b-phone']);
    const ledger = loseAnswers(world.ledger());
    const id = world.newId();
    await world.boot({ ledger }).deliver(world.order({ to: 'ola' }, id));
    expect(await world.entry(id)).toMatchObject({ state: 'done', reasons: { ola: 'delivered' } });
    expect(world.sends('ola:APA91b-phone')).toBe(1);
  });

  it('an entry that Firestore can never take is recorded as failed, with the reason, and is not tried again', async () => {
    await world.addUser('ola', ['ola:APA91b-phone']);
    const order = world.order({ to: 'ola' }, world.newId());
    const content = { ...order.content, body: 'x'.repeat(1_200_000) };
    await world.boot().deliver({ ...order, content });
    const entry = await world.entry(order.id);
    expect(entry.state).toBe('failed');
    expect(entry.error).toMatch(/Firestore refused its ledger entry/);
    expect(world.sends('ola:APA91b-phone')).toBe(0);
  });

  it('the push document that asked for it is told when the ledger cannot hold it', async () => {
    await world.db.doc('pushes/large').set({ to: 'ola', state: 'sending' });
    const order = world.order({ to: 'ola' }, world.newId());
    const content = { ...order.content, body: 'x'.repeat(1_200_000) };
    await world.boot().deliver({ ...order, content, outbox: 'large' });
    expect((await world.db.doc('pushes/large').get()).data()).toMatchObject({
      state: 'failed',
      error: expect.stringMatching(/^Firestore refused its ledger entry/) as string,
    });
    expect((await world.entry(order.id)).state).toBe('failed');
  });

  it('recipients whose ids are none have their reason, and the others are told', async () => {
    await world.addUser('ola', ['ola:APA91b-phone']);
    const order = world.order({ to: ['ola', '..', '__x__', 'a/b'] }, world.newId());
    await world.boot().deliver(order);
    expect(await world.entry(order.id)).toMatchObject({
      state: 'done',
      counts: { recipients: 4, delivered: 1, unreachable: 3 },
      reasons: {
        ola: 'delivered',
        '".."': 'invalid-id',
        '"__x__"': 'invalid-id',
        '"a/b"': 'invalid-id',
      },
    });
  });

  it('thousands of addresses to be tried again fit the entry, whatever their owners’ ids: the rest of the audience waits', async () => {
    const uids = Array.from({ length: 600 }, (_, nth) => `${nth}-`.padEnd(128, 'u'));
    const batch = world.db.bulkWriter();
    for (const uid of uids) {
      const tokens = Array.from({ length: 10 }, (_, nth) => `${uid}:APA91b-${nth}`);
      void batch.set(world.db.doc(`users/${uid}`), { tokens });
    }
    await batch.close();
    const busy = slowProvider(world, {
      answer: () => ({ kind: 'retry', cause: 'fcm-unavailable', code: 'UNAVAILABLE' }),
    });
    const id = world.newId();
    const order = world.order({ to: uids }, id);
    await world.boot({ providers: busy.providers, shardSize: 1000 }).deliver(order);
    const waiting = await world.entry(id);
    expect(waiting).toMatchObject({ state: 'sending', sent: false, counts: { failed: 0 } });
    expect(waiting.pending.length).toBeGreaterThan(500);
    const free = slowProvider(world);
    await settleWith(free.providers);
    expect(await world.entry(id)).toMatchObject({
      state: 'done',
      counts: { recipients: 600, addresses: 6000, delivered: 6000, failed: 0 },
    });
    expect([free.sends.size, free.most]).toEqual([6000, 1]);
  });
});

describe('a push for now or never to an audience of many shards', () => {
  it('reaches the shards whose turn comes minutes later', async () => {
    const users = await world.addUsers(30);
    const id = world.newId();
    const order = world.order({ to: { everyone: true }, timeToLive: 0 }, id);
    await world.boot({ shardSize: 10 }).deliver(order);
    for (let left = 10; left > 0; left -= 1) {
      const [task] = world.takeTasks(() => true);
      world.now += 90 * SECOND;
      if (task !== undefined) await world.boot({ shardSize: 10 }).run(task);
    }
    expect(await world.entry(id)).toMatchObject({ state: 'done', counts: { delivered: 30 } });
    expect([...users.values()].every((address) => world.sends(address) === 1)).toBe(true);
  });
});
