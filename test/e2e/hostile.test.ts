/**
 * Documents that no honest app writes: the trigger neither crashes nor loops, and the ledger says what was wrong.
 */
import { App } from './app.ts';

const app = new App();
afterAll(() => app.close());

const LONG = 'x'.repeat(10_000);

/** Written past the rules, as a faulty server or an old app version would. */
async function like(
  post: object | undefined,
): Promise<(entry: { id: string; error?: string }) => boolean> {
  const ref = app.db.collection('posts').doc();
  if (post !== undefined) await ref.set(post);
  await ref.collection('likes').doc('somebody').set({});
  return ({ error }) => error?.includes(ref.path) ?? false;
}

describe('a malformed like', () => {
  it.each([
    ['no owner', { text: 'x' }],
    ['an owner that is a number', { ownerId: 7 }],
    ['an owner that is a document', { ownerId: { tokens: ['x'] } }],
    ['an owner that is nothing', { ownerId: null }],
  ])('with %s is recorded as failed, once, with the field', async (_what, post) => {
    const entry = await app.delivery('like', await like(post));
    expect(entry).toMatchObject({
      state: 'failed',
      attempts: 1,
      error: expect.stringContaining('ownerId') as string,
    });
  });

  it('whose owner is a path is recorded as failed', async () => {
    const ref = app.db.collection('posts').doc();
    await ref.set({ ownerId: 'users/ola' });
    await ref.collection('likes').doc('somebody').set({});
    const entry = await app.delivery('like', ({ error }) => error?.includes('to: ') ?? false);
    expect(entry).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('user id') as string,
    });
  });
});

describe('texts of any size and script', () => {
  it('arrive shortened, never broken', async () => {
    const ola = await app.person('Ola');
    const chat = app.db.collection('chats').doc();
    await chat.set({ participants: [ola.uid, 'lia'], title: '👩‍👩‍👧‍👦'.repeat(100) });
    await chat.collection('messages').add({ senderId: 'lia', text: `${'👩‍👩‍👧‍👦'.repeat(500)}${LONG}` });
    const [shown] = await app.shows(ola.device, 1);
    expect(shown?.body).toMatch(/^(?:👩‍👩‍👧‍👦)+…$/u);
    expect(shown?.title).toContain('👩‍👩‍👧‍👦');
  });

  it('of 10 kB from a name arrive shortened, and what happened is still told', async () => {
    const ola = await app.person('Ola');
    await app.db.doc('users/long-name').set({ displayName: LONG });
    await app.db.collection('follows').add({ followerId: 'long-name', followedId: ola.uid });
    const [shown] = await app.shows(ola.device, 1);
    expect(shown?.title).toMatch(/^x{99}… follows you$/);
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
    await app.db.collection('follows').add({ followerId: 'lia', followedId: uid });
    const entry = await app.delivery('follow', ({ reasons }) => uid in reasons);
    expect(entry.reasons).toEqual({ [uid]: 'no-address' });
  });
});
