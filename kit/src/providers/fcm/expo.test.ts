import { content, SENT_AT } from '../../testing/content';
import type { Content } from '../../model/notification/content';
import { DELIVERED } from '../../model/outcome';
import { compileFcm, fcmMessage } from './compile';
import { inExperience } from './expo';

const EXPERIENCE = '@lia/birds';
const expo = { experienceId: EXPERIENCE, icon: 'bird' };

/** Everything that Expo's formats have a place for. */
const FULL = content({
  expo,
  subtitle: 'Sunset',
  body: 'and said so',
  link: '/posts/p1',
  channelId: 'likes',
  category: 'post',
  threadId: 'post-p1',
  launchImage: 'post.png',
  badge: 2,
  collapseKey: 'like-p1',
  tag: 'like-p1',
});

describe("Expo's Android format", () => {
  it('is data alone, all strings, with the key, priority and life of any other push', () => {
    const message = fcmMessage(FULL, SENT_AT);
    expect(message.notification).toBeUndefined();
    expect(message.data).toBeUndefined();
    expect(message.android).toEqual({
      collapseKey: 'like-p1',
      priority: 'HIGH',
      ttl: '3600s',
      data: {
        experienceId: EXPERIENCE,
        title: 'Lia liked your post',
        message: 'and said so',
        channelId: 'likes',
        categoryId: 'post',
        icon: 'bird',
        link: '/posts/p1',
        tag: 'like-p1',
        body: '{"postId":"p1","type":"like","deliveryId":"like-e1","link":"/posts/p1"}',
      },
    });
  });

  it('of a silent push has no text that would be shown', () => {
    const { android } = fcmMessage(content({ expo, style: 'data', body: 'b' }), SENT_AT);
    expect(android?.data).toEqual({
      experienceId: EXPERIENCE,
      icon: 'bird',
      tag: 'like-e1',
      body: '{"title":"Lia liked your post","body":"b","postId":"p1","type":"like","deliveryId":"like-e1"}',
    });
  });

  it('of a push with little is little', () => {
    const { android } = fcmMessage(content({ expo: { experienceId: EXPERIENCE } }), SENT_AT);
    const sent = JSON.parse(JSON.stringify(android?.data)) as object;
    expect(Object.keys(sent)).toEqual(['experienceId', 'title', 'tag', 'body']);
  });
});

describe("Expo's format for Apple, through FCM", () => {
  it('is aps, body and experienceId, with the headers of any other push', () => {
    expect(fcmMessage(FULL, SENT_AT).apns).toEqual({
      headers: {
        'apns-push-type': 'alert',
        'apns-priority': '10',
        'apns-expiration': String(SENT_AT / 1000 + 3600),
        'apns-collapse-id': 'like-p1',
      },
      payload: {
        aps: {
          alert: {
            title: 'Lia liked your post',
            subtitle: 'Sunset',
            body: 'and said so',
            'launch-image': 'post.png',
          },
          category: 'post',
          badge: 2,
          sound: 'default',
          'thread-id': 'post-p1',
        },
        body: { postId: 'p1', type: 'like', deliveryId: 'like-e1', link: '/posts/p1' },
        experienceId: EXPERIENCE,
      },
    });
  });

  it('of a silent push goes as background with 5', () => {
    const { apns } = fcmMessage(content({ expo, style: 'data' }), SENT_AT);
    expect(apns).toMatchObject({
      headers: { 'apns-push-type': 'background', 'apns-priority': '5' },
      payload: { aps: { 'content-available': 1 }, experienceId: EXPERIENCE },
    });
  });
});

describe('the web beside Expo', () => {
  it('gets its notification and its data all the same', () => {
    const { webpush } = fcmMessage(
      { ...FULL, image: 'https://example.com/p.jpg', link: 'https://example.com/p1' },
      SENT_AT,
    );
    expect(webpush).toEqual({
      headers: { TTL: '3600', Urgency: 'high' },
      notification: {
        title: 'Lia liked your post',
        body: 'and said so',
        tag: 'like-p1',
        image: 'https://example.com/p.jpg',
      },
      data: {
        postId: 'p1',
        type: 'like',
        deliveryId: 'like-e1',
        link: 'https://example.com/p1',
      },
      fcmOptions: { link: 'https://example.com/p1' },
    });
  });

  it('is told of a silent push silently', () => {
    const { webpush } = fcmMessage(content({ expo, style: 'data' }), SENT_AT);
    expect(webpush?.notification).toBeUndefined();
    expect(webpush?.data).toMatchObject({ title: 'Lia liked your post', postId: 'p1' });
  });
});

it('fits the limit in this format, too', () => {
  const { bytes } = compileFcm({ ...FULL, body: 'wörter '.repeat(2000) }, SENT_AT);
  expect(bytes).toBeGreaterThan(3500);
  expect(bytes).toBeLessThanOrEqual(4096);
});

it('is the format of whatever names no experience of its own, where the project says so', async () => {
  const sent: Content[] = [];
  const plain = {
    send: (push: Content) => {
      sent.push(push);
      return Promise.resolve([DELIVERED]);
    },
    broadcast: (push: Content) => {
      sent.push(push);
      return Promise.resolve(DELIVERED);
    },
  };
  const provider = inExperience(plain, '@lia/all');
  expect(await provider.send(content(), ['a'])).toEqual([DELIVERED]);
  await provider.send(FULL, ['a']);
  expect(sent.map((push) => push.expo?.experienceId)).toEqual(['@lia/all', EXPERIENCE]);
});
