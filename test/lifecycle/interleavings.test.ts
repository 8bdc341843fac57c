/**
 * Anything in any order: registrations, logouts, apps that write the array, prunes, takeovers, and the trigger's events
 * late, early and twice, of phones with one name and with more. Afterwards array and device records agree, and what is the
 * app's is where it was.
 */
import fc from 'fast-check';
import { World } from './world.ts';

const UIDS = ['ola', 'lia', 'bo'] as const;
const FID = 'cAbCdEfGhIjKlMnOpQrStU';
const HEX = 'a1'.repeat(32);
/** Three phones; two of them have more than one name. */
const ADDRESSES = ['phone:APA91b-1', FID, `${FID}:APA91b`, HEX, HEX.toUpperCase()] as const;
/** The app's own entry, which has to be there in the end. */
const UNKNOWN = { mine: 1 };
const MAX_ADDRESSES = 2;

const uid = fc.constantFrom(...UIDS);
const address = fc.constantFrom(...ADDRESSES);

type Step = (world: World) => Promise<unknown>;

const named = (name: string, step: Step): Step => fcNamed(step, name);
/** So that a counterexample reads as a story. */
function fcNamed(step: Step, name: string): Step {
  return Object.assign(step, { [fc.toStringMethod]: () => name });
}

/** Also in between: what is repaired by an event that is still to come is not broken for good. */
const quiet = fc.constant(
  named('all is quiet', async (world) => {
    await world.deliver();
    await world.check();
  }),
);

const act: fc.Arbitrary<Step> = fc.oneof(
  fc
    .tuple(uid, address)
    .map(([u, a]) => named(`${u} registers ${a}`, (world) => world.registers(u, a))),
  fc
    .tuple(uid, address, address)
    .map(([u, a, b]) =>
      named(`${u} replaces ${b} by ${a}`, (world) => world.registers(u, a, { replaces: b })),
    ),
  fc
    .tuple(uid, address)
    .map(([u, a]) =>
      named(`${u} unregisters ${a}`, (world) =>
        world.noting(() => world.ownership.unregister(u, a)),
      ),
    ),
  fc.tuple(uid, address).map(([u, a]) => named(`${u} adds ${a}`, (world) => world.adds(u, a))),
  fc
    .tuple(uid, address)
    .map(([u, a]) => named(`${u} removes ${a}`, (world) => world.removes(u, a))),
  fc
    .tuple(uid, address, fc.boolean())
    .map(([u, a, isLate]) =>
      named(`a prune of ${a} for ${u}${isLate ? '' : ' of an old send'}`, (world) =>
        world.noting(() =>
          world.devices.prune(u, [a], isLate ? world.now() + 1000 : world.now() - 1000),
        ),
      ),
    ),
  uid.map((u) =>
    named(`${u} logs out everywhere`, (world) =>
      world.noting(() => world.removal.unregisterAll(u)),
    ),
  ),
  uid.map((u) =>
    named(`${u} is forgotten`, (world) =>
      world.noting(() => world.removal.forget(u, { deleteDocument: u !== 'ola' })),
    ),
  ),
  fc.nat().map((n) =>
    named(`event ${n} is delivered, and stays to come again`, async (world) => {
      const event = world.pending[n % Math.max(1, world.pending.length)];
      if (event !== undefined) await world.trigger(event);
    }),
  ),
  fc.nat().map((n) =>
    named(`event ${n} is delivered`, async (world) => {
      const [event] = world.pending.splice(n % Math.max(1, world.pending.length), 1);
      if (event !== undefined) await world.trigger(event);
    }),
  ),
);

const step = fc.oneof({ weight: 9, arbitrary: act }, { weight: 2, arbitrary: quiet });

describe('steps in any order', () => {
  it('end with one owner an address, whatever the order of the events', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 3, maxLength: 14 }),
        fc.array(fc.nat(), { minLength: 1, maxLength: 10 }),
        async (steps, order) => {
          const world = await World.create({ maxAddresses: MAX_ADDRESSES, maxTakeoversPerDay: 3 });
          await world.db.doc('users/ola').set({ tokens: [UNKNOWN] });
          for (const one of steps) await ignoringRefusals(one(world));
          let turn = 0;
          await world.deliver((events) => (order[turn++ % order.length] ?? 0) % events.length);
          await world.check();
          for (const user of UIDS) {
            const tokens = ((await world.tokensOf(user)) ?? []) as unknown[];
            expect(tokens.filter((entry) => typeof entry === 'string').length).toBeLessThanOrEqual(
              MAX_ADDRESSES,
            );
            if (user === 'ola') expect(tokens[0]).toEqual(UNKNOWN);
          }
        },
      ),
      { numRuns: 80 },
    );
  });
});

describe('steps at once', () => {
  it('end with one owner an address', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 2, maxLength: 4 }), async (steps) => {
        const world = await World.create({ maxAddresses: MAX_ADDRESSES });
        await world.registers('ola', ADDRESSES[0]);
        await world.noting(() => Promise.all(steps.map((one) => ignoringRefusals(one(world)))));
        await world.deliver();
        await world.check();
      }),
      { numRuns: 6 },
    );
  });
});

/** A user who takes over too much is refused, as they should be. */
async function ignoringRefusals(step: Promise<unknown>): Promise<void> {
  try {
    await step;
  } catch (error) {
    if ((error as Error).name !== 'TooManyTakeoversError') throw error;
  }
}
