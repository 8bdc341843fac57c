/** A small event's recipients are read while it is claimed: what that saves, and what it must not change. */
import { World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await World.create();
});

beforeEach(async () => {
  world.simulator.reset();
  await world.emptyDatabase();
});

afterAll(() => world.close());

/** The steps that an event takes while its claim is under way. */
async function stepsBeforeClaim(recipients: number): Promise<string[]> {
  const uids = [...(await world.addUsers(recipients)).keys()];
  const before = world.power.steps.length;
  const { engine, paused, goOn } = world.bootPausedAtClaim();
  const delivered = engine.deliver(world.order({ to: uids }, world.newId()));
  await paused;
  const steps = world.power.steps.slice(before);
  goOn();
  await delivered;
  expect(world.simulator.requestCount()).toBe(recipients);
  return steps;
}

it('reads up to ten recipients while the event is claimed', async () => {
  expect(await stepsBeforeClaim(10)).toEqual(['users.read']);
});

it('reads more of them only once the event is claimed, since one that comes again would read them in vain', async () => {
  expect(await stepsBeforeClaim(11)).toEqual([]);
});

it('tells those whom the event meant at first when it comes again and means others', async () => {
  await world.addUser('ola', ['ola:APA91b-phone']);
  await world.addUser('lia', ['lia:APA91b-phone']);
  const id = world.newId();
  // Claimed, read, and cut off before the push is sent.
  world.power.cutAt(2, false);
  await expect(world.boot().deliver(world.order({ to: ['ola'] }, id))).rejects.toThrow('power cut');
  world.power.on();
  await world.deliverUntilAcknowledged(world.order({ to: ['lia'] }, id));
  await world.settle();
  expect(world.titles('ola:APA91b-phone')).toEqual(['Your order is on its way']);
  expect(world.titles('lia:APA91b-phone')).toEqual([]);
});
