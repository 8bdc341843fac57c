/** `npx @firestore-push/push status` as an operator calls it, against a world whose engine has work to do. */
import { Timestamp } from '@google-cloud/firestore';
import { beginWithAna, COMPOSE_RETRY_MS, LIKE, like } from './catalogue.ts';
import { Operator } from './operator.ts';
import { LEASE_MS, World } from './world.ts';

let world: World;
let operator: Operator;
beforeAll(async () => {
  world = await World.create({ shardSize: 5 });
  operator = new Operator(world.project);
});
beforeEach(() => beginWithAna(world, Date.now() - 60_000));
afterAll(async () => {
  Operator.leave();
  await world.close();
});

async function status(): Promise<unknown> {
  const { code, out, err } = await operator.call('status', '--json');
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out);
}

it('says that all is well where nothing is open and nothing failed', async () => {
  await like(world, LIKE, 'e1');
  expect(await status()).toMatchObject({
    schema: 1,
    backlog: { count: 0 },
    waiting: { count: 0 },
    lastDay: { deliveries: 0, codes: [], breaker: 0 },
    composing: { count: 0 },
    large: [],
    sweep: { overdue: 0 },
  });
  const { out } = await operator.call('status');
  expect(out).toContain('Every delivery is final.');
});

it('counts what waits for a retry, and says when the next goes on', async () => {
  world.simulator.addFault({ times: 1, then: { status: 503, errorCode: 'UNAVAILABLE' } });
  await like(world, LIKE, 'e1');
  const { pending } = await world.entry('wave-e1');
  expect(await status()).toMatchObject({
    backlog: { count: 1, oldest: { delivery: 'wave-e1', type: 'wave' } },
    waiting: { count: 1, nextAt: new Date(pending[0]?.dueAt ?? 0).toISOString() },
  });
});

it('counts by code what failed, of the last hour and the last day', async () => {
  const fault = { status: 401, errorCode: 'THIRD_PARTY_AUTH_ERROR' };
  world.simulator.addFault({ then: fault });
  world.now -= 2 * 3_600_000;
  await like(world, LIKE, 'e1');
  await world.settle();
  world.now = Date.now() - 60_000;
  await like(world, LIKE, 'e2');
  await world.settle();
  const code = { code: 'THIRD_PARTY_AUTH_ERROR', of: 'addresses' };
  expect(await status()).toMatchObject({
    lastHour: { deliveries: 1, codes: [{ ...code, count: 1 }] },
    lastDay: { deliveries: 2, codes: [{ ...code, count: 2 }] },
  });
});

it('says of which kinds compose fails now, and no more once it went well', async () => {
  const compose = () => Promise.reject(new Error('the name service is down'));
  await expect(like(world, LIKE, 'e1', { compose })).rejects.toThrow();
  await expect(like(world, 'walls/p1/waves/kim', 'e2', { compose })).rejects.toThrow();
  const kind = { type: 'wave', error: 'the name service is down' };
  expect(await status()).toMatchObject({ composing: { count: 2, kinds: [{ ...kind, count: 2 }] } });
  await like(world, LIKE, 'e1');
  expect(await status()).toMatchObject({ composing: { count: 1 } });
  // The other is given up.
  world.now += COMPOSE_RETRY_MS;
  await like(world, 'walls/p1/waves/kim', 'e2', {
    compose,
    time: world.now - COMPOSE_RETRY_MS - 1,
  });
  expect(await status()).toMatchObject({ composing: { count: 0 } });
});

it('says how far a large delivery is, and when it ends at that rate', async () => {
  const uids = [...(await world.addUsers(23)).keys()];
  await world.deliverUntilAcknowledged(world.order({ to: uids }));
  const engine = world.boot();
  const shards = world.takeTasks(() => true);
  for (const task of shards.slice(0, 2)) await engine.run(task);
  const { large } = (await status()) as { large: { perMinute?: number; endAt?: string }[] };
  expect(large).toMatchObject([
    { delivery: 'order-e1', document: 'orders/o1', begun: 5, done: 2, total: 5 },
  ]);
  expect(large[0]?.perMinute).toBeGreaterThan(0);
  expect(Date.parse(large[0]?.endAt ?? '')).toBeGreaterThan(Date.now());
  expect((await operator.call('status')).out).toContain('orders/o1: 2 shards of 5 done');
});

it('says how long something has had no worker', async () => {
  world.simulator.addFault({ times: 1, then: { status: 503, errorCode: 'UNAVAILABLE' } });
  await like(world, LIKE, 'e1');
  const leaseUntil = Timestamp.fromMillis(Date.now() - 4 * LEASE_MS);
  await world.db.doc('deliveries/wave-e1').update({ leaseUntil });
  expect(await status()).toMatchObject({
    sweep: {
      overdue: 1,
      oldest: { delivery: 'wave-e1', since: leaseUntil.toDate().toISOString() },
    },
  });
  expect((await operator.call('status')).out).toMatch(/PROBLEM {2}1 has no worker/);
});

it('counts pushes that wait for their time', async () => {
  await world.db.doc('pushes/a').set({ state: 'scheduled' });
  await world.db.doc('pushes/b').set({ state: 'sent' });
  expect(await status()).toMatchObject({ scheduled: 1 });
});
