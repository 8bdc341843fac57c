/**
 * What goes wrong before a send, or stops a round for good: nothing is in doubt then, so nobody waits for a lease, and the ledger still says
 * who was told.
 */
import type { EngineDeps } from '../../kit/src/delivery/deps.ts';
import type { DeliveryTask } from '../../kit/src/delivery/tasks.ts';
import type { Outcome } from '../../kit/src/model/outcome.ts';
import { slowProvider } from './slow-provider.ts';
import { World } from './world.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

let world: World;

beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.close());
beforeEach(async () => {
  world.simulator.reset();
  await world.emptyDatabase();
});

const BUSY: Outcome = { kind: 'retry', cause: 'fcm-unavailable', code: 'BUSY' };

const unavailable = () => Object.assign(new Error('14 UNAVAILABLE: no connection'), { code: 14 });
const refused = () => Object.assign(new Error('3 INVALID_ARGUMENT: too large'), { code: 3 });

type Part = 'ledger' | 'users' | 'tasks' | 'addressBook';

/** An engine's part of which one method fails, from its `from`th call on, for so many calls. */
function failing<P extends Part>(
  part: P,
  method: string,
  { error = unavailable, from = 0, times = 1 } = {},
): Partial<EngineDeps> {
  let calls = 0;
  const whole = world.parts()[part] as object;
  const broken = new Proxy(whole, {
    get(target, name) {
      const member = Reflect.get(target, name) as (...args: unknown[]) => unknown;
      if (name !== method) return member;
      return (...args: unknown[]): unknown => {
        const nth = calls;
        calls += 1;
        if (nth >= from && nth < from + times) return Promise.reject(error());
        return Reflect.apply(member, target, args);
      };
    },
  });
  return { [part]: broken };
}

/** Has the work of an event done by a broken engine and then by sound ones, each a platform's first wait later; nobody sweeps. */
async function workWithoutSweep(broken: Partial<EngineDeps>, order: ReturnType<World['order']>) {
  const engines = [world.boot(broken)];
  const engine = () => engines[0] ?? world.boot();
  let isAcknowledged = false;
  const again: DeliveryTask[] = [];
  for (let round = 0; round < 10; round += 1) {
    if (!isAcknowledged) {
      isAcknowledged = await engine()
        .deliver(order)
        .then(() => true)
        .catch(() => false);
    }
    for (const task of [...again.splice(0), ...world.takeTasks(() => true)]) {
      await engine()
        .run(task)
        .catch(() => again.push(task));
    }
    world.now += 10 * SECOND;
  }
}

describe('a passing fault of Firestore or the queue before anything is sent', () => {
  it.each([
    ['the first read of the recipients', 'users', 'read', 0, 1],
    ['every try to read them', 'users', 'read', 0, 2],
  ] as const)(
    '%s: the event’s next try tells, without waiting for the lease',
    async (_what, part, method, from, times) => {
      const [uid] = [...(await world.addUsers(1)).keys()] as [string];
      const order = world.order({ to: uid }, world.newId());
      await workWithoutSweep(failing(part, method, { from, times }), order);
      expect(await world.entry(order.id)).toMatchObject({
        state: 'done',
        counts: { delivered: 1 },
      });
      expect(world.sends(`${uid}:APA91b-address`)).toBe(1);
    },
  );

  it('the list of a push document cannot be read: the event’s next try tells', async () => {
    await world.db.doc('pushes/p1').set({ to: { addresses: ['a:APA91b-address'] } });
    const order = { ...world.order({ to: 'x' }, 'push-p1'), outbox: 'p1' };
    const toAddresses = { ...order, recipients: { addresses: true } as const };
    await workWithoutSweep(failing('addressBook', 'listed'), toAddresses);
    expect((await world.entry('push-p1')).state).toBe('done');
    expect(world.sends('a:APA91b-address')).toBe(1);
  });

  it.each([0, 1])(
    'the task of page %i cannot be enqueued: the next try enqueues it, and everybody is told',
    async (page) => {
      const uids = [...(await world.addUsers(6)).keys()];
      const order = world.order({ to: { everyone: true } }, world.newId());
      const broken = { ...failing('tasks', 'enqueue', { from: page }), shardSize: 4 };
      await workWithoutSweep(broken, order);
      expect((await world.entry(order.id)).state).toBe('done');
      expect(uids.map((uid) => world.sends(`${uid}:APA91b-address`))).toEqual(uids.map(() => 1));
    },
  );

  it('no task of a list can be enqueued, and the event does not come again: everybody is written down, and the sweep goes on', async () => {
    const uids = [...(await world.addUsers(60)).keys()];
    const order = world.order({ to: uids }, world.newId());
    const broken = { ...failing('tasks', 'enqueue', { times: Infinity }), shardSize: 1 };
    await expect(world.boot(broken).deliver(order)).rejects.toThrow('UNAVAILABLE');
    await world.settle();
    expect((await world.entry(order.id)).state).toBe('done');
    expect(uids.filter((uid) => world.sends(`${uid}:APA91b-address`) !== 1)).toEqual([]);
  });

  it('a shard cannot read what its parent says: its task’s next try does', async () => {
    const uids = [...(await world.addUsers(6)).keys()];
    const order = world.order({ to: uids }, world.newId());
    const broken = { ...failing('ledger', 'read', { from: 1 }), shardSize: 4 };
    await workWithoutSweep(broken, order);
    expect(uids.map((uid) => world.sends(`${uid}:APA91b-address`))).toEqual(uids.map(() => 1));
  });
});

describe('what Firestore refuses for good in the middle of a delivery', () => {
  it('leaves what was recorded before it: the ledger counts whoever was told', async () => {
    const uids = [...(await world.addUsers(500)).keys()];
    const order = world.order({ to: uids }, world.newId());
    await world
      .boot(failing('users', 'read', { from: 1, error: refused, times: 9 }))
      .deliver(order);
    expect(await world.entry(order.id)).toMatchObject({
      state: 'failed',
      counts: { recipients: 250, addresses: 250, delivered: 250 },
      reasons: { [uids[0] as string]: 'delivered' },
    });
  });

  it.each([1, 500])(
    'the end of %i cannot be recorded: it failed, and counts whoever was told',
    async (count) => {
      const uids = [...(await world.addUsers(count)).keys()];
      const order = world.order({ to: uids }, world.newId());
      await world.boot(failing('ledger', 'finish', { error: refused, times: 9 })).deliver(order);
      const entry = await world.entry(order.id);
      expect(entry).toMatchObject({ state: 'failed', pending: [], counts: { delivered: count } });
      expect(uids.filter((uid) => world.sends(`${uid}:APA91b-address`) !== 1)).toEqual([]);
    },
  );

  it('whoever waited for a retry has failed, with the reason for which they waited', async () => {
    const [uid] = [...(await world.addUsers(1)).keys()] as [string];
    world.simulator.addFault({ times: 1, then: { errorCode: 'UNAVAILABLE' } });
    const order = world.order({ to: uid }, world.newId());
    await world.boot(failing('ledger', 'wait', { error: refused, times: 9 })).deliver(order);
    expect(await world.entry(order.id)).toMatchObject({
      state: 'failed',
      pending: [],
      counts: { addresses: 1, failed: 1 },
      reasons: { [uid]: 'failed:UNAVAILABLE' },
    });
  });
});

describe('the breaker', () => {
  const dead = (): Outcome => ({ kind: 'unregistered', code: 'UNREGISTERED' });

  it.each([
    ['at once', 0, 100],
    ['slowly, a hundred at a time', 14 * SECOND, 100],
    ['slowly, a few at a time', 4 * SECOND, 15],
  ])('trips however the answers come: %s', async (_how, answerMs, atOnce) => {
    const users = await world.addUsers(250);
    const { providers } = slowProvider(world, { answer: dead, answerMs, atOnce });
    await world.boot({ providers }).deliver(world.order({ to: [...users.keys()] }, world.newId()));
    const found = await world.db.collection('users').get();
    expect(found.docs.filter((user) => (user.get('tokens') as string[]).length !== 1)).toEqual([]);
  });

  it('takes no comfort from those of whom the provider said nothing', async () => {
    const users = await world.addUsers(250);
    let asked = 0;
    const answer = (): Outcome => {
      asked += 1;
      return asked % 2 === 0 ? dead() : BUSY;
    };
    const { providers } = slowProvider(world, { answer });
    await world.boot({ providers }).deliver(world.order({ to: [...users.keys()] }, world.newId()));
    const found = await world.db.collection('users').get();
    expect(found.docs.filter((user) => (user.get('tokens') as string[]).length !== 1)).toEqual([]);
  });
});

describe('time', () => {
  it.each([
    ['topic', { topic: 'news' }],
    ['condition', { condition: "'news' in topics" }],
  ])('a push to a %s that comes to its turn after its end has expired', async (_name, to) => {
    const order = world.order({ to, timeToLive: 60 }, world.newId());
    world.now += HOUR;
    await world.deliverUntilAcknowledged(order);
    await world.settle();
    expect(await world.entry(order.id)).toMatchObject({
      state: 'done',
      counts: { expired: 1, delivered: 0 },
    });
    expect(world.simulator.requestCount()).toBe(0);
  });

  it('the retries that one task makes keep to the time of one function, and further tasks make the rest', async () => {
    const users = [...(await world.addUsers(60)).keys()];
    const busy = slowProvider(world, { answer: () => BUSY });
    const ids = users.map(() => world.newId());
    for (const [nth, id] of ids.entries()) {
      await world
        .boot({ providers: busy.providers })
        .deliver(world.order({ to: users[nth] as string }, id));
    }
    const slow = slowProvider(world, { answerMs: 14 * SECOND });
    let runs = 0;
    for (
      let left = world.takeTasks(() => true);
      left.length > 0;
      left = world.takeTasks(() => true)
    ) {
      for (const task of left) {
        if ('dueAt' in task) world.now = Math.max(world.now, task.dueAt);
        const began = world.now;
        slow.begunAt.length = 0;
        await world.boot({ providers: slow.providers }).run(task);
        runs += 1;
        expect(Math.max(...slow.begunAt) - began).toBeLessThan(240 * SECOND);
      }
    }
    expect(runs).toBeGreaterThan(2);
    for (const id of ids) {
      expect(await world.entry(id)).toMatchObject({ state: 'done', counts: { delivered: 1 } });
    }
  });

  it('retries whose task finds its time over before the first are made by tasks of other names', async () => {
    const users = [...(await world.addUsers(40)).keys()];
    const { providers } = slowProvider(world, { answer: () => BUSY });
    const ids = users.map(() => world.newId());
    for (const [nth, id] of ids.entries()) {
      await world.boot({ providers }).deliver(world.order({ to: users[nth] as string }, id));
    }
    const tasks = world.takeTasks(({ kind }) => kind === 'due');
    for (const task of tasks) {
      if ('dueAt' in task) world.now = Math.max(world.now, task.dueAt);
      const ledger = world.parts().ledger;
      const found = ledger.dueTogether.bind(ledger);
      const dueTogether: typeof ledger.dueTogether = async (...asked) => {
        const waiting = await found(...asked);
        world.now += 5 * MINUTE;
        return waiting;
      };
      await world.boot({ ledger: Object.assign(ledger, { dueTogether }) }).run(task);
    }
    for (
      let left = world.takeTasks(() => true);
      left.length > 0;
      left = world.takeTasks(() => true)
    ) {
      for (const task of left) {
        if ('dueAt' in task) world.now = Math.max(world.now, task.dueAt);
        await world.boot().run(task);
      }
    }
    for (const id of ids) {
      expect(await world.entry(id)).toMatchObject({ state: 'done', counts: { delivered: 1 } });
    }
  });
});
