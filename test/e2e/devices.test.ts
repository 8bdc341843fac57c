/**
 * Devices come and go: dead ones are pruned, logged-out ones no longer reached, shared ones belong to the last.
 */
import { App, type Person, until } from './app.ts';

const app = new App();
afterAll(() => app.close());

/** Has the courier offer to bring an order of the customer's, who is told. */
async function offer(courier: Person, customer: Person): Promise<void> {
  const order = app.db.collection('orders').doc(`${courier.uid}-${customer.uid}`);
  await order.set({ customerId: customer.uid, sellerId: customer.uid });
  await courier.device.create(`${order.path}/offers/${courier.uid}`, {});
}

async function settled(to: Person): Promise<string | undefined> {
  return (await app.delivery('offer', ({ reasons }) => to.uid in reasons)).reasons[to.uid];
}

describe('a dead address', () => {
  it('is pruned by the push that finds it, and the living ones stay', async () => {
    const [ola, lia] = [await app.person('Ola'), await app.person('Lia')];
    const old = await app.device();
    await app.db.doc(`users/${ola.uid}`).update({ tokens: [old.token, ola.device.token] });
    await app.declare(old.token, { state: 'unregistered' });
    await offer(lia, ola);
    expect(await settled(ola)).toBe('delivered');
    expect(await ola.device.tokens()).toEqual([ola.device.token]);
  });
});

describe('a device that logged out', () => {
  it('is no longer reached, and its person is known to have no address', async () => {
    const [ola, lia] = [await app.person('Ola'), await app.person('Lia')];
    await ola.device.registerByCallable();
    await ola.device.unregister();
    expect(await ola.device.tokens()).toEqual([]);
    // Again: logging out twice is no error.
    await ola.device.unregister();
    await offer(lia, ola);
    expect(await settled(ola)).toBe('no-address');
    expect(await app.inbox(ola.device)).toEqual([]);
  });
});

describe('a shared device', () => {
  it('belongs to whoever registered it last', async () => {
    const [ola, lia, bo] = [
      await app.person('Ola'),
      await app.person('Lia'),
      await app.person('Bo'),
    ];
    await ola.device.registerByCallable();
    const { token } = ola.device;
    // Bo signs in on Ola's phone without Ola having logged out.
    await ola.device.signOut();
    await ola.device.signIn({
      email: `${bo.device.token.slice(0, 22)}@example.com`,
      password: 'correct horse',
    });
    await ola.device.registerByCallable();
    await until('the phone to leave Ola', async () => {
      const tokens = (await app.db.doc(`users/${ola.uid}`).get()).get('tokens') as string[];
      return !tokens.includes(token);
    });
    await offer(lia, ola);
    expect(await settled(ola)).toBe('no-address');
    expect(await app.inbox(ola.device)).toEqual([]);
    await offer(lia, bo);
    expect(await app.shows(ola.device, 1)).toMatchObject([
      { title: 'Lia offers to bring your order' },
    ]);
  });
});

describe('registerToken', () => {
  it('refuses callers who are not signed in, and says what to do', async () => {
    const device = await app.device();
    await expect(device.registerByCallable()).rejects.toMatchObject({
      code: 'functions/unauthenticated',
      message: expect.stringContaining('Sign in first') as string,
    });
  });

  it('refuses an Expo push token with advice, and does not repeat it', async () => {
    const { device } = await app.person('Ola');
    const expo = 'ExponentPushToken[xxxxxxxxxxxxxxxxxxxxxx]';
    const error: unknown = await device
      .call('registerToken', { address: expo })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'functions/invalid-argument',
      message: expect.stringContaining('getDevicePushTokenAsync') as string,
    });
    expect((error as Error).message).not.toContain(expo);
  });
});
