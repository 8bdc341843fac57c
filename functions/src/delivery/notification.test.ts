import { complete, InvalidInputError, type Notification } from './notification';

const CONTEXT = { type: 'like', deliveryId: 'like-e1', eventTime: 1_800_000_000_000 };

describe('complete', () => {
  it('fills in every default', () => {
    expect(complete({ to: 'ola', title: 'Hello' }, CONTEXT)).toEqual({
      recipients: { uids: ['ola'] },
      content: {
        type: 'like',
        deliveryId: 'like-e1',
        style: 'alert',
        priority: 'high',
        title: 'Hello',
        data: {},
        requiredData: [],
        sound: 'default',
        tag: 'like-e1',
        expiresAt: 1_800_000_000_000 + 28 * 86_400_000,
      },
    });
  });

  it('keeps what was asked for', () => {
    const { content, actor } = complete(
      {
        to: ['ola'],
        actor: 'lia',
        sound: null,
        collapseKey: 'chat-1',
        timeToLive: 60,
        priority: 'normal',
        style: 'data',
        data: { a: '1' },
        requiredData: ['a'],
        badge: 0,
      },
      CONTEXT,
    );
    expect(actor).toBe('lia');
    expect(content).toMatchObject({
      tag: 'chat-1',
      collapseKey: 'chat-1',
      expiresAt: 1_800_000_060_000,
      priority: 'normal',
      style: 'data',
      badge: 0,
    });
    expect(content).not.toHaveProperty('sound');
  });

  it('takes undefined for absent', () => {
    const { content } = complete({ to: 'ola', title: 'x', image: undefined }, CONTEXT);
    expect(content).not.toHaveProperty('image');
  });

  it('derives a tag of at most 64 bytes, equal for equal keys', () => {
    const tagOf = (collapseKey: string) =>
      complete({ to: 'ola', title: 'x', collapseKey }, CONTEXT).content.tag;
    const long = 'ü'.repeat(33);
    expect(Buffer.byteLength(tagOf(long))).toBeLessThanOrEqual(64);
    expect(tagOf(long)).toBe(tagOf(long));
    expect(tagOf(long)).not.toBe(tagOf(`${long}!`));
    expect(tagOf('ü'.repeat(32))).toBe('ü'.repeat(32));
  });

  it.each<[Notification['to'], object]>([
    ['ola', { uids: ['ola'] }],
    [['ola', 'lia', 'ola'], { uids: ['ola', 'lia'] }],
    [[], { uids: [] }],
    [{ members: 'chats/c1/members' }, { collection: 'chats/c1/members' }],
    [{ everyone: true }, { collection: 'users' }],
    // A user may choose such an id: it must not become a broadcast.
    ['everyone', { uids: ['everyone'] }],
  ])('reads recipients %j', (to, recipients) => {
    expect(complete({ to, title: 'x' }, CONTEXT).recipients).toEqual(recipients);
  });

  it.each<[string, object, string]>([
    ['no recipient', { to: '' }, 'to'],
    ['a user id that is a path', { to: 'users/ola' }, 'to'],
    ['a document path for members', { to: { members: 'chats/c1' } }, 'to'],
    [
      'too many ids',
      { to: Array.from({ length: 100_001 }, (_, i) => `u${i}`) },
      '{ members: path }',
    ],
    ['a number in data', { to: 'ola', data: { count: 3 } }, 'data.count: expected a string'],
    ['a reserved data key', { to: 'ola', data: { from: 'x' } }, 'reserved by FCM'],
    ['a reserved data prefix', { to: 'ola', data: { 'google.x': 'x' } }, 'reserved by FCM'],
    [
      'a picture that is no URL',
      { to: 'ola', image: 'javascript:alert(1)' },
      'image: expected an http(s) URL',
    ],
    ['a negative badge', { to: 'ola', badge: -1 }, 'badge'],
    ['a long life', { to: 'ola', timeToLive: 2_419_201 }, 'timeToLive'],
    ['a misspelt field', { to: 'ola', tittle: 'x' }, 'tittle'],
    [
      'required data that is not there',
      { to: 'ola', requiredData: ['postId'] },
      'requiredData: names postId',
    ],
    ['a bad analytics label', { to: 'ola', analyticsLabel: 'a b' }, 'analyticsLabel'],
  ])('refuses %s and says which field', (_what, notification, words) => {
    const act = () => complete(notification as Notification, CONTEXT);
    expect(act).toThrow(InvalidInputError);
    expect(act).toThrow(words);
  });
});
