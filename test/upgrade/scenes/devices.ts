/** Devices and whose they are. */
import { FieldValue } from '@google-cloud/firestore';
import type { PruneResult } from '../../../kit/src/devices/device-store.ts';
import { serverMillis } from '../../../kit/src/store/server-time.ts';
import type { Installation } from '../installation.ts';
import { isBusyFor, type Scene } from './scene.ts';

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

export const devices: readonly Scene[] = [
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
export async function findDeadInDoubt(
  { world, devices: store }: Installation,
  uid: string,
  address: string,
): Promise<PruneResult> {
  const user = world.db.doc(`users/${uid}`);
  const began = serverMillis((await user.get()).readTime);
  await user.update({ displayName: uid });
  return store.prune(uid, [address], began);
}
