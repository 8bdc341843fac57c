/**
 * Crashes between every two steps of the engine: whatever dies where, the event's retry, the tasks and the sweep finish it.
 */
import { World } from './world.ts';

const ALIVE = 'alive:APA91b-1';
const OTHER = 'other:APA91b-2';
const DEAD = 'dead:APA91b-3';
const BUSY = 'busy:APA91b-4';

let world: World;

beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.close());

async function scene(): Promise<void> {
  world.simulator.reset();
  await world.emptyDatabase();
  await world.addUser('ola', [ALIVE, DEAD]);
  await world.addUser('lia', [OTHER, BUSY]);
  await world.addUser('bo', []);
  world.simulator.putDevice(DEAD, { state: 'unregistered' });
  // Makes the first round end with a retry, so that its steps are crashed, too.
  world.simulator.addFault({
    match: { address: BUSY },
    times: 1,
    then: { errorCode: 'UNAVAILABLE' },
  });
}

describe('a crash of the function', () => {
  it('is survived before and after every step: everybody is told once, the dead address is pruned, the ledger is complete', async () => {
    await scene();
    await world.tell({ to: ['ola', 'lia', 'bo', 'nobody'] });
    const steps = [...world.power.steps];
    expect(steps).toEqual([
      'ledger.claim',
      'users.read',
      'fcm.send',
      'devices.prune',
      'ledger.wait',
      'tasks.enqueue',
      'ledger.dueTogether',
      'ledger.takeOver',
      'users.read',
      'fcm.send',
      'ledger.finish',
    ]);
    for (let nth = 0; nth < steps.length; nth += 1) {
      for (const happens of [false, true]) {
        await scene();
        world.power.cutAt(nth, happens);
        const entry = await world.tell({ to: ['ola', 'lia', 'bo', 'nobody'] });

        const where = `power cut ${happens ? 'after' : 'before'} step ${nth}, ${steps[nth]}`;
        const inboxes = [ALIVE, OTHER, BUSY].map((address) => world.titles(address).length);
        expect({ where, inboxes, tokens: await world.tokensOf('ola') }).toEqual({
          where,
          inboxes: [1, 1, 1],
          tokens: [ALIVE],
        });
        expect({ where, state: entry.state, reasons: entry.reasons }).toEqual({
          where,
          state: 'done',
          reasons: { ola: 'delivered', lia: 'delivered', bo: 'no-address', nobody: 'no-user' },
        });
      }
    }
  });
});
