/**
 * What one registration does: the device's facts, the user's defaults, the swap of a token for its successor.
 */
import { waitUntil } from '../../scripts/stack/condition.ts';
import { World } from './world.ts';

const TIMEOUT_MS = 20_000;

const PHONE = 'phone:APA91b-1';
const FID = 'cAbCdEfGhIjKlMnOpQrStU';
const APNS = 'a1'.repeat(32);

let world: World;
beforeEach(async () => {
  world = await World.create();
});
afterEach(async () => {
  await world.deliver();
  await world.check();
});

describe('a registration', () => {
  it('keeps every fact of the device, and the older ones that a later call leaves out', async () => {
    const facts = {
      platform: 'ios',
      appId: 'com.example.app',
      appVersion: '1.2.3',
      locale: 'pt-BR',
      timeZone: 'America/Sao_Paulo',
      environment: 'sandbox',
      experienceId: '@ola/app',
    } as const;
    await world.registers('ola', APNS, facts);
    await world.registers('ola', APNS, { appVersion: '1.2.4', locale: undefined });
    expect(await world.recordOf(APNS)).toMatchObject({
      ...facts,
      appVersion: '1.2.4',
      kind: 'apns',
      uid: 'ola',
    });
  });

  it('stamps the record each time, and leaves an unchanged user alone', async () => {
    await world.registers('ola', PHONE);
    const first = await world.recordOf(PHONE);
    const user = await world.db.doc('users/ola').get();
    world.ahead += 60_000;
    await world.registers('ola', PHONE);
    const second = await world.recordOf(PHONE);
    expect(second?.createdAt).toEqual(first?.createdAt);
    expect(second?.refreshedAt.toMillis()).toBeGreaterThan(first?.refreshedAt.toMillis() ?? 0);
    expect((await world.db.doc('users/ola').get()).updateTime).toEqual(user.updateTime);
  });

  it("gives the user the device's locale and time zone, unless there is one already", async () => {
    await world.db.doc('users/ola').set({ locale: 'de-AT', timeZone: '' });
    await world.registers('ola', PHONE, { locale: 'en', timeZone: 'Europe/Vienna' });
    const user = await world.db.doc('users/ola').get();
    expect(user.data()).toMatchObject({ locale: 'de-AT', timeZone: 'Europe/Vienna' });
  });

  it('takes the device from the previous owner with a note, and without topics and facts', async () => {
    await world.registers('ola', PHONE, { platform: 'android', appId: 'com.example' });
    const registered = await world.registers('lia', PHONE, { platform: 'android' });
    expect(registered.takenFrom).toEqual(['ola']);
    const record = await world.recordOf(PHONE);
    expect(record).toMatchObject({ uid: 'lia', takeovers: 1, topics: [] });
    expect(record).not.toHaveProperty('appId');
    await world.registers('ola', PHONE);
    expect(await world.recordOf(PHONE)).toMatchObject({ uid: 'ola', takeovers: 2 });
  });

  it('takes a device out of every array that held it before there were records', async () => {
    await world.seed({ ola: [PHONE], lia: [PHONE, 'lia:APA91b'], bo: ['bo:APA91b'] });
    await world.registers('bo', 'bo:APA91b');
    await world.registers('lia', 'lia:APA91b');
    const { takenFrom } = await world.registers('bo', PHONE);
    expect([...takenFrom].sort()).toEqual(['lia', 'ola']);
  });

  it('does not bring back the document of a previous owner who is gone', async () => {
    await world.registers('ola', PHONE);
    await world.db.doc('users/ola').delete();
    await world.registers('lia', PHONE);
    expect((await world.db.doc('users/ola').get()).exists).toBe(false);
  });

  it('leaves in the array what is not understood, whatever is done', async () => {
    const unknown = [7, { token: PHONE }, 'two words', 'ExponentPushToken[x]'];
    await world.db.doc('users/ola').set({ tokens: unknown });
    await world.registers('ola', PHONE);
    expect(await world.tokensOf('ola')).toEqual([...unknown, PHONE]);
    await world.registers('ola', FID, { replaces: PHONE });
    expect(await world.tokensOf('ola')).toEqual([...unknown, FID]);
    await world.registers('lia', FID);
    expect(await world.tokensOf('ola')).toEqual(unknown);
    await world.registers('ola', FID);
    await world.noting(() => world.ownership.unregister('ola', FID));
    await world.registers('ola', APNS);
    await world.noting(() => world.removal.unregisterAll('ola'));
    expect(await world.tokensOf('ola')).toEqual(unknown);
    await world.registers('ola', APNS);
    await world.noting(() => world.removal.forget('ola', { deleteDocument: false }));
    expect(await world.tokensOf('ola')).toEqual(unknown);
  });

  it.each([
    ['a map', { [PHONE]: true }],
    ['a string', PHONE],
  ])(
    'is refused where the field holds %s, which says what to do; nothing is written',
    async (what, tokens) => {
      await world.db.doc('users/ola').set({ tokens });
      await expect(world.registers('ola', PHONE)).rejects.toMatchObject({
        code: 'failed-precondition',
        message: expect.stringContaining(
          `to be an array of device tokens, or absent, got ${what}`,
        ) as string,
      });
      expect((await world.db.doc('users/ola').get()).data()).toEqual({ tokens });
      expect((await world.db.collection('devices').get()).size).toBe(0);
    },
  );

  it('ends where the app makes its field something else, and logging out still works', async () => {
    await world.registers('ola', PHONE);
    await world.registers('ola', FID);
    await world.db.doc('users/ola').update({ tokens: { mine: PHONE } });
    expect(await world.noting(() => world.ownership.unregister('ola', PHONE))).toBe(true);
    expect(await world.noting(() => world.removal.unregisterAll('ola'))).toEqual([FID]);
    expect(await world.tokensOf('ola')).toEqual({ mine: PHONE });
    expect((await world.db.collection('devices').get()).size).toBe(0);
  });
});

describe('replacing a token', () => {
  it('swaps it for the installation id in one step, topics kept', async () => {
    await world.registers('ola', PHONE);
    const devices = await world.db.collection('devices').get();
    await devices.docs[0]?.ref.update({ topics: ['news'] });
    const arrays: unknown[] = [];
    const stop = world.db.doc('users/ola').onSnapshot((user) => arrays.push(user.get('tokens')));
    expect(await waitUntil(() => arrays.length === 1, TIMEOUT_MS)).toBe(true);
    const registered = await world.registers('ola', FID, { replaces: PHONE });
    await world.deliver();
    const isSwapped = (): boolean => (arrays.at(-1) as string[])[0] === FID;
    expect(await waitUntil(isSwapped, TIMEOUT_MS)).toBe(true);
    stop();
    expect(registered.replaced).toBe(true);
    // At no moment neither, and at no moment both.
    expect(arrays.filter((tokens) => (tokens as string[]).length !== 1)).toEqual([]);
    expect(await world.recordOf(FID)).toMatchObject({ kind: 'fid', topics: ['news'] });
    expect(await world.recordOf(PHONE)).toBeUndefined();
  });

  it('works for a token that only stands in the array', async () => {
    await world.seed({ ola: [PHONE] });
    const { replaced } = await world.registers('ola', FID, { replaces: PHONE });
    expect(replaced).toBe(true);
    expect(await world.tokensOf('ola')).toEqual([FID]);
  });

  it("leaves somebody else's token alone", async () => {
    await world.registers('lia', PHONE);
    const { replaced } = await world.registers('ola', FID, { replaces: PHONE });
    expect(replaced).toBe(false);
    expect(await world.tokensOf('lia')).toEqual([PHONE]);
  });

  it('of a token for itself is a registration like any other', async () => {
    await world.registers('ola', PHONE, { replaces: PHONE });
    expect(await world.tokensOf('ola')).toEqual([PHONE]);
  });
});

describe('logging out', () => {
  it('takes one address, everywhere takes all', async () => {
    await world.registers('ola', PHONE);
    await world.registers('ola', FID);
    await world.registers('ola', APNS);
    expect(await world.noting(() => world.ownership.unregister('ola', PHONE))).toBe(true);
    expect(await world.ownership.unregister('ola', PHONE)).toBe(false);
    expect(await world.tokensOf('ola')).toEqual([FID, APNS]);
    const gone = await world.noting(() => world.removal.unregisterAll('ola'));
    expect(gone.sort()).toEqual([FID, APNS].sort());
    expect(await world.tokensOf('ola')).toEqual([]);
    expect(await world.removal.unregisterAll('ola')).toEqual([]);
    expect(await world.removal.unregisterAll('nobody')).toEqual([]);
  });

  it('everywhere works off more addresses than one transaction takes', async () => {
    const many = Array.from({ length: 450 }, (_, index) => `${index}:APA91b`);
    world = await World.create({ maxAddresses: 1000 });
    await world.seed({ ola: [...many, 7] });
    await world.registers('ola', PHONE);
    expect(await world.removal.unregisterAll('ola')).toHaveLength(451);
    expect(await world.tokensOf('ola')).toEqual([7]);
  });

  it('of the previous owner leaves the device with the new one', async () => {
    await world.registers('ola', PHONE);
    await world.registers('lia', PHONE);
    expect(await world.ownership.unregister('ola', PHONE)).toBe(false);
    expect(await world.tokensOf('lia')).toEqual([PHONE]);
  });
});
