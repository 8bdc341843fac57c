/** What somebody may have told: within it, told already, and waiting for its turn. */
import { NO_LIMITS } from '../../../kit/src/decision/limits.ts';
import { addPeople, addressOf, HOUR, type Scene } from './scene.ts';

export const limits: readonly Scene[] = [
  {
    name: 'limited',
    scene:
      'Of one person’s three events the first is told, the second is the same, the third waits.',
    async play(installation) {
      const { world } = installation;
      world.limits = { ...NO_LIMITS, perMinute: 1, repeatMs: HOUR };
      await addPeople(installation, 'ola', 'lia');
      const actor = 'mallory';
      for (const delivery of ['order-e1', 'order-e2']) {
        const told = { to: 'ola', actor, title: 'Told' };
        await installation.deliver(delivery, told, { limited: { once: 'document' } });
      }
      await installation.deliver(
        'order-e3',
        { to: 'lia', actor, title: 'Waits' },
        { limited: { once: 'event' }, choice: { overBudget: 'wait' } },
      );
      return {
        told: { [addressOf('ola')]: 'done', [addressOf('lia')]: 'due' },
        ends: {
          'deliveries/order-e2': { state: 'done', reasons: { ola: 'repeated' } },
          'deliveries/order-e3': { state: 'done', reasons: { lia: 'delivered' } },
        },
      };
    },
  },
];
