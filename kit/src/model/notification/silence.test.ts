import { fcmMessage } from '../../providers/fcm/compile';
import { complete } from './complete';
import type { Content } from './content';
import type { Notification } from './notification';
import { silenced } from './silence';

function content(more: Partial<Notification> = {}): Content {
  const notification = { to: 'ola', title: 'Hello', channelId: 'orders', ...more };
  const context = { type: 'order', deliveryId: 'order-e1', eventTime: 0 };
  return complete(notification, context).content as Content;
}

describe('a push that is shown and not heard', () => {
  it('has no sound on any platform, and lights no screen on iOS', () => {
    const loud = { sound: 'bell.caf', criticalVolume: 1, interruptionLevel: 'critical' } as const;
    const message = fcmMessage(silenced(content(loud), 'quiet'), 0);
    expect(message.android?.notification).toMatchObject({ channelId: 'quiet' });
    expect(message.android?.notification?.sound).toBeUndefined();
    const { aps } = message.apns?.payload as { aps: Record<string, unknown> };
    expect(aps).toMatchObject({ 'interruption-level': 'passive', alert: undefined });
    expect(aps['sound']).toBeUndefined();
    expect(message.webpush?.notification).toMatchObject({ silent: true });
    expect(message.notification).toMatchObject({ title: 'Hello' });
  });

  it('has none that the notification’s own aps names', () => {
    const aps = {
      sound: 'own.caf',
      'interruption-level': 'time-sensitive',
      'filter-criteria': 'a',
    };
    const silent = silenced(content({ apns: { aps } }), undefined);
    expect(JSON.parse(silent.apns?.aps ?? '')).toEqual({ 'filter-criteria': 'a' });
  });

  it('stays in its own channel where the app names no silent one', () => {
    expect(silenced(content(), undefined)).toMatchObject({ channelId: 'orders' });
  });

  it('stays as it is where nothing is shown', () => {
    const silent = content({ title: undefined, data: { a: '1' }, style: 'data' });
    expect(silenced(silent, 'quiet')).toBe(silent);
  });

  it('is heard as ever where nobody asked for silence', () => {
    const { webpush, android } = fcmMessage(content(), 0);
    expect(webpush?.notification).not.toHaveProperty('silent', true);
    expect(android?.notification).toMatchObject({ sound: 'default', channelId: 'orders' });
  });
});
