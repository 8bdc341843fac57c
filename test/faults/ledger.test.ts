/**
 * The ledger's promises: one worker at a time, what is final stays final, what was cut off is resumed, nothing loops for ever.
 */
import { notify } from '../../kit/src/catalogue/compose.ts';
import { NO_DOUBT } from '../../kit/src/delivery/doubt.ts';
import { LeaseLostError } from '../../kit/src/delivery/ledger-entry.ts';
import { z } from 'zod';
import { LEASE_MS, World } from './world.ts';

let world: World;
let uid: string;
let address: string;
let id: string;
let users = 0;

beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.close());
beforeEach(async () => {
  users += 1;
  uid = `u${users}`;
  address = `${uid}:APA91b-address`;
  id = world.newId();
  world.simulator.reset();
  await world.addUser(uid, [address]);
});

const unavailable = (times: number): void => {
  world.simulator.addFault({ match: { address }, times, then: { errorCode: 'UNAVAILABLE' } });
};

/** Leaves the entry as a worker does that dies at the nth step. */
async function crashAt(nth: number, happens: boolean): Promise<void> {
  world.power.cutAt(nth, happens);
  await world
    .boot()
    .deliver(world.order({ to: uid }, id))
    .catch(() => undefined);
  expect(world.power.isOff).toBe(true);
  world.power.on();
}

describe('two workers on one event', () => {
  it('only one sends; the other leaves it to the first, which is no error', async () => {
    const order = world.order({ to: uid }, id);
    // The first is still sending when the second looks, however slow the machine.
    world.simulator.addFault({ match: { address }, times: 1, then: { delayMs: 1_000 } });
    await Promise.all([world.boot().deliver(order), world.boot().deliver(order)]);
    await world.boot().deliver(order);
    expect(world.sends(address)).toBe(1);
    expect(await world.entry(id)).toMatchObject({ state: 'done', counts: { delivered: 1 } });
  });

  it('many at once: still one', async () => {
    const order = world.order({ to: uid }, id);
    await Promise.all(Array.from({ length: 12 }, () => world.boot().deliver(order)));
    expect(world.sends(address)).toBe(1);
  });

  it('two functions on one write do not block each other', async () => {
    const [order, feed] = [`order-shared${users}`, `feed-shared${users}`];
    const engine = world.boot();
    await Promise.all([
      engine.deliver(world.order({ to: uid }, order)),
      engine.deliver(world.order({ to: uid }, feed)),
    ]);
    expect(world.titles(address)).toHaveLength(2);
    expect((await world.entry(order)).state).toBe('done');
    expect((await world.entry(feed)).state).toBe('done');
  });

  it('the lease decides: before its end the entry is left alone, after it taken over and finished', async () => {
    // Claimed, then gone.
    await crashAt(0, true);
    const order = world.order({ to: uid }, id);
    world.now += LEASE_MS - 1;
    await world.boot().deliver(order);
    expect(world.sends(address)).toBe(0);
    world.now += 1;
    await world.boot().deliver(order);
    expect(await world.entry(id)).toMatchObject({ state: 'done', attempts: 2 });
    expect(world.titles(address)).toHaveLength(1);
  });

  it.each(['first', 'later'] as const)(
    'a worker that outlived its %s lease records nothing over the one that took over',
    async (which) => {
      const ledger = world.ledger();
      if (which === 'later') {
        await crashAt(0, true);
        world.now += LEASE_MS;
      }
      const { content, actor: _none } = world.order({ to: uid }, id);
      const slow = await ledger.claim(id, {
        ...{ type: 'order', content, findBy: [] },
        coverage: { kind: 'listed', uids: [uid] },
      });
      if (slow.kind !== 'held-by-us') throw new Error(`expected a hold, got ${slow.kind}`);
      world.now += LEASE_MS;
      await world.boot().deliver(world.order({ to: uid }, id));
      const recorded = await world.entry(id);
      expect(recorded).toMatchObject({ state: 'done', reasons: { [uid]: 'delivered' } });
      const { counts } = slow.entry.document;
      const result = { counts, reasons: { [uid]: 'late' }, pending: [], answers: [], codes: {} };
      const late = [
        ledger.finish(slow.entry, { ...result, reached: undefined }),
        ledger.wait(
          slow.entry,
          { ...result, reached: undefined, sent: true, retryAt: world.now },
          NO_DOUBT,
        ),
        ledger.progress(slow.entry, { ...result, reached: uid }, NO_DOUBT),
        ledger.noteResends(slow.entry, { next: { times: 1, until: uid } }),
        ledger.release(slow.entry, true),
        ledger.giveUp(slow.entry, { ...result, error: 'late', errorCode: 'CANCELLED' }),
      ];
      for (const write of late) await expect(write).rejects.toThrow(LeaseLostError);
      expect(await world.entry(id)).toEqual(recorded);
    },
  );
});

describe('what is final', () => {
  it('is never worked on again, by the event, a task or the sweep', async () => {
    unavailable(1);
    await world.tell({ to: uid }, id);
    const done = await world.entry(id);
    const sends = world.sends(address);
    world.now += 10 * LEASE_MS;
    const engine = world.boot();
    await engine.deliver(world.order({ to: uid }, id));
    await engine.run({ kind: 'retry', delivery: id, round: 1, dueAt: 0 });
    await engine.run({ kind: 'resume', delivery: id, lease: 1 });
    expect(await engine.sweep(10)).toEqual({ overdue: 0, overdueMs: 0 });
    expect(world.sends(address)).toBe(sends);
    expect(await world.entry(id)).toEqual(done);
  });

  it('is not overwritten when a redelivered event can no longer be composed', async () => {
    unavailable(1);
    await world.deliverUntilAcknowledged(world.order({ to: uid }, id));
    const ledger = world.ledger();
    const redeliver = (): Promise<void> =>
      notify(
        { name: 'order', document: 'orders/{orderId}', schema: z.object({}), compose: () => null },
        {
          ...{ id: id.slice('order-'.length), time: new Date(0).toISOString() },
          ...{ paths: ['orders/o'], data: 'not a document any more' },
        },
        {
          engine: world.boot(),
          ledger,
          reader: { get: () => Promise.resolve(undefined) },
          load: () => Promise.resolve(undefined),
          now: () => world.now,
          composeRetryMs: 1,
          recordNobody: 'all',
          log: {
            unusableEvent: () => undefined,
            composeFailed: () => undefined,
            nothingToTell: () => undefined,
            pictureLeftOut: () => undefined,
            notNoted: () => undefined,
          },
        },
      );
    // While a retry waits: it must still be made.
    await redeliver();
    expect(await world.entry(id)).toMatchObject({ state: 'sending', pending: [{ uid }] });
    await world.settle();
    await redeliver();
    expect(await world.entry(id)).toMatchObject({ state: 'done', counts: { delivered: 1 } });
  });
});

describe('what was cut off', () => {
  it('is resumed by the sweep when nobody else comes, whichever step was the last', async () => {
    // Steps of a delivery with a retry: claim, read, send, wait, enqueue.
    for (const [nth, happens] of [
      [0, true],
      [2, false],
      [2, true],
      [3, true],
      [4, false],
    ] as const) {
      id = world.newId();
      world.simulator.reset();
      unavailable(1);
      await crashAt(nth, happens);
      // The event itself never comes again.
      await world.settle();
      expect({ nth, entry: await world.entry(id) }).toMatchObject({
        nth,
        entry: { state: 'done', counts: { addresses: 1, delivered: 1 } },
      });
      expect(world.titles(address)).toHaveLength(1);
    }
  });

  it('is sent to only where it is still to be sent', async () => {
    const others = [`${uid}:APA91b-b`, `${uid}:APA91b-c`];
    await world.addUser(uid, [address, ...others]);
    unavailable(2);
    await world.deliverUntilAcknowledged(world.order({ to: uid }, id));
    // The retry's worker dies before it has recorded anything; the next one goes on with the same.
    world.power.cutAt(3, false);
    await world.settle();
    expect(await world.entry(id)).toMatchObject({
      state: 'done',
      counts: { addresses: 3, delivered: 3 },
    });
    expect(others.map((other) => world.sends(other))).toEqual([1, 1]);
    expect(world.titles(address)).toHaveLength(1);
  });

  it('a task of an earlier round has nothing to do', async () => {
    unavailable(2);
    await world.deliverUntilAcknowledged(world.order({ to: uid }, id));
    const [first] = world.tasks;
    world.now = first?.at ?? 0;
    await world.boot().run(first!.task);
    expect(world.sends(address)).toBe(2);
    await world.boot().run(first!.task);
    expect(world.sends(address)).toBe(2);
    await world.settle();
    expect(world.sends(address)).toBe(3);
  });

  it('the same retry dispatched twice at once is made once', async () => {
    unavailable(1);
    await world.deliverUntilAcknowledged(world.order({ to: uid }, id));
    const [{ task, at }] = world.tasks as [(typeof world.tasks)[number]];
    world.now = at;
    await Promise.allSettled([world.boot().run(task), world.boot().run(task)]);
    await world.settle();
    expect(world.sends(address)).toBe(2);
    expect(await world.entry(id)).toMatchObject({ state: 'done', counts: { delivered: 1 } });
  });
});

describe('an address that changed hands before the retry', () => {
  it.each<[string, () => Promise<void>, string?]>([
    ['logged out', () => world.addUser(uid, [])],
    [
      'moved to another user',
      async () => {
        await world.addUser(uid, []);
        await world.addUser(`${uid}-next`, [address]);
      },
    ],
    ['whose owner is deleted', async () => void (await world.db.doc(`users/${uid}`).delete())],
    [
      'whose owner muted it',
      () => world.addUser(uid, [address], { notificationSettings: { order: false } }),
      'muted',
    ],
  ])('%s: is not sent to', async (_, change, reason = 'address-removed') => {
    unavailable(1);
    await world.deliverUntilAcknowledged(world.order({ to: uid }, id));
    await change();
    await world.settle();
    expect(world.sends(address)).toBe(1);
    expect(world.titles(address)).toEqual([]);
    expect(await world.entry(id)).toMatchObject({
      state: 'done',
      counts: { addresses: 1, delivered: 0, unregistered: 1 },
      reasons: { [uid]: reason },
    });
  });
});

describe('what can never succeed', () => {
  it('a payload too large is recorded with its reason and not retried', async () => {
    await world.deliverUntilAcknowledged(
      world.order({ to: uid, data: { big: 'x'.repeat(5000) }, requiredData: ['big'] }, id),
    );
    const entry = await world.entry(id);
    expect(entry.state).toBe('failed');
    expect(entry.error).toMatch(/expected a payload of at most 4096 bytes, got \d+ bytes/);
    expect(entry).not.toHaveProperty('content');
    expect(world.tasks).toEqual([]);
    expect(world.sends(address)).toBe(0);
    await world.boot().deliver(world.order({ to: uid }, id));
    expect(world.sends(address)).toBe(0);
  });

  it('a delivery that kills its worker every time is given up after a bounded number of attempts', async () => {
    const order = world.order({ to: uid }, id);
    let deliveries = 0;
    for (; (await stateOf(id)) !== 'failed'; deliveries += 1) {
      if (deliveries > 100) throw new Error('It goes on for ever.');
      const deadly = world.boot({
        providers: { fcm: { send: () => Promise.reject(new Error('out of memory')) } },
      });
      await deadly.deliver(order).catch(() => undefined);
      world.now += LEASE_MS;
    }
    expect(deliveries).toBe(51);
    expect(await world.entry(id)).toMatchObject({ error: 'given up after 50 attempts' });
  });

  it('counts whoever was still waiting for a retry as failed when it is given up', async () => {
    unavailable(1000);
    await world.deliverUntilAcknowledged(world.order({ to: uid }, id));
    await world.db.doc(`deliveries/${id}`).update({ attempts: 50 });
    await world.settle();
    expect(await world.entry(id)).toMatchObject({
      state: 'failed',
      pending: [],
      counts: { addresses: 1, failed: 1 },
      reasons: { [uid]: 'failed:UNAVAILABLE' },
    });
  });

  async function stateOf(delivery: string): Promise<unknown> {
    return (await world.db.doc(`deliveries/${delivery}`).get()).get('state');
  }
});
