import { imagePolicy } from './image-url';
import { complete, completed } from './complete';
import { InvalidInputError } from '../invalid-input';
import type { Notification } from './notification';
import { notificationProblems } from './problems';

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
    [{ everyone: true }, { everyone: true }],
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
    ['a key that Android drops', { to: 'ola', data: { collapse_key: 'x' } }, 'reserved by FCM'],
    ['a reserved word of FCM', { to: 'ola', data: { notification: 'x' } }, 'reserved by FCM'],
    [
      'a reserved prefix in capitals',
      { to: 'ola', data: { 'Google.c.x': 'x' } },
      'reserved by FCM',
    ],
    ['a key that Firestore takes', { to: 'ola', data: { __x__: 'x' } }, 'reserved by Firestore'],
    [
      'a key of a prototype',
      JSON.parse('{"to":"ola","data":{"__proto__":"x"}}') as object,
      'reserved',
    ],
    ['a key that is empty', { to: 'ola', data: { '': 'x' } }, 'expected a key of 1 to 256'],
    [
      'half a character as key',
      { to: 'ola', data: { '\uD800': 'x' } },
      'expected a key of 1 to 256',
    ],
    ['a list as data', { to: 'ola', data: ['x'] }, 'data: expected an object'],
    [
      'an argument that Firestore takes',
      { to: 'ola', title: { key: 'x', args: { __x__: 'x' } } },
      'reserved by Firestore',
    ],
    [
      'an argument that is no number',
      { to: 'ola', title: { key: 'x', args: { n: NaN } } },
      'expected a string or a number',
    ],
    [
      'too many arguments',
      { to: 'ola', title: { locKey: 'x', locArgs: Array.from({ length: 21 }, String) } },
      'title',
    ],
    [
      'required data that no payload holds',
      { to: 'ola', title: 'x', data: { a: 'x'.repeat(6000) }, requiredData: ['a'] },
      'requiredData: has 6001 bytes',
    ],
    ['a badge that Android cannot count to', { to: 'ola', title: 'x', badge: 2 ** 31 }, 'badge'],
    [
      'a channel without an end',
      { to: 'ola', title: 'x', channelId: 'x'.repeat(257) },
      'channelId',
    ],
    [
      'a launch image from elsewhere',
      { to: 'ola', title: 'x', launchImage: 'https://a.example/x' },
      'launchImage',
    ],
    [
      'an icon from a private address',
      { to: 'ola', title: 'x', expo: { experienceId: '@a/b', icon: 'https://10.0.0.1/x' } },
      'expo.icon',
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

const said = (notification: Omit<Notification, 'to'>) =>
  complete({ to: 'ola', ...notification }, CONTEXT).content;

describe('what shows nothing', () => {
  it.each<Omit<Notification, 'to'>>([
    {},
    { title: '' },
    { title: ' \n', body: '\u200B' },
    { title: '\u3164', image: 'https://example.com/p.jpg' },
    { subtitle: 'only Apple has it' },
    { badge: 0 },
    { badge: 3, data: { postId: 'p1' } },
    { image: 'https://example.com/p.jpg' },
    { style: 'alert', data: { postId: 'p1' } },
    { link: '/posts/p1' },
    { data: {} },
    { title: { locKey: '\u200B' } },
  ])('%j is refused, with what to do', (notification) => {
    expect(() => said(notification)).toThrow(/title: expected a title or a body to show/);
  });

  it('is told that a badge goes with a text', () => {
    expect(() => said({ badge: 0 })).toThrow('a badge without a text');
  });

  it.each<[Omit<Notification, 'to'>, 'alert' | 'data']>([
    [{ title: 'x' }, 'alert'],
    [{ title: '', body: 'x' }, 'alert'],
    [{ title: { key: 'like.title' } }, 'alert'],
    [{ title: { locKey: 'LIKE' } }, 'alert'],
    [{ title: 'x', style: 'data' }, 'data'],
    [{ style: 'data' }, 'data'],
    [{ data: { postId: 'p1' } }, 'data'],
    [{ title: '\u200B', data: { postId: 'p1' } }, 'data'],
    [{ apns: { pushType: 'voip', custom: { caller: 'Lia' } } }, 'data'],
  ])('%j is none of that: it is %s', (notification, style) => {
    expect(said(notification).style).toBe(style);
  });

  it('leaves no empty text behind', () => {
    expect(said({ title: '\u200B', subtitle: '', body: 'x' })).not.toHaveProperty('title');
  });
});

describe('a picture', () => {
  it.each([
    ['http://example.com/p.jpg', 'expected an https URL: phones refuse http'],
    ['javascript:alert(1)', 'expected an https URL'],
    ['https://192.168.1.1/p.jpg', 'expected the name of a public host'],
    [7 as unknown as string, 'expected an https URL'],
  ])('at %s is left out, and the push goes', (image, reason) => {
    const { composed, pictureProblem } = completed({ to: 'ola', title: 'x', image }, CONTEXT);
    expect(composed.content).not.toHaveProperty('image');
    expect(composed.content.title).toBe('x');
    expect(pictureProblem).toContain(reason);
  });

  it('is kept as it was read, where the setting allows its host', () => {
    const images = imagePolicy('*.example.com');
    const of = (image: string) =>
      completed({ to: 'ola', title: 'x', image }, { ...CONTEXT, images }).composed.content.image;
    expect(of('https://IMG.example.com/p')).toBe('https://img.example.com/p');
    expect(of('https://example.net/p')).toBeUndefined();
  });

  it('is a wrong field where somebody writes a push', () => {
    const push = { to: 'ola', title: 'x', image: 'https://10.0.0.1/p.jpg' };
    expect(notificationProblems(push)).toEqual({
      image: expect.stringContaining('public host') as string,
    });
    expect(
      notificationProblems({ ...push, image: 'https://a.example/' }, imagePolicy('b.example')),
    ).toEqual({
      image: expect.stringContaining('IMAGE_HOSTS') as string,
    });
  });
});

describe('the time to live', () => {
  const lifeOf = (notification: Omit<Notification, 'to'>) =>
    (said({ style: 'data', ...notification }).expiresAt - CONTEXT.eventTime) / 1000;

  it.each<[Notification['apns'], number]>([
    [undefined, 2_419_200],
    [{ pushType: 'voip' }, 0],
    [{ pushType: 'pushtotalk' }, 0],
    [{ pushType: 'liveactivity' }, 28_800],
    [{ pushType: 'widgets' }, 2_419_200],
  ])('of %j is %i seconds, unless the notification says', (apns, seconds) => {
    expect(lifeOf({ apns })).toBe(seconds);
    expect(lifeOf({ apns, timeToLive: 30 })).toBe(30);
    expect(lifeOf({ apns, timeToLive: 0 })).toBe(0);
  });
});

describe('what is kept', () => {
  it('is cut to what can be shown', () => {
    const long = 'wörter '.repeat(20_000);
    const { title, subtitle, body } = said({ title: long, subtitle: long, body: long });
    expect([title, subtitle, body].map((text) => (text as string).length)).toEqual([
      expect.closeTo(1000, -1),
      expect.closeTo(256, -1),
      expect.closeTo(8192, -1),
    ]);
    const named = said({ title: { key: 'like.title', args: { name: long, count: 3 } } })
      .title as unknown as {
      args: { name: string };
    };
    expect(named.args.name.length).toBeLessThanOrEqual(200);
    const local = said({ title: { locKey: 'A', locArgs: [long], fallback: long } })
      .title as unknown as {
      locArgs: string[];
      fallback: string;
    };
    expect(local.locArgs[0]?.length).toBeLessThanOrEqual(200);
    expect(local.fallback.length).toBeLessThanOrEqual(1000);
  });

  it('of data that no payload holds is the required and the small', () => {
    const { data } = said({
      title: 'x',
      data: {
        large: 'x'.repeat(900_000),
        small: '1',
        needed: 'x'.repeat(4000),
        larger: 'y'.repeat(9000),
      },
      requiredData: ['needed'],
    });
    expect(Object.keys(data)).toEqual(['small', 'needed']);
  });

  it('of keys made of long ids is a hash, equal for equal ones', () => {
    const id = 'ü'.repeat(700);
    const { collapseKey, threadId, tag } = said({
      title: 'x',
      collapseKey: id,
      threadId: `t-${id}`,
    });
    expect(collapseKey).toBe(tag);
    for (const key of [collapseKey, threadId]) expect(key).toMatch(/^[\w-]{43}$/);
    expect(said({ title: 'x', threadId: `t-${id}` }).threadId).toBe(threadId);
  });
});
