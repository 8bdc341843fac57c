/** Push documents of the outbox. */
import { Timestamp } from '@google-cloud/firestore';
import {
  addPeople,
  addressOf,
  DAY,
  ELABORATE,
  HOUR,
  isBusyFor,
  MINUTE,
  type Scene,
} from './scene.ts';

export const pushes: readonly Scene[] = [
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
