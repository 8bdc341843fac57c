/**
 * What stands in `devices` and `users` besides what this backend wrote: an app's own documents, and records that somebody edited.
 */
import { Timestamp } from '@google-cloud/firestore';
import { addressId } from '../../kit/src/model/address.ts';
import { TopicStore } from '../../kit/src/topics/topic-store.ts';
import { World } from './world.ts';

const FID = 'cAbCdEfGhIjKlMnOpQrStU';
const TOKEN = `${FID}:APA91b-1`;

let world: World;
beforeEach(async () => {
  world = await World.create();
});

const set = (path: string, data: object) => world.db.doc(path).set(data);
const get = async (path: string) => (await world.db.doc(path).get()).data();

describe('documents of the app’s own in devices', () => {
  const own = { uid: 'ola', address: TOKEN, name: 'Ola’s phone' };
  const stale = { ...own, refreshedBy: 'call', refreshedAt: Timestamp.fromMillis(0) };

  it('stay as they are, whatever becomes of their user', async () => {
    await set('devices/ola-phone', own);
    for (let index = 0; index < 210; index += 1) await set(`devices/0${index}`, { uid: 'ola' });
    await set('devices/ola-old', stale);
    const topics = new TopicStore(world.collections);
    await world.registers('ola', FID);
    await topics.change('ola', 'news', true);
    expect(await topics.list('ola')).toEqual([{ topic: 'news', devices: 1 }]);
    await world.registers('lia', TOKEN);
    await world.registers('ola', FID);
    expect(await world.devices.stale('call', Date.now() - 60_000, 1)).toEqual([]);
    expect(await world.removal.count('ola')).toBe(1);
    expect(await world.removal.forget('ola', { deleteDocument: false })).toEqual([FID]);
    expect(await get('devices/ola-phone')).toEqual(own);
    expect(await get('devices/ola-old')).toEqual(stale);
    expect((await world.db.collection('devices').get()).size).toBe(212);
  });
});

describe('a record that somebody edited', () => {
  const odd: [string, object][] = [
    ['nothing', {}],
    ['no times', { refreshedAt: null, createdAt: 'today' }],
    ['times of another type', { refreshedAt: 1, foundDeadAt: 'x', takenOverAt: 7 }],
    ['lists of another type', { topics: { a: 1 }, formerOwners: 'lia', replaces: { b: 2 } }],
    [
      'odd items in its lists',
      { topics: [7, null], formerOwners: [null, { uid: 'lia' }], replaces: [{}] },
    ],
    ['a user id that leads elsewhere', { uid: 'a/b/c' }],
    ['a user id of another type', { uid: 7 }],
    ['no user id', { uid: null }],
    ['another address', { address: 'other:1' }],
    ['no address', { address: null }],
  ];

  it.each(odd)('with %s stands in nobody’s way', async (_what, fields) => {
    const at = Timestamp.fromMillis(0);
    const usual = { uid: 'ola', address: TOKEN, kind: 'fcm', refreshedAt: at, createdAt: at };
    const path = `devices/${addressId(TOKEN)}`;
    await set('users/ola', { tokens: [TOKEN] });
    await set(path, { ...usual, topics: [], refreshedBy: 'call', ...fields });
    await world.devices.stale('call', Date.now(), 10);
    await new TopicStore(world.collections).change('ola', 'news', true);
    await world.devices.replacementsOf('ola', new Set(['x']));
    await world.ownership.reconcile('ola', TOKEN, { writtenAt: Date.now() });
    await set(path, { ...usual, topics: [], refreshedBy: 'call', ...fields });
    await world.registers('lia', FID);
    await world.registers('ola', TOKEN);
    await set(path, { ...usual, topics: [], refreshedBy: 'call', ...fields });
    await world.devices.prune('ola', [TOKEN], Date.now() + 60_000);
    await world.removal.unregisterAll('ola');
    expect(await world.tokensOf('ola')).toEqual([]);
  });
});

it.each([[5], ['won'], [{ wins: 3 }], [[1]]])(
  'a user’s field "takeovers" of the app’s own, %j, stays and hinders nobody',
  async (takeovers) => {
    await set('users/lia', { takeovers });
    await world.registers('ola', TOKEN);
    await world.registers('lia', TOKEN);
    await world.removal.forget('lia', { deleteDocument: false });
    expect(await get('users/lia')).toMatchObject({ takeovers });
  },
);

it('a token that is nothing but its installation and a colon is the same device', async () => {
  await world.registers('ola', `${FID}:`);
  expect((await world.registers('lia', FID)).takenFrom).toEqual(['ola']);
  expect(await world.tokensOf('ola')).toEqual([]);
});
