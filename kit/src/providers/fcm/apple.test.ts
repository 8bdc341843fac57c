/** The Apple part of an FCM message says what a push straight to Apple would. */
import { apnsPayload } from '../apns/compile';
import { content, SENT_AT } from '../../testing/content';
import { fcmMessage } from './compile';

const FULL = content({
  subtitle: 'Sunset',
  body: 'and said so',
  image: 'https://example.com/p.jpg',
  launchImage: 'post.png',
  badge: 3,
  category: 'post',
  threadId: 'post-p1',
  criticalVolume: 0.5,
  relevanceScore: 0.5,
  targetContentId: 'posts',
  apns: { custom: '{"nested":{"list":[[1]]}}', aps: '{"filter-criteria":"a"}' },
});

describe('the Apple part of an FCM message', () => {
  it('has the very aps that Apple gets from us, and the custom keys beside it', () => {
    const { apns } = fcmMessage(FULL, SENT_AT);
    expect(apns?.payload).toEqual({
      nested: { list: [[1]] },
      aps: apnsPayload(FULL)['aps'],
    });
    expect(apns?.fcmOptions).toEqual({ image: 'https://example.com/p.jpg' });
  });

  it('leaves title and body to the notification where that says it all', () => {
    const { notification, apns } = fcmMessage(content({ body: 'b' }), SENT_AT);
    expect(notification).toEqual({ title: 'Lia liked your post', body: 'b' });
    expect(apns?.payload?.['aps']).toEqual({ sound: 'default', 'content-available': 1 });
  });

  it('of a silent push has nothing in aps but content-available', () => {
    const { apns } = fcmMessage({ ...FULL, style: 'data' }, SENT_AT);
    expect(apns?.payload).toEqual({
      nested: { list: [[1]] },
      aps: { 'content-available': 1 },
    });
  });

  it('keeps the keys of a special push type to its own kind of token', () => {
    const push = content({ apns: { pushType: 'liveactivity', aps: '{"event":"end"}' } });
    const { apns } = fcmMessage(push, SENT_AT);
    expect(apns?.headers).toMatchObject({ 'apns-push-type': 'alert' });
    expect(apns?.payload?.['aps']).not.toHaveProperty('event');
  });

  it('has a collapse id that a header can carry, whatever the tag', () => {
    const idOf = (tag: string) => fcmMessage(content({ tag }), SENT_AT).apns?.headers;
    expect(idOf('like-e1')).toMatchObject({ 'apns-collapse-id': 'like-e1' });
    expect(idOf('чат')?.['apns-collapse-id']).toMatch(/^[\w-]{43}$/);
  });
});
