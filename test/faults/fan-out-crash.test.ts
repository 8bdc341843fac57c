/**
 * Crashes between every two steps of a fan-out, by list and by page: nobody is lost, nobody is shown it twice.
 *
 * What a shard does by itself is crashed in crash.test.ts.
 */
import { World } from './world.ts';

/** Two shards, the second of which is not full. */
const SHARD_SIZE = 3;
const USERS = 5;

let world: World;

beforeAll(async () => {
  world = await World.create({ shardSize: SHARD_SIZE });
});
afterAll(() => world.close());

async function scene(): Promise<string[]> {
  world.simulator.reset();
  await world.emptyDatabase();
  return [...(await world.addUsers(USERS)).keys()];
}

describe.each(['list', 'everyone'] as const)('a crash while %s is told', (kind) => {
  const order = (uids: readonly string[], id: string) =>
    world.order({ to: kind === 'list' ? uids : { everyone: true } }, id);

  it('is survived before and after every step', async () => {
    const quiet = await scene();
    const began = world.power.steps.length;
    await world.deliverUntilAcknowledged(order(quiet, world.newId()));
    await world.settle();
    const steps = world.power.steps.slice(began);
    expect(steps).toContain('ledger.shards.finish');

    for (let nth = 0; nth < steps.length; nth += 1) {
      // A read changes nothing: dying before it or after it is the same.
      for (const happens of /read/i.test(steps[nth] ?? '') ? [true] : [false, true]) {
        const uids = await scene();
        const id = world.newId();
        world.power.cutAt(nth, happens);
        await world.deliverUntilAcknowledged(order(uids, id));
        await world.settle();

        const where = `power cut ${happens ? 'after' : 'before'} step ${nth}, ${steps[nth]}`;
        const { state, counts } = await world.entry(id);
        const shards = await world.db.collection('deliveries').where('parent', '==', id).get();
        expect({
          where,
          state,
          counts: [counts.recipients, counts.addresses, counts.delivered],
          shards: [...new Set(shards.docs.map((shard) => shard.get('state') as string))],
          shown: uids.map((uid) => world.titles(`${uid}:APA91b-address`).length),
        }).toEqual({
          where,
          state: 'done',
          counts: [USERS, USERS, USERS],
          shards: ['done'],
          shown: [1, 1, 1, 1, 1],
        });
      }
    }
  });
});
