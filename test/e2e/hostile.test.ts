/**
 * Documents that no honest app writes: the trigger neither crashes nor loops, and the ledger says what was wrong.
 */
import { App } from './app.ts';

const app = new App();
afterAll(() => app.close());

const LONG = 'x'.repeat(10_000);

/** Written past the rules, as a faulty server or an old app version would. */
async function offer(order: object): Promise<(entry: { id: string; error?: string }) => boolean> {
  const ref = app.db.collection('orders').doc();
  await ref.set(order);
  await ref.collection('offers').doc('somebody').set({});
  return ({ error }) => error?.includes(ref.path) ?? false;
}

describe('an offer for a malformed order', () => {
  it.each([
    ['no customer', { text: 'x' }],
    ['a customer that is a number', { customerId: 7 }],
    ['a customer that is a document', { customerId: { tokens: ['x'] } }],
    ['a customer that is nothing', { customerId: null }],
  ])('with %s is recorded as failed, once, with the field', async (_what, order) => {
    const entry = await app.delivery('offer', await offer(order));
    expect(entry).toMatchObject({
      state: 'failed',
      attempts: 1,
      error: expect.stringContaining('customerId') as string,
    });
  });

  it('whose customer is a path tells nobody, and the ledger says why', async () => {
    const ref = app.db.collection('orders').doc();
    await ref.set({ customerId: `users/${ref.id}` });
    await ref.collection('offers').doc('somebody').set({});
    const named = JSON.stringify(`users/${ref.id}`);
    const entry = await app.delivery('offer', ({ reasons }) => named in reasons);
    expect(entry).toMatchObject({
      state: 'done',
      attempts: 1,
      reasons: { [named]: 'invalid-id' },
    });
  });
});

describe('texts of any size and script', () => {
  it('arrive shortened, never broken', async () => {
    const ola = await app.person('Ola');
    const shop = app.db.collection('shops').doc();
    await shop.set({ customers: [ola.uid, 'lia'], name: '👩‍👩‍👧‍👦'.repeat(100) });
    await shop.collection('notices').add({ authorId: 'lia', text: `${'👩‍👩‍👧‍👦'.repeat(500)}${LONG}` });
    const [shown] = await app.shows(ola.device, 1);
    expect(shown?.body).toMatch(/^(?:👩‍👩‍👧‍👦)+…$/u);
    expect(shown?.title).toContain('👩‍👩‍👧‍👦');
  });
});

describe('a user document of any shape', () => {
  it.each([
    ['tokens is text', { tokens: 'abc' }],
    ['tokens is a map', { tokens: { 0: 'abc' } }],
    ['tokens holds junk', { tokens: [7, null, {}, '', 'a b', 'ä'] }],
  ])('where %s has no address, and says so', async (what, user) => {
    const uid = `odd ${what}`.replaceAll(' ', '-');
    await app.db.doc(`users/${uid}`).set(user);
    await app.db.collection('orders').add({ sellerId: 'lia', customerId: uid });
    const entry = await app.delivery('order', ({ reasons }) => uid in reasons);
    expect(entry.reasons).toEqual({ [uid]: 'no-address' });
  });
});
