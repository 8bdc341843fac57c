/**
 * Taking dead addresses out: by Firestore's times alone, and without a crowd before one user's document.
 */
import { FieldValue, Firestore, Timestamp } from '@google-cloud/firestore';
import { addressId, fingerprint } from '../../kit/src/model/address.ts';
import { DeviceStore } from '../../kit/src/devices/device-store.ts';
import { World } from './world.ts';

const DEAD = 'dead:APA91b';
const LIVE = 'live:APA91b';
/** Longer than the trigger may take. */
const LATER_MS = 61_000;

let world: World;
beforeEach(async () => {
  world = await World.create();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await world.deliver();
  await world.check();
});

/** When a push read the user: the moment that its prune is judged by. */
async function readAt(uid: string): Promise<number> {
  const [record] = await world.users.read([uid]);
  return record?.readAt ?? NaN;
}

const prune = (sendBegan: number, address = DEAD) =>
  world.noting(() => world.devices.prune('ola', [address], sendBegan));

/** An app that writes the array takes the address out and puts it in again. */
async function addAgain(): Promise<void> {
  await world.removes('ola', DEAD);
  await world.adds('ola', DEAD);
}

describe('an address that came in again while a push was under way stays', () => {
  it.each([0, 5_000, -5_000, 86_400_000])(
    'by registerToken, with an instance whose clock is %i ms off',
    async (ahead) => {
      await world.registers('ola', DEAD);
      const began = await readAt('ola');
      world.ahead = ahead;
      await world.registers('ola', DEAD);
      expect((await prune(began)).kept).toEqual([DEAD]);
      expect((await prune(await readAt('ola'))).pruned).toEqual([DEAD]);
    },
  );

  it('by the array, whether the trigger has heard of it', async () => {
    await world.registers('ola', DEAD);
    await world.deliver();
    const began = await readAt('ola');
    await addAgain();
    await world.deliver();
    expect((await prune(began)).kept).toEqual([DEAD]);
    // The record knows of it by itself: the user was not written since.
    expect((await world.recordOf(DEAD))?.refreshedAt.toMillis()).toBeGreaterThan(began);
  });

  it('by the array, whether or not', async () => {
    await world.adds('ola', DEAD);
    await world.deliver();
    const began = await readAt('ola');
    await addAgain();
    expect((await prune(began)).kept).toEqual([DEAD]);
    await world.deliver();
    expect(await world.tokensOf('ola')).toEqual([DEAD]);
    expect((await prune(await readAt('ola'))).pruned).toEqual([DEAD]);
  });

  it('by the array, while one event of the two is on its way', async () => {
    await world.adds('ola', DEAD);
    await world.deliver();
    const began = await readAt('ola');
    await addAgain();
    const [removed] = world.pending.splice(0, 1);
    if (removed !== undefined) await world.trigger(removed);
    expect((await prune(began)).kept).toEqual([DEAD]);
  });
});

describe('a user who is written all the time', () => {
  it('keeps a dead address until the trigger would have said that it came in again', async () => {
    await world.registers('ola', DEAD);
    await world.deliver();
    const began = await readAt('ola');
    const heartbeat = () =>
      world.noting(() => world.db.doc('users/ola').update({ seen: FieldValue.increment(1) }));
    await heartbeat();
    expect((await prune(began)).kept).toEqual([DEAD]);
    const again = await readAt('ola');
    await heartbeat();
    expect((await prune(again)).kept).toEqual([DEAD]);
    // A minute passes, as the record has it.
    const { foundDeadAt } = (await world.recordOf(DEAD)) ?? {};
    await world.db.doc(`devices/${addressId(DEAD)}`).update({
      refreshedAt: Timestamp.fromMillis((foundDeadAt?.toMillis() ?? 0) - 2 * LATER_MS),
      createdAt: Timestamp.fromMillis((foundDeadAt?.toMillis() ?? 0) - 2 * LATER_MS),
      foundDeadAt: Timestamp.fromMillis((foundDeadAt?.toMillis() ?? 0) - LATER_MS),
    });
    const last = await readAt('ola');
    await heartbeat();
    expect((await prune(last)).pruned).toEqual([DEAD]);
    expect(await world.tokensOf('ola')).toEqual([]);
  });

  it('keeps one that was registered since it was found dead', async () => {
    await world.registers('ola', DEAD);
    const began = await readAt('ola');
    await world.noting(() => world.db.doc('users/ola').update({ seen: 1 }));
    await prune(began);
    await world.db
      .doc(`devices/${addressId(DEAD)}`)
      .update({ foundDeadAt: Timestamp.fromMillis(world.now() - LATER_MS) });
    const last = await readAt('ola');
    await world.noting(() => world.db.doc('users/ola').update({ seen: 2 }));
    expect((await prune(last)).kept).toEqual([DEAD]);
  });
});

describe('five hundred pushes that find one device dead', () => {
  const counted = () => ({
    transactions: jest.spyOn(Firestore.prototype, 'runTransaction'),
    reads: jest.spyOn(Firestore.prototype, 'getAll'),
  });

  it('in one instance cost one prune, and registering goes on meanwhile', async () => {
    await world.registers('ola', DEAD);
    await world.registers('ola', LIVE);
    const began = await readAt('ola');
    const { transactions, reads } = counted();
    const prunes = Array.from({ length: 500 }, () => world.devices.prune('ola', [DEAD], began));
    const registered = world.ownership.register('ola', { address: 'new:APA91b', facts: {} });
    const results = await Promise.all(prunes);
    expect(await registered).toMatchObject({ listed: expect.any(Number) as number });
    const fates = new Set(results.map(({ pruned, kept }) => `${pruned.length} ${kept.length}`));
    // One verdict for all: that a registration came between is a reason to wait for the next push.
    expect(fates.size).toBe(1);
    expect(reads).toHaveBeenCalledTimes(1);
    expect(transactions.mock.calls.length).toBeLessThanOrEqual(2);
    await prune(await readAt('ola'));
    expect(await world.tokensOf('ola')).toEqual([LIVE, 'new:APA91b']);
  });

  it('in fifty instances, one after the other, cost one transaction', async () => {
    await world.registers('ola', DEAD);
    const began = await readAt('ola');
    const { transactions } = counted();
    for (let instance = 0; instance < 50; instance += 1) {
      const devices = new DeviceStore(world.collections);
      const pushes = Array.from({ length: 10 }, () => devices.prune('ola', [DEAD], began));
      const results = await Promise.all(pushes);
      expect(results.every(({ pruned }) => pruned.length === 1)).toBe(true);
    }
    expect(transactions).toHaveBeenCalledTimes(1);
  });

  it('in twenty instances at once all come through, and the device is gone once', async () => {
    await world.registers('ola', DEAD);
    await world.registers('ola', LIVE);
    const began = await readAt('ola');
    const user = await world.db.doc('users/ola').get();
    const results = await Promise.all(
      Array.from({ length: 20 }, () =>
        new DeviceStore(world.collections).prune('ola', [DEAD], began),
      ),
    );
    expect(results.every(({ pruned, kept }) => pruned.length + kept.length === 1)).toBe(true);
    expect(await world.tokensOf('ola')).toEqual([LIVE]);
    expect((await world.db.doc('users/ola').get()).updateTime).not.toEqual(user.updateTime);
  });

  it('tells each what became of its own addresses', async () => {
    await world.registers('ola', DEAD);
    await world.registers('ola', LIVE);
    const began = await readAt('ola');
    await world.registers('ola', LIVE);
    const [both, one, other] = await world.noting(() =>
      Promise.all([
        world.devices.prune('ola', [DEAD, LIVE], began),
        world.devices.prune('ola', [LIVE], began),
        world.devices.prune('lia', [DEAD], began),
      ]),
    );
    expect(both).toEqual({ pruned: [DEAD], kept: [LIVE] });
    expect(one).toEqual({ pruned: [], kept: [LIVE] });
    expect(other).toEqual({ pruned: [DEAD], kept: [] });
  });

  it('are told when Firestore fails, and the next prune begins anew', async () => {
    await world.registers('ola', DEAD);
    const began = await readAt('ola');
    jest.spyOn(world.db, 'runTransaction').mockRejectedValueOnce(new Error('UNAVAILABLE'));
    const failed = [
      world.devices.prune('ola', [DEAD], began),
      world.devices.prune('ola', [DEAD], began),
    ];
    for (const one of await Promise.allSettled(failed)) expect(one.status).toBe('rejected');
    expect((await prune(began)).pruned).toEqual([DEAD]);
  });
});

describe('a prune', () => {
  it('leaves what is not understood, and what the app makes of its field', async () => {
    await world.db.doc('users/ola').set({ tokens: [7, { token: DEAD }] });
    await world.registers('ola', DEAD);
    await prune(await readAt('ola'));
    expect(await world.tokensOf('ola')).toEqual([7, { token: DEAD }]);
    await world.registers('ola', DEAD);
    await world.db.doc('users/ola').update({ tokens: { [LIVE]: DEAD } });
    await prune(await readAt('ola'));
    expect(await world.tokensOf('ola')).toEqual({ [LIVE]: DEAD });
    expect(await world.recordOf(DEAD)).toBeUndefined();
  });
});

describe('what an address replaced', () => {
  it('can be followed by fingerprint, five addresses back, for its owner only', async () => {
    const names = Array.from({ length: 7 }, (_, nth) => `phone:APA91b-${nth}`);
    await world.registers('ola', names[0] as string);
    for (let nth = 1; nth < names.length; nth += 1) {
      await world.registers('ola', names[nth] as string, { replaces: names[nth - 1] as string });
    }
    await world.registers('ola', LIVE);
    const asked = new Set([...names, LIVE, 'never:APA91b'].map(fingerprint));
    const found = await world.devices.replacementsOf('ola', asked);
    expect(found).toEqual(new Map(names.slice(1, 6).map((name) => [fingerprint(name), names[6]])));
    expect(await world.devices.replacementsOf('lia', asked)).toEqual(new Map());
    await world.registers('lia', names[6] as string);
    expect(await world.devices.replacementsOf('lia', asked)).toEqual(new Map());
  });

  it('is not said of an address that was never the caller’s', async () => {
    await world.registers('lia', DEAD);
    await world.registers('ola', LIVE, { replaces: DEAD });
    const asked = new Set([fingerprint(DEAD)]);
    expect(await world.devices.replacementsOf('ola', asked)).toEqual(new Map());
  });
});
