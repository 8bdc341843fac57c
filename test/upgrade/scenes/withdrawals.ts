/** What becomes of pushes whose document is deleted: some wait, one has gone out and is being withdrawn. */
import { withdrawalOf } from '../../../kit/src/delivery/withdrawal.ts';
import type { DocumentId } from '../../../kit/src/model/document-id.ts';
import { addPeople, addressOf, isBusyFor, type Scene } from './scene.ts';

/** How devices show it: under a tag that others have, in Expo's format, under a topic of its own. */
const SHOWN = {
  title: 'Shown',
  collapseKey: 'orders',
  expo: { experienceId: '@shop/app', icon: 'bell' },
  apns: { topic: 'app.shop' },
} as const;

export const withdrawals: readonly Scene[] = [
  {
    name: 'withdrawn',
    scene:
      'The document of three pushes is deleted: one waits for a retry, one is claimed, one has gone out and is being withdrawn.',
    async play(installation) {
      const { world } = installation;
      const document = 'orders/o1';
      await addPeople(installation, 'ola', 'lia', 'bo');
      await world.db.doc(document).set({});
      const shown = { choice: { withdraw: 'shown' } } as const;
      await installation.deliver('order-e1', { to: 'ola', ...SHOWN }, shown);
      isBusyFor(installation, addressOf('lia'), 120);
      await installation.deliver(
        'order-e2',
        { to: 'lia', title: 'Waits' },
        {
          choice: { withdraw: 'before' },
        },
      );
      await installation.dyingAt('fcm.send', () =>
        installation.deliver(
          'order-e3',
          { to: 'bo', ...SHOWN },
          { ...shown, isAcknowledged: false },
        ),
      );
      const { shownAs } = await world.entry('order-e1');
      await world.db.doc(document).delete();
      // Its event comes after that of the deletion.
      await installation.deliver('order-e5', { to: 'bo', title: 'Late' }, shown);
      if (shownAs === undefined) throw new Error('Expected what it takes to withdraw it.');
      await installation.dyingAt('fcm.send', () =>
        world.boot().deliver(
          withdrawalOf({
            ...{ id: 'order-e4-withdrawal', withdraws: 'order-e1', type: 'order', document },
            ...{ deletedAt: world.now, shownAs, recipients: { uids: ['ola' as DocumentId] } },
          }),
        ),
      );
      return {
        told: { [addressOf('lia')]: 'never', [addressOf('bo')]: 'never' },
        ends: {
          'deliveries/order-e1': { state: 'done', reasons: { ola: 'delivered' } },
          'deliveries/order-e2': { state: 'done', reasons: { lia: 'withdrawn' } },
          'deliveries/order-e3': { state: 'done', reasons: { bo: 'withdrawn' } },
          'deliveries/order-e5': { state: 'done', withheld: 'withdrawn' },
          'deliveries/order-e4-withdrawal': { state: 'done', reasons: { ola: 'delivered' } },
        },
      };
    },
  },
];
