/**
 * Who may lose an address: nobody but the dead, whatever the provider, a deploy or the moment makes it look like.
 */
import { FieldValue } from '@google-cloud/firestore';
import { addressId } from '../../kit/src/model/address.ts';
import type { FcmProvider } from '../../kit/src/providers/fcm/provider.ts';
import { World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.close());
beforeEach(async () => {
  world.simulator.reset();
  world.log.length = 0;
  await world.emptyDatabase();
});

async function users(count: number) {
  const made = await world.addUsers(count);
  return { uids: [...made.keys()], addresses: [...made.values()] };
}

async function everyTokenStays(count: number): Promise<void> {
  const found = await world.db.collection('users').get();
  const kept = found.docs.filter((user) => (user.get('tokens') as string[]).length === 1);
  expect(kept).toHaveLength(count);
}

const die = (addresses: readonly string[]): void => {
  for (const address of addresses) world.simulator.putDevice(address, { state: 'unregistered' });
};

describe('when a provider answers the same to everybody', () => {
  it.each<[string, number, string, string]>([
    ['a wrong project: 404 without FcmError', 30, 'NOT_FOUND', 'rejected:NOT_FOUND'],
    ['a wrong sender', 30, 'SENDER_ID_MISMATCH', 'rejected:SENDER_ID_MISMATCH'],
    ['a bad payload: 400', 30, 'INVALID_ARGUMENT', 'rejected:INVALID_ARGUMENT'],
    ['a bad payload that blames the address', 30, 'INVALID_REGISTRATION_TOKEN', 'rejected:'],
    ['a wrong project, for a few', 3, 'NOT_FOUND', 'rejected:NOT_FOUND'],
    ['a bad payload, for a few', 3, 'INVALID_ARGUMENT', 'rejected:INVALID_ARGUMENT'],
    ['an access token that is refused', 30, 'ACCESS_TOKEN_EXPIRED', 'failed:UNAUTHENTICATED'],
    ['a missing permission', 30, 'PERMISSION_DENIED', 'failed:PERMISSION_DENIED'],
    ['the operator’s APNs key', 30, 'THIRD_PARTY_AUTH_ERROR', 'failed:THIRD_PARTY_AUTH_ERROR'],
    ['even UNREGISTERED', 30, 'UNREGISTERED', 'kept:breaker'],
  ])('%s (%i addresses): nobody is pruned', async (_, count, errorCode, reason) => {
    const { uids } = await users(count);
    world.simulator.addFault({ then: { errorCode } });
    const { state, reasons } = await world.tell({ to: uids });
    expect(state).toBe('done');
    expect(Object.values(reasons).filter((each) => !each.startsWith(reason))).toEqual([]);
    await everyTokenStays(count);
  });

  it('the breaker says so in the log, once', async () => {
    const { uids, addresses } = await users(30);
    die(addresses.slice(0, 16));
    await world.tell({ to: uids });
    expect(world.log.filter((line) => line.startsWith('breaker'))).toHaveLength(1);
    await everyTokenStays(30);
  });
});

describe('when some are dead', () => {
  it('exactly those are pruned, up to half of a batch', async () => {
    const { uids, addresses } = await users(40);
    const dead = addresses.filter((_, index) => index % 2 === 0);
    die(dead);
    const { counts, reasons } = await world.tell({ to: uids });
    expect(counts).toMatchObject({ delivered: 20, unregistered: 20 });
    expect(Object.values(reasons).filter((reason) => reason === 'pruned')).toHaveLength(20);
    const found = await world.db.collection('users').get();
    expect(found.docs.flatMap((user) => user.get('tokens') as string[])).toEqual(
      addresses.filter((address) => !dead.includes(address)),
    );
  });

  it('costs one write to each user, however many of their devices died', async () => {
    const dead = Array.from({ length: 8 }, (_, nth) => `dead:APA91b-${nth}`);
    const live = Array.from({ length: 12 }, (_, nth) => `live:APA91b-${nth}`);
    await world.addUser('ola', [...dead, ...live]);
    for (const address of dead) await world.addDevice('ola', address, world.now - 1);
    die(dead);
    const updates: unknown[] = [];
    const stop = world.db.doc('users/ola').onSnapshot((user) => updates.push(user.get('tokens')));
    await world.until(() => updates.length === 1);
    await world.tell({ to: 'ola' });
    await world.until(() => updates.length > 1);
    stop();
    expect(updates).toEqual([[...dead, ...live], live]);
    const records = await world.db.collection('devices').get();
    expect(records.size).toBe(0);
  });
});

describe('a prune and its user, at the same time', () => {
  const DEAD = 'dead:APA91b-1';
  const LIVE = 'live:APA91b-2';

  /** Something happens while the push is under way: after FCM has been asked and before its answer is acted on. */
  async function tellWhile(act: () => Promise<unknown>) {
    const send: FcmProvider['send'] = async (...args) => {
      const outcomes = await world.provider().send(...args);
      await act();
      return outcomes;
    };
    const id = world.newId();
    await world.boot({ providers: { fcm: { send } } }).deliver(world.order({ to: 'ola' }, id));
    return world.entry(id);
  }

  beforeEach(async () => {
    await world.addUser('ola', [DEAD, LIVE]);
    await world.addDevice('ola', DEAD, world.now - 86_400_000);
    die([DEAD]);
  });

  it.each([
    ['while the send is under way', 1],
    ['in the very millisecond in which the send begins', 0],
  ])('a device that registers %s keeps its address', async (_, later) => {
    const { reasons, counts } = await tellWhile(() =>
      world.addDevice('ola', DEAD, world.now + later),
    );
    expect(counts).toMatchObject({ delivered: 1, unregistered: 1 });
    expect(reasons).toEqual({ ola: 'delivered + kept:re-registered' });
    expect(await world.tokensOf('ola')).toEqual([DEAD, LIVE]);
    expect((await world.db.doc(`devices/${addressId(DEAD)}`).get()).exists).toBe(true);
  });

  it('says so where it was the only device', async () => {
    await world.addUser('ola', [DEAD]);
    const { reasons } = await tellWhile(() => world.addDevice('ola', DEAD, world.now + 1));
    expect(reasons).toEqual({ ola: 'kept:re-registered' });
  });

  it('an address that has moved to another user meanwhile stays theirs', async () => {
    await tellWhile(async () => {
      await world.addUser('ola', [LIVE]);
      await world.addUser('bo', [DEAD]);
      await world.addDevice('bo', DEAD, world.now + 1);
    });
    expect(await world.tokensOf('bo')).toEqual([DEAD]);
    expect((await world.db.doc(`devices/${addressId(DEAD)}`).get()).get('uid')).toBe('bo');
  });

  it('addresses that the app adds during the prune are not lost', async () => {
    const added = Array.from({ length: 10 }, (_, nth) => `new:APA91b-${nth}`);
    let writes: Promise<unknown> | undefined;
    await tellWhile(() => {
      // Not waited for: they meet the prune's transaction.
      writes = Promise.all(
        added.map((address) =>
          world.db.doc('users/ola').update({ tokens: FieldValue.arrayUnion(address) }),
        ),
      );
      return Promise.resolve();
    });
    await writes;
    const tokens = (await world.tokensOf('ola')) as string[];
    expect(tokens.filter((address) => address !== DEAD).sort()).toEqual([LIVE, ...added].sort());
    // The dead one may have come in again, for all that its user's document says: the next push finds out.
    await world.tell({ to: 'ola' });
    expect(await world.tokensOf('ola')).not.toContain(DEAD);
  });

  it('a user who is deleted meanwhile is not brought back', async () => {
    await tellWhile(() => world.db.doc('users/ola').delete());
    expect((await world.db.doc('users/ola').get()).exists).toBe(false);
  });

  it('a prune that fails is recorded, and the push is not lost for it', async () => {
    const id = world.newId();
    const devices = {
      prune: () => Promise.reject(new Error('contention')),
      replacementsOf: () => Promise.resolve(new Map<string, string>()),
    };
    await world.boot({ devices }).deliver(world.order({ to: 'ola' }, id));
    expect(await world.entry(id)).toMatchObject({
      state: 'done',
      counts: { delivered: 1, unregistered: 1 },
    });
    expect(await world.tokensOf('ola')).toEqual([DEAD, LIVE]);
    // The next push finds it dead again.
    await world.tell({ to: 'ola' });
    expect(await world.tokensOf('ola')).toEqual([LIVE]);
  });
});
