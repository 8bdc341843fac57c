/** Runs in the copy where the README was followed: what its notification and its rule do for people with the app. */
import { App } from '../../e2e/app.ts';

const app = new App();
afterAll(() => app.close());

async function comment(): Promise<{ ola: Person; lia: Person; path: string }> {
  const [ola, lia] = [await app.person('Ola'), await app.person('Lia')];
  const path = 'posts/Électre/comments/a%20b';
  await app.db.doc(path).set({ authorId: ola.uid, text: 'Snow!' });
  return { ola, lia, path };
}
type Person = Awaited<ReturnType<App['person']>>;

test('a reply that an app writes notifies the author of the comment', async () => {
  const { ola, lia, path } = await comment();
  await lia.device.create(`${path}/replies/r1`, { authorId: lia.uid, text: 'Where?' });
  expect(await app.shows(ola.device, 1)).toMatchObject([
    {
      title: 'Lia replied to you',
      body: 'Where?',
      data: { type: 'reply', postId: 'Électre', commentId: 'a%20b', link: '/posts/%C3%89lectre' },
    },
  ]);
  expect(await app.inbox(lia.device)).toEqual([]);
});

test('nobody replies in another’s name, without a text, or with fields of their own', async () => {
  const { ola, lia, path } = await comment();
  const reply = (fields: object): Promise<void> =>
    lia.device.create(`${path}/replies/r2`, { authorId: lia.uid, text: 'Hi', ...fields });
  await expect(reply({ authorId: ola.uid })).rejects.toThrow('PERMISSION_DENIED');
  await expect(reply({ text: ' ' })).rejects.toThrow('PERMISSION_DENIED');
  await expect(reply({ likes: 7 })).rejects.toThrow('PERMISSION_DENIED');
  await reply({});
});

test('an anonymous account replies to nobody', async () => {
  const { path } = await comment();
  const guest = await app.device();
  await guest.signInAsGuest();
  const reply = guest.create(`${path}/replies/r3`, { authorId: guest.uid(), text: 'Hi' });
  await expect(reply).rejects.toThrow('PERMISSION_DENIED');
});
