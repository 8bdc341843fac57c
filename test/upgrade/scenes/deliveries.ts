/** Deliveries to a few: claimed, waiting, ended. */
import { Timestamp } from '@google-cloud/firestore';
import { STEP_RECIPIENTS } from '../../../kit/src/delivery/step.ts';
import { LEASE_MS } from '../../faults/world.ts';
import { addPeople, addressOf, ELABORATE, isBusyFor, leasesEnd, type Scene } from './scene.ts';

export const deliveries: readonly Scene[] = [
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
    name: 'reopened',
    scene:
      'An operator has had two deliveries sent again, one to the device that was not reached, one that has to be composed, and nobody has begun them.',
    async play(installation) {
      const { world } = installation;
      await addPeople(installation, 'ola', 'lia');
      isBusyFor(installation, addressOf('ola'));
      world.simulator.addFault({
        match: { address: addressOf('lia') },
        times: 1,
        then: { errorCode: 'THIRD_PARTY_AUTH_ERROR' },
      });
      await installation.deliver('order-e1', { to: ['ola', 'lia'], title: 'Again' });
      await installation.runTask(({ kind }) => kind === 'due');
      await world.ledger().fail('order-e2', {
        ...{ type: 'order', document: 'orders/o2', findBy: ['document:orders/o2'] },
        ...{ eventAt: Timestamp.fromMillis(world.now) },
        ...{ error: 'no such shop', errorCode: 'INVALID_INPUT' },
      });
      const { operator } = world.ledger();
      for (const id of ['order-e1', 'order-e2']) await operator.retry(id, { now: world.now });
      return {
        told: { [addressOf('ola')]: 'done', [addressOf('lia')]: 'due' },
        says: { [addressOf('lia')]: 'Again' },
        ends: {
          'deliveries/order-e1': { state: 'done', counts: { delivered: 2, failed: 0 } },
          // Nothing that is deployed there makes such notifications any more.
          'deliveries/order-e2': { state: 'failed', errorCode: 'COMPOSE_FAILED' },
        },
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
      await world.ledger().fail('order-e2', {
        ...{ type: 'order', document: 'orders/o2', findBy: ['document:orders/o2'] },
        ...{ error: 'compose: no such shop', errorCode: 'COMPOSE_FAILED' },
      });
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
