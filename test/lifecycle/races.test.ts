/**
 * Calls that happen at once: whoever wins, array and device records agree afterwards.
 */
import { World } from './world.ts';

const PHONE = 'phone:APA91b-1';
const TABLET = 'tablet:APA91b-2';

let world: World;
beforeEach(async () => {
  world = await World.create();
});
afterEach(async () => {
  await world.deliver();
  await world.check();
});

const times = <T>(count: number, act: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => act(index)));

const register = (uid: string, address: string, more: { replaces?: string } = {}) =>
  world.ownership.register(uid, { address, facts: {}, ...more });

describe('registering at once', () => {
  it('ten identical calls leave one address and one record', async () => {
    await world.noting(() => times(10, () => register('ola', PHONE)));
    expect(await world.tokensOf('ola')).toEqual([PHONE]);
  });

  it('four phones of one person are all there', async () => {
    await world.noting(() => times(4, (index) => register('ola', `${PHONE}-${index}`)));
    expect(await world.tokensOf('ola')).toHaveLength(4);
  });

  it('two people racing for one phone leave it with one of them', async () => {
    await world.noting(() => times(6, (index) => register(index % 2 ? 'ola' : 'lia', PHONE)));
    const holders = [await world.tokensOf('ola'), await world.tokensOf('lia')];
    expect(holders).toContainEqual([PHONE]);
    expect(holders).toContainEqual([]);
  });

  it('two phones that swap owners end with one owner each', async () => {
    await world.registers('ola', PHONE);
    await world.registers('lia', TABLET);
    await world.noting(() =>
      Promise.all([register('ola', TABLET), register('lia', PHONE), register('ola', TABLET)]),
    );
    expect(await world.tokensOf('ola')).toEqual([TABLET]);
    expect(await world.tokensOf('lia')).toEqual([PHONE]);
  });

  it('three calls that replace the same address leave the new one only', async () => {
    await world.registers('ola', PHONE);
    await world.noting(() => times(3, () => register('ola', TABLET, { replaces: PHONE })));
    expect(await world.tokensOf('ola')).toEqual([TABLET]);
    expect(await world.recordOf(PHONE)).toBeUndefined();
  });
});

describe('registering while something else goes on', () => {
  it('a prune whose send began before keeps the address, whichever comes first', async () => {
    for (let round = 0; round < 2; round += 1) {
      await world.registers('ola', PHONE);
      const sendBegan = world.now();
      await world.noting(() =>
        Promise.all([register('ola', PHONE), world.devices.prune('ola', [PHONE], sendBegan)]),
      );
      expect(await world.tokensOf('ola')).toEqual([PHONE]);
    }
  });

  it('a prune for the previous owner does not touch the new one', async () => {
    await world.registers('ola', PHONE);
    await world.noting(() =>
      Promise.all([
        register('lia', PHONE),
        world.devices.prune('ola', [PHONE], world.now() + 1000),
      ]),
    );
    expect(await world.tokensOf('ola')).toEqual([]);
    expect(await world.tokensOf('lia')).toEqual([PHONE]);
  });

  it('a logout leaves all of it or nothing of it', async () => {
    for (let round = 0; round < 2; round += 1) {
      await world.noting(() =>
        Promise.all([register('ola', PHONE), world.ownership.unregister('ola', PHONE)]),
      );
      await world.check();
    }
  });

  it('the logout of the previous owner does not touch the new one', async () => {
    await world.registers('ola', PHONE);
    await world.noting(() =>
      Promise.all([register('lia', PHONE), world.ownership.unregister('ola', PHONE)]),
    );
    expect(await world.tokensOf('lia')).toEqual([PHONE]);
  });

  it('a logout everywhere leaves all of it or nothing of it', async () => {
    await world.registers('ola', TABLET);
    await world.noting(() =>
      Promise.all([register('ola', PHONE), world.removal.unregisterAll('ola')]),
    );
    expect(await world.tokensOf('ola')).not.toContain(TABLET);
  });

  it("an app's own write to the array is reconciled with it", async () => {
    for (let round = 0; round < 2; round += 1) {
      await world.noting(() =>
        Promise.all([
          register('ola', PHONE),
          world.db.doc('users/lia').set({ tokens: [PHONE] }),
          world.db.doc('users/bo').set({ tokens: [PHONE, TABLET] }),
        ]),
      );
      await world.deliver();
      await world.check();
    }
  });
});
