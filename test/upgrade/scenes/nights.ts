/** What people want to hear, and when: held through the night, or until it is nine where they are. */
import type { Choice } from '../../../kit/src/model/notification/choice.ts';
import { addPeople, addressOf, type Scene } from './scene.ts';

/** Recordings are of a Thursday at noon: it ends at eleven in the evening. */
const QUIET = { quietHours: { thu: '09:00-23:00' }, timeZone: 'UTC' };

const GATHERED = {
  way: 'digest',
  digest: {
    ...{ key: 'target', window: { minutes: 30 }, leadingEdge: false, closesAt: 10 },
    ...{ title: 'Together', body: 'Maya and Bo' },
  },
} as const satisfies Choice;

export const nights: readonly Scene[] = [
  {
    name: 'held',
    scene: 'Quiet hours hold two pushes about the same: the newer is told when they end.',
    async play(installation) {
      const { world } = installation;
      await world.addUser('ola', [addressOf('ola')], QUIET);
      await addPeople(installation, 'lia');
      await installation.deliver('order-e1', { to: ['ola', 'lia'], title: 'a', target: 'walls/w' });
      world.now += 1000;
      await installation.deliver('order-e2', { to: 'ola', title: 'b', target: 'walls/w' });
      return {
        told: { [addressOf('ola')]: 'due', [addressOf('lia')]: 'done' },
        says: { [addressOf('ola')]: 'b' },
        ends: {
          'deliveries/order-e1': {
            state: 'done',
            reasons: { ola: 'collapsed', lia: 'delivered' },
          },
          'deliveries/order-e2': { state: 'done', reasons: { ola: 'delivered' } },
        },
      };
    },
  },
  {
    name: 'chosen',
    scene:
      'A kind that must be heard, and one that is silent unless people choose otherwise, are claimed.',
    async play(installation) {
      const { world } = installation;
      await world.addUser('ola', [addressOf('ola')], QUIET);
      await addPeople(installation, 'lia');
      for (const [delivery, to, choice] of [
        ['order-e1', 'ola', { mandatory: true }],
        ['order-e2', 'lia', { way: 'silent' }],
      ] as const) {
        await installation.dyingAt('fcm.send', () =>
          installation.deliver(
            delivery,
            { to, title: 'Chosen' },
            { isAcknowledged: false, choice },
          ),
        );
      }
      return {
        told: { [addressOf('ola')]: 'due', [addressOf('lia')]: 'due' },
        ends: {
          'deliveries/order-e1': { state: 'done', reasons: { ola: 'delivered' } },
          'deliveries/order-e2': { state: 'done', reasons: { lia: 'delivered' } },
        },
      };
    },
  },
  {
    name: 'gathered',
    scene: 'Two events are gathered for somebody, and their time has not come.',
    async play(installation) {
      await addPeople(installation, 'ola');
      const title = { key: 'offer.title', args: { name: 'Maya' } };
      for (const [delivery, actor] of [
        ['order-e1', 'maya'],
        ['order-e2', 'bo'],
      ] as const) {
        const event = { to: 'ola', actor, actorName: actor, title, target: 'walls/w' };
        await installation.deliver(delivery, event, { choice: GATHERED });
      }
      await addPeople(installation, 'lia');
      const choice = { ...GATHERED, digest: { ...GATHERED.digest, leadingEdge: true } };
      await installation.deliver('order-e3', { to: 'lia', title: 'First' }, { choice });
      return {
        told: { [addressOf('ola')]: 'due', [addressOf('lia')]: 'done' },
        says: { [addressOf('ola')]: 'Together' },
        ends: {
          'deliveries/order-e1': { state: 'done', counts: { skipped: 1 } },
          'deliveries/order-e2': { state: 'done', counts: { skipped: 1 } },
        },
      };
    },
  },
  {
    name: 'local-time',
    scene: 'A push for nine o’clock wherever people are: somebody has had it, somebody has not.',
    async play(installation) {
      const { world, outbox } = installation;
      await world.addUser('ola', [addressOf('ola')], { timeZone: 'Asia/Tokyo' });
      await world.addUser('lia', [addressOf('lia')], { timeZone: 'America/New_York' });
      await outbox.write('p1', {
        ...{ to: ['ola', 'lia'], title: 'Nine' },
        sendAt: { local: '09:00', date: '2026-01-15' },
      });
      return {
        told: { [addressOf('ola')]: 'done', [addressOf('lia')]: 'due' },
        ends: { 'pushes/p1': { state: 'sent' } },
      };
    },
  },
];
