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

  it.each<[Notification['to'], string[], string[]]>([
    ['..', [], ['".."']],
    ['users/ola', [], ['"users/ola"']],
    [
      ['ola', '..', '.', '__x__', '__proto__', 'a/b', '', 'lia'],
      ['ola', 'lia'],
      ['".."', '"."', '"__x__"', '"__proto__"', '"a/b"', '""'],
    ],
    [['ola', 7, null, {}, [], true], ['ola'], ['7', 'null', '(a map)', '(a list)', 'true']],
    [['ola', '\ud800', 'lia'], ['ola', 'lia'], ['"\\ud800"']],
    [['constructor', 'toString'], ['constructor', 'toString'], []],
  ])('tells who can be a user of %j apart from what cannot', (to, uids, invalid) => {
    expect(complete({ to, title: 'x' }, CONTEXT).recipients).toEqual(
      invalid.length === 0 ? { uids } : { uids, invalid },
    );
  });

  it('describes what cannot be a user in few words, however much there is', () => {
    const to = Array.from({ length: 100_000 }, (_, nth) => `${nth}/${'ü'.repeat(50)}`);
    const { recipients } = complete({ to, title: 'x' }, CONTEXT);
    expect(JSON.stringify(recipients).length).toBeLessThan(20_000);
    expect(recipients).toMatchObject({ invalid: { 100: '(99900 more)' } });
  });

  it.each(['..', 'a/b', '__x__', ''])('takes %j for nobody who acts', (actor) => {
    expect(complete({ to: 'ola', title: 'x', actor }, CONTEXT)).not.toHaveProperty('actor');
  });

  it('keeps long keys equal without the room that they take', () => {
    const key = 'ü'.repeat(1_000);
    const made = [1, 2].map(
      () => complete({ to: 'ola', title: 'x', threadId: key, collapseKey: key }, CONTEXT).content,
    );
    expect(made[0]).toEqual(made[1]);
    expect(made[0]?.threadId?.length).toBeLessThanOrEqual(64);
    expect(made[0]?.collapseKey?.length).toBeLessThanOrEqual(64);
  });

  it.each<[string, object, string]>([
    ['no recipient', { to: '' }, 'to'],
    ['a document path for members', { to: { members: 'chats/c1' } }, 'to'],
    ...['a/../b', '..', 'a//b', '/a', 'a/', '__a__', `a/${'b'.repeat(1_501)}/c`].map(
      (members): [string, object, string] => [
        `the collection ${members.slice(0, 20)}`,
        { to: { members } },
        'to.members: expected the path of a collection',
      ],
    ),
    ...['__proto__.x', 'a.__b__', '__name__', 'a..b', '', 'a.', '1a', 'a b', '`a`'].map(
      (field): [string, object, string] => [
        `the field ${field}`,
        { to: { users: { field, op: '==', value: 1 } } },
        'to.users.field: expected a field of users',
      ],
    ),
    ...['x'.repeat(1_501), NaN, {}, undefined].map((value): [string, object, string] => [
      `a comparison with ${JSON.stringify(value)?.slice(0, 20)}`,
      { to: { users: { field: 'locale', op: '==', value } } },
      'to.users.value: expected',
    ]),
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
