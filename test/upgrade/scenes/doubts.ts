/** Deliveries of which nobody knows whether they were sent. */
import { slowProvider } from '../../faults/slow-provider.ts';
import type { Installation } from '../installation.ts';
import { addPeople, addressOf, isBusyFor, leasesEnd, MINUTE, resume, type Scene } from './scene.ts';

/** Two people are sent to, and the worker is gone before it recorded that. */
async function sendUnrecorded(installation: Installation): Promise<void> {
  await addPeople(installation, 'ola', 'lia');
  await installation.dyingAt('ledger.finish', () =>
    installation.deliver('order-e1', { to: ['ola', 'lia'], title: 'Doubt' }),
  );
  leasesEnd(installation);
}

/** The worker that resumes what stands in doubt has time for one address only, and is gone before it recorded that. */
function sentInPart(
  name: string,
  scene: string,
  begin: (installation: Installation) => Promise<void>,
): Scene {
  return {
    name,
    scene,
    async play(installation) {
      await begin(installation);
      const { world } = installation;
      const { providers } = slowProvider(world, { atOnce: 1, answerMs: 5 * MINUTE });
      await installation.dyingAt('ledger.wait', () =>
        world.boot({ providers }).run(resume('order-e1')),
      );
      leasesEnd(installation);
      return {
        told: { [addressOf('ola')]: 'done', [addressOf('lia')]: 'in doubt' },
        ends: { 'deliveries/order-e1': { state: 'done', counts: { delivered: 1, failed: 1 } } },
      };
    },
  };
}

/** Retries for these people are sent and not recorded, and the worker is gone. */
async function retryUnrecorded(
  installation: Installation,
  busy: readonly ('ola' | 'lia')[],
): Promise<void> {
  await addPeople(installation, 'ola', 'lia');
  for (const uid of busy) isBusyFor(installation, addressOf(uid));
  await installation.deliver('order-e1', { to: ['ola', 'lia'], title: 'Doubt' });
  await installation.dyingAt('ledger.finish', () =>
    installation.runTask(({ kind }) => kind === 'due'),
  );
  leasesEnd(installation);
}

/** A retry is sent and not recorded, and the worker that resumes it is gone when it comes to this step. */
async function retryInDoubt(installation: Installation, step: string): Promise<void> {
  await retryUnrecorded(installation, ['lia']);
  await installation.dyingAt(step, () => installation.world.boot().run(resume('order-e1')));
  leasesEnd(installation);
}

export const doubts: readonly Scene[] = [
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
  sentInPart(
    'doubt-sent-in-part',
    'A step was sent and not recorded; a second worker had time to send a part of it again, and is gone.',
    sendUnrecorded,
  ),
  sentInPart('doubt-retry-sent-in-part', 'The same of retries.', (installation) =>
    retryUnrecorded(installation, ['ola', 'lia']),
  ),
];
