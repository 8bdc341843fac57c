/**
 * What an installation may be in the middle of when it is upgraded. Each scene is played by the real code and left at a chosen
 * point; between them they show every field that this release writes (`declared-fields.ts` says which there are).
 */
import { FieldValue, Timestamp } from '@google-cloud/firestore';
import { STEP_RECIPIENTS } from '../../kit/src/delivery/step.ts';
import { LEASE_MS } from '../faults/world.ts';
import type { Expected } from './fixture.ts';
import type { Installation } from './installation.ts';

export interface Scene {
  /** Name of its file. */
  readonly name: string;
  /** What the installation is in the middle of. */
  readonly scene: string;
  readonly shardSize?: number;
  /** Brings the installation there; says what is to become of it. */
  readonly play: (installation: Installation) => Promise<Expected>;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A user's only address, where nothing else is said. */
const addressOf = (uid: string) => `${uid}:APA91b-address`;

/** Every field that a notification may have and that goes together. */
const ELABORATE = {
  title: { key: 'offer.title', args: { name: 'Maya' } },
  subtitle: 'Order 7',
  body: { locKey: 'order.body', locArgs: ['7'], fallback: 'It is on its way' },
  image: 'https://example.com/order.png',
  data: { orderId: '7', note: 'fragile' },
  requiredData: ['orderId'],
  link: '/orders/7',
  collapseKey: 'order-7',
  channelId: 'orders',
  category: 'order',
  threadId: 'orders',
  launchImage: 'orders.png',
  interruptionLevel: 'critical',
  relevanceScore: 0.5,
  targetContentId: 'orders',
  sound: 'bell.caf',
  criticalVolume: 0.5,
  badge: 3,
  priority: 'high',
  style: 'alert',
  timeToLive: 86_400,
  analyticsLabel: 'orders',
  expo: { experienceId: '@shop/app', icon: 'bell' },
  apns: { aps: { 'filter-criteria': 'orders' }, custom: { shop: 'maya' } },
} as const;

async function addPeople({ world }: Installation, ...uids: readonly string[]): Promise<void> {
  for (const uid of uids) await world.addUser(uid, [addressOf(uid)]);
}

/** The provider has no time for an address now: once. */
function isBusyFor({ world }: Installation, address: string, retryAfterSeconds?: number): void {
  const wait = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  world.simulator.addFault({
    match: { address },
    times: 1,
    then: { errorCode: 'UNAVAILABLE', ...wait },
  });
}

/** Nobody holds anything any more. */
function leasesEnd({ world }: Installation): void {
  world.now += 2 * LEASE_MS;
}

const resume = (delivery: string) => ({ kind: 'resume', delivery, lease: 0 }) as const;

const deliveries: readonly Scene[] = [
  {
    name: 'claimed',
    scene: 'A delivery is claimed; its worker is gone before it sent anything.',
    async play(installation) {
      const { world } = installation;
      await world.addUser('ola', [addressOf('ola')], { locale: 'de' });
      await installation.dyingAt('fcm.send', () =>
        installation.deliver(
          'order-e1',
          { to: ['ola', 'maya'], actor: 'maya', ...ELABORATE },
          { isAcknowledged: false },
        ),
      );
      return {
        told: { [addressOf('ola')]: 'due' },
        says: { [addressOf('ola')]: 'Maya möchte deine Bestellung bringen' },
        ends: {
          'deliveries/order-e1': {
            state: 'done',
            counts: { recipients: 2, delivered: 1, skipped: 1 },
            reasons: { ola: 'delivered', maya: 'is-actor' },
          },
        },
      };
    },
  },
  {
    name: 'swept',
    scene: 'The same, and the sweep has enqueued a task that resumes it.',
    async play(installation) {
      await addPeople(installation, 'ola');
      await installation.dyingAt('fcm.send', () =>
        installation.deliver('order-e1', { to: 'ola', title: 'Swept' }),
      );
      leasesEnd(installation);
      await installation.world.boot().sweep(100);
      return {
        told: { [addressOf('ola')]: 'due' },
        ends: { 'deliveries/order-e1': { state: 'done', counts: { delivered: 1 } } },
      };
    },
  },
  {
    name: 'released',
    scene: 'Firestore failed before anything was sent: the worker gave its entry back.',
    async play(installation) {
      const { world } = installation;
      await addPeople(installation, 'ola');
      const error = Object.assign(new Error('14 UNAVAILABLE: no connection'), { code: 14 });
      const users = Object.assign(world.parts().users, { read: () => Promise.reject(error) });
      const order = world.order({ to: 'ola', title: 'Released' }, 'order-e1');
      await world
        .boot({ users })
        .deliver(order)
        .catch(() => undefined);
      installation.events.push({
        delivery: 'order-e1',
        notification: { to: 'ola', title: 'Released' },
        isAcknowledged: false,
      });
      return {
        told: { [addressOf('ola')]: 'due' },
        ends: { 'deliveries/order-e1': { state: 'done', counts: { delivered: 1 } } },
      };
    },
  },
  {
    name: 'waiting-together',
    scene: 'An address waits for a retry, which a task makes together with those of others.',
    async play(installation) {
      const { world } = installation;
      await world.addUser('ola', ['ola:APA91b-phone', 'ola:APA91b-tablet']);
      await addPeople(installation, 'lia');
      await world.addUser('bo', []);
      await world.addUser('kim', [addressOf('kim')], { notificationSettings: { order: false } });
      isBusyFor(installation, 'ola:APA91b-tablet', 120);
      isBusyFor(installation, addressOf('lia'), 120);
      await installation.deliver('order-e1', {
        to: ['ola', 'bo', 'kim', 'nobody', 'a/b'],
        title: 'Waiting',
      });
      await installation.deliver('order-e2', { to: 'lia', title: 'Waiting, too' });
      return {
        told: {
          'ola:APA91b-phone': 'done',
          'ola:APA91b-tablet': 'due',
          [addressOf('lia')]: 'due',
          [addressOf('kim')]: 'never',
        },
        says: { 'ola:APA91b-tablet': 'Waiting', [addressOf('lia')]: 'Waiting, too' },
        ends: {
          'deliveries/order-e1': {
            state: 'done',
            counts: { recipients: 5, delivered: 2, unreachable: 3, skipped: 1 },
            reasons: { ola: 'delivered', bo: 'no-address', kim: 'muted', nobody: 'no-user' },
          },
          'deliveries/order-e2': { state: 'done', counts: { recipients: 1, delivered: 1 } },
        },
      };
    },
  },
  {
    name: 'waiting-alone',
    scene: 'So many addresses wait for a retry that it has a task of its own.',
    async play(installation) {
      const { world } = installation;
      const addresses = Array.from({ length: 21 }, (_, nth) => `ola${nth}:APA91b-address`);
      await world.addUser('ola', addresses);
      for (const address of addresses) isBusyFor(installation, address);
      await installation.deliver('order-e1', { to: 'ola', title: 'Waiting' });
      return {
        told: Object.fromEntries(addresses.map((address) => [address, 'due'])),
        ends: { 'deliveries/order-e1': { state: 'done', counts: { delivered: 21 } } },
      };
    },
  },
  {
    name: 'retry-begun',
    scene: 'A worker is gone that had taken the retry of one address in hand, and not begun it.',
    async play(installation) {
      await addPeople(installation, 'ola', 'lia');
      isBusyFor(installation, addressOf('lia'));
      await installation.deliver('order-e1', { to: ['ola', 'lia'], title: 'Retry' });
      await installation.dyingAt('fcm.send', () =>
        installation.runTask(({ kind }) => kind === 'due'),
      );
      return {
        told: { [addressOf('ola')]: 'done', [addressOf('lia')]: 'due' },
        ends: { 'deliveries/order-e1': { state: 'done', counts: { delivered: 2 } } },
      };
    },
  },
  {
    name: 'half-way',
    scene: 'A worker is gone after the first step of its audience was recorded, before the second.',
    async play(installation) {
      // Nobody but the first and the last has a device.
      const uids = Array.from({ length: STEP_RECIPIENTS + 1 }, (_, nth) => `u${nth}`);
      const [first = '', last = ''] = [uids[0], uids.at(-1)];
      await addPeople(installation, first, last);
      const { power } = installation.world;
      power.cutAtNext('ledger.progress', true);
      await installation
        .deliver('order-e1', { to: uids, title: 'Half-way' }, { isAcknowledged: false })
        .catch(() => undefined);
      power.on();
      return {
        told: { [addressOf(first)]: 'done', [addressOf(last)]: 'due' },
        ends: {
          'deliveries/order-e1': {
            state: 'done',
            counts: { recipients: uids.length, addresses: 2, delivered: 2 },
          },
        },
      };
    },
  },
  {
    name: 'out-of-time',
    scene: 'A worker had no time left to begin: a task is to go on at once.',
    async play(installation) {
      const { world } = installation;
      await addPeople(installation, 'ola');
      const { ledger } = world.parts();
      const slow = Object.assign(ledger, {
        claim: async (...args: Parameters<typeof ledger.claim>) => {
          const claim = await world.ledger().claim(...args);
          world.now += 2 * LEASE_MS;
          return claim;
        },
      });
      const widget = { pushType: 'widgets', topic: 'com.example.shop.widgets' } as const;
      const notification = { to: 'ola', data: { orders: '7' }, apns: widget };
      await world.boot({ ledger: slow }).deliver(world.order(notification, 'order-e1'));
      installation.events.push({ delivery: 'order-e1', notification, isAcknowledged: true });
      return {
        told: { [addressOf('ola')]: 'due' },
        ends: { 'deliveries/order-e1': { state: 'done', counts: { delivered: 1 } } },
      };
    },
  },
  {
    name: 'finished',
    scene: 'Deliveries are done, or have failed.',
    async play(installation) {
      const { world } = installation;
      await addPeople(installation, 'ola', 'lia');
      world.simulator.putDevice(addressOf('lia'), { state: 'unregistered' });
      await installation.deliver('order-e1', { to: ['ola', 'lia'], title: 'Done' });
      await world.ledger().fail('order-e2', 'compose: no such shop', { type: 'order' });
      return {
        told: { [addressOf('ola')]: 'done', [addressOf('lia')]: 'never' },
        ends: {
          'deliveries/order-e1': {
            state: 'done',
            counts: { delivered: 1, unregistered: 1 },
            reasons: { ola: 'delivered', lia: 'pruned' },
          },
          'deliveries/order-e2': { state: 'failed', error: 'compose: no such shop' },
        },
      };
    },
  },
];

/** Of these, all but the first page of those who pay. */
const BEHIND = ['dan', 'eve', 'finn'];
/** Of a list over shards it is decided by a hash who is in which. */
const SIX = ['ada', 'bo', 'cleo', 'dan', 'eve', 'finn'];

const audiences: readonly Scene[] = [
  {
    name: 'shards',
    scene:
      'A list is spread over shards: one is done, one half-way through a retry, one not begun.',
    shardSize: 2,
    async play(installation) {
      const { world } = installation;
      await addPeople(installation, ...SIX);
      await installation.deliver('order-e1', { to: SIX, title: 'Shards', actor: 'zoe' });
      const shards = await Promise.all(
        [0, 1, 2].map(async (nth) => {
          const { coverage } = await world.entry(`order-e1~${nth}`);
          return coverage?.kind === 'listed' ? coverage.uids : [];
        }),
      );
      const [done = [], begun = [], untouched = []] = shards;
      const [busy = '', ...others] = begun;
      await installation.runTask(({ delivery }) => delivery === 'order-e1~0');
      isBusyFor(installation, addressOf(busy));
      await installation.runTask(({ delivery }) => delivery === 'order-e1~1');
      await installation.dyingAt('fcm.send', () =>
        installation.runTask(({ kind }) => kind === 'due'),
      );
      return {
        told: Object.fromEntries([
          ...[...done, ...others].map((uid) => [addressOf(uid), 'done'] as const),
          ...[busy, ...untouched].map((uid) => [addressOf(uid), 'due'] as const),
        ]),
        ends: { 'deliveries/order-e1': { state: 'done', counts: { recipients: 6, delivered: 6 } } },
      };
    },
  },
  {
    name: 'shards-to-come',
    scene: 'A list is to be spread over shards; its worker is gone before it wrote one down.',
    shardSize: 2,
    async play(installation) {
      await addPeople(installation, ...SIX);
      await installation.dyingAt('ledger.prepare', () =>
        installation.deliver('order-e1', { to: SIX, title: 'Shards' }, { isAcknowledged: false }),
      );
      return {
        told: Object.fromEntries(SIX.map((uid) => [addressOf(uid), 'due'])),
        ends: { 'deliveries/order-e1': { state: 'done', counts: { recipients: 6, delivered: 6 } } },
      };
    },
  },
  {
    name: 'pages',
    scene: 'Everyone is told, page after page: one page is done, one abandoned, one enqueued.',
    shardSize: 2,
    async play(installation) {
      await addPeople(installation, ...SIX);
      await installation.deliver('order-e1', { to: { everyone: true }, title: 'Everyone' });
      await installation.runTask(({ shard }) => shard === 0);
      const { tasks } = installation.world;
      const second = tasks.find(({ task }) => task.kind === 'page' && task.shard === 1);
      await installation.dyingAt('fcm.send', () =>
        installation.runTask(({ shard }) => shard === 1),
      );
      // It comes again.
      if (second !== undefined) installation.world.putTask(second.task);
      return {
        told: Object.fromEntries(
          SIX.map((uid, nth) => [addressOf(uid), nth < 2 ? 'done' : 'due'] as const),
        ),
        says: { [addressOf('finn')]: 'Everyone' },
        ends: { 'deliveries/order-e1': { state: 'done', counts: { recipients: 6, delivered: 6 } } },
      };
    },
  },
  {
    name: 'pages-of-some',
    scene:
      'Users of one kind are told: all pages are begun, one is abandoned. Members of a collection are to be told.',
    shardSize: 2,
    async play(installation) {
      const { world } = installation;
      for (const uid of SIX) {
        await world.addUser(uid, [addressOf(uid)], { plan: uid === 'bo' ? 'free' : 'paid' });
      }
      await addPeople(installation, 'gus', 'hal');
      for (const uid of ['gus', 'hal']) await world.db.doc(`chats/c1/members/${uid}`).set({});
      const paid = { field: 'plan', op: '==', value: 'paid' } as const;
      await installation.deliver('order-e1', { to: { users: paid }, title: 'Paid' });
      const [first] = installation.world.tasks;
      await installation.dyingAt('fcm.send', () =>
        installation.runTask(({ shard }) => shard === 0),
      );
      await installation.runTask(({ shard }) => shard === 1);
      await installation.runTask(({ shard }) => shard === 2);
      // It comes again.
      if (first !== undefined) world.putTask(first.task);
      await installation.deliver('order-e2', {
        to: { members: 'chats/c1/members' },
        title: 'Chat',
      });
      return {
        told: Object.fromEntries(
          [...SIX, 'gus', 'hal'].map((uid) => {
            const told = uid === 'bo' ? 'never' : BEHIND.includes(uid) ? 'done' : 'due';
            return [addressOf(uid), told] as const;
          }),
        ),
        ends: {
          'deliveries/order-e1': { state: 'done', counts: { recipients: 5, delivered: 5 } },
          'deliveries/order-e2': { state: 'done', counts: { recipients: 2, delivered: 2 } },
        },
      };
    },
  },
];

/** Two people are sent to, and the worker is gone before it recorded that. */
async function sendUnrecorded(installation: Installation): Promise<void> {
  await addPeople(installation, 'ola', 'lia');
  await installation.dyingAt('ledger.finish', () =>
    installation.deliver('order-e1', { to: ['ola', 'lia'], title: 'Doubt' }),
  );
  leasesEnd(installation);
}

/** A retry is sent and not recorded, and the worker that resumes it is gone when it comes to this step. */
async function retryInDoubt(installation: Installation, step: string): Promise<void> {
  await addPeople(installation, 'ola', 'lia');
  isBusyFor(installation, addressOf('lia'));
  await installation.deliver('order-e1', { to: ['ola', 'lia'], title: 'Doubt' });
  await installation.dyingAt('ledger.finish', () =>
    installation.runTask(({ kind }) => kind === 'due'),
  );
  leasesEnd(installation);
  await installation.dyingAt(step, () => installation.world.boot().run(resume('order-e1')));
  leasesEnd(installation);
}

const doubts: readonly Scene[] = [
  {
    name: 'doubt-sent',
    scene: 'A step was sent; its worker is gone before it recorded that.',
    async play(installation) {
      await sendUnrecorded(installation);
      return {
        told: { [addressOf('ola')]: 'in doubt', [addressOf('lia')]: 'in doubt' },
        ends: { 'deliveries/order-e1': { state: 'done', counts: { recipients: 2, delivered: 2 } } },
      };
    },
  },
  {
    name: 'doubt-noted',
    scene: 'The same, and a second worker is gone that had noted that it would send again.',
    async play(installation) {
      await sendUnrecorded(installation);
      await installation.dyingAt('fcm.send', () =>
        installation.world.boot().run(resume('order-e1')),
      );
      leasesEnd(installation);
      return {
        told: { [addressOf('ola')]: 'in doubt', [addressOf('lia')]: 'in doubt' },
        ends: { 'deliveries/order-e1': { state: 'done', counts: { recipients: 2, delivered: 2 } } },
      };
    },
  },
  {
    name: 'doubt-sent-again',
    scene: 'The same, and the second worker had sent again and noted that, too.',
    async play(installation) {
      await sendUnrecorded(installation);
      await installation.dyingAt('ledger.finish', () =>
        installation.world.boot().run(resume('order-e1')),
      );
      leasesEnd(installation);
      return {
        told: { [addressOf('ola')]: 'done', [addressOf('lia')]: 'done' },
        ends: { 'deliveries/order-e1': { state: 'done', counts: { recipients: 2, failed: 2 } } },
      };
    },
  },
  {
    name: 'doubt-retry',
    scene:
      'A retry was sent and not recorded; a second worker is gone that noted it would be again.',
    async play(installation) {
      await retryInDoubt(installation, 'fcm.send');
      return {
        told: { [addressOf('ola')]: 'done', [addressOf('lia')]: 'in doubt' },
        ends: { 'deliveries/order-e1': { state: 'done', counts: { recipients: 2, delivered: 2 } } },
      };
    },
  },
  {
    name: 'doubt-retry-sent-again',
    scene: 'The same, and the second worker had sent again and noted that, too.',
    async play(installation) {
      await retryInDoubt(installation, 'ledger.finish');
      return {
        told: { [addressOf('ola')]: 'done', [addressOf('lia')]: 'done' },
        ends: { 'deliveries/order-e1': { state: 'done', counts: { delivered: 1, failed: 1 } } },
      };
    },
  },
];

const pushes: readonly Scene[] = [
  {
    name: 'pushes-scheduled',
    scene: 'Pushes wait for their time; one was postponed, one cancelled, the task of one is lost.',
    async play(installation) {
      const { world, outbox } = installation;
      await addPeople(installation, 'ola', 'lia', 'kim', 'max', 'bo');
      const start = world.now;
      const schedule = (id: string, uid: string, after: number) =>
        outbox.write(id, { to: uid, title: id, sendAt: Timestamp.fromMillis(start + after) });
      await schedule('lost', 'kim', 10 * MINUTE);
      outbox.tasks = [];
      await schedule('soon', 'ola', 10 * MINUTE);
      await schedule('postponed', 'lia', 10 * MINUTE);
      await outbox.write('postponed', { sendAt: Timestamp.fromMillis(start + 90 * MINUTE) });
      await outbox.write('elaborate', {
        ...{ to: ['bo', 'maya'], actor: 'maya', ...ELABORATE },
        sendAt: Timestamp.fromMillis(start + 10 * MINUTE),
      });
      await schedule('cancelled', 'max', 10 * MINUTE);
      await outbox.write('cancelled', { state: 'cancelled' });
      for (const push of ['lost', 'soon', 'postponed', 'elaborate', 'cancelled']) {
        installation.events.push({ push, isAcknowledged: true });
      }
      return {
        told: {
          [addressOf('kim')]: 'due',
          [addressOf('ola')]: 'due',
          [addressOf('lia')]: 'due',
          [addressOf('bo')]: 'due',
          [addressOf('max')]: 'never',
        },
        notBefore: {
          [addressOf('kim')]: start + 10 * MINUTE,
          [addressOf('ola')]: start + 10 * MINUTE,
          [addressOf('lia')]: start + 90 * MINUTE,
          [addressOf('bo')]: start + 10 * MINUTE,
        },
        says: { [addressOf('ola')]: 'soon', [addressOf('lia')]: 'postponed' },
        ends: {
          'pushes/lost': { state: 'sent' },
          'pushes/soon': { state: 'sent' },
          'pushes/postponed': { state: 'sent' },
          'pushes/elaborate': { state: 'sent', counts: { delivered: 1, skipped: 1 } },
          'pushes/cancelled': { state: 'cancelled' },
        },
      };
    },
  },
  {
    name: 'pushes-far',
    scene: 'A push waits for a time that is further away than a task may be.',
    async play(installation) {
      const { world, outbox } = installation;
      await addPeople(installation, 'ola');
      const at = world.now + 40 * DAY;
      await outbox.write('far', { to: 'ola', title: 'Far', sendAt: Timestamp.fromMillis(at) });
      installation.events.push({ push: 'far', isAcknowledged: true });
      return {
        told: { [addressOf('ola')]: 'due' },
        notBefore: { [addressOf('ola')]: at },
        ends: { 'pushes/far': { state: 'sent' } },
      };
    },
  },
  {
    name: 'pushes-sending',
    scene: 'Pushes are under way: unread, begun, claimed, waiting for a retry.',
    async play(installation) {
      const { world } = installation;
      await addPeople(installation, 'ola', 'lia', 'bo', 'kim', 'max');
      const write = (id: string, fields: object) =>
        world.db.doc(`pushes/${id}`).set({ title: id, ...fields });
      // Its sender has written it, and the event is to come.
      await write('unread', { to: 'ola' });
      installation.events.push({ push: 'unread', isAcknowledged: false });
      await write('begun', { to: 'lia' });
      await installation.dyingAt('ledger.claim', () =>
        installation.onPushWritten('begun', { isAcknowledged: false }),
      );
      isBusyFor(installation, addressOf('kim'), 60);
      await write('waiting', { to: ['bo', 'kim'], type: 'sale' });
      await installation.onPushWritten('waiting');
      await write('listed', { to: { addresses: ['lent:APA91b-1', addressOf('max')] } });
      await installation.dyingAt('fcm.send', () =>
        installation.onPushWritten('listed', { isAcknowledged: false }),
      );
      for (const [id, to] of [
        ['topic', { topic: 'news' }],
        ['condition', { condition: "'news' in topics && 'sport' in topics" }],
      ] as const) {
        await write(id, { to });
        await installation.dyingAt('fcm.broadcast', () =>
          installation.onPushWritten(id, { isAcknowledged: false }),
        );
      }
      await write('dry', { to: { topic: 'dry' }, validateOnly: true });
      await installation.dyingAt('fcm.broadcast', () =>
        installation.onPushWritten('dry', { isAcknowledged: false }),
      );
      const sent = { state: 'sent' };
      return {
        told: {
          [addressOf('ola')]: 'due',
          [addressOf('lia')]: 'due',
          [addressOf('bo')]: 'done',
          [addressOf('kim')]: 'due',
          'lent:APA91b-1': 'due',
          [addressOf('max')]: 'due',
          '/topics/news': 'due',
          "'news' in topics && 'sport' in topics": 'due',
          '/topics/dry': 'due',
        },
        says: { [addressOf('ola')]: 'unread', [addressOf('max')]: 'listed' },
        ends: {
          'pushes/unread': sent,
          'pushes/begun': sent,
          'pushes/waiting': { state: 'sent', counts: { recipients: 2, delivered: 2 } },
          'pushes/listed': { state: 'sent', counts: { delivered: 2 } },
          'pushes/topic': sent,
          'pushes/condition': sent,
          'pushes/dry': sent,
        },
      };
    },
  },
  {
    name: 'pushes-ended',
    scene:
      'Pushes have come to their end: sent, sent in part, refused, cancelled, edited too late.',
    async play(installation) {
      const { world, outbox } = installation;
      await addPeople(installation, 'ola', 'lia', 'bo');
      world.simulator.putDevice(addressOf('lia'), { state: 'unregistered' });
      await outbox.send('sent', { to: 'ola', title: 'Sent' });
      await outbox.write('sent', { title: 'Sent, and edited' });
      await outbox.send('partial', { to: ['bo', 'lia'], title: 'Partial' });
      await outbox.send('refused', { to: 'ola', title: 7 });
      await outbox.send('nobody', { to: 'nobody', title: 'Nobody' });
      await outbox.send('dry', { to: 'bo', title: 'Dry', validateOnly: true });
      await outbox.write('cancelled', {
        ...{ to: 'ola', title: 'Cancelled' },
        sendAt: Timestamp.fromMillis(world.now + HOUR),
      });
      await outbox.write('cancelled', { state: 'cancelled' });
      for (const push of ['sent', 'partial', 'refused', 'nobody', 'dry', 'cancelled']) {
        installation.events.push({ push, isAcknowledged: true });
      }
      return {
        told: {
          [addressOf('ola')]: 'done',
          [addressOf('bo')]: 'done',
          [addressOf('lia')]: 'never',
        },
        ends: {
          'pushes/sent': { state: 'sent' },
          'pushes/partial': { state: 'partial', counts: { delivered: 1, unregistered: 1 } },
          'pushes/refused': { state: 'failed' },
          'pushes/nobody': { state: 'failed' },
          'pushes/dry': { state: 'sent' },
          'pushes/cancelled': { state: 'cancelled' },
        },
      };
    },
  },
];

/** Addresses of the scene of devices, which the replay asks for. */
export const DEVICES = {
  /** Maya's, by call, with all facts and topics; it replaced a former address. */
  renewed: 'maya-new:APA91b-address',
  /** Maya's, in Apple's sandbox. */
  apple: 'ab'.repeat(32),
  /** Maya's by the array alone. */
  listed: 'maya-web:APA91b-address',
  /** Maya's, taken over from Leo. */
  taken: 'cZZZZZZZZZZZZZZZZZZZZZ',
  /** Leo's, which FCM called dead when it was not to be told whether that was old news. */
  doubtful: 'leo-old:APA91b-address',
  /** Leo's, from a document of the app's own. */
  imported: 'leo-tablet:APA91b-address',
} as const;

const FACTS = {
  platform: 'android',
  appId: 'com.example.shop',
  appVersion: '7.1',
  locale: 'de-AT',
  timeZone: 'Europe/Vienna',
} as const;

const devices: readonly Scene[] = [
  {
    name: 'devices',
    scene:
      'Devices have owners, facts, topics and histories; a retry waits for one with a new address.',
    async play(installation) {
      const { world, ownership, topics } = installation;
      const former = 'maya-old:APA91b-address';
      await ownership.register('maya', { address: former, facts: FACTS });
      await topics.change('maya', 'news', true);
      await ownership.register('maya', {
        address: DEVICES.apple,
        facts: {
          ...{ platform: 'ios', appId: 'com.example.shop', environment: 'sandbox' },
          experienceId: '@shop/app',
        },
      });
      await ownership.register('leo', { address: DEVICES.taken, facts: { platform: 'ios' } });
      await ownership.register('leo', { address: DEVICES.doubtful, facts: {} });
      const imported = { writtenAt: world.now - 1000, refreshedAt: world.now };
      await ownership.register('leo', { address: DEVICES.imported, facts: {}, ...imported });
      await ownership.register('maya', { address: DEVICES.taken, facts: { platform: 'ios' } });
      await world.db
        .doc('users/maya')
        .update({ tokens: FieldValue.arrayUnion(DEVICES.listed), displayName: 'Maya' });
      const written = { writtenAt: world.now };
      await ownership.reconcile('maya', DEVICES.listed, written);
      await findDeadInDoubt(installation, 'leo', DEVICES.doubtful);
      isBusyFor(installation, former);
      // To one address only: the others are no part of this.
      await world.db.doc('users/maya').update({ notificationSettings: { chat: false } });
      await installation.deliver('order-e1', { to: 'maya', title: 'Follows the device' });
      await ownership.register('maya', {
        ...{ address: DEVICES.renewed, replaces: former },
        facts: FACTS,
      });
      return {
        told: {
          [former]: 'never',
          [DEVICES.renewed]: 'due',
          [DEVICES.listed]: 'done',
          [DEVICES.taken]: 'done',
        },
        ends: {
          // Apple's is the one that failed: there is no key here.
          'deliveries/order-e1': {
            state: 'done',
            counts: { addresses: 4, delivered: 3, failed: 1 },
          },
        },
      };
    },
  },
];

/** A provider calls a device dead for a push that began between the writing of its record and of its user. */
async function findDeadInDoubt(
  { world, devices: store }: Installation,
  uid: string,
  address: string,
): Promise<void> {
  const pause = () => new Promise((done) => setTimeout(done, 20));
  await pause();
  const user = world.db.doc(`users/${uid}`);
  const began = (await user.get()).readTime.toMillis();
  await pause();
  await user.update({ displayName: uid });
  await store.prune(uid, [address], began);
}

export const SCENES: readonly Scene[] = [
  ...deliveries,
  ...audiences,
  ...doubts,
  ...pushes,
  ...devices,
];
