/**
 * One phone, many names: hex in two spellings, a FID and the tokens of its installation. It stays one device of one owner.
 */
import { FieldValue, Timestamp, Transaction } from '@google-cloud/firestore';
import { addressId } from '../../kit/src/model/address.ts';
import { TopicStore } from '../../kit/src/topics/topic-store.ts';
import { World } from './world.ts';

const FID = 'cAbCdEfGhIjKlMnOpQrStU';
const TOKEN = `${FID}:APA91b-1`;
const LATER = `${FID}:APA91b-2`;
const HEX = 'ab'.repeat(32);
const UPPER = HEX.toUpperCase();
const MIXED = `AB${HEX.slice(2)}`;
const OTHER = 'other:APA91b';

/** Every ordered pair of names of one phone, and the one that stands for it when both are the same user's. */
const PAIRS: [string, string, string][] = [
  [HEX, UPPER, HEX],
  [UPPER, HEX, HEX],
  [TOKEN, FID, FID],
  [FID, TOKEN, FID],
  [TOKEN, LATER, LATER],
];

let world: World;
beforeEach(async () => {
  world = await World.create();
});
afterEach(async () => {
  await world.deliver();
  await world.check();
});

/** The record as a version kept it that knew nothing of spellings. */
async function olderRecord(uid: string, raw: string, more: object = {}): Promise<void> {
  const at = Timestamp.fromMillis(world.now() - 60_000);
  await world.db.doc(`devices/${addressId(raw)}`).set({
    uid,
    address: raw,
    kind: raw === FID ? 'fid' : raw.includes(':') ? 'fcm' : 'apns',
    topics: [],
    createdAt: at,
    refreshedAt: at,
    refreshedBy: 'call',
    ...more,
  });
}

const devices = async () =>
  (await world.db.collection('devices').get()).docs.map((device) => device.data());

describe.each(PAIRS)('%s and then %s', (first, second, name) => {
  it('of one user are one device, by either way in', async () => {
    await world.registers('ola', OTHER);
    await world.registers('ola', first);
    await world.registers('ola', second);
    expect(await world.tokensOf('ola')).toEqual([OTHER, name]);
    await world.noting(() => world.removal.unregisterAll('ola'));
    await world.adds('ola', first);
    await world.adds('ola', second);
    await world.deliver();
    expect(await world.tokensOf('ola')).toEqual([name]);
    await world.registers('ola', first);
    await world.adds('ola', second);
    await world.deliver();
    expect(await world.tokensOf('ola')).toEqual([name]);
    expect(await devices()).toHaveLength(1);
  });

  it('are taken from the previous owner by whoever registers the other', async () => {
    await world.registers('ola', first);
    const { takenFrom } = await world.registers('lia', second);
    expect(takenFrom).toEqual(['ola']);
    expect(await world.tokensOf('ola')).toEqual([]);
    expect(await devices()).toHaveLength(1);
    expect((await devices())[0]).toMatchObject({ uid: 'lia', takeovers: 1, topics: [] });
  });

  it('are taken from the previous owner by whose app writes the other', async () => {
    await world.adds('ola', first);
    await world.deliver();
    await world.adds('lia', second);
    await world.deliver();
    expect(await world.tokensOf('ola')).toEqual([]);
    expect(await world.tokensOf('lia')).toHaveLength(1);
    expect(await devices()).toHaveLength(1);
  });

  it('both leave the previous owner who has both', async () => {
    await world.registers('ola', OTHER);
    await world.seed({ ola: [OTHER, first, second] });
    await olderRecord('ola', first);
    await olderRecord('ola', second);
    await world.registers('lia', second);
    expect(await world.tokensOf('ola')).toEqual([OTHER]);
    expect(await devices()).toHaveLength(2);
  });

  it('both go at a logout that names one', async () => {
    await world.seed({ ola: [first, 7, second] });
    await olderRecord('ola', first);
    await olderRecord('ola', second);
    expect(await world.noting(() => world.ownership.unregister('ola', second))).toBe(true);
    expect(await world.tokensOf('ola')).toEqual([7]);
    expect(await devices()).toEqual([]);
  });

  it('are merged at the next write of anything, with what was known of the device', async () => {
    await world.seed({ ola: [first, 7, second] });
    await olderRecord('ola', first, { topics: ['news'], platform: 'ios', appId: 'com.example' });
    await world.noting(() => world.db.doc('users/ola').update({ displayName: 'Ola' }));
    await world.deliver();
    const tokens = (await world.tokensOf('ola')) as unknown[];
    expect(tokens).toHaveLength(2);
    expect(tokens).toEqual(expect.arrayContaining([7, name]));
    expect(await devices()).toEqual([
      expect.objectContaining({ address: name, topics: ['news'], platform: 'ios' }),
    ]);
  });
});

describe('a record in upper case, from an older version', () => {
  it.each([UPPER, HEX])(
    'moves when the device registers as %s, with its facts and topics',
    async (as) => {
      await world.seed({ ola: [UPPER] });
      await olderRecord('ola', UPPER, { topics: ['news'], environment: 'sandbox' });
      const { takenFrom } = await world.registers('ola', as);
      expect(takenFrom).toEqual([]);
      expect(await world.tokensOf('ola')).toEqual([HEX]);
      expect(await devices()).toEqual([
        expect.objectContaining({ address: HEX, topics: ['news'], environment: 'sandbox' }),
      ]);
    },
  );

  it('and entries of before there were records leave whoever has them when the phone is taken over', async () => {
    await world.seed({ ola: [UPPER, 7], bo: [HEX, OTHER] });
    await world.registers('lia', HEX);
    await world.registers('bo', OTHER);
    expect(await world.tokensOf('ola')).toEqual([7]);
    expect(await world.tokensOf('bo')).toEqual([OTHER]);
  });

  it('goes when the address is dead, with every spelling of it and nothing else', async () => {
    await world.registers('ola', OTHER);
    await world.seed({ ola: [UPPER, 7, MIXED, HEX, OTHER] });
    await olderRecord('ola', UPPER);
    const { pruned } = await world.noting(() =>
      world.devices.prune('ola', [HEX], world.now() + 1000),
    );
    expect(pruned).toEqual([HEX]);
    expect(await world.tokensOf('ola')).toEqual([7, OTHER]);
    expect((await devices()).map((device): unknown => device['address'])).toEqual([OTHER]);
  });

  it('goes when it is stale, although no array says so', async () => {
    await olderRecord('ola', UPPER);
    await world.noting(() => world.devices.dropStale('ola', [UPPER], world.now()));
    expect(await devices()).toEqual([]);
  });
});

describe('hex in whatever case', () => {
  it('is one device, by either way in', async () => {
    await world.registers('ola', MIXED);
    await world.adds('ola', UPPER);
    await world.adds('ola', MIXED);
    await world.deliver();
    expect(await world.tokensOf('ola')).toEqual([HEX]);
    await world.adds('lia', MIXED);
    await world.deliver();
    expect(await world.tokensOf('ola')).toEqual([]);
    expect(await world.tokensOf('lia')).toEqual([HEX]);
    expect(await devices()).toEqual([expect.objectContaining({ uid: 'lia', address: HEX })]);
  });
});

describe('an installation', () => {
  it('stays reachable by its FID when an older app registers its token, and goes with it', async () => {
    await world.registers('ola', FID, { platform: 'ios' });
    const registered = await world.registers('ola', TOKEN, { appVersion: '2' });
    expect(registered).toMatchObject({ address: FID, kind: 'fid', takenFrom: [] });
    expect(await world.recordOf(FID)).toMatchObject({ platform: 'ios', appVersion: '2' });
    expect(await world.noting(() => world.ownership.unregister('ola', TOKEN))).toBe(true);
    expect(await world.tokensOf('ola')).toEqual([]);
  });

  it('keeps its topics and says what it replaced when its FID comes', async () => {
    await world.registers('ola', TOKEN);
    await world.db.doc(`devices/${addressId(TOKEN)}`).update({ topics: ['news'] });
    await world.registers('ola', LATER);
    await world.registers('ola', FID);
    expect(await world.recordOf(FID)).toMatchObject({
      topics: ['news'],
      replaces: [addressId(LATER).slice(0, 16), addressId(TOKEN).slice(0, 16)],
    });
  });

  it('is looked for in the records only until the caller owns it', async () => {
    const reads = jest.spyOn(Transaction.prototype, 'get');
    await world.ownership.register('ola', { address: TOKEN, facts: {} });
    expect(reads).toHaveBeenCalled();
    reads.mockClear();
    await world.noting(() => world.ownership.register('ola', { address: TOKEN, facts: {} }));
    expect(reads).not.toHaveBeenCalled();
    reads.mockRestore();
  });

  it('joins and leaves topics by whichever of its addresses the app knows', async () => {
    const topics = new TopicStore(world.collections);
    await world.registers('ola', FID);
    await world.registers('ola', OTHER);
    const one = { devices: 1, unsupported: 0, full: 0 };
    expect(await topics.change('ola', 'news', true, TOKEN)).toEqual(one);
    expect(await world.recordOf(FID)).toMatchObject({ topics: ['news'] });
    expect(await topics.change('lia', 'news', true, TOKEN)).toBeUndefined();
    await world.registers('ola', TOKEN, { replaces: FID });
    expect(await topics.change('ola', 'news', false, FID)).toEqual(one);
    expect(await world.recordOf(TOKEN)).toMatchObject({ topics: [] });
    expect(await topics.change('ola', 'news', true, 'unknown:APA91b')).toBeUndefined();
  });

  it('of longer strings that begin alike is another device', async () => {
    await world.registers('ola', `${FID}-x:APA91b`);
    await world.registers('bo', `${FID}0:APA91b`);
    await world.registers('lia', FID);
    expect(await world.tokensOf('ola')).toEqual([`${FID}-x:APA91b`]);
    expect(await world.tokensOf('bo')).toEqual([`${FID}0:APA91b`]);
  });
});

describe('an address as long as can be', () => {
  const LONGEST = 'x'.repeat(1499);

  it('has one owner, also where it is older than the records', async () => {
    await world.seed({ ola: [LONGEST] });
    await world.registers('lia', LONGEST);
    expect(await world.tokensOf('ola')).toEqual([]);
    await world.registers('ola', LONGEST);
    expect(await world.tokensOf('lia')).toEqual([]);
  });

  it('is none of ours where it is longer', async () => {
    const TOO_LONG = 'x'.repeat(1500);
    await world.noting(() =>
      world.db.doc('users/ola').set({ tokens: FieldValue.arrayUnion(TOO_LONG) }),
    );
    await world.noting(() => world.db.doc('users/lia').set({ tokens: [TOO_LONG] }));
    await world.deliver();
    expect(await world.tokensOf('ola')).toEqual([TOO_LONG]);
    expect(await devices()).toEqual([]);
  });
});
