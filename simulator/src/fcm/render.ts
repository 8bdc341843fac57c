/** How a message looks on a device, by the rules of the device's platform. Pure. */
import type { Platform } from '../devices.ts';
import type { Rendered } from '../inbox.ts';
import type { AndroidNotification, Message, Struct } from './schema.ts';
import { apsOf, header } from './validate.ts';

/** Renders a message for a platform. */
export function render(message: Message, platform: Platform): Rendered {
  return defined(renderers[platform](message));
}

type Draft = {
  readonly [Key in keyof Rendered]: Rendered[Key] | undefined;
} & Pick<Rendered, 'kind' | 'data'>;

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
  const aps = apsOf(message);
  const custom = Object.entries(message.apns?.payload ?? {}).filter(([key]) => key !== 'aps');
  const alert = isStruct(aps['alert']) ? aps['alert'] : undefined;
  const alertText = text(aps['alert']);
  const { notification } = message;
  const collapseId = header(message.apns?.headers, 'apns-collapse-id');
  const isNotification = 'alert' in aps || notification !== undefined;
  // Without mutable-content no extension of the app runs, and only that can load an image.
  const image = message.apns?.fcm_options?.image ?? notification?.image;
  return {
    kind: isNotification ? 'notification' : 'data',
    title:
      text(alert?.['title']) ??
      localised(text(alert?.['title-loc-key']), alert?.['title-loc-args']) ??
      (alertText === undefined ? notification?.title : undefined),
    subtitle: text(alert?.['subtitle']),
    body:
      alertText ??
      text(alert?.['body']) ??
      localised(text(alert?.['loc-key']), alert?.['loc-args']) ??
      notification?.body,
    image: aps['mutable-content'] === 1 ? image : undefined,
    badge: typeof aps['badge'] === 'number' ? aps['badge'] : undefined,
    sound: isStruct(aps['sound']) ? text(aps['sound']['name']) : text(aps['sound']),
    data: { ...message.data, ...Object.fromEntries(custom) },
    collapseId,
    threadId: text(aps['thread-id']),
    category: text(aps['category']),
    priority: header(message.apns?.headers, 'apns-priority'),
    replaces: isNotification ? collapseId : undefined,
  };
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

/** A string the app would look up, shown by its key: `NEW_LIKE(Ada)`. */
function localised(key: string | undefined, args: unknown): string | undefined {
  if (key === undefined) return undefined;
  return Array.isArray(args) && args.length > 0 ? `${key}(${args.join(', ')})` : key;
}

/** Empty texts are as good as none to a device. */
function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isStruct(value: unknown): value is Struct {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function defined(draft: Draft): Rendered {
  const entries = Object.entries(draft).filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(entries) as unknown as Rendered;
}
