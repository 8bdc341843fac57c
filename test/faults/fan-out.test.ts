/**
 * Large audiences: spread over tasks, each recipient in exactly one shard, whoever comes or goes and whatever runs twice.
 */
import type { DeliveryTask } from '../../kit/src/delivery/tasks.ts';
import { World } from './world.ts';

const SHARD_SIZE = 10;

let world: World;
let everybody: Map<string, string>;

beforeAll(async () => {
  world = await World.create({ shardSize: SHARD_SIZE });
});
afterAll(() => world.close());
beforeEach(async () => {
  world.simulator.reset();
  await world.emptyDatabase();
});

async function makeUsers(count: number): Promise<string[]> {
  everybody = await world.addUsers(count);
  return [...everybody.keys()];
}

/** Makes a collection of members out of users. */
async function join(collection: string, uids: readonly string[]): Promise<void> {
  const batch = world.db.batch();
  for (const uid of uids) batch.set(world.db.doc(`${collection}/${uid}`), {});
  await batch.commit();
}

/** How often each address was asked for, where that is not once. */
function notOnce(uids: Iterable<string> = everybody.keys()): string[] {
  return [...uids].filter((uid) => world.sends(everybody.get(uid) ?? uid) !== 1);
}

async function shardsOf(id: string) {
  const found = await world.db.collection('deliveries').where('parent', '==', id).get();
  return found.docs.map((shard) => shard.data());
}

/** The parent is done, and its counts are the sum of its shards'. */
async function expectComplete(id: string, delivered: number): Promise<void> {
  const { state, counts, content } = await world.entry(id);
  expect({ state, content, delivered: counts.delivered }).toEqual({
    state: 'done',
    content: undefined,
    delivered,
  });
  const shards = await shardsOf(id);
  expect(shards.map((shard) => shard['state'] as string)).toEqual(shards.map(() => 'done'));
  for (const key of Object.keys(counts) as (keyof typeof counts)[]) {
    const sum = shards.reduce((total, shard) => total + (shard['counts'] as typeof counts)[key], 0);
    expect({ key, count: counts[key] }).toEqual({ key, count: sum });
  }
}

/** Takes the queued tasks of this delivery out of the world's hands. */
function queued(kind: DeliveryTask['kind']): DeliveryTask[] {
  return world.takeTasks((task) => task.kind === kind);
}

describe('an audience above the shard size', () => {
  it('given as a list: each in one shard, the parent counts the sum', async () => {
    const uids = await makeUsers(45);
    await world.addUser('quiet', ['q:APA91b'], { notificationSettings: { order: false } });
    const id = world.newId();
    await world.tell({ to: [...uids, 'quiet', 'nobody', 'me'], actor: 'me' }, id);
    expect(notOnce()).toEqual([]);
    await expectComplete(id, 45);
    expect((await world.entry(id)).counts).toMatchObject({
      recipients: 48,
      addresses: 45,
      skipped: 2,
      unreachable: 1,
    });
    expect(await shardsOf(id)).toHaveLength(5);
  });

  it('given as members of a room: page by page, each once', async () => {
    const uids = await makeUsers(30);
    await join('shops/s1/customers', uids.slice(0, 25));
    const id = world.newId();
    await world.tell({ to: { members: 'shops/s1/customers' }, actor: uids[3] }, id);
    expect(notOnce(uids.slice(0, 25))).toEqual([uids[3]]);
    expect(uids.slice(25).map((uid) => world.sends(everybody.get(uid)!))).toEqual([0, 0, 0, 0, 0]);
    await expectComplete(id, 24);
  });

  it.each([0, 1, SHARD_SIZE - 1, SHARD_SIZE, SHARD_SIZE + 1, 3 * SHARD_SIZE])(
    'given as everyone, %i of them: each once',
    async (count) => {
      await makeUsers(count);
      const id = world.newId();
      await world.tell({ to: { everyone: true } }, id);
      expect(notOnce()).toEqual([]);
      await expectComplete(id, count);
    },
  );

  it('retries are the shard’s own: the others finish, the parent waits for it', async () => {
    const uids = await makeUsers(35);
    world.simulator.addFault({
      match: { address: everybody.get(uids[17] as string)! },
      times: 2,
      then: { errorCode: 'UNAVAILABLE' },
    });
    const id = world.newId();
    await world.tell({ to: { everyone: true } }, id);
    expect(notOnce()).toEqual([uids[17]]);
    await expectComplete(id, 35);
  });

  it('a shard that fails as a whole does not hold the parent up', async () => {
    const uids = await makeUsers(25);
    const id = world.newId();
    await world.tell({ to: uids, data: { x: 'x'.repeat(5000) }, requiredData: ['x'] }, id);
    const shards = await shardsOf(id);
    expect(shards.map((shard) => shard['state'] as string)).toEqual(['failed', 'failed', 'failed']);
    expect(shards[0]?.['error']).toMatch(/at most 4096 bytes/);
    expect(await world.entry(id)).toMatchObject({ state: 'done', counts: { delivered: 0 } });
  });
});

describe('tasks that run twice', () => {
  it.each(['list', 'everyone'] as const)(
    'every task of %s dispatched twice, at once: each person still once',
    async (kind) => {
      const uids = await makeUsers(35);
      const id = world.newId();
      world.dispatchTwice = true;
      await world.tell({ to: kind === 'list' ? uids : { everyone: true } }, id);
      world.dispatchTwice = false;
      expect(notOnce()).toEqual([]);
      await expectComplete(id, 35);
    },
  );
});

it('a page beyond the last, enqueued by one who did not see that it was, adds no shard', async () => {
  const uids = await makeUsers(25);
  // A retry of the first page keeps the parent open.
  const address = everybody.get(uids[0] as string) as string;
  world.simulator.addFault({ match: { address }, times: 1, then: { errorCode: 'UNAVAILABLE' } });
  const id = world.newId();
  await world.boot().deliver(world.order({ to: { everyone: true } }, id));
  let last: DeliveryTask | undefined;
  for (let [page] = queued('page'); page !== undefined; [page] = queued('page')) {
    last = page;
    await world.boot().run(page);
  }
  expect(await world.entry(id)).toMatchObject({ state: 'sending', coverage: { shards: 3 } });
  await world
    .boot()
    .run({ ...(last as DeliveryTask & { kind: 'page' }), shard: 3, after: uids[24] as string });
  expect(await shardsOf(id)).toHaveLength(3);
  await world.settle();
  await expectComplete(id, 25);
});

describe('people who come and go while an audience is worked through', () => {
  /** Everyone, as far as the first page: claimed, and its worker dead before it sent or handed the next page on. */
  async function dieWithinFirstPage(id: string, step: number): Promise<DeliveryTask> {
    await world.boot().deliver(world.order({ to: { everyone: true } }, id));
    const [page] = queued('page') as [DeliveryTask];
    world.power.cutAt(step, true);
    await expect(world.boot().run(page)).rejects.toThrow('power cut');
    world.power.on();
    return page;
  }
  /** Steps of a page's task: read parent, read shard, read page, claim, hand on. */
  const CLAIM = 3;

  it('somebody joins within a page that is resumed: nobody at its end is lost', async () => {
    const uids = await makeUsers(25);
    const id = world.newId();
    const page = await dieWithinFirstPage(id, CLAIM);
    for (const nth of [1, 2, 3]) {
      await world.addUser(`u000001-${nth}`, [`late${nth}:APA91b-address`]);
      everybody.set(`u000001-${nth}`, `late${nth}:APA91b-address`);
    }
    world.putTask(page);
    await world.settle();
    expect(notOnce()).toEqual([]);
    await expectComplete(id, uids.length + 3);
  });

  it('somebody leaves a page that is resumed: nobody of the next is lost or told twice', async () => {
    const uids = await makeUsers(25);
    const id = world.newId();
    const page = await dieWithinFirstPage(id, CLAIM);
    await world.db.doc(`users/${uids[4]}`).delete();
    await world.db.doc(`users/${uids[9]}`).delete();
    world.putTask(page);
    await world.settle();
    expect(notOnce()).toEqual([uids[4], uids[9]]);
    await expectComplete(id, 23);
  });

  it.each([1, -1])(
    'the same page dispatched twice, between which the audience changes by %i: nobody is lost or told twice',
    async (change) => {
      const uids = await makeUsers(25);
      const id = world.newId();
      await world.boot().deliver(world.order({ to: { everyone: true } }, id));
      const [page] = queued('page') as [DeliveryTask];
      // The second dispatch reads its page before the first claims, and goes on after that.
      const second = world.bootPausedAtClaim();
      const running = second.engine.run(page);
      await second.paused;
      if (change > 0) {
        await world.addUser('u000001-late', ['late:APA91b-address']);
        everybody.set('u000001-late', 'late:APA91b-address');
      } else {
        await world.db.doc(`users/${uids[2]}`).delete();
      }
      // The first claims and dies before it hands on: the second is the one that does.
      world.power.cutAt(CLAIM, true);
      await expect(world.boot().run(page)).rejects.toThrow('power cut');
      world.power.on();
      second.goOn();
      await running;
      world.putTask(page);
      await world.settle();
      expect(notOnce()).toEqual(change > 0 ? [] : [uids[2]]);
      await expectComplete(id, 25 + change);
    },
  );

  it('an event that is composed anew with others in its list: who was told is not told again', async () => {
    const uids = await makeUsers(30);
    const id = world.newId();
    // Dies when its three lists are written down, and the task of one is enqueued.
    world.power.cutAt(5, false);
    await expect(world.boot().deliver(world.order({ to: uids }, id))).rejects.toThrow('power cut');
    world.power.on();
    const lists = queued('retry');
    expect(lists).toHaveLength(1);
    await world.boot().run(lists[0]!);
    // One has left and one has joined by the time the event comes again.
    await world.addUser('joined', ['joined:APA91b-address']);
    await world.deliverUntilAcknowledged(world.order({ to: [...uids.slice(1), 'joined'] }, id));
    await world.settle();
    expect(uids.slice(1).filter((uid) => world.sends(everybody.get(uid)!) !== 1)).toEqual([]);
    expect((await world.entry(id)).state).toBe('done');
  });
});

describe('a member of a room who is asleep', () => {
  const HOUR = 60 * 60_000;
  const MINUTE = 60_000;
  const EVENING = Date.parse('2027-01-15T22:00:00Z');

  async function tellRoom(id: string): Promise<string[]> {
    const uids = await makeUsers(25);
    await join('shops/s1/customers', uids);
    world.now = EVENING;
    const quietHours = { fri: '22:00-07:00' };
    await world.db.doc(`users/${uids[3]}`).update({ quietHours, timeZone: 'UTC' });
    await world.boot().deliver(world.order({ to: { members: 'shops/s1/customers' } }, id));
    for (let [page] = queued('page'); page !== undefined; [page] = queued('page')) {
      await world.boot().run(page);
    }
    return uids;
  }

  it('costs a few looks at its delivery a night, and hears of it in the morning', async () => {
    const id = world.newId();
    const uids = await tellRoom(id);
    expect(notOnce()).toEqual([uids[3]]);
    let looks = 0;
    while (world.now < EVENING + 8 * HOUR) {
      world.now += 5 * MINUTE;
      await world.boot().sweep(500);
      for (const task of queued('resume')) {
        looks += 1;
        await world.boot().run(task);
      }
    }
    expect(looks).toBeLessThan(20);
    await world.settle();
    expect(notOnce()).toEqual([]);
    await expectComplete(id, 25);
  });

  it('does not keep it from being withdrawn from the others', async () => {
    const id = world.newId();
    await tellRoom(id);
    const reached = await world.ledger().withdrawals.reached(id);
    expect(reached).toEqual({ collection: 'shops/s1/customers' });
  });
});
