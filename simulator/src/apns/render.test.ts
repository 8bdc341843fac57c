import type { Push } from './push.ts';
import { render } from './render.ts';

const NOW = Date.UTC(2026, 0, 2);
const push = (payload: Push['payload'], type?: Push['type']): Push => ({
  token: 'ab',
  topic: 'com.example.app',
  type,
  payload,
});

describe('an alert', () => {
  it('is shown with all that a person sees, and replaces by collapse id', () => {
    const aps = {
      alert: { title: 'Ada', subtitle: 'in Lovelace', body: 'Hello' },
      badge: 3,
      sound: { critical: 1, name: 'chime.caf', volume: 1 },
      'thread-id': 'chat-1',
      category: 'MESSAGE',
      'mutable-content': 1,
    };
    const payload = { aps, chatId: '1', fcm_options: { image: 'https://example.com/a.png' } };
    const headers = {
      'apns-collapse-id': 'chat-1',
      'apns-priority': '10',
      'apns-expiration': String(NOW / 1000 + 60),
    };
    expect(render(push(payload, 'alert'), headers, NOW)).toEqual({
      kind: 'notification',
      title: 'Ada',
      subtitle: 'in Lovelace',
      body: 'Hello',
      image: 'https://example.com/a.png',
      badge: 3,
      sound: 'chime.caf',
      threadId: 'chat-1',
      category: 'MESSAGE',
      data: { chatId: '1', fcm_options: { image: 'https://example.com/a.png' } },
      collapseId: 'chat-1',
      replaces: 'chat-1',
      priority: '10',
      timeToLiveSeconds: 60,
    });
  });

  it('is shown by its keys where the app has the words, and without an extension has no image', () => {
    const alert = { 'title-loc-key': 'T', 'loc-key': 'B', 'loc-args': ['Ada', 2] };
    const payload = { aps: { alert }, fcm_options: { image: 'https://example.com/a.png' } };
    expect(render(push(payload), {}, NOW)).toMatchObject({ title: 'T', body: 'B(Ada, 2)' });
    expect(render(push(payload), {}, NOW).image).toBeUndefined();
  });

  it('that only sets the number on the icon is no notification', () => {
    expect(render(push({ aps: { badge: 0 } }, 'alert'), {}, NOW)).toEqual({
      kind: 'data',
      badge: 0,
      data: {},
    });
  });
});

describe('what no person sees', () => {
  it('is the data of a background push', () => {
    const payload = { aps: { 'content-available': 1, alert: 'dropped', badge: 4 }, a: 'b' };
    const headers = { 'apns-collapse-id': 'x', 'apns-expiration': '0' };
    expect(render(push(payload, 'background'), headers, NOW)).toEqual({
      kind: 'data',
      data: { a: 'b' },
      collapseId: 'x',
      timeToLiveSeconds: 0,
    });
  });

  it('is all of a push whose look is up to the app', () => {
    const aps = { event: 'update', 'content-state': { score: 3 }, alert: { title: 'Goal' } };
    expect(render(push({ aps, a: 1 }, 'liveactivity'), {}, NOW)).toEqual({
      kind: 'data',
      data: { aps, a: 1 },
    });
    expect(render(push({ mdm: 'x' }, 'mdm'), {}, NOW)).toEqual({
      kind: 'data',
      data: { mdm: 'x' },
    });
  });
});
