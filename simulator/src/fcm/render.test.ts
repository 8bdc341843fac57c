import { createSimulator, type Simulator } from '../index.ts';
import { sendMessage } from '../testing/fcm-client.ts';
import { render } from './render.ts';
import type { Message } from './schema.ts';

const message: Message = {
  notification: { title: 'Title', body: 'Body', image: 'https://example.com/all.png' },
  data: { type: 'like' },
};

describe('a notification', () => {
  it('looks the same everywhere when no platform has its own', () => {
    const expected = { kind: 'notification', title: 'Title', body: 'Body', data: { type: 'like' } };
    expect(render(message, 'android')).toMatchObject(expected);
    expect(render(message, 'ios')).toMatchObject(expected);
    expect(render(message, 'web')).toMatchObject(expected);
  });

  it('takes what Android has of its own', () => {
    const android: Message['android'] = {
      priority: 'HIGH',
      ttl: '3600s',
      collapse_key: 'likes',
      data: { own: 'data' },
      notification: {
        body: 'Android body',
        image: 'https://example.com/android.png',
        tag: 'like-1',
        channel_id: 'likes',
        notification_count: 4,
        default_sound: true,
        click_action: 'OPEN',
      },
    };
    expect(render({ ...message, android }, 'android')).toEqual({
      kind: 'notification',
      title: 'Title',
      body: 'Android body',
      image: 'https://example.com/android.png',
      badge: 4,
      sound: 'default',
      link: 'OPEN',
      data: { own: 'data' },
      tag: 'like-1',
      collapseId: 'likes',
      channelId: 'likes',
      priority: 'high',
      timeToLiveSeconds: 3600,
      replaces: 'like-1',
    });
  });

  it('takes what an Apple device has of its own, and an image only with mutable-content', () => {
    const payload = {
      aps: {
        alert: { title: 'iOS title', subtitle: 'Sub', body: 'iOS body' },
        badge: 7,
        sound: { name: 'bell.caf', critical: 1 },
        category: 'LIKE',
        'thread-id': 'post-1',
      },
      custom: { a: 1 },
    };
    const headers = { 'apns-collapse-id': 'like-1', 'APNS-Priority': '10' };
    const rendered = render({ ...message, apns: { headers, payload } }, 'ios');
    expect(rendered).toEqual({
      kind: 'notification',
      title: 'iOS title',
      subtitle: 'Sub',
      body: 'iOS body',
      badge: 7,
      sound: 'bell.caf',
      data: { type: 'like', custom: { a: 1 } },
      collapseId: 'like-1',
      threadId: 'post-1',
      category: 'LIKE',
      priority: '10',
      replaces: 'like-1',
    });
    const mutable = { aps: { 'mutable-content': 1 } };
    const fcm_options = { image: 'https://example.com/ios.png' };
    expect(render({ ...message, apns: { payload: mutable, fcm_options } }, 'ios').image).toBe(
      'https://example.com/ios.png',
    );
  });

  it('has the alert text of an Apple device as its body', () => {
    const rendered = render(
      { ...message, apns: { payload: { aps: { alert: 'Just text' } } } },
      'ios',
    );
    expect([rendered.title, rendered.body]).toEqual([undefined, 'Just text']);
  });

  it('takes what the web has of its own', () => {
    const webpush = {
      headers: { TTL: '60', Urgency: 'high', Topic: 'likes' },
      notification: { title: 'Web title', tag: 'like-1', icon: 'https://example.com/i.png' },
      fcm_options: { link: 'https://example.com/p/1' },
    };
    expect(render({ ...message, webpush }, 'web')).toEqual({
      kind: 'notification',
      title: 'Web title',
      body: 'Body',
      image: 'https://example.com/all.png',
      icon: 'https://example.com/i.png',
      link: 'https://example.com/p/1',
      data: { type: 'like' },
      tag: 'like-1',
      collapseId: 'likes',
      priority: 'high',
      timeToLiveSeconds: 60,
      replaces: 'like-1',
    });
  });

  it('shows the key of a text that the app would look up', () => {
    const android = { notification: { title_loc_key: 'NEW_LIKE', title_loc_args: ['Ada', 'you'] } };
    const alert = { 'loc-key': 'NEW_LIKE', 'loc-args': ['Ada'] };
    expect(render({ android }, 'android').title).toBe('NEW_LIKE(Ada, you)');
    expect(render({ apns: { payload: { aps: { alert } } } }, 'ios').body).toBe('NEW_LIKE(Ada)');
  });

  it('is data where nothing is shown, on the platform in question', () => {
    const data = { data: { a: 'b' }, apns: { payload: { aps: { 'content-available': 1 } } } };
    expect(render(data, 'android')).toEqual({ kind: 'data', data: { a: 'b' } });
    expect(render(data, 'ios')).toEqual({ kind: 'data', data: { a: 'b' } });
    expect(render({ data: {}, webpush: { notification: { title: 'W' } } }, 'web').kind).toBe(
      'notification',
    );
  });
});

describe('on a device', () => {
  let simulator: Simulator;
  beforeEach(async () => {
    simulator = await createSimulator();
    for (const platform of ['android', 'ios', 'web'] as const) {
      simulator.putDevice(platform, { platform });
    }
  });
  afterEach(() => simulator.close());

  const send = (token: string, title: string, rest: object = {}) =>
    sendMessage(simulator.url, { token, notification: { title }, ...rest });
  const titles = (address: string) => simulator.inbox(address).map(({ title }) => title);

  it.each([
    ['an Android tag', 'android', (key: string) => ({ android: { notification: { tag: key } } })],
    [
      'an apns-collapse-id',
      'ios',
      (key: string) => ({ apns: { headers: { 'apns-collapse-id': key } } }),
    ],
    ['a web tag', 'web', (key: string) => ({ webpush: { notification: { tag: key } } })],
  ])('%s replaces the notification that has it and no other', async (_what, address, withKey) => {
    await send(address, 'other', withKey('2'));
    await send(address, 'first', withKey('1'));
    await send(address, 'plain');
    await send(address, 'second', withKey('1'));
    expect(titles(address)).toEqual(['other', 'plain', 'second']);
  });

  it('a collapse key alone does not replace what is shown already', async () => {
    await send('android', 'first', { android: { collapse_key: 'k' } });
    await send('android', 'second', { android: { collapse_key: 'k' } });
    expect(titles('android')).toEqual(['first', 'second']);
  });

  it('the badge is the last one sent, and 0 takes it away', async () => {
    const badge = (number: number) => ({ apns: { payload: { aps: { badge: number } } } });
    await send('ios', 'a', badge(5));
    expect(simulator.device('ios')?.badge).toBe(5);
    await send('ios', 'b');
    expect(simulator.device('ios')?.badge).toBe(5);
    await send('ios', 'c', badge(0));
    expect(simulator.device('ios')?.badge).toBe(0);
  });
});
