/**
 * Apps write the sample's documents with the client SDK; the right devices are notified.
 */
import { beginChat, joinChat } from '../../../scripts/demo/chats.ts';
import { App, password, type Person } from '../../e2e/app.ts';

const app = new App();
afterAll(() => app.close());

async function post(owner: Person, more: object = {}): Promise<string> {
  return owner.device.add('posts', { ownerId: owner.uid, text: 'Snow', ...more });
}

describe('a like', () => {
  it('reaches every device of the post’s owner, with its picture, and not the liker', async () => {
    const [ola, lia] = [await app.person('Ola'), await app.person('Lia')];
    const tablet = await app.device('ios');
    await tablet.signIn({ email: `${ola.device.token.slice(0, 22)}@example.com`, password });
    await tablet.registerByCallable();
    const postId = await post(ola, { imageUrl: 'https://example.com/snow.jpg' });
    await lia.device.create(`posts/${postId}/likes/${lia.uid}`, {});

    for (const device of [ola.device, tablet]) {
      expect(await app.shows(device, 1)).toMatchObject([
        {
          kind: 'notification',
          title: 'Lia liked your post',
          image: 'https://example.com/snow.jpg',
          data: { type: 'like', postId, link: `/posts/${postId}` },
        },
      ]);
    }
    expect(await app.inbox(lia.device)).toEqual([]);
    const entry = await app.delivery('like', ({ reasons }) => ola.uid in reasons);
    expect(entry).toMatchObject({
      state: 'done',
      reasons: { [ola.uid]: 'delivered' },
      counts: { recipients: 1, addresses: 2, delivered: 2 },
    });
  });

  it('that is taken back and given again replaces its notification', async () => {
    const [ola, lia] = [await app.person('Ola'), await app.person('Lia')];
    const postId = await post(ola);
    const like = `posts/${postId}/likes/${lia.uid}`;
    await lia.device.create(like, {});
    const [first] = await app.shows(ola.device, 1);
    await app.db.doc(like).delete();
    await lia.device.create(like, {});
    await app.delivery(
      'like',
      ({ id, reasons }) => ola.uid in reasons && id !== first?.data['deliveryId'],
    );
    expect(await app.inbox(ola.device)).toHaveLength(1);
  });
});

describe('a comment', () => {
  it('reaches the owner with its text, emoji and all', async () => {
    const [ola, lia] = [await app.person('Ola'), await app.person('Lia')];
    const postId = await post(ola);
    const text = 'Take me with you 👩‍👩‍👧‍👦 🏔️ — été';
    await lia.device.add(`posts/${postId}/comments`, { authorId: lia.uid, text });
    expect(await app.shows(ola.device, 1)).toMatchObject([
      { title: 'Lia commented on your post', body: text },
    ]);
  });
});

describe('a follow', () => {
  it('reaches the followed', async () => {
    const [ola, lia] = [await app.person('Ola'), await app.person('Lia')];
    await lia.device.create(`follows/${lia.uid}_${ola.uid}`, {
      followerId: lia.uid,
      followedId: ola.uid,
    });
    expect(await app.shows(ola.device, 1)).toMatchObject([{ title: 'Lia follows you' }]);
  });

  it('by somebody with a name of 10 kB says what happened, after the beginning of the name', async () => {
    const ola = await app.person('Ola');
    await app.db.doc('users/long-name').set({ displayName: 'x'.repeat(10_000) });
    await app.db.collection('follows').add({ followerId: 'long-name', followedId: ola.uid });
    const [shown] = await app.shows(ola.device, 1);
    expect(shown?.title).toMatch(/^x{99}… follows you$/);
  });
});

describe('a chat message', () => {
  it('reaches everybody in the chat but the sender', async () => {
    const [ola, lia, bo] = [
      await app.person('Ola'),
      await app.person('Lia'),
      await app.person('Bo'),
    ];
    const chatId = await beginChat(lia.device, [ola.uid, bo.uid]);
    for (const { device } of [ola, bo]) await joinChat(device, chatId);
    await lia.device.add(`chats/${chatId}/messages`, { senderId: lia.uid, text: 'Saturday?' });
    for (const { device } of [ola, bo]) {
      const [invitation, message] = await app.shows(device, 2);
      expect(invitation).toMatchObject({ title: 'Lia invited you to chat' });
      expect(message).toMatchObject({ title: 'Lia', body: 'Saturday?' });
    }
    const entry = await app.delivery('chatMessage', ({ reasons }) => ola.uid in reasons);
    expect(entry.reasons).toEqual({
      [ola.uid]: 'delivered',
      [bo.uid]: 'delivered',
      [lia.uid]: 'is-actor',
    });
    expect(await app.inbox(lia.device)).toEqual([]);
  });

  it('reaches the members of a large room, through the task queue', async () => {
    const [ola, lia] = [await app.person('Ola'), await app.person('Lia')];
    const room = app.db.collection('chats').doc();
    await room.set({ ownerId: lia.uid, title: 'Everybody' });
    for (const { uid } of [ola, lia]) await room.collection('members').doc(uid).set({});
    await room.collection('messages').add({ senderId: lia.uid, text: 'Hello room' });
    expect(await app.shows(ola.device, 1)).toMatchObject([
      { title: 'Lia in Everybody', body: 'Hello room' },
    ]);
    const { id } = room;
    const shard = await app.delivery('chatMessage', ({ reasons }) => ola.uid in reasons);
    expect(shard.reasons).toEqual({ [ola.uid]: 'delivered', [lia.uid]: 'is-actor' });
    const parent = await app.delivery(
      'chatMessage',
      ({ coverage }) => coverage?.kind === 'paged-shards' && coverage.collection.includes(id),
    );
    expect(parent).toMatchObject({
      state: 'done',
      counts: { recipients: 2, delivered: 1, skipped: 1 },
    });
  });
});

describe('a chat that nobody has joined', () => {
  it('is known to the invited by one push, whatever is said in it', async () => {
    const [ola, lia] = [await app.person('Ola'), await app.person('Lia')];
    const chatId = await beginChat(lia.device, [ola.uid]);
    await lia.device.add(`chats/${chatId}/messages`, { senderId: lia.uid, text: 'Hello?' });
    const entry = await app.delivery('chatMessage', ({ reasons }) => lia.uid in reasons);
    expect(entry.reasons).toEqual({ [lia.uid]: 'is-actor' });
    expect(await app.shows(ola.device, 1)).toMatchObject([
      { title: 'Lia invited you to chat', data: { type: 'invitation', chatId } },
    ]);
  });
});

describe('a guest, who has an anonymous account', () => {
  it('reaches nobody by a like, a comment, a follow or an invitation', async () => {
    const [ola, guest] = [await app.person('Ola'), await app.device()];
    await guest.signInAsGuest();
    const postId = await post(ola);
    const own = await guest.add('posts', { ownerId: guest.uid(), text: 'I may post' });
    expect(own).not.toBe('');
    const attempts = [
      guest.create(`posts/${postId}/likes/${guest.uid()}`, {}),
      guest.add(`posts/${postId}/comments`, { authorId: guest.uid(), text: 'Hi' }),
      guest.create(`follows/${guest.uid()}_${ola.uid}`, {
        followerId: guest.uid(),
        followedId: ola.uid,
      }),
      beginChat(guest, [ola.uid]),
    ];
    for (const attempt of await Promise.allSettled(attempts)) {
      expect(attempt).toMatchObject({ reason: { code: 'permission-denied' } });
    }
  });

  it('takes part in a chat that somebody invited them to', async () => {
    const [ola, guest] = [await app.person('Ola'), await app.device()];
    await guest.signInAsGuest();
    const chatId = await beginChat(ola.device, [guest.uid()]);
    await joinChat(guest, chatId);
    await guest.add(`chats/${chatId}/messages`, { senderId: guest.uid(), text: 'Thanks' });
    expect(await app.shows(ola.device, 1)).toMatchObject([{ title: 'Someone', body: 'Thanks' }]);
  });
});

describe('people who muted a kind', () => {
  it('are not told of it, and the ledger says so', async () => {
    const [ola, lia] = [await app.person('Ola'), await app.person('Lia')];
    await app.db.doc(`users/${ola.uid}`).update({ notificationSettings: { follow: false } });
    await lia.device.create(`follows/${lia.uid}_${ola.uid}`, {
      followerId: lia.uid,
      followedId: ola.uid,
    });
    const entry = await app.delivery('follow', ({ reasons }) => ola.uid in reasons);
    expect(entry.reasons).toEqual({ [ola.uid]: 'muted' });
    expect(await app.inbox(ola.device)).toEqual([]);
  });
});
