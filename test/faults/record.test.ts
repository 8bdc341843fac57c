/**
 * Everything that comes after a send goes wrong, once or for ever: nobody is sent to more than twice, and the ledger says how it ended.
 */
import type { DeliveryEngine } from '../../kit/src/delivery/engine.ts';
import type { EngineDeps } from '../../kit/src/delivery/deps.ts';
import { LEASE_MS, World } from './world.ts';

/** Rounds of an event that comes again, its tasks and the sweep: more than a delivery has attempts. */
const ROUNDS = 60;
const BACK_OFF_MS = 600_000;

let world: World;

beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.close());

const grpc = (code: number, message: string) => () => Object.assign(new Error(message), { code });

/** What may be thrown: a mistake in our code, Firestore in trouble, and Firestore refusing for good. */
const ERRORS = {
  'a mistake in the code': () => new TypeError("Cannot read properties of undefined (reading 'x')"),
  'Firestore being in trouble': grpc(14, '14 UNAVAILABLE: no connection'),
  'Firestore refusing it': grpc(3, '3 INVALID_ARGUMENT: document too large'),
};

type Where = keyof typeof STEPS;
type What = keyof typeof ERRORS;

/** The steps after a send, and how the first call, or every one, of each is made to throw. */
const STEPS = {
  prune: (fail: Failing) => ({ devices: fail.every('devices', ['prune']) }),
  'the record of a step': (fail: Failing) => ({ ledger: fail.every('ledger', ['progress']) }),
  'the record of the end': (fail: Failing) => ({ ledger: fail.every('ledger', ['finish']) }),
  'the record of a retry': (fail: Failing) => ({ ledger: fail.every('ledger', ['wait']) }),
  'the retry’s task': (fail: Failing) => ({ tasks: fail.every('tasks', ['enqueue']) }),
  'every write of the ledger but the claim': (fail: Failing) => ({
    ledger: fail.every('ledger', [
      'progress',
      'finish',
      'wait',
      'release',
      'noteResends',
      'giveUp',
    ]),
  }),
  'the log': (fail: Failing) => ({
    log: fail.every('log', ['pruned', 'finished', 'rejected', 'configurationRefused']),
  }),
} satisfies Record<string, (fail: Failing) => Partial<EngineDeps>>;

/** Makes calls throw: the first `times` of all. */
class Failing {
  private readonly parts: EngineDeps;
  private readonly error: () => Error;
  private left: number;

  constructor(parts: EngineDeps, error: () => Error, times: number) {
    this.parts = parts;
    this.error = error;
    this.left = times;
  }

  every<Part extends 'devices' | 'ledger' | 'tasks' | 'log'>(
    part: Part,
    methods: readonly string[],
  ): EngineDeps[Part] {
    const whole = this.parts[part] as object;
    return new Proxy(whole, {
      get: (target, name) => {
        const member = Reflect.get(target, name) as unknown;
        if (typeof member !== 'function') return member;
        return (...args: unknown[]): unknown => {
          if (methods.includes(String(name)) && this.left > 0) {
            this.left -= 1;
            // A logger throws where others reject.
            if (part === 'log') throw this.error();
            return Promise.reject(this.error());
          }
          return Reflect.apply(member, target, args) as unknown;
        };
      },
    }) as EngineDeps[Part];
  }
}

/** An event that comes again and again, with its tasks and the sweep, as often as a platform has patience. */
async function persevere(engineOf: () => DeliveryEngine, order: ReturnType<World['order']>) {
  for (let round = 0; round < ROUNDS; round += 1) {
    await engineOf()
      .deliver(order)
      .catch(() => undefined);
    for (const task of world.takeTasks(() => true)) {
      await engineOf()
        .run(task)
        .catch(() => undefined);
    }
    if (await isFinal(order.id)) return;
    world.now += Math.max(BACK_OFF_MS, LEASE_MS);
    await engineOf()
      .sweep(10)
      .catch(() => undefined);
  }
}

async function isFinal(id: string): Promise<boolean> {
  return ((await world.db.doc(`deliveries/${id}`).get()).get('state') as unknown) !== 'sending';
}

/** People, of whom one has a dead device besides and one answers busily at first, so that each step has something to do. */
async function people(count: number): Promise<string[]> {
  world.simulator.reset();
  await world.emptyDatabase();
  const users = await world.addUsers(count);
  const [first] = users.keys();
  await world.addUser(first as string, [users.get(first as string), 'dead:APA91b-x']);
  world.simulator.putDevice('dead:APA91b-x', { state: 'unregistered' });
  world.simulator.addFault({
    match: { address: users.get(first as string) as string },
    times: 1,
    then: { errorCode: 'UNAVAILABLE' },
  });
  return [...users.keys()];
}

/** How often each address of these people was sent to: fewest and most. */
function sends(uids: readonly string[]): { least: number; most: number } {
  const counts = uids.map((uid) => world.sends(`${uid}:APA91b-address`));
  return { least: Math.min(...counts), most: Math.max(...counts) };
}

const CASES = (Object.keys(STEPS) as Where[]).flatMap((where) =>
  (Object.keys(ERRORS) as What[]).map((what) => ({ where, what, count: 1 })),
);
/** Two steps, each of which is recorded. */
const LARGE_CASES: typeof CASES = [
  { where: 'the record of a step', what: 'a mistake in the code', count: 500 },
  { where: 'the record of a step', what: 'Firestore refusing it', count: 500 },
  { where: 'the record of the end', what: 'a mistake in the code', count: 500 },
  { where: 'the record of the end', what: 'Firestore being in trouble', count: 500 },
  { where: 'every write of the ledger but the claim', what: 'a mistake in the code', count: 500 },
];

describe.each([...CASES, ...LARGE_CASES])(
  '$what at $where, $count recipients',
  ({ where, what, count }) => {
    it('once: everybody is told, nobody is sent to more than twice, and nothing of it shows twice', async () => {
      const uids = await people(count);
      const parts = world.parts();
      const failing = new Failing(parts, ERRORS[what], 1);
      const broken = STEPS[where](failing);
      const order = world.order({ to: uids }, world.newId());
      await persevere(() => world.boot(broken), order);
      const entry = await world.entry(order.id);
      expect(entry).toMatchObject({ state: 'done', pending: [] });
      const { least, most } = sends(uids);
      expect(least).toBeGreaterThanOrEqual(1);
      // The busy one's second send is the retry that was asked for.
      expect(most).toBeLessThanOrEqual(what === 'Firestore being in trouble' ? 2 : 3);
      expect(uids.filter((uid) => world.sends(`${uid}:APA91b-address`) > 2).length).toBeLessThan(2);
      expect(uids.map((uid) => world.titles(`${uid}:APA91b-address`).length)).toEqual(
        uids.map(() => 1),
      );
    });

    it('for ever: nobody is sent to more than twice for one try, and whoever has patience finds it final', async () => {
      const uids = await people(count);
      const parts = world.parts();
      const failing = new Failing(parts, ERRORS[what], Infinity);
      const broken = STEPS[where](failing);
      const order = world.order({ to: uids }, world.newId());
      await persevere(() => world.boot(broken), order);
      const { least, most } = sends(uids);
      // Where nothing at all can be recorded, nobody beyond the first step is sent to.
      expect(least).toBeGreaterThanOrEqual(where.startsWith('every write') ? 0 : 1);
      expect(most).toBeLessThanOrEqual(4);
      expect(uids.filter((uid) => world.sends(`${uid}:APA91b-address`) > 2).length).toBeLessThan(2);
      // Everything works again.
      await world.settle();
      const entry = await world.entry(order.id);
      expect(entry.state).not.toBe('sending');
      expect(sends(uids).most).toBeLessThanOrEqual(4);
    });
  },
);
