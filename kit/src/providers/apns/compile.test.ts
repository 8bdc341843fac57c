import fc from 'fast-check';
import { content, SENT_AT } from '../../testing/content';
import { PayloadTooLargeError } from '../fit';
import { apnsIds, apnsPayload, compileApns } from './compile';

const ADDRESS = 'ab'.repeat(32);

/** The route and the repeat: in every payload. */
const ALWAYS = { type: 'like', deliveryId: 'like-e1' };

describe('an alert', () => {
  it('says everything where Apple wants it', () => {
    expect(
      apnsPayload(
        content({
          subtitle: 'Sunset',
          body: 'and said so',
          image: 'https://example.com/p.jpg',
          link: '/posts/p1',
          launchImage: 'post.png',
          badge: 3,
          category: 'post',
          threadId: 'post-p1',
          interruptionLevel: 'time-sensitive',
          relevanceScore: 0.5,
          targetContentId: 'posts',
          apns: { custom: '{"nested":{"list":[[1],[2]]}}', aps: '{"filter-criteria":"a"}' },
        }),
      ),
    ).toEqual({
      aps: {
        alert: {
          title: 'Lia liked your post',
          subtitle: 'Sunset',
          body: 'and said so',
          'launch-image': 'post.png',
        },
        badge: 3,
        sound: 'default',
        category: 'post',
        'thread-id': 'post-p1',
        'mutable-content': 1,
        'content-available': 1,
        'interruption-level': 'time-sensitive',
        'relevance-score': 0.5,
        'target-content-id': 'posts',
        'filter-criteria': 'a',
      },
      ...ALWAYS,
      postId: 'p1',
      link: '/posts/p1',
      fcm_options: { image: 'https://example.com/p.jpg' },
      nested: { list: [[1], [2]] },
    });
  });

  it('says nothing of what it does not have', () => {
    expect(apnsPayload(content())).toEqual({
      aps: {
        alert: { title: 'Lia liked your post' },
        sound: 'default',
        'content-available': 1,
      },
      ...ALWAYS,
      postId: 'p1',
    });
  });

  it('without a text only sets the badge', () => {
    const { title: _title, sound: _sound, ...bare } = content({ badge: 0, launchImage: 'x.png' });
    expect(apnsPayload(bare)['aps']).toEqual({ badge: 0, 'content-available': 1 });
  });

  it.each([
    [{ sound: 'bell.caf' }, { critical: 1, name: 'bell.caf', volume: 0.5 }],
    [{}, { critical: 1, name: 'default', volume: 0.5 }],
  ])('makes the sound %j critical, and the notification with it', (sound, expected) => {
    const { sound: _default, ...silent } = content();
    expect(apnsPayload({ ...silent, ...sound, criticalVolume: 0.5 })['aps']).toMatchObject({
      sound: expected,
      'interruption-level': 'critical',
    });
  });

  it('goes with the headers of an alert', () => {
    expect(compileApns(content(), SENT_AT)).toMatchObject({
      pushType: 'alert',
      headers: {
        'apns-push-type': 'alert',
        'apns-priority': '10',
        'apns-expiration': String(SENT_AT / 1000 + 3600),
        'apns-collapse-id': 'like-e1',
      },
    });
    expect(compileApns(content({ priority: 'normal' }), SENT_AT).headers['apns-priority']).toBe(
      '5',
    );
  });

  it('that is over already is tried once and not kept', () => {
    const { headers } = compileApns(content({ expiresAt: SENT_AT }), SENT_AT);
    expect(headers['apns-expiration']).toBe('0');
  });
});

describe('a silent push', () => {
  it('has nothing in aps but content-available, and all texts beside it', () => {
    const push = content({
      style: 'data',
      body: 'b',
      image: 'https://example.com/p.jpg',
      badge: 1,
    });
    expect(apnsPayload(push)).toEqual({
      aps: { 'content-available': 1 },
      ...ALWAYS,
      postId: 'p1',
      title: 'Lia liked your post',
      body: 'b',
      image: 'https://example.com/p.jpg',
    });
  });

  it.each(['high', 'normal'] as const)('of %s priority goes as background with 5', (priority) => {
    expect(compileApns(content({ style: 'data', priority }), SENT_AT).headers).toMatchObject({
      'apns-push-type': 'background',
      'apns-priority': '5',
    });
  });
});

describe('a push of a special type', () => {
  it('has the keys it brings, and no collapse id', () => {
    const push = content({
      style: 'data',
      apns: { pushType: 'liveactivity', aps: '{"event":"update","timestamp":1}' },
    });
    expect(apnsPayload(push)['aps']).toEqual({ event: 'update', timestamp: 1 });
    const { headers, topic } = compileApns(push, SENT_AT);
    expect(headers).toEqual({
      'apns-push-type': 'liveactivity',
      'apns-priority': '10',
      'apns-expiration': String(SENT_AT / 1000 + 3600),
    });
    expect(topic('com.example.app')).toBe('com.example.app.push-type.liveactivity');
  });

  it('may be shown, too', () => {
    const push = content({ apns: { pushType: 'liveactivity', aps: '{"event":"end"}' } });
    expect(apnsPayload(push)['aps']).toEqual({
      alert: { title: 'Lia liked your post' },
      sound: 'default',
      event: 'end',
    });
  });

  it('goes to the topic that the notification names', () => {
    const push = content({ apns: { pushType: 'mdm', topic: 'com.apple.mgmt.External.1' } });
    expect(compileApns(push, SENT_AT).topic('com.example.app')).toBe('com.apple.mgmt.External.1');
  });
});

describe("a push in Expo's format", () => {
  const expo = { experienceId: '@lia/birds' };

  it('has aps, body and experienceId', () => {
    const push = content({
      expo,
      subtitle: 's',
      body: 'b',
      launchImage: 'l.png',
      category: 'c',
      threadId: 't',
      badge: 1,
      link: '/posts/p1',
    });
    expect(apnsPayload(push)).toEqual({
      aps: {
        alert: { title: 'Lia liked your post', subtitle: 's', body: 'b', 'launch-image': 'l.png' },
        category: 'c',
        badge: 1,
        sound: 'default',
        'thread-id': 't',
      },
      body: { postId: 'p1', ...ALWAYS, link: '/posts/p1' },
      experienceId: '@lia/birds',
    });
  });

  it('says in body what a silent push has to say', () => {
    expect(apnsPayload(content({ expo, style: 'data' }))).toEqual({
      aps: { 'content-available': 1 },
      body: { postId: 'p1', ...ALWAYS, title: 'Lia liked your post' },
      experienceId: '@lia/birds',
    });
  });
});

describe('the collapse id', () => {
  const idOf = (tag: string) => compileApns(content({ tag }), SENT_AT).headers['apns-collapse-id'];

  it('is the tag where a header can carry it', () => {
    expect(idOf('chat-1 of 2')).toBe('chat-1 of 2');
  });

  it.each(['чат-1', 'a\r\nb', ' a', 'a ', 'x'.repeat(65)])(
    'stands in for the tag %j, the same for the same',
    (tag) => {
      expect(idOf(tag)).toMatch(/^[\w-]{43}$/);
      expect(idOf(tag)).toBe(idOf(tag));
    },
  );
});

describe('the limit', () => {
  const bytesOf = (push: Parameters<typeof compileApns>[0]) =>
    Buffer.byteLength(compileApns(push, SENT_AT).body);

  it('is kept by shortening, whatever the texts', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 6000 });
    fc.assert(
      fc.property(text, text, fc.boolean(), (title, body, silent) => {
        const style = silent ? 'data' : 'alert';
        expect(bytesOf(content({ title, body, style }))).toBeLessThanOrEqual(4096);
      }),
      { numRuns: 50 },
    );
  });

  it('of a call is 5120 bytes', () => {
    const push = content({ body: 'x'.repeat(6000), apns: { pushType: 'voip' } });
    expect(bytesOf(push)).toBeGreaterThan(5000);
    expect(bytesOf(push)).toBeLessThanOrEqual(5120);
  });

  it('that required data alone breaks is an error', () => {
    const push = content({ data: { postId: 'x'.repeat(4096) } });
    expect(() => compileApns(push, SENT_AT)).toThrow(PayloadTooLargeError);
  });
});

describe('apnsIds', () => {
  const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

  it('are lower-case UUIDs, one for each push and address', () => {
    const word = fc.string({ minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(word, word, (delivery, address) => {
        const id = apnsIds(delivery)(address);
        expect(id).toMatch(UUID);
        expect(apnsIds(delivery)(address)).toBe(id);
      }),
    );
    expect(apnsIds('like-e1')(ADDRESS)).not.toBe(apnsIds('like-e2')(ADDRESS));
  });

  it('tell addresses apart that differ in one digit anywhere', () => {
    const idOf = apnsIds('like-e1');
    const alike = Array.from({ length: 64 }, (_, place) =>
      [...'0123456789abcdef'].map(
        (digit) => ADDRESS.slice(0, place) + digit + ADDRESS.slice(place + 1),
      ),
    ).flat();
    const addresses = new Set(alike);
    expect(new Set([...addresses].map(idOf)).size).toBe(addresses.size);
  });

  it('tell 200,000 addresses in a row apart', () => {
    const idOf = apnsIds('like-e1');
    const ids = new Set<string>();
    for (let nth = 0; nth < 200_000; nth += 1) ids.add(idOf(nth.toString(16).padStart(64, '0')));
    expect(ids.size).toBe(200_000);
  });
});
