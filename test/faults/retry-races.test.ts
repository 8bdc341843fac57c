/**
 * What an operator has sent again, while workers, crashes and other operators come in between: nobody is left out, nobody gets it twice,
 * and the sums are right.
 */
import { Timestamp } from '@google-cloud/firestore';
import { NO_COUNTS as NOTHING } from '../../kit/src/model/counts.ts';
import { Operator } from './operator.ts';
import { World } from './world.ts';

const KEY_REFUSED = { status: 401, errorCode: 'THIRD_PARTY_AUTH_ERROR' } as const;

let world: World;
let operator: Operator;
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
  faults.length = 0;
  world.simulator.reset();
  world.power.on();
  await world.emptyDatabase();
  world.now = Date.now();
});
afterEach(() => jest.restoreAllMocks());
afterAll(async () => {
  Operator.leave();
  await world.close();
});

const faults: string[] = [];
const refuse = (address: string): void => {
  faults.push(world.simulator.addFault({ match: { address }, then: KEY_REFUSED }).id);
};
const answerAsUsual = (): void => {
  for (const id of faults.splice(0)) world.simulator.removeFault(id);
};

async function retry(delivery: string): Promise<readonly string[]> {
  const { out } = await operator.call('retry', '--delivery', delivery, '--apply', '--json');
  const { deliveries } = JSON.parse(out) as { deliveries: { reopened?: string[] }[] };
  return deliveries[0]?.reopened ?? [];
}

async function swept(): Promise<void> {
  world.now = Date.now() + 1_000;
  await world.boot().sweep(100);
  await world.settle();
}

/** Twenty-three people in shards, of whom three were not reached. */
async function incomplete(id: string) {
  const users = await world.addUsers(23);
  const uids = [...users.keys()];
  const failing = uids.slice(3, 6);
  for (const uid of failing) refuse(users.get(uid) as string);
  await world.tell({ to: uids, title: 'All' }, id);
  expect(await world.entry(id)).toMatchObject({ counts: { delivered: 20, failed: 3 } });
  answerAsUsual();
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
    await swept();
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
    await swept();
    await retry('order-e2');
    await swept();
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
    await swept();
    expect(await world.entry(ID)).toMatchObject({ state: 'failed', errorCode: 'COMPOSE_FAILED' });
    expect(compositions).toBe(0);
    expect(await retry(ID)).toEqual([ID]);
    await swept();
    expect(await world.entry(ID)).toMatchObject({ state: 'done', counts: { delivered: 23 } });
  });
});
