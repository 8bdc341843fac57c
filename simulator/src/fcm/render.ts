/** How a message looks on a device, by the rules of the device's platform. Pure. */
import { defined, type Draft, localised, renderApple, text } from '../apple-notification.ts';
import type { Platform } from '../devices.ts';
import type { Rendered } from '../rendered.ts';
import type { AndroidNotification, Message, Struct } from './schema.ts';
import { apsOf, header } from './validate.ts';

/** Renders a message for a platform. */
export function render(message: Message, platform: Platform): Rendered {
  return defined(renderers[platform](message));
}

const renderers: Record<Platform, (message: Message) => Draft> = {
  android: renderAndroid,
  ios: renderIos,
  web: renderWeb,
};

/** `android.notification` overrides `notification` field by field, `android.data` all of `data`. */
function renderAndroid({ notification, data, android }: Message): Draft {
  const shown: AndroidNotification | undefined =
    notification || android?.notification
      ? { ...notification, ...android?.notification }
      : undefined;
  return {
    kind: shown === undefined ? 'data' : 'notification',
    title: shown?.title ?? localised(shown?.title_loc_key, shown?.title_loc_args),
    body: shown?.body ?? localised(shown?.body_loc_key, shown?.body_loc_args),
    image: shown?.image,
    icon: shown?.icon,
    badge: shown?.notification_count,
    sound: shown?.sound ?? (shown?.default_sound === true ? 'default' : undefined),
    link: shown?.click_action,
    data: android?.data ?? data ?? {},
    tag: shown?.tag,
    collapseId: android?.collapse_key,
    channelId: shown?.channel_id,
    priority: android?.priority?.toLowerCase(),
    timeToLiveSeconds: android?.ttl === undefined ? undefined : Number(android.ttl.slice(0, -1)),
    replaces: shown?.tag,
  };
}

/** `apns.payload.aps` overrides `notification`; custom keys beside `aps` join the data. */
function renderIos(message: Message): Draft {
  const { notification, data, apns } = message;
  const aps = apsOf(message);
  const custom = Object.entries(apns?.payload ?? {}).filter(([key]) => key !== 'aps');
  return renderApple({
    aps,
    fallback: notification,
    image: apns?.fcm_options?.image ?? notification?.image,
    data: { ...data, ...Object.fromEntries(custom) },
    collapseId: header(apns?.headers, 'apns-collapse-id'),
    priority: header(apns?.headers, 'apns-priority'),
  });
}

/** `webpush.notification` overrides `notification`, `webpush.data` all of `data`. */
function renderWeb({ notification, data, webpush }: Message): Draft {
  const shown: Struct | undefined =
    notification || webpush?.notification
      ? { ...notification, ...webpush?.notification }
      : undefined;
  const ttl = Number(header(webpush?.headers, 'ttl'));
  return {
    kind: shown === undefined ? 'data' : 'notification',
    title: text(shown?.['title']),
    body: text(shown?.['body']),
    image: text(shown?.['image']),
    icon: text(shown?.['icon']),
    link: webpush?.fcm_options?.link,
    data: webpush?.data ?? data ?? {},
    tag: text(shown?.['tag']),
    collapseId: header(webpush?.headers, 'topic'),
    priority: header(webpush?.headers, 'urgency'),
    timeToLiveSeconds: Number.isFinite(ttl) ? ttl : undefined,
    replaces: text(shown?.['tag']),
  };
}
