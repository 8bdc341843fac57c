/**
 * Random schedules of faults, crashes, repeated events and registrations: the engine's promises hold in all of them.
 */
import fc from 'fast-check';
import type { FaultSpec } from '../../simulator/src/index.ts';
import type { Counts } from '../../kit/src/model/counts.ts';
import type { DeliveryDocument } from '../../kit/src/delivery/delivery-document.ts';
import { Ownership } from '../../kit/src/devices/ownership.ts';
import type { Cut } from './power-switch.ts';
import { World } from './world.ts';

const RUNS = 30;
/** No new run begins after this; on a quick machine all of them fit. */
const TIME_LIMIT_MS = 25_000;
/** Small, so that a few people are a large audience. */
const SHARD_SIZE = 2;
const USERS = ['ann', 'bo', 'cy', 'di'] as const;
type User = (typeof USERS)[number];

/** What may happen to a request on its way; the push arrives in the end. */
const FAULTS: Readonly<Record<string, FaultSpec['then']>> = {
  unavailable: { errorCode: 'UNAVAILABLE' },
  internal: { errorCode: 'INTERNAL' },
  quota: { errorCode: 'QUOTA_EXCEEDED' },
  quotaWithWait: { errorCode: 'RATE_LIMIT_EXCEEDED', retryAfterSeconds: 30 },
  html: { status: 404, body: '<html>' },
  lying503: { errorCode: 'UNAVAILABLE', deliver: true },
  cutShort: { truncate: true },
  reset: { reset: true },
  refused: { reset: 'REFUSED_STREAM' },
  goaway: { goaway: true },
  unprocessed: { goaway: { processed: false } },
  disconnect: { disconnect: true },
};
/** Answers after which an address may go untold, although it is alive; it must not be pruned for them. */
const REFUSALS: Readonly<Record<string, FaultSpec['then']>> = {
  blamed: { errorCode: 'INVALID_ARGUMENT' },
  wrongProject: { errorCode: 'NOT_FOUND' },
  tokenExpired: { errorCode: 'ACCESS_TOKEN_EXPIRED' },
  operatorsKey: { errorCode: 'THIRD_PARTY_AUTH_ERROR' },
};

interface Device {
  readonly owner: User;
  readonly state: 'live' | 'dead';
  readonly fault?: { readonly name: string; readonly times: number } | undefined;
}

interface Schedule {
  readonly devices: readonly Device[];
  /** Events: whom each is for, and how often it is delivered at once. */
  readonly events: readonly { readonly to: readonly User[]; readonly copies: number }[];
  readonly cuts: readonly Cut[];
  /** Devices that register while the first event is worked on: new ones, or dead ones that come back. */
  readonly registrations: readonly { readonly owner: User; readonly device: number }[];
}

const user = fc.constantFrom(...USERS);
const schedules: fc.Arbitrary<Schedule> = fc.record({
  devices: fc.array(
    fc.record({
      owner: user,
      state: fc.constantFrom('live', 'live', 'live', 'dead'),
      fault: fc.option(
        fc.oneof(
          fc.record({
            name: fc.constantFrom(...Object.keys(FAULTS)),
            times: fc.integer({ min: 1, max: 3 }),
          }),
          fc.record({ name: fc.constantFrom(...Object.keys(REFUSALS)), times: fc.constant(1) }),
        ),
        { nil: undefined },
      ),
    }),
    { minLength: 1, maxLength: 7 },
  ),
  events: fc.array(
    fc.record({
      to: fc.uniqueArray(user, { minLength: 1 }),
      copies: fc.integer({ min: 1, max: 2 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  cuts: fc.array(fc.record({ nth: fc.nat(14), happens: fc.boolean() }), { maxLength: 3 }),
  registrations: fc.array(fc.record({ owner: user, device: fc.nat(9) }), { maxLength: 2 }),
});

const addressOf = (device: number): string => `d${device}:APA91b-address`;

let world: World;

beforeAll(async () => {
  world = await World.create({ shardSize: SHARD_SIZE, requestTimeoutMs: 1_000 });
});
afterAll(() => world.close());

async function prepare({ devices }: Schedule): Promise<void> {
  world.simulator.reset();
  world.power.cutRepeatedly([]);
  world.power.on();
  await world.emptyDatabase();
  const batch = world.db.batch();
  for (const uid of USERS) {
    const tokens = devices.flatMap(({ owner }, nth) => (owner === uid ? [addressOf(nth)] : []));
    batch.set(world.db.doc(`users/${uid}`), { tokens });
  }
  await batch.commit();
  devices.forEach(({ state, fault }, nth) => {
    const address = addressOf(nth);
    world.simulator.putDevice(address, { state: state === 'dead' ? 'unregistered' : 'live' });
    const then = fault && (FAULTS[fault.name] ?? REFUSALS[fault.name]);
    if (then !== undefined && fault !== undefined) {
      world.simulator.addFault({ match: { address }, times: fault.times, then });
    }
  });
}

/** A device opens the app: it is alive from then on, and its owner's. */
async function register({ owner, device }: Schedule['registrations'][number]): Promise<void> {
  const address = addressOf(device);
  world.simulator.putDevice(address, { state: 'live' });
  const ownership = new Ownership({
    collections: world.collections,
    now: () => world.now,
    maxTakeoversPerDay: 100,
  });
  await ownership.register(owner, { address, facts: {} });
}

async function play(schedule: Schedule): Promise<string[]> {
  const ids = schedule.events.map(() => world.newId());
  world.power.cutRepeatedly(schedule.cuts);
  const deliveries = schedule.events.flatMap(({ to, copies }, nth) => {
    const order = world.order({ to: [...to] }, ids[nth]);
    return Array.from({ length: copies }, () => world.deliverUntilAcknowledged(order));
  });
  await Promise.all([...deliveries, ...schedule.registrations.map(register)]);
  await world.settle();
  return ids;
}

/** Counts add up: every address has exactly one final outcome. */
function outcomesOf({ delivered, unregistered, rejected, failed, expired }: Counts): number {
  return delivered + unregistered + rejected + failed + expired;
}

async function entries(): Promise<Map<string, DeliveryDocument>> {
  const { docs } = await world.db.collection('deliveries').get();
  return new Map(docs.map((found) => [found.id, found.data() as DeliveryDocument]));
}

function expectLedgerComplete(ledger: ReadonlyMap<string, DeliveryDocument>): void {
  for (const [id, { state, pending, counts, reasons }] of ledger) {
    expect({ id, state, pending, outcomes: outcomesOf(counts) }).toEqual({
      id,
      state: 'done',
      pending: [],
      outcomes: counts.addresses,
    });
    expect(Object.values(reasons).filter((reason) => reason.startsWith('retrying'))).toEqual([]);
  }
}

/** Devices that show an event, and nothing shown twice. */
function shownBy(id: string): Set<string> {
  const shown = new Set<string>();
  for (const { address } of world.simulator.devices()) {
    const items = world.simulator.inbox(address).filter(({ data }) => data['deliveryId'] === id);
    expect({ address, shown: items.length <= 1 }).toEqual({ address, shown: true });
    if (items.length === 1) shown.add(address);
  }
  return shown;
}

async function expectPromisesKept(schedule: Schedule, ids: readonly string[]): Promise<void> {
  const ledger = await entries();
  expectLedgerComplete(ledger);
  const registered = new Set(schedule.registrations.map(({ device }) => device));
  for (const [nth, id] of ids.entries()) {
    const { to } = schedule.events[nth] as Schedule['events'][number];
    const entry = ledger.get(id);
    const shown = shownBy(id);
    // delivered ⇒ in the inbox
    expect({ id, enough: shown.size >= (entry?.counts.delivered ?? Infinity) }).toEqual({
      id,
      enough: true,
    });
    expect(entry?.counts.recipients).toBe(to.length);
    schedule.devices.forEach(({ owner, state, fault }, device) => {
      const isRefused = fault !== undefined && fault.name in REFUSALS;
      if (state === 'dead' || isRefused || registered.has(device)) return;
      // Nothing is lost, and nobody hears what is not meant for them.
      const address = addressOf(device);
      expect({ id, address, shown: shown.has(address) }).toEqual({
        id,
        address,
        shown: to.includes(owner),
      });
    });
  }
  await expectNoLiveAddressPruned(schedule);
}

async function expectNoLiveAddressPruned(schedule: Schedule): Promise<void> {
  const { docs } = await world.db.collection('users').get();
  const kept = new Set(docs.flatMap((found) => found.get('tokens') as string[]));
  for (const { address, state } of world.simulator.devices()) {
    if (state === 'live')
      expect({ address, kept: kept.has(address) }).toEqual({ address, kept: true });
  }
  const heard = new Set(schedule.events.flatMap(({ to }) => to));
  // Written while a push was under way, a user keeps what it called dead; the next push settles it.
  const written = new Set(
    schedule.registrations.flatMap(({ owner, device }) => [owner, schedule.devices[device]?.owner]),
  );
  schedule.devices.forEach(({ owner, fault }, device) => {
    const now = world.simulator.device(addressOf(device));
    const isSure = heard.has(owner) && !written.has(owner) && fault === undefined;
    if (now?.state !== 'unregistered' || !isSure) return;
    expect({ device, kept: kept.has(addressOf(device)) }).toEqual({ device, kept: false });
  });
}

describe('whatever happens', () => {
  it('every address ends in one outcome, nobody is lost, told twice, or pruned while alive', async () => {
    const run = async (schedule: Schedule): Promise<void> => {
      await prepare(schedule);
      await expectPromisesKept(schedule, await play(schedule));
    };
    let last = Promise.resolve();
    await fc.assert(
      fc.asyncProperty(schedules, (schedule) => (last = run(schedule))),
      { numRuns: RUNS, interruptAfterTimeLimit: TIME_LIMIT_MS, endOnFailure: false },
    );
    // The run that the time limit interrupted goes on: it counts, and must not outlive its world.
    await last;
  });
});
