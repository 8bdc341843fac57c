/** A large delivery has a week: its entries outlive it, and whoever is the only one to look at it ends it then. */
import { MAX_ATTEMPTS } from '../../kit/src/delivery/attempts.ts';
import { World } from './world.ts';

const DAY_MS = 24 * 60 * 60_000;
let world: World;

beforeAll(async () => {
  world = await World.create({ shardSize: 1, retentionMs: 2 * DAY_MS });
});
afterAll(() => world.close());
beforeEach(async () => {
  world.simulator.reset();
  await world.emptyDatabase();
});

const keptForDays = async (id: string): Promise<number> => {
  const { expiresAt } = await world.entry(id);
  return (expiresAt.toMillis() - world.now) / DAY_MS;
};

it('entries of a large delivery are kept for nine days at least, others as is set', async () => {
  const uids = [...(await world.addUsers(2)).keys()];
  const [large, small] = [world.newId(), world.newId()];
  await world.boot().deliver(world.order({ to: uids }, large));
  await world.boot().deliver(world.order({ to: uids.slice(0, 1) }, small));
  expect(await keptForDays(large)).toBe(9);
  expect(await keptForDays(`${large}~0`)).toBe(9);
  expect(await keptForDays(small)).toBe(2);
});

it('a long list of which only the event comes again, and no task, is given up after the week', async () => {
  const uids = [...(await world.addUsers(2)).keys()];
  const id = world.newId();
  const order = world.order({ to: uids }, id);
  await world.boot().deliver(order);
  await world.db.doc(`deliveries/${id}`).update({ attempts: MAX_ATTEMPTS });
  world.now += 6 * DAY_MS;
  await world.boot().deliver(order);
  expect((await world.entry(id)).state).toBe('sending');
  world.now += 2 * DAY_MS;
  await world.boot().deliver(order);
  expect(await world.entry(id)).toMatchObject({ state: 'failed', errorCode: 'ATTEMPTS_USED_UP' });
});
