import { InvalidInputError, type Notification } from '@firestore-push/push/lib';
import { rehearse, type Rehearsable } from '@firestore-push/push/testing';

import * as catalogue from '.';
import { messages } from '../i18n';

const all = Object.values(catalogue);

function triggerOf(name: string): Rehearsable<string, unknown> {
  const trigger = all.find(({ definition }) => definition.name === name);
  if (trigger === undefined) throw new Error(`There is no notification "${name}".`);
  return trigger as Rehearsable<string, unknown>;
}

async function composed(
  name: string,
  params: Readonly<Record<string, string>>,
  document: object,
  documents: Record<string, object>,
): Promise<Notification | null> {
  const trigger = triggerOf(name);
  const path = trigger.definition.document.replaceAll(
    /\{(\w+)\}/g,
    (_, id: string) => params[id] ?? '',
  );
  return (await rehearse(trigger, { path, document, documents })).notification;
}

const PEOPLE = {
  'users/lia': { displayName: 'Lia', tokens: ['secret:APA91b'], email: 'lia@example.com' },
  'users/ola': { displayName: 'Ola' },
};
const POST = { 'posts/p1': { ownerId: 'ola', imageUrl: 'https://example.com/p1.jpg' } };
const LIKE = { postId: 'p1', likerId: 'lia' };
const COMMENT = { postId: 'p1', commentId: 'c1' };
const INVITATION = { uid: 'ola', chatId: 'c1' };
const MESSAGE = { chatId: 'c1', messageId: 'm1' };

describe('the catalogue', () => {
  it('has names that differ, since they are the key of settings and ledger', () => {
    const names = all.map(({ definition }) => definition.name);
    expect(names).toEqual([...new Set(names)]);
  });

  it('has a name for each in a settings screen, in every language', () => {
    for (const { definition } of all) {
      const { key } = definition.label as { key: string };
      for (const texts of Object.values(messages)) expect(texts).toHaveProperty([key]);
    }
    const labels = all.map(({ definition }) => definition.label);
    expect(new Set(labels.map((label) => JSON.stringify(label))).size).toBe(labels.length);
  });

  it.each<[string, Readonly<Record<string, string>>, object, string]>([
    ['like', LIKE, {}, 'posts/p1'],
    ['comment', COMMENT, { authorId: 'lia', text: 'Nice' }, 'posts/p1'],
    ['chatMessage', MESSAGE, { senderId: 'lia', text: 'Hi' }, 'chats/c1'],
  ])('lets people mute what a %s is about', async (name, params, document, target) => {
    const documents = { ...PEOPLE, ...POST, 'chats/c1': { participants: ['ola', 'lia'] } };
    expect(await composed(name, params, document, documents)).toMatchObject({ target });
  });

  it('puts nothing of a person into a push but the public name', async () => {
    const pushes = await Promise.all([
      composed('like', LIKE, {}, { ...PEOPLE, ...POST }),
      composed('comment', COMMENT, { authorId: 'lia', text: 'Nice' }, { ...PEOPLE, ...POST }),
      composed('follow', { followId: 'x' }, { followerId: 'lia', followedId: 'ola' }, PEOPLE),
      composed('invitation', INVITATION, { inviterId: 'lia' }, PEOPLE),
      composed(
        'chatMessage',
        MESSAGE,
        { senderId: 'lia', text: 'Hi' },
        {
          ...PEOPLE,
          'chats/c1': { participants: ['ola', 'lia'] },
        },
      ),
    ]);
    for (const push of pushes) {
      expect(JSON.stringify(push?.title)).toContain('Lia');
      expect(JSON.stringify(push)).not.toMatch(/secret|example\.com\/?"|lia@/);
    }
  });
});

describe('a like', () => {
  it('tells the owner of the post, with its picture', async () => {
    expect(await composed('like', LIKE, {}, { ...PEOPLE, ...POST })).toMatchObject({
      to: 'ola',
      actor: 'lia',
      title: { key: 'like.title', args: { name: 'Lia' } },
      image: 'https://example.com/p1.jpg',
      data: { postId: 'p1' },
    });
  });

  it('reads two documents, and one of them only if there is somebody to tell', async () => {
    const documents = { ...PEOPLE, ...POST };
    const told = await rehearse(catalogue.notifyLike, {
      path: 'posts/p1/likes/lia',
      document: {},
      documents,
    });
    expect(told.read).toEqual(['posts/p1', 'users/lia']);
    const own = await rehearse(catalogue.notifyLike, {
      path: 'posts/p1/likes/ola',
      document: {},
      documents,
    });
    expect(own.read).toEqual(['posts/p1']);
  });

  it.each<[string, Record<string, string>, Record<string, object>]>([
    ['of a post that is gone', LIKE, PEOPLE],
    ['of one’s own post', { ...LIKE, likerId: 'ola' }, { ...PEOPLE, ...POST }],
  ])('%s tells nobody', async (_what, params, documents) => {
    expect(await composed('like', params, {}, documents)).toBeNull();
  });

  it.each([[{}], [{ ownerId: 7 }], [{ ownerId: null }]])(
    'of a post without a proper owner, %j, is refused with the field',
    async (post) => {
      const act = composed('like', LIKE, {}, { ...PEOPLE, 'posts/p1': post });
      await expect(act).rejects.toThrow(InvalidInputError);
      await expect(act).rejects.toThrow('posts/p1: ownerId');
    },
  );

  it('is never replaced by another’s like of another post, whatever the ids', async () => {
    const post = { ownerId: 'ola' };
    const documents = { 'posts/a': post, 'posts/a-b': post };
    const keys = await Promise.all([
      composed('like', { postId: 'a', likerId: 'b-c' }, {}, documents),
      composed('like', { postId: 'a-b', likerId: 'c' }, {}, documents),
    ]).then((pushes) => pushes.map((push) => push?.collapseKey));
    expect(new Set(keys).size).toBe(2);
  });

  it('is told without the picture when that is no picture', async () => {
    const push = await composed(
      'like',
      LIKE,
      {},
      {
        ...PEOPLE,
        'posts/p1': { ownerId: 'ola', imageUrl: 'javascript:alert(1)' },
      },
    );
    expect(push).toMatchObject({ to: 'ola', image: undefined });
  });

  it.each<[unknown, string]>([
    [7, 'Someone'],
    ['', 'Someone'],
    [' \u200B\u3164 ', 'Someone'],
    ['Google\nYour code is 1234', 'Google Your code is 1234'],
    ['x'.repeat(100_000), `${'x'.repeat(99)}…`],
  ])('by somebody whose name is %j is by %j', async (displayName, name) => {
    const push = await composed('like', LIKE, {}, { ...POST, 'users/lia': { displayName } });
    expect(push?.title).toEqual({ key: 'like.title', args: { name } });
  });
});

describe('a chat message', () => {
  it('goes to the participants of a small chat', async () => {
    const push = await composed(
      'chatMessage',
      MESSAGE,
      { senderId: 'lia', text: 'Hi 👋' },
      {
        ...PEOPLE,
        'chats/c1': { participants: ['ola', 'lia'], title: 'Trip' },
      },
    );
    expect(push).toMatchObject({
      to: ['ola', 'lia'],
      actor: 'lia',
      title: { key: 'chat.roomTitle', args: { name: 'Lia', room: 'Trip' } },
      body: 'Hi 👋',
      threadId: 'chat-c1',
    });
  });

  it('goes to the members of a large room, who are documents', async () => {
    const push = await composed(
      'chatMessage',
      MESSAGE,
      { senderId: 'lia', text: 'Hi' },
      {
        ...PEOPLE,
        'chats/c1': { title: 'Everybody' },
      },
    );
    expect(push?.to).toEqual({ members: 'chats/c1/members' });
  });

  it.each<[string, object]>([
    ['without a text', {}],
    ['with an empty text', { text: ' ' }],
    ['with a text that is null', { text: null }],
    ['with a text that is none', { text: 7 }],
    ['with a text of which nothing can be seen', { text: '\u200B\u3164\u202E' }],
    ['that a push cannot show', { imageUrl: 'gs://bucket/p1.jpg' }],
  ])('that is a picture %s says so', async (_what, more) => {
    const picture = { senderId: 'lia', imageUrl: 'https://example.com/p1.jpg', ...more };
    const documents = { ...PEOPLE, 'chats/c1': { participants: ['ola'] } };
    expect(await composed('chatMessage', MESSAGE, picture, documents)).toMatchObject({
      to: ['ola'],
      title: 'Lia',
      body: { key: 'chat.picture' },
    });
  });

  it('goes to the participants whatever else stands among them', async () => {
    const participants = ['ola', '..', 7, null, { uid: 'x' }];
    const documents = { ...PEOPLE, 'chats/c1': { participants } };
    const push = await composed('chatMessage', MESSAGE, { senderId: 'lia', text: 'Hi' }, documents);
    expect(push?.to).toEqual(participants);
  });

  it.each(['..', 'a/b/c', '__x__', ''])(
    'by %j, who can be nobody, is by someone',
    async (senderId) => {
      const documents = {
        'chats/c1': { participants: ['ola'] },
        'users/a/b/c': { displayName: 'Eve' },
      };
      const push = await composed('chatMessage', MESSAGE, { senderId, text: 'Hi' }, documents);
      expect(push).toMatchObject({ to: ['ola'], title: 'Someone' });
    },
  );

  it('goes to nobody but the sender, who is never notified, before somebody has joined', async () => {
    const documents = { ...PEOPLE, 'chats/c1': { participants: ['lia'] } };
    const push = await composed('chatMessage', MESSAGE, { senderId: 'lia', text: 'Hi' }, documents);
    expect(push).toMatchObject({ to: ['lia'], actor: 'lia' });
  });

  it('in a chat that is gone tells nobody', async () => {
    expect(
      await composed('chatMessage', MESSAGE, { senderId: 'lia', text: 'Hi' }, PEOPLE),
    ).toBeNull();
  });

  it.each([
    [{}],
    [{ senderId: 'lia' }],
    [{ senderId: 'lia', text: 7 }],
    [{ senderId: {}, text: '' }],
  ])('%j is refused with the field', async (message) => {
    await expect(composed('chatMessage', MESSAGE, message, PEOPLE)).rejects.toThrow(
      InvalidInputError,
    );
  });
});

describe('an invitation', () => {
  it('tells the invited who invites them, after one read, and nothing of the chat but its id', async () => {
    const { notification, read } = await rehearse(catalogue.notifyInvitation, {
      path: 'invitations/ola/chats/c1',
      document: { inviterId: 'lia', text: 'You have won' },
      documents: { ...PEOPLE, 'chats/c1': { participants: ['lia'], title: 'You have won' } },
    });
    expect(notification).toMatchObject({
      to: 'ola',
      actor: 'lia',
      title: { key: 'invitation.title', args: { name: 'Lia' } },
      data: { chatId: 'c1', inviterId: 'lia' },
      link: '/chats/c1',
    });
    expect(JSON.stringify(notification)).not.toContain('won');
    expect(read).toEqual(['users/lia']);
  });

  it('replaces an earlier one by the same person, and nobody else’s', async () => {
    const keys = await Promise.all(
      [
        { chatId: 'c1', inviterId: 'lia' },
        { chatId: 'c2', inviterId: 'lia' },
        { chatId: 'c1', inviterId: 'bo' },
      ].map(async ({ chatId, inviterId }) => {
        const push = await composed('invitation', { uid: 'ola', chatId }, { inviterId }, PEOPLE);
        return push?.collapseKey;
      }),
    );
    expect(keys[0]).toBe(keys[1]);
    expect(keys[0]).not.toBe(keys[2]);
  });

  it('of oneself tells nobody', async () => {
    expect(await composed('invitation', INVITATION, { inviterId: 'ola' }, PEOPLE)).toBeNull();
  });
});

describe('a follow', () => {
  it('of oneself tells nobody', async () => {
    const follow = { followerId: 'lia', followedId: 'lia' };
    expect(await composed('follow', { followId: 'x' }, follow, PEOPLE)).toBeNull();
  });
});

describe('a comment', () => {
  it('of one’s own post tells nobody', async () => {
    const comment = { authorId: 'ola', text: 'Thanks' };
    expect(await composed('comment', COMMENT, comment, { ...PEOPLE, ...POST })).toBeNull();
  });
});
