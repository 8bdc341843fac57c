/** Deliveries to many, spread over shards. */
import { addPeople, addressOf, isBusyFor, type Scene } from './scene.ts';

/** Of these, all but the first page of those who pay. */
const BEHIND = ['dan', 'eve', 'finn'];
/** Of a list over shards it is decided by a hash who is in which. */
const SIX = ['ada', 'bo', 'cleo', 'dan', 'eve', 'finn'];

export const audiences: readonly Scene[] = [
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
