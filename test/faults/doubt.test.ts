/**
 * A push that may have been sent and was not recorded is sent once more and no oftener, whatever the workers after that come to: also
 * those that record something else, or nothing, before its turn comes.
 */
import type { DeliveryEngine } from '../../kit/src/delivery/engine.ts';
import type { Ledger } from '../../kit/src/delivery/ledger.ts';
import { WORK_MS } from '../../kit/src/delivery/deadline.ts';
import { STEP_RECIPIENTS } from '../../kit/src/delivery/step.ts';
import { LEASE_MS, World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.close());
beforeEach(async () => {
  world.simulator.reset();
  await world.emptyDatabase();
});

const addressOf = (uid: string) => `${uid}:APA91b-address`;

/** A worker that is gone before it records how its last step went. */
function doomed(alsoBefore: readonly 'progress'[] = []): DeliveryEngine {
  const gone = () => Promise.reject(new Error('this worker is gone'));
  const methods = ['finish', 'wait', 'giveUp', 'release', ...alsoBefore];
  const broken = Object.fromEntries(methods.map((method) => [method, gone]));
  return world.boot({ ledger: Object.assign(world.parts().ledger, broken) });
}

/** A worker that has no time left by the time the entry is its own. */
function late(): DeliveryEngine {
  const { ledger } = world.parts();
  const takeOver: Ledger['takeOver'] = async (...args) => {
    const claim = await world.ledger().takeOver(...args);
    world.now += WORK_MS;
    return claim;
  };
  return world.boot({ ledger: Object.assign(ledger, { takeOver }) });
}

const ends = {
  recorded: (work: Promise<void>) => work,
  unrecorded: (work: Promise<void>) => expect(work).rejects.toThrow('gone'),
};

/** Has whatever is to be done with a delivery next done by this worker, when nobody holds the delivery any more. */
async function resume(
  id: string,
  worker: () => DeliveryEngine,
  end: keyof typeof ends,
  waitMs = 2 * LEASE_MS,
) {
  world.now += waitMs;
  world.takeTasks(() => true);
  await ends[end](worker().run({ kind: 'resume', delivery: id, lease: world.now }));
}

it.each([1, 2])(
  'a worker without time, after %i that did not record what they sent, leaves the doubt to those who follow',
  async (before) => {
    const [uid] = [...(await world.addUsers(1)).keys()] as [string];
    const order = world.order({ to: uid }, world.newId());
    await ends.unrecorded(doomed().deliver(order));
    for (let nth = 1; nth < before; nth += 1) await resume(order.id, doomed, 'unrecorded');
    expect(world.sends(addressOf(uid))).toBe(before);
    await resume(order.id, late, 'recorded');
    expect(await world.entry(order.id)).toMatchObject({ state: 'sending', sent: false });
    await resume(order.id, doomed, 'unrecorded');
    await resume(order.id, doomed, 'unrecorded');
    await world.settle();
    expect(world.sends(addressOf(uid))).toBe(2);
    expect(await world.entry(order.id)).toMatchObject({ state: 'done', counts: { failed: 1 } });
  },
);

it('what is recorded of retries, or dies over them, leaves what was noted of those who come next', async () => {
  const uids = [...(await world.addUsers(STEP_RECIPIENTS + 1)).keys()];
  const [busy, last] = [uids[0] as string, uids.at(-1) as string];
  const fault = world.simulator.addFault({
    match: { address: addressOf(busy) },
    then: { errorCode: 'UNAVAILABLE' },
  });
  const order = world.order({ to: uids }, world.newId());
  await ends.unrecorded(doomed().deliver(order));
  await resume(order.id, doomed, 'unrecorded');
  await resume(order.id, doomed, 'unrecorded');
  // This one does not even record its retry.
  await resume(order.id, () => doomed(['progress']), 'unrecorded');
  await resume(order.id, doomed, 'unrecorded');
  world.simulator.removeFault(fault.id);
  await world.settle();
  expect(world.sends(addressOf(last))).toBe(2);
  expect((await world.entry(order.id)).state).toBe('done');
});

it('a retry that was sent again without a record says nothing of another that is due since', async () => {
  const [early, late] = [...(await world.addUsers(2)).keys()] as [string, string];
  world.simulator.addFault({
    match: { address: addressOf(early) },
    times: 1,
    then: { errorCode: 'UNAVAILABLE' },
  });
  world.simulator.addFault({
    match: { address: addressOf(late) },
    times: 1,
    then: { errorCode: 'UNAVAILABLE', retryAfterSeconds: 12 * 60 },
  });
  const order = world.order({ to: [early, late] }, world.newId());
  await world.boot().deliver(order);
  world.now += 60_000;
  const { round } = await world.entry(order.id);
  const retry = { kind: 'retry', delivery: order.id, round, dueAt: world.now } as const;
  await ends.unrecorded(doomed().run(retry));
  await resume(order.id, doomed, 'unrecorded', LEASE_MS);
  await resume(order.id, doomed, 'unrecorded', LEASE_MS);
  await world.settle();
  const { reasons } = await world.entry(order.id);
  expect(reasons).toMatchObject({ [late]: 'delivered' });
  expect(world.sends(addressOf(early))).toBe(3);
});
