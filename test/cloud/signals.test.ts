/** Each alert of `monitoring/` sees its fault: it is made here, and what the functions log of it moves the alert's metric. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALERTS } from '../../scripts/monitoring/files.ts';
import { codesOf, rowsOf, sectionOf } from '../../scripts/monitoring/markdown.ts';
import { openCloud, type Cloud, type CloudOptions } from './cloud.ts';
import { addPeople, addressOf, offer, tellCustomers } from './people.ts';
import { INVALID_ARGUMENT, isOutcome, wiresOf } from './refusals.ts';
import { Watch } from './watch.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
/** gRPC statuses. */
const PERMISSION_DENIED = 7;

interface Fault {
  readonly alert: string;
  /** What goes wrong, in the words of the runbook. */
  readonly cause: string;
  readonly options?: CloudOptions;
  /** Other alerts that see the same fault. */
  readonly also?: readonly string[];
  make(cloud: Cloud, watch: Watch): Promise<void>;
}

const WIRED = { instance: { wired: true } } as const;

/** A courier offers each of so many customers to bring an order, all at once: so many deliveries. */
async function offers(cloud: Cloud, count: number, devices = 1): Promise<string[]> {
  const uids = await addPeople(cloud, count, devices);
  await offerAll(cloud, uids);
  return uids;
}

async function offerAll(cloud: Cloud, uids: readonly string[]): Promise<void> {
  const documents = (path: (uid: string) => string, fields: (uid: string) => object) =>
    Object.fromEntries(uids.map((uid) => [path(uid), fields(uid)]));
  await cloud.seed(
    documents(
      (uid) => `orders/of-${uid}`,
      (uid) => ({ customerId: uid, sellerId: uid }),
    ),
  );
  await cloud.write(
    documents(
      (uid) => `orders/of-${uid}/offers/courier`,
      () => ({}),
    ),
  );
}

/** FCM blames a field of the push. */
const BAD_FIELD = JSON.stringify({
  error: {
    code: 400,
    status: 'INVALID_ARGUMENT',
    message: 'Invalid value.',
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.BadRequest',
        fieldViolations: [{ field: 'message.notification.image', description: 'Invalid value.' }],
      },
    ],
  },
});

const FAULTS: readonly Fault[] = [
  {
    alert: 'refused',
    cause: 'FCM has no valid APNs key',
    async make(cloud, watch) {
      cloud.simulator.addFault({ then: { errorCode: 'THIRD_PARTY_AUTH_ERROR' } });
      await offers(cloud, 1);
      await watch.pass(1);
    },
  },
  {
    alert: 'incomplete',
    cause: 'our credential was refused for many',
    also: ['refused'],
    async make(cloud, watch) {
      cloud.simulator.addFault({ then: { errorCode: 'THIRD_PARTY_AUTH_ERROR' } });
      await offers(cloud, 11);
      await watch.pass(1);
    },
  },
  {
    alert: 'rejected',
    cause: 'a field that FCM does not take',
    async make(cloud, watch) {
      const then = { status: 400, contentType: 'application/json', body: BAD_FIELD };
      cloud.simulator.addFault({ then });
      await offers(cloud, 21);
      await watch.pass(1);
    },
  },
  {
    alert: 'breaker',
    cause: 'most addresses of a delivery are reported dead',
    async make(cloud, watch) {
      const uids = await addPeople(cloud, 40);
      for (const uid of uids.slice(0, 30)) {
        cloud.simulator.putDevice(addressOf(uid), { state: 'unregistered' });
      }
      await tellCustomers(cloud, uids);
      await watch.pass(1);
    },
  },
  {
    alert: 'waiting',
    cause: 'the quota of FCM is used up',
    async make(cloud, watch) {
      const then = { errorCode: 'QUOTA_EXCEEDED', retryAfterSeconds: 1_800 };
      cloud.simulator.addFault({ then });
      await offers(cloud, 101);
      await watch.pass(18);
    },
  },
  {
    alert: 'backlog-age',
    cause: 'the queue takes tasks and does not run them',
    also: ['stuck', 'latency', 'incomplete'],
    async make(cloud, watch) {
      cloud.simulator.addFault({ then: { errorCode: 'UNAVAILABLE' } });
      cloud.tasks.loses = () => true;
      await offers(cloud, 1);
      await watch.pass(100);
    },
  },
  {
    alert: 'latency',
    cause: 'too few instances: events come late',
    async make(cloud, watch) {
      const [uid] = (await addPeople(cloud, 1)) as [string];
      await cloud.seed({ [`orders/of-${uid}`]: { customerId: uid, sellerId: uid } });
      for (let minute = 0; minute < 16; minute += 2) {
        const path = `orders/of-${uid}/offers/courier${minute}`;
        await cloud.write({ [path]: {} }, { delayMs: 90 * SECOND_MS });
        await watch.pass(2);
      }
    },
  },
  {
    alert: 'stuck',
    cause: 'an instance died, and the sweep missed its runs',
    async make(cloud, watch) {
      const slow = cloud.simulator.addFault({ then: { delayMs: 2_000, deliver: true } });
      await addPeople(cloud, 1);
      await offer(cloud, 'u00000', ['courier']);
      await cloud.untilSent(1);
      await cloud.fleet.instances[0]?.kill();
      cloud.simulator.removeFault(slow.id);
      cloud.clock.advance(40 * MINUTE_MS);
      await watch.pass(10);
    },
    also: ['latency'],
  },
  {
    alert: 'sweep-absent',
    cause: 'its job is paused',
    async make(cloud, watch) {
      await watch.pass(11);
      cloud.paused.add('sweepDeliveries');
      await watch.pass(25);
    },
  },
  {
    alert: 'compose-failing',
    cause: 'what compose reads is down',
    options: WIRED,
    async make(cloud, watch) {
      const isOrder = (body: string) => body.includes('/orders/');
      const { calls } = wiresOf(cloud);
      calls.add({ call: 'BatchGetDocuments', when: isOrder, then: PERMISSION_DENIED });
      await offers(cloud, 11);
      await watch.untilFired('compose-failing');
      calls.mend();
      await watch.pass(2);
    },
  },
  {
    alert: 'event-unusable',
    cause: 'a document that does not fit its schema',
    async make(cloud, watch) {
      await cloud.write({ 'shops/s1/notices/n1': { authorId: 'author', text: 7 } });
      await watch.pass(1);
    },
  },
  {
    alert: 'delivery-failed',
    cause: 'a push is too large for everybody',
    async make(cloud, watch) {
      const [uid] = (await addPeople(cloud, 1)) as [string];
      const data = { text: 'x'.repeat(5_000) };
      const large = { to: [uid], title: 'News', body: 'Long', data, requiredData: ['text'] };
      await cloud.write({ 'pushes/large': large });
      await watch.pass(1);
    },
  },
  {
    alert: 'not-recorded',
    cause: 'Firestore does not take what came of it',
    options: WIRED,
    async make(cloud, watch) {
      const { calls } = wiresOf(cloud);
      calls.add({ call: 'Commit', when: isOutcome, then: INVALID_ARGUMENT });
      await offers(cloud, 5);
      await watch.pass(1);
    },
  },
  {
    alert: 'prune-failed',
    cause: 'a role is missing',
    options: WIRED,
    async make(cloud, watch) {
      const uids = await addPeople(cloud, 4, 2);
      for (const uid of uids)
        cloud.simulator.putDevice(addressOf(uid, 1), { state: 'unregistered' });
      const isPrune = (body: string) => body.includes('/users/') && !body.includes('/deliveries/');
      wiresOf(cloud).calls.add({ call: 'Commit', when: isPrune, then: PERMISSION_DENIED });
      await offerAll(cloud, uids);
      await watch.pass(2);
    },
  },
  {
    alert: 'not-enqueued',
    cause: 'the queue was deleted',
    also: ['latency'],
    async make(cloud, watch) {
      cloud.simulator.addFault({ then: { errorCode: 'UNAVAILABLE' } });
      cloud.tasks.delete('deliveryTasks');
      await offers(cloud, 1);
      await watch.pass(1);
    },
  },
  {
    alert: 'calls-failing',
    cause: 'a role is missing',
    options: WIRED,
    async make(cloud, watch) {
      const { calls } = wiresOf(cloud);
      calls.add({ call: 'BatchGetDocuments', then: PERMISSION_DENIED });
      const addresses = Array.from({ length: 6 }, (_, nth) => addressOf('ola', nth));
      await Promise.all(
        addresses.map((address) => cloud.call('ola', 'registerToken', { address })),
      );
      await watch.pass(1);
    },
  },
];

it('has a fault for every alert', () => {
  expect(FAULTS.map(({ alert }) => alert).sort()).toEqual([...ALERTS.keys()].sort());
});

it.each(FAULTS)(
  '$alert fires when $cause',
  async ({ alert, options, also = [], make }) => {
    const cloud = await openCloud(options);
    const watch = new Watch(cloud);
    await make(cloud, watch);
    await watch.untilFired(alert);
    expect([alert, ...also]).toEqual(expect.arrayContaining([...watch.fired]));
    expectDocumented(watch);
  },
  120_000,
);

it('no alert fires in an hour of pushes of which one is tried again, one finds a dead device and one nobody', async () => {
  const cloud = await openCloud();
  const watch = new Watch(cloud);
  const uids = await addPeople(cloud, 20, 2);
  const dead = addressOf(uids[0] as string, 1);
  cloud.simulator.putDevice(dead, { state: 'unregistered' });
  cloud.simulator.addFault({ times: 1, then: { errorCode: 'UNAVAILABLE' } });
  for (const uid of uids) {
    await offer(cloud, uid, ['courier']);
    await watch.pass(3);
  }
  await offer(cloud, 'unknown', ['courier']);
  await watch.pass(5);
  expect([...watch.fired]).toEqual([]);
  const counts = (name: string) =>
    watch.points.filter(({ metric }) => metric.type.endsWith(`/${name}`)).length;
  expect(counts('push_deliveries')).toBe(21);
  expect(counts('push_delivery_latency')).toBe(21);
  expect(counts('push_retries')).toBe(1);
  expect(counts('push_addresses_unregistered')).toBe(1);
  expect(counts('push_sweeps')).toBeGreaterThanOrEqual(12);
  expectDocumented(watch);
}, 120_000);

it('gives all lines of a delivery one trace: its trigger, its shards and their retries', async () => {
  const cloud = await openCloud({ settings: { SHARD_SIZE: '3' } });
  const watch = new Watch(cloud);
  cloud.simulator.addFault({ times: 2, then: { errorCode: 'UNAVAILABLE' } });
  await tellCustomers(cloud, await addPeople(cloud, 12));
  await watch.pass(5);
  const lines = watch.entries.filter(({ jsonPayload }) => jsonPayload['delivery'] !== undefined);
  const events = new Set(lines.map(({ jsonPayload }) => jsonPayload['event']));
  expect([...events]).toEqual(expect.arrayContaining(['delivery', 'shard', 'retry']));
  expect([...new Set(lines.map(({ trace }) => trace))]).toEqual([
    expect.stringMatching(/^projects\/demo-cloud-[\w-]+\/traces\/[0-9a-f]{32}$/),
  ]);
}, 60_000);

it('writes one line of at most 1 KiB for a delivery without faults', async () => {
  const cloud = await openCloud();
  const watch = new Watch(cloud);
  await offers(cloud, 1, 3);
  await watch.pass(1);
  const [instance] = cloud.fleet.instances;
  const lines = (instance?.log ?? []).filter((line) => line.includes('"delivery":'));
  expect(lines).toHaveLength(1);
  expect(Buffer.byteLength(lines[0] as string)).toBeLessThan(1024);
});

/** What docs/signals.md says that each line has. */
const DOCUMENTED = new Map(
  rowsOf(
    sectionOf(readFileSync(join(__dirname, '../../docs/signals.md'), 'utf8'), '## The lines'),
  ).map(([event = '', severities = '', , fields = '']) => [
    codesOf(event)[0] as string,
    { severities: severities.split(', '), fields: new Set(codesOf(fields)) },
  ]),
);
const COMMON = new Set(['event', 'schema', 'delivery', 'type', 'message']);

/** Every line with an event is one of docs/signals.md, with its severities and no other fields; and each point has its labels. */
function expectDocumented(watch: Watch): void {
  const lines = watch.entries.filter(({ jsonPayload }) => jsonPayload['event'] !== undefined);
  expect(lines.length).toBeGreaterThan(0);
  const strange = lines.flatMap(({ severity, jsonPayload }) => {
    const documented = DOCUMENTED.get(String(jsonPayload['event']));
    if (documented === undefined) return [`unknown event ${String(jsonPayload['event'])}`];
    const { severities, fields } = documented;
    return [
      ...(severities.includes(severity) ? [] : [`${String(jsonPayload['event'])} is ${severity}`]),
      ...Object.keys(jsonPayload)
        .filter((field) => !COMMON.has(field) && !fields.has(field))
        .map((field) => `${String(jsonPayload['event'])} has ${field}`),
    ];
  });
  expect([...new Set(strange)]).toEqual([]);
  const unlabelled = watch.points.filter(({ metric }) => Object.values(metric.label).includes(''));
  expect([...new Set(unlabelled.map(({ metric }) => JSON.stringify(metric)))]).toEqual([]);
}
