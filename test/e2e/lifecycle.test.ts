/**
 * The life of an address in the deployed functions: apps that write the array themselves, callables, deleted accounts.
 */
import { randomBytes } from 'node:crypto';
import { addressId } from '../../kit/src/model/address.ts';
import { App, type Person, password, until } from './app.ts';

const app = new App();
afterAll(() => app.close());

/** Anew in each run: an address stays with whoever registered it last. */
const FID = `c${randomBytes(16).toString('base64url').slice(0, 21)}`;

async function recordOf(address: string): Promise<Record<string, unknown> | undefined> {
  return (await app.db.doc(`devices/${addressId(address)}`).get()).data();
}

async function tokensOf(uid: string): Promise<readonly string[] | undefined> {
  const user = await app.db.doc(`users/${uid}`).get();
  return user.get('tokens') as readonly string[] | undefined;
}

async function recorded(address: string, uid: string): Promise<void> {
  await until(`the address to be ${uid}'s on record`, async () => {
    return (await recordOf(address))?.['uid'] === uid;
  });
}

const PROJECT = process.env['GCLOUD_PROJECT'] ?? '';
const AUTH = `http://${process.env['FIREBASE_AUTH_EMULATOR_HOST'] ?? ''}/identitytoolkit.googleapis.com/v1`;

async function post(url: string, body: object, bearer?: string): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
    },
    body: JSON.stringify(body),
  });
  return response.json();
}

/** An operator deletes an account; no function of ours is asked. */
async function deleteInConsole(uid: string): Promise<void> {
  await post(`${AUTH}/projects/${PROJECT}/accounts:delete`, { localId: uid }, 'owner');
}

/** Somebody without a name; what is returned calls registerToken as they would. */
async function signInAnonymously(): Promise<(data: object) => Promise<unknown>> {
  const account = await post(`${AUTH}/accounts:signUp?key=any`, { returnSecureToken: true });
  const { idToken } = account as { idToken: string };
  const host = process.env['FUNCTIONS_EMULATOR_HOST'] ?? '';
  return (data) => post(`http://${host}/${PROJECT}/us-central1/registerToken`, { data }, idToken);
}

/** Somebody else signs in on this person's phone, without a logout. */
async function handOver(from: Person, to: Person): Promise<void> {
  await from.device.signOut();
  await from.device.signIn({
    email: `${to.device.token.slice(0, 22)}@example.com`,
    password,
  });
}

describe('an app that writes the array itself', () => {
  it('has its device claimed, taken over by the next user, and released at logout', async () => {
    const [ola, lia] = [await app.person('Ola'), await app.person('Lia')];
    const { token } = ola.device;
    await recorded(token, ola.uid);
    await handOver(ola, lia);
    await ola.device.registerByArrayUnion();
    await recorded(token, lia.uid);
    await until('the phone to leave the first array', async () => {
      return (await tokensOf(ola.uid))?.includes(token) === false;
    });
    await app.db.doc(`users/${lia.uid}`).update({ tokens: [lia.device.token] });
    await until('the record to go', async () => (await recordOf(token)) === undefined);
  });
});

describe('registerToken', () => {
  it('keeps the facts of the device, and swaps a token for its successor', async () => {
    const { device, uid } = await app.person('Ola');
    const facts = {
      platform: 'ios',
      appId: 'com.example.app',
      appVersion: '1.2.3',
      locale: 'pt-BR',
      timeZone: 'America/Sao_Paulo',
      environment: 'production',
      experienceId: '@ola/app',
    };
    const answer = await device.call('registerToken', {
      ...facts,
      address: FID,
      replaces: device.token,
    });
    expect(answer).toEqual({ kind: 'fid', takenOver: false });
    expect(await recordOf(FID)).toMatchObject({ ...facts, uid, kind: 'fid', refreshedBy: 'call' });
    expect(await tokensOf(uid)).toEqual([FID]);
    const user = await app.db.doc(`users/${uid}`).get();
    expect(user.data()).toMatchObject({ locale: 'pt-BR', timeZone: 'America/Sao_Paulo' });
  });

  it('says that a device was taken over, so that its app can tell theft from a login', async () => {
    const [ola, mallory] = [await app.person('Ola'), await app.person('Mallory')];
    await ola.device.registerByCallable();
    const { token } = ola.device;
    expect(await mallory.device.call('registerToken', { address: token })).toMatchObject({
      takenOver: true,
    });
    // The next start of the owner's app takes it back.
    expect(await ola.device.call('registerToken', { address: token })).toMatchObject({
      takenOver: true,
    });
    expect(await tokensOf(ola.uid)).toEqual([token]);
    expect(await tokensOf(mallory.uid)).not.toContain(token);
  });

  it.each([
    ['no address', {}],
    ['a number', { address: 7 }],
    ['a request that is too long', { address: 'x'.repeat(20_000) }],
  ])('refuses %s with a message to act on', async (_name, data) => {
    const { device } = await app.person('Ola');
    const error: unknown = await device
      .call('registerToken', data)
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'functions/invalid-argument',
      message: expect.stringContaining('expected') as string,
    });
  });

  it.each([
    ['an unknown field', { secretOfMine: 'x' }, 'unknown fields'],
    ['a field that is too long', { appId: 'x'.repeat(1001) }, 'appId'],
    ['a platform that it does not know', { platform: 'toaster' }, 'platform'],
  ])('takes a device in spite of %s, and says what it left out', async (_name, odd, ignored) => {
    const { device } = await app.person('Ola');
    expect(await device.call('registerToken', { address: FID, ...odd })).toMatchObject({
      kind: 'fid',
      ignored: [ignored],
    });
  });
});

describe('unregisterAllTokens', () => {
  it('logs a person out everywhere', async () => {
    const { device, uid } = await app.person('Ola');
    await device.registerByCallable();
    await device.call('registerToken', { address: `second:${device.token}` });
    expect(await device.call('unregisterAllTokens', {})).toEqual({ removed: 2 });
    expect(await tokensOf(uid)).toEqual([]);
    expect(await recordOf(device.token)).toBeUndefined();
    expect(await device.call('unregisterAllTokens', {})).toEqual({ removed: 0 });
  });
});

describe('deleteAccount', () => {
  it('takes the account with all addresses and device records, and leaves what is the app’s', async () => {
    const { device, uid } = await app.person('Ola');
    await device.registerByCallable();
    const settings = { notificationSettings: { order: false } };
    await app.db.doc(`users/${uid}`).update(settings);
    expect(await device.call('deleteAccount', {})).toEqual({ deleted: true });
    expect((await app.db.doc(`users/${uid}`).get()).data()).toEqual({
      displayName: 'Ola',
      tokens: [],
      ...settings,
    });
    expect(await recordOf(device.token)).toBeUndefined();
    await device.signOut();
    await expect(
      device.signIn({ email: `${device.token.slice(0, 22)}@example.com`, password }),
    ).rejects.toMatchObject({ code: expect.stringMatching(/user-not-found|invalid-/) as string });
  });
});

describe('an account that is deleted in another way', () => {
  it('is forgotten: addresses and records go, its document stays; a document without an account is let be', async () => {
    const { device, uid } = await app.person('Ola');
    await recorded(device.token, uid);
    const bot = `bot:${device.token}`;
    await app.db.doc('users/a-bot').set({ tokens: [bot], displayName: 'Bot' });
    await recorded(bot, 'a-bot');
    await deleteInConsole(uid);
    await until('the record to go', async () => (await recordOf(device.token)) === undefined);
    expect(await tokensOf(uid)).toEqual([]);
    expect((await app.db.doc(`users/${uid}`).get()).get('displayName')).toBe('Ola');
    expect((await app.db.doc('users/a-bot').get()).data()).toEqual({
      tokens: [bot],
      displayName: 'Bot',
    });
    expect(await recordOf(bot)).toMatchObject({ uid: 'a-bot' });
  });
});

describe('one phone with two names', () => {
  it('gets one push, and none for its former owner once somebody else has it', async () => {
    const [ola, lia, fan] = await Promise.all(
      ['Ola', 'Lia', 'Fan'].map((name) => app.person(name)),
    );
    if (ola === undefined || lia === undefined || fan === undefined) throw new Error('nobody');
    const { token } = ola.device;
    const fid = token.slice(0, 22);
    await app.declare(fid, { platform: 'android', state: 'live' });
    await app.db.doc(`users/${ola.uid}`).update({ tokens: [token, fid] });
    await until('one name to be left', async () => (await tokensOf(ola.uid))?.length === 1);
    expect(await tokensOf(ola.uid)).toEqual([fid]);
    await fan.device.add('orders', { customerId: ola.uid, sellerId: fan.uid });
    await until('the push', async () => (await app.inboxOf(fid)).length > 0);
    expect(await lia.device.call('registerToken', { address: token })).toEqual({
      kind: 'fcm',
      takenOver: true,
    });
    expect(await tokensOf(ola.uid)).toEqual([]);
    expect(await app.inboxOf(fid)).toHaveLength(1);
    expect(await app.inboxOf(token)).toEqual([]);
  });
});

describe('an anonymous account', () => {
  it('registers what is nobody’s, takes over nothing, and is told what to do', async () => {
    const { device, uid } = await app.person('Ola');
    await device.registerByCallable();
    const anonymous = await signInAnonymously();
    expect(await anonymous({ address: `anon:${device.token}` })).toMatchObject({
      result: { kind: 'fcm', takenOver: false },
    });
    expect(await anonymous({ address: device.token })).toMatchObject({
      error: {
        status: 'PERMISSION_DENIED',
        message: expect.stringContaining('deleteToken()') as string,
      },
    });
    expect(await tokensOf(uid)).toEqual([device.token]);
  });
});

describe('a tokens field that is the app’s own', () => {
  it('is left as it is; registerToken says what to do', async () => {
    const { device, uid } = await app.person('Ola');
    const tokens = { [device.token]: { platform: 'ios' } };
    await app.db.doc(`users/${uid}`).update({ tokens });
    await expect(device.registerByCallable()).rejects.toMatchObject({
      code: 'functions/failed-precondition',
      message: expect.stringContaining('got a map') as string,
    });
    expect((await app.db.doc(`users/${uid}`).get()).get('tokens')).toEqual(tokens);
  });
});

describe('a deleted user document', () => {
  it('takes its device records along', async () => {
    const { device, uid } = await app.person('Ola');
    await recorded(device.token, uid);
    await app.db.doc(`users/${uid}`).delete();
    await until('the record to go', async () => (await recordOf(device.token)) === undefined);
    expect((await app.db.doc(`users/${uid}`).get()).exists).toBe(false);
  });
});
