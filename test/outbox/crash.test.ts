/**
 * Crashes between every two steps of a push: whatever dies where, the document says in the end what the ledger says, and
 * everybody was told once.
 */
import { Timestamp } from '@google-cloud/firestore';
import { stateOf } from '../../kit/src/outbox/push-ending.ts';
import { OutboxWorld } from './world.ts';

const ALIVE = 'alive:APA91b-1';
const BUSY = 'busy:APA91b-2';
const DEAD = 'dead:APA91b-3';

let outbox: OutboxWorld;
let scenes = 0;
/** Each push has an id of its own: the queue remembers the ids of tasks. */
let id = '';

beforeAll(async () => {
  outbox = await OutboxWorld.create({ shardSize: 2 });
});
afterAll(() => outbox.close());

async function scene(): Promise<void> {
  const { world } = outbox;
  await outbox.empty();
  scenes += 1;
  id = `sale-${scenes}`;
  await world.addUser('ola', [ALIVE]);
  await world.addUser('lia', [BUSY]);
  await world.addUser('bo', [DEAD]);
  world.simulator.putDevice(DEAD, { state: 'unregistered' });
}

/** The same, and the first round ends with a retry, so that its steps are crashed, too. */
async function busyScene(): Promise<void> {
  await scene();
  outbox.world.simulator.addFault({
    match: { address: BUSY },
    times: 1,
    then: { errorCode: 'UNAVAILABLE' },
  });
}

/** Runs `send` once for its steps, then again with the power cut before and after each of them. */
async function crashEverywhere(
  push: () => object,
  check: (where: string) => Promise<void>,
  begin = scene,
) {
  await begin();
  const first = outbox.world.power.steps.length;
  await outbox.send(id, push());
  await check('no power cut');
  const steps = outbox.world.power.steps.slice(first);
  for (let nth = 0; nth < steps.length; nth += 1) {
    for (const happens of [false, true]) {
      await begin();
      outbox.world.power.cutAt(nth, happens);
      await outbox.send(id, push());
      await check(`power cut ${happens ? 'after' : 'before'} step ${nth}, ${steps[nth]}`);
    }
  }
  return steps;
}

async function everybodyIsToldOnce(where: string): Promise<void> {
  const { world } = outbox;
  const { state, counts, finishedAt, nextAt, accepted } = await outbox.read(id);
  const entry = await world.entry(`push-${id}`);
  const inboxes = [ALIVE, BUSY].map((address) => world.titles(address).length);
  expect({ where, inboxes, bo: await world.tokensOf('bo') }).toEqual({
    where,
    inboxes: [1, 1],
    bo: [],
  });
  // A crash between prune and record leaves one address fewer to count: the ledger's word is what holds.
  expect(counts).toMatchObject({ recipients: 3, delivered: 2, failed: 0, rejected: 0, expired: 0 });
  expect({ where, entry: entry.counts, is: entry.state }).toEqual({
    where,
    entry: counts,
    is: 'done',
  });
  const ending = stateOf(entry.counts).state;
  expect({ where, state, accepted: accepted?.state }).toEqual({
    where,
    state: ending,
    accepted: ending,
  });
  expect(finishedAt).toBeInstanceOf(Timestamp);
  expect(nextAt).toBeUndefined();
}

describe('a crash of the function', () => {
  it('anywhere in a push to addresses leaves document and ledger of one mind', async () => {
    const push = () => ({ to: { addresses: [ALIVE, BUSY, DEAD] }, title: 'Sale' });
    const steps = await crashEverywhere(push, everybodyIsToldOnce, busyScene);
    expect(steps).toEqual(
      expect.arrayContaining(['pushes.advance', 'ledger.claim', 'fcm.send', 'ledger.finish']),
    );
  });

  it('anywhere in a scheduled push to users, over shards, does the same', async () => {
    const push = () => ({
      to: ['ola', 'lia', 'bo'],
      title: 'Sale',
      sendAt: Timestamp.fromMillis(outbox.world.now + 3_600_000),
    });
    const steps = await crashEverywhere(push, everybodyIsToldOnce);
    expect(steps).toEqual(
      expect.arrayContaining(['pushQueue.enqueue', 'tasks.enqueue', 'ledger.shards.finish']),
    );
  });

  it('anywhere in a push to a topic does the same', async () => {
    outbox.world.simulator.reset();
    const check = async (where: string) => {
      const { state, counts } = await outbox.read(id);
      expect({ where, state, counts }).toMatchObject({
        where,
        state: 'sent',
        counts: { delivered: 1 },
      });
      expect((await outbox.world.entry(`push-${id}`)).state).toBe('done');
    };
    await crashEverywhere(() => ({ to: { topic: 'news' }, title: 'Sale' }), check);
  });
});
