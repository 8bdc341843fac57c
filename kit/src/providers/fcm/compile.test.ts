import fc from 'fast-check';
import type { Content } from '../../model/notification/content';
import { content, SENT_AT } from '../../testing/content';
import { PayloadTooLargeError } from '../fit';
import { compileFcm, compileProbe, FCM_PAYLOAD_LIMIT_BYTES, fcmMessage } from './compile';

const HOUR = 3_600_000;
const WEEKS_4_SECONDS = 2_419_200;
const RUNS = { seed: 20_261_122, numRuns: 300 };

describe('an alert', () => {
  it('with next to nothing is this message', () => {
    expect(fcmMessage(content(), SENT_AT)).toEqual({
      notification: { title: 'Lia liked your post' },
      data: { postId: 'p1', type: 'like', deliveryId: 'like-e1' },
      android: {
        priority: 'HIGH',
        ttl: '3600s',
        notification: { tag: 'like-e1', sound: 'default' },
      },
      apns: {
        headers: {
          'apns-push-type': 'alert',
          'apns-priority': '10',
          'apns-expiration': '1800003600',
          'apns-collapse-id': 'like-e1',
        },
        payload: { aps: { sound: 'default', 'content-available': 1 } },
      },
      webpush: { headers: { TTL: '3600', Urgency: 'high' }, notification: { tag: 'like-e1' } },
    });
  });

  it('with everything is this message', () => {
    const full = content({
      body: 'It was the one with the boat.',
      image: 'https://img.example/boat.jpg',
      link: 'https://app.example/posts/p1',
      collapseKey: 'likes-p1',
      channelId: 'social',
      category: 'LIKE',
      threadId: 'post-p1',
      badge: 0,
      priority: 'normal',
      analyticsLabel: 'like',
    });
    expect(fcmMessage(full, SENT_AT)).toEqual({
      notification: {
        title: 'Lia liked your post',
        body: 'It was the one with the boat.',
        image: 'https://img.example/boat.jpg',
      },
      data: {
        postId: 'p1',
        type: 'like',
        deliveryId: 'like-e1',
        link: 'https://app.example/posts/p1',
      },
      fcmOptions: { analyticsLabel: 'like' },
      android: {
        priority: 'NORMAL',
        ttl: '3600s',
        collapseKey: 'likes-p1',
        notification: {
          tag: 'like-e1',
          image: 'https://img.example/boat.jpg',
          sound: 'default',
          channelId: 'social',
          notificationCount: 0,
        },
      },
      apns: {
        headers: {
          'apns-push-type': 'alert',
          'apns-priority': '5',
          'apns-expiration': '1800003600',
          'apns-collapse-id': 'like-e1',
        },
        payload: {
          aps: {
            badge: 0,
            sound: 'default',
            category: 'LIKE',
            'thread-id': 'post-p1',
            'content-available': 1,
            'mutable-content': 1,
          },
        },
        fcmOptions: { image: 'https://img.example/boat.jpg' },
      },
      webpush: {
        headers: { TTL: '3600', Urgency: 'normal' },
        notification: { tag: 'like-e1', image: 'https://img.example/boat.jpg' },
        fcmOptions: { link: 'https://app.example/posts/p1' },
      },
    });
  });

  it('without a sound is silent everywhere', () => {
    const { sound: _, ...silent } = content();
    expect(JSON.stringify(fcmMessage(silent, SENT_AT))).not.toContain('sound');
  });

  it.each([
    ['https://app.example/', 'https://app.example/'],
    ['HTTPS://APP.example/x?y#z', 'https://app.example/x?y#z'],
    ['/posts/p1', undefined],
    ['http://app.example/', undefined],
    ['app://post/1', undefined],
    ['https://', undefined],
    ['https://app example/', undefined],
    ['', undefined],
  ])('with the link %j opens %s on the web', (link, opened) => {
    const { webpush, data } = fcmMessage(content({ link }), SENT_AT);
    expect(webpush?.fcmOptions?.link).toBe(opened);
    expect(data?.['link']).toBe(link);
  });

  it.each([
    ['/posts/p1', 'https://app.example/posts/p1'],
    ['https://other.example/x', 'https://other.example/x'],
    ['//other.example/x', undefined],
    ['app://post/1', undefined],
  ])('of a site with an address, with the link %j, opens %s', (link, opened) => {
    const site = new URL('https://app.example/');
    const { webpush, data } = fcmMessage(content({ link }), SENT_AT, site);
    expect(webpush?.fcmOptions?.link).toBe(opened);
    expect(data?.['link']).toBe(link);
    const { message } = JSON.parse(
      compileFcm(content({ link }), SENT_AT, { site }).render('fid', 'x'),
    ) as { message: { webpush: { fcmOptions?: { link: string } } } };
    expect(message.webpush.fcmOptions?.link).toBe(opened);
  });
});

describe('texts that devices look up', () => {
  const title = { key: 'LIKE_TITLE', args: ['Lia'] };
  const body = { key: 'LIKE_BODY', args: [] };
  const shownBy = (over: Partial<Content>) => {
    const { notification, android, apns, webpush } = fcmMessage(content(over), SENT_AT);
    return {
      // FCM: what the platform's own block says replaces the block for all, field by field.
      android: { ...notification, ...android?.notification },
      web: { ...notification, ...webpush?.notification },
      ios: apns?.payload?.['aps'] as Record<string, unknown>,
    };
  };

  it('are keys for Android and Apple, and the fallback on the web', () => {
    const { android, ios, web } = shownBy({
      title: 'A like',
      body: 'of your post',
      deviceTexts: { title, body },
    });
    expect(android).toMatchObject({
      titleLocKey: 'LIKE_TITLE',
      titleLocArgs: ['Lia'],
      bodyLocKey: 'LIKE_BODY',
    });
    expect(android).not.toHaveProperty('title');
    expect(android).not.toHaveProperty('body');
    expect(ios['alert']).toEqual({
      'title-loc-key': 'LIKE_TITLE',
      'title-loc-args': ['Lia'],
      'loc-key': 'LIKE_BODY',
      'loc-args': [],
    });
    expect(web).toMatchObject({ title: 'A like', body: 'of your post' });
  });

  it('stand beside plain ones', () => {
    const { android, ios, web } = shownBy({ title: 'Lia', body: 'A like', deviceTexts: { body } });
    expect(android).toMatchObject({ title: 'Lia', bodyLocKey: 'LIKE_BODY' });
    expect(android.body).toBeUndefined();
    expect(ios['alert']).toEqual({ title: 'Lia', 'loc-key': 'LIKE_BODY', 'loc-args': [] });
    expect(web).toMatchObject({ title: 'Lia', body: 'A like' });
  });

  it('without a fallback are keys on the web, too, rather than nothing', () => {
    const { title: _title, ...bare } = content();
    const { webpush } = fcmMessage({ ...bare, deviceTexts: { body } }, SENT_AT);
    expect(webpush?.notification).toMatchObject({ title: 'LIKE_BODY' });
  });

  it("in Expo's format are the fallback on Android, and keys for Apple", () => {
    const expo = { experienceId: '@lia/birds' };
    const push = content({ expo, title: 'A like', deviceTexts: { title } });
    const { android, apns, webpush } = fcmMessage(push, SENT_AT);
    expect(android?.data).toMatchObject({ title: 'A like' });
    expect(apns?.payload).toMatchObject({ aps: { alert: { 'title-loc-key': 'LIKE_TITLE' } } });
    expect(webpush?.notification).toMatchObject({ title: 'A like' });
  });
});

describe('a push that is data only', () => {
  it('is high for Android and in the background for Apple, which refuses anything else', () => {
    const data = content({ style: 'data', body: 'b', image: 'https://img.example/1.png' });
    expect(fcmMessage({ ...data, analyticsLabel: 'like' }, SENT_AT)).toEqual({
      data: {
        title: 'Lia liked your post',
        body: 'b',
        image: 'https://img.example/1.png',
        postId: 'p1',
        type: 'like',
        deliveryId: 'like-e1',
      },
      fcmOptions: { analyticsLabel: 'like' },
      android: { priority: 'HIGH', ttl: '3600s' },
      apns: {
        headers: {
          'apns-push-type': 'background',
          'apns-priority': '5',
          'apns-expiration': '1800003600',
          'apns-collapse-id': 'like-e1',
        },
        payload: { aps: { 'content-available': 1 } },
      },
      webpush: { headers: { TTL: '3600', Urgency: 'high' } },
    });
  });
});

describe('the time to live', () => {
  it.each([
    ['an hour', SENT_AT + HOUR, 3600, String(SENT_AT / 1000 + 3600)],
    ['under a second', SENT_AT + 999, 0, '0'],
    ['nothing', SENT_AT, 0, '0'],
    ['less than nothing', SENT_AT - HOUR, 0, '0'],
    [
      'four weeks',
      SENT_AT + WEEKS_4_SECONDS * 1000,
      WEEKS_4_SECONDS,
      String(SENT_AT / 1000 + WEEKS_4_SECONDS),
    ],
    ['a year', SENT_AT + 8760 * HOUR, WEEKS_4_SECONDS, String(SENT_AT / 1000 + WEEKS_4_SECONDS)],
  ])('of %s is the same on all three platforms', (_what, expiresAt, seconds, expiration) => {
    for (const style of ['alert', 'data'] as const) {
      const { android, apns, webpush } = fcmMessage(content({ expiresAt, style }), SENT_AT);
      expect(android?.ttl).toBe(`${seconds}s`);
      expect(webpush?.headers?.['TTL']).toBe(`${seconds}`);
      expect(apns?.headers?.['apns-expiration']).toBe(expiration);
    }
  });
});

describe('the collapse id', () => {
  it.each(['x'.repeat(64), 'x'.repeat(65), 'é'.repeat(33), 'a b', '', 'x'.repeat(10_000)])(
    'of the tag %j fits 64 bytes',
    (tag) => {
      const id = fcmMessage(content({ tag }), SENT_AT).apns?.headers?.['apns-collapse-id'] ?? '';
      expect(Buffer.byteLength(id)).toBeLessThanOrEqual(64);
      expect(id).toBe(
        fcmMessage(content({ tag }), SENT_AT + HOUR).apns?.headers?.['apns-collapse-id'],
      );
    },
  );
});

describe('the hole for the address', () => {
  const template = compileFcm(content(), SENT_AT);
  it.each([
    'device:APA91b',
    '"',
    '\\',
    '\\"',
    '"}},"validateOnly":true,"x":{"y":{"z":"',
    '","topic":"all',
    '\u0000\u2028',
    '',
  ])('takes %j as one string', (address) => {
    expect(JSON.parse(template.render('token', address))).toEqual({
      message: { token: address, ...fcmMessage(content(), SENT_AT) },
    });
  });

  it.each(['token', 'fid', 'topic', 'condition'] as const)('may be a %s', (field) => {
    const { message } = JSON.parse(template.render(field, 'x')) as { message: object };
    expect(message).toMatchObject({ [field]: 'x' });
    expect(
      Object.keys(message).filter((key) => ['token', 'fid', 'topic', 'condition'].includes(key)),
    ).toEqual([field]);
  });
});

it('asks about an address alone without showing or delivering anything', () => {
  expect(JSON.parse(compileProbe().render('fid', 'x'))).toEqual({
    message: {
      fid: 'x',
      data: { probe: '1' },
      apns: {
        headers: { 'apns-push-type': 'background', 'apns-priority': '5' },
        payload: { aps: { 'content-available': 1 } },
      },
    },
    validateOnly: true,
  });
});

describe('whatever the content', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 3000 });
  const any = fc
    .record(
      {
        style: fc.constantFrom('alert', 'data'),
        priority: fc.constantFrom('high', 'normal'),
        title: text,
        body: text,
        image: fc.webUrl(),
        link: fc.oneof(fc.webUrl(), text),
        data: fc.dictionary(fc.string({ minLength: 1, maxLength: 20 }), text, { maxKeys: 5 }),
        badge: fc.nat(),
        tag: fc.string({ maxLength: 80 }),
        expiresAt: fc.integer({ min: SENT_AT - HOUR, max: SENT_AT + 2000 * HOUR }),
      },
      { requiredKeys: ['style', 'priority', 'data', 'tag', 'expiresAt'] },
    )
    .map((over): Content => content({ ...over, requiredData: [] }));

  it('the body is the message and its target, and fits without its target', () => {
    fc.assert(
      fc.property(any, fc.string({ unit: 'binary-ascii', minLength: 1 }), (given, address) => {
        const template = compileFcm(given, SENT_AT);
        const { message } = JSON.parse(template.render('token', address)) as {
          message: Record<string, unknown>;
        };
        const { token, ...rest } = message;
        expect(token).toBe(address);
        expect(Buffer.byteLength(JSON.stringify(rest))).toBe(template.bytes);
        expect(template.bytes).toBeLessThanOrEqual(FCM_PAYLOAD_LIMIT_BYTES);
        expect(rest).toMatchObject({ data: { type: 'like', deliveryId: 'like-e1' } });
      }),
      RUNS,
    );
  });

  it('required data is in the message or the push is refused', () => {
    const needed = 'n'.repeat(3000);
    const kept = compileFcm(
      content({ body: 'b'.repeat(9000), data: { needed, more: needed }, requiredData: ['needed'] }),
      SENT_AT,
    );
    const { message } = JSON.parse(kept.render('token', 'x')) as { message: { data: object } };
    expect(message.data).toEqual({ needed, type: 'like', deliveryId: 'like-e1' });
    const impossible = content({ data: { needed: 'n'.repeat(4096) }, requiredData: ['needed'] });
    expect(() => compileFcm(impossible, SENT_AT)).toThrow(PayloadTooLargeError);
  });
});
