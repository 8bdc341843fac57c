/** The app's own keys arrive, whichever way a push goes: ours stand where the notification says something, and nowhere else. */
import fc from 'fast-check';
import { complete } from '../model/notification/complete';
import type { Notification } from '../model/notification/notification';
import { notificationProblems } from '../model/notification/problems';
import { Localiser } from '../delivery/localise';
import { apnsPayload, compileApns } from './apns/compile';
import { PUSH_TYPES, SPECIAL_PUSH_TYPES } from '../model/notification/apns-push-types';
import type { Content } from '../model/notification/content';
import { content, SENT_AT } from '../testing/content';
import { fcmMessage } from './fcm/compile';

const RUNS = { seed: 20_261_127, numRuns: 500 };

/** Field of a notification → the key of `aps` that it becomes. */
const FIELDS = {
  badge: 'badge',
  sound: 'sound',
  category: 'category',
  threadId: 'thread-id',
  interruptionLevel: 'interruption-level',
  relevanceScore: 'relevance-score',
  targetContentId: 'target-content-id',
  image: 'mutable-content',
} as const;

const localiser = new Localiser({ messages: {}, defaultLocale: 'en', warn: () => undefined });

async function contentOf(notification: Omit<Notification, 'to'>): Promise<Content> {
  const { content: draft } = complete(
    { to: 'ola', ...notification },
    { type: 'like', deliveryId: 'like-e1', eventTime: SENT_AT },
  );
  return localiser.localise(draft, 'en');
}

type Aps = Record<string, unknown>;
/** Every way to Apple, in every format: name → the payload. */
const WAYS: Record<string, (push: Content) => Record<string, unknown>> = {
  APNs: (push) => apnsPayload(push),
  'APNs, Expo': (push) => apnsPayload({ ...push, expo: { experienceId: '@lia/birds' } }),
  FCM: (push) => fcmMessage(push, SENT_AT).apns?.payload ?? {},
  'FCM, Expo': (push) =>
    fcmMessage({ ...push, expo: { experienceId: '@lia/birds' } }, SENT_AT).apns?.payload ?? {},
};

const json = fc.jsonValue({ maxDepth: 2 });
const ownAps = fc.record(
  {
    ...Object.fromEntries(
      [...Object.values(FIELDS), 'content-available'].map((key) => [key, json]),
    ),
    'filter-criteria': json,
    'stale-date': json,
    constructor: json,
  },
  { requiredKeys: [] },
);
const fields = fc.record(
  {
    badge: fc.nat(9),
    sound: fc.constantFrom('default', 'bell.caf'),
    category: fc.constant('post'),
    threadId: fc.constant('post-p1'),
    interruptionLevel: fc.constantFrom('passive', 'active' as const),
    relevanceScore: fc.constant(0.5),
    targetContentId: fc.constant('posts'),
    image: fc.constant('https://example.com/p.jpg'),
  },
  { requiredKeys: [] },
);

describe("the notification's own aps", () => {
  it('arrives with every key that none of its fields says, on every way', async () => {
    await fc.assert(
      fc.asyncProperty(ownAps, fields, async (aps, said) => {
        const push = await contentOf({ title: 'Hello', ...said, apns: { aps } });
        for (const [way, payloadOf] of Object.entries(WAYS)) {
          const arrived = JSON.parse(JSON.stringify(payloadOf(push)['aps'])) as Aps;
          const overridden = new Set<string>(
            Object.entries(FIELDS).flatMap(([field, key]) => (field in said ? [key] : [])),
          );
          for (const [key, value] of Object.entries(aps)) {
            const expected: unknown = JSON.parse(JSON.stringify(value));
            if (!overridden.has(key))
              expect({ way, key, value: arrived[key] }).toEqual({ way, key, value: expected });
          }
          if ('badge' in said) expect(arrived['badge']).toBe(said.badge);
          if ('sound' in said) expect(arrived['sound']).toBe(said.sound);
          if ('threadId' in said) expect(arrived['thread-id']).toBe('post-p1');
        }
      }),
      RUNS,
    );
  });

  it('adds to the alert, whose texts are the notification’s', async () => {
    const alert = { title: 'other', 'action-loc-key': 'VIEW', 'launch-image': 'own.png' };
    const push = await contentOf({ title: 'Hello', apns: { aps: { alert } } });
    for (const payloadOf of Object.values(WAYS)) {
      const arrived = payloadOf(push)['aps'] as Aps;
      expect(JSON.parse(JSON.stringify(arrived['alert']))).toEqual({
        title: 'Hello',
        'action-loc-key': 'VIEW',
        'launch-image': 'own.png',
      });
    }
  });

  it('is made fit to be shown like any other text', async () => {
    const alert = { title: 'a\u202Eb', body: 'c\nd\u200B', 'loc-args': ['e\nf\u0007'] };
    const push = await contentOf({
      subtitle: 's',
      title: { locKey: 'T' },
      apns: { aps: { alert } },
    });
    expect(apnsPayload(push)['aps']).toMatchObject({
      alert: { title: 'ab', body: 'c\nd', 'loc-args': ['e f'] },
    });
  });

  it.each(Object.keys(WAYS))('keeps its own content-available by %s', async (way) => {
    const push = await contentOf({ title: 'x', apns: { aps: { 'content-available': 0 } } });
    expect((WAYS[way] as (push: Content) => Record<string, unknown>)(push)['aps']).toMatchObject({
      'content-available': 0,
    });
  });
});

describe('data', () => {
  const key = fc.oneof(
    fc.constantFrom(
      'link',
      'title',
      'body',
      'image',
      'message',
      'tag',
      'constructor',
      'toString',
      'experienceId',
    ),
    fc.stringMatching(/^[a-zA-Z_.-]{1,12}$/),
  );
  const data = fc.dictionary(key, fc.string({ maxLength: 10 }), { maxKeys: 6 });
  const texts = fc.record(
    {
      title: fc.constant('T'),
      body: fc.constant('B'),
      link: fc.constant('/l'),
      image: fc.constant('https://example.com/p.jpg'),
    },
    { requiredKeys: [] },
  );
  const style = fc.constantFrom('alert', 'data' as const);

  /** Every way to an app: name → what it gets as data. */
  const DATA: Record<string, (push: Content) => Record<string, unknown>> = {
    FCM: (push) => fcmMessage(push, SENT_AT).data ?? {},
    APNs: (push) => apnsPayload(push),
    'Expo on Android': (push) =>
      JSON.parse(
        fcmMessage({ ...push, expo: { experienceId: '@lia/birds' } }, SENT_AT).android?.data?.[
          'body'
        ] ?? '',
      ) as Record<string, unknown>,
    'Expo on iOS': (push) =>
      apnsPayload({ ...push, expo: { experienceId: '@lia/birds' } })['body'] as Record<
        string,
        unknown
      >,
    'Expo on the web': (push) =>
      fcmMessage({ ...push, expo: { experienceId: '@lia/birds' } }, SENT_AT).webpush?.data ?? {},
  };

  it('arrives whole or is refused at the edge, on every way', async () => {
    await fc.assert(
      fc.asyncProperty(data, texts, style, async (own, said, as) => {
        const notification = { title: 'Hello', ...said, data: own, style: as };
        if (Object.keys(notificationProblems({ to: 'ola', ...notification })).length > 0) return;
        const push = await contentOf(notification);
        for (const [way, dataOf] of Object.entries(DATA)) {
          const arrived = JSON.parse(JSON.stringify(dataOf(push))) as Record<string, unknown>;
          expect({ way, ...arrived }).toMatchObject({
            ...own,
            type: 'like',
            deliveryId: 'like-e1',
          });
          if (said.link !== undefined) expect(arrived['link']).toBe(said.link);
          if (as === 'data' && said.title !== undefined) expect(arrived['title']).toBe(said.title);
        }
      }),
      RUNS,
    );
  });

  it('has a link of its own where the notification has none', async () => {
    const push = await contentOf({ title: 'x', data: { link: 'x' }, requiredData: ['link'] });
    for (const dataOf of Object.values(DATA)) expect(dataOf(push)).toMatchObject({ link: 'x' });
  });

  it.each<[string, Omit<Notification, 'to'>, string]>([
    ['the kind', { title: 'x', data: { type: 'mine' } }, 'data.type'],
    ['the delivery', { title: 'x', data: { deliveryId: 'mine' } }, 'data.deliveryId'],
    ['another link', { title: 'x', link: '/a', data: { link: '/b' } }, 'data.link'],
    [
      'another title of a push that is not shown',
      { style: 'data', title: 'x', data: { title: 'y' } },
      'data.title',
    ],
    [
      'a text in place of a message',
      { style: 'data', body: { key: 'x' }, data: { body: 'y' } },
      'data.body',
    ],
  ])('cannot say %s', (_what, notification, field) => {
    expect(notificationProblems({ to: 'ola', ...notification })[field]).toMatch(/expected/);
  });
});

describe("keys beside Apple's", () => {
  it('replace those of data, but not what makes a format', async () => {
    const push = await contentOf({
      title: 'x',
      data: { postId: 'p1' },
      apns: { custom: { postId: { nested: 1 }, body: 'mine', experienceId: 'mine' } },
    });
    expect(apnsPayload(push)).toMatchObject({ postId: { nested: 1 }, body: 'mine', type: 'like' });
    const inExpo = { ...push, expo: { experienceId: '@lia/birds' } };
    for (const payload of [apnsPayload(inExpo), fcmMessage(inExpo, SENT_AT).apns?.payload]) {
      expect(payload).toMatchObject({
        postId: { nested: 1 },
        body: { postId: 'p1', type: 'like' },
        experienceId: '@lia/birds',
      });
    }
  });
});

describe('the push type', () => {
  const table = (['alert', 'data'] as const).flatMap((style) =>
    [undefined, ...SPECIAL_PUSH_TYPES].flatMap((pushType) =>
      [undefined, { experienceId: '@lia/birds' }].flatMap((expo) =>
        (['high', 'normal'] as const).map((priority) => ({ style, pushType, expo, priority })),
      ),
    ),
  );

  it.each(table)(
    'agrees with the payload and the priority: %j',
    ({ style, pushType, expo, priority }) => {
      const push = content({
        style,
        priority,
        badge: 1,
        ...(expo === undefined ? {} : { expo }),
        ...(pushType === undefined
          ? {}
          : { apns: { pushType, aps: '{"event":"end"}', topic: 'x' } }),
      });
      const native = compileApns(push, SENT_AT);
      const throughFcm = fcmMessage(push, SENT_AT).apns;
      const ways = [
        {
          headers: native.headers,
          aps: (JSON.parse(native.body) as { aps: Aps }).aps,
          type: pushType ?? (style === 'data' ? 'background' : 'alert'),
        },
        {
          headers: throughFcm?.headers ?? {},
          aps: JSON.parse(JSON.stringify(throughFcm?.payload?.['aps'])) as Aps,
          type: style === 'data' ? 'background' : 'alert',
        },
      ];
      for (const { headers, aps, type } of ways) {
        expect(headers['apns-push-type']).toBe(type);
        const isBackground = type === 'background';
        expect(JSON.stringify(aps) === '{"content-available":1}').toBe(isBackground);
        if (isBackground) expect(headers['apns-priority']).toBe('5');
        else expect(headers['apns-priority']).toBe(PUSH_TYPES.alert.priority[priority]);
        if (type === 'alert') expect(aps).toMatchObject({ badge: 1, sound: 'default' });
        if (type === 'alert' || type === 'background') expect(aps).not.toHaveProperty('event');
        else expect(aps).toMatchObject({ event: 'end' });
      }
    },
  );
});
