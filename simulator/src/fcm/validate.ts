/**
 * The rules FCM has for a message that is well formed: its target, keys, sizes and headers.
 *
 * Each rule answers the error the service gives, or undefined. Sources: the REST reference and the
 * error-code page of FCM; Apple's reference for what APNs refuses. Pure.
 */
import type { Platform } from '../devices.ts';
import { parseCondition, TOPIC_NAME } from './condition.ts';
import type { ErrorParts } from './envelope.ts';
import { invalidArgument, invalidField, namedErrors, refusedByApns } from './errors.ts';
import type { Message, Struct } from './schema.ts';

/** Sizes in bytes that differ between documents of the service, so that a test can choose. */
export interface SizeLimits {
  /** For one device. */
  readonly payloadBytes: number;
  /** For a topic or condition. */
  readonly topicPayloadBytes: number;
}

/** Longest address that any provider's SDK has been seen to give out. */
const MAX_ADDRESS_CHARACTERS = 4096;
const PRINTABLE_ASCII = /^[\x21-\x7e]+$/;
/** An APNs device token: sending it to FCM is a common mistake. */
const APNS_DEVICE_TOKEN = /^(?:[0-9a-fA-F]{2}){32,}$/;
/** A Firebase installation id (npm `@firebase/installations`). */
export const INSTALLATION_ID = /^[cdef][\w-]{21}$/;
const ANALYTICS_LABEL = /^[a-zA-Z0-9\-_.~%]{1,50}$/;
const COLOR = /^#[0-9a-fA-F]{6}$/;
/** Four weeks. */
const MAX_TTL_SECONDS = 2_419_200;
const MAX_COLLAPSE_ID_BYTES = 64;
const PUSH_TYPES = new Set([
  'alert',
  'background',
  'complication',
  'controls',
  'fileprovider',
  'liveactivity',
  'location',
  'mdm',
  'pushtotalk',
  'voip',
  'widgets',
]);

/** Finds the first thing wrong with a message, whatever device it is for. */
export function validateMessage(message: Message): ErrorParts | undefined {
  return (
    targetError(message) ??
    dataError('message.data', message.data) ??
    dataError('message.android.data', message.android?.data) ??
    dataError('message.webpush.data', message.webpush?.data) ??
    labelError('message.fcm_options', message.fcm_options) ??
    labelError('message.android.fcm_options', message.android?.fcm_options) ??
    labelError('message.apns.fcm_options', message.apns?.fcm_options) ??
    labelError('message.webpush.fcm_options', message.webpush?.fcm_options) ??
    androidError(message.android) ??
    webpushError(message.webpush) ??
    backgroundPriorityError(message)
  );
}

/** Finds the first thing wrong with a message for one device of this platform and app. */
export function validateForDevice(
  message: Message,
  device: { readonly platform: Platform; readonly appId?: string },
  limits: SizeLimits,
): ErrorParts | undefined {
  const packageName = message.android?.restricted_package_name;
  if (device.platform === 'android' && packageName && device.appId) {
    if (packageName !== device.appId) {
      const why = `The restricted package name does not match the app: ${packageName}`;
      return invalidField('message.android.restricted_package_name', why);
    }
  }
  if (device.platform === 'ios') {
    const refused = apnsError(message) ?? dataOnlyError(message);
    if (refused !== undefined) return refused;
  }
  if (payloadBytes(message, device.platform) <= limits.payloadBytes) return undefined;
  return tooBig[device.platform];
}

/** Finds out whether a message for many devices is too big on any platform. */
export function validateForTopic(message: Message, limits: SizeLimits): ErrorParts | undefined {
  for (const platform of ['android', 'ios', 'web'] as const) {
    if (payloadBytes(message, platform) > limits.topicPayloadBytes) return tooBig[platform];
  }
  return undefined;
}

const tooBig: Record<Platform, ErrorParts> = {
  android: invalidArgument('Android message is too big'),
  ios: invalidArgument('iOS message is too big'),
  web: namedErrors.MESSAGE_TOO_BIG,
};

const badToken = namedErrors.INVALID_ARGUMENT;

function targetError(message: Message): ErrorParts | undefined {
  const { token, fid, topic, condition } = message;
  if (token) return isRegistrationToken(token) ? undefined : badToken;
  if (fid) return INSTALLATION_ID.test(fid) ? undefined : badToken;
  if (topic) {
    if (TOPIC_NAME.test(topic)) return undefined;
    return invalidField('message.topic', `Invalid topic name: ${topic}`);
  }
  if (condition) {
    if (parseCondition(condition) !== undefined) return undefined;
    return invalidField('message.condition', 'Invalid condition expression provided.');
  }
  return invalidField('message', 'Recipient of the message is not set.');
}

/** Whether a text could be a registration token: an APNs token or an installation id is none. */
export function isRegistrationToken(token: string): boolean {
  return (
    token.length <= MAX_ADDRESS_CHARACTERS &&
    PRINTABLE_ASCII.test(token) &&
    !APNS_DEVICE_TOKEN.test(token) &&
    !INSTALLATION_ID.test(token)
  );
}

/** `from`, `message_type`, `gcm`, what starts with `gcm.`, and whatever starts with `google` belong to the service. */
function dataError(field: string, data: Message['data']): ErrorParts | undefined {
  for (const key of Object.keys(data ?? {})) {
    if (key === 'from' || key === 'message_type' || /^google|^gcm(\.|$)/.test(key)) {
      return invalidField(field, `Invalid data payload key: ${key}`);
    }
  }
  return undefined;
}

function labelError(
  path: string,
  options: { readonly analytics_label?: string } | undefined,
): ErrorParts | undefined {
  const label = options?.analytics_label;
  if (!label || ANALYTICS_LABEL.test(label)) return undefined;
  return invalidField(`${path}.analytics_label`, `Invalid analytics label: ${label}`);
}

function androidError(android: Message['android']): ErrorParts | undefined {
  if (android?.ttl !== undefined) {
    const seconds = Number(android.ttl.slice(0, -1));
    if (seconds < 0 || seconds > MAX_TTL_SECONDS) {
      const why = `Invalid ttl: expected 0s to ${MAX_TTL_SECONDS}s, got ${android.ttl}`;
      return invalidField('message.android.ttl', why);
    }
  }
  const color = android?.notification?.color;
  if (color && !COLOR.test(color)) {
    const why = `Invalid color: expected #rrggbb, got ${color}`;
    return invalidField('message.android.notification.color', why);
  }
  return undefined;
}

function webpushError(webpush: Message['webpush']): ErrorParts | undefined {
  const link = webpush?.fcm_options?.link;
  if (!link || (link.startsWith('https://') && URL.canParse(link))) return undefined;
  return invalidField(
    'message.webpush.fcm_options.link',
    'Invalid link: expected an absolute HTTPS URL.',
  );
}

/**
 * A background push must not ask for priority 10. Apple's devices would never get it, so it is
 * refused here for every target, while FCM notices only for an Apple device.
 */
function backgroundPriorityError(message: Message): ErrorParts | undefined {
  const headers = message.apns?.headers;
  if (header(headers, 'apns-push-type') !== 'background') return undefined;
  return header(headers, 'apns-priority') === '10'
    ? namedErrors.INVALID_REGISTRATION_TOKEN
    : undefined;
}

/**
 * What is data only for an Apple device takes priority 5 and `content-available`; the service
 * blames the address for it (firebase-admin-node#1224, firebase-ios-sdk#4605).
 */
function dataOnlyError(message: Message): ErrorParts | undefined {
  const priority = header(message.apns?.headers, 'apns-priority');
  const aps = apsOf(message);
  const isVisible =
    message.notification !== undefined || ['alert', 'badge', 'sound'].some((key) => key in aps);
  if (isVisible || priority === undefined) return undefined;
  const isQuiet = priority === '5' && aps['content-available'] === 1;
  return isQuiet ? undefined : namedErrors.INVALID_REGISTRATION_TOKEN;
}

/** What APNs refuses of the headers FCM passes on to it. */
function apnsError(message: Message): ErrorParts | undefined {
  const headers = message.apns?.headers;
  const priority = header(headers, 'apns-priority');
  if (priority !== undefined && !['1', '5', '10'].includes(priority)) {
    return refusedByApns(400, 'BadPriority');
  }
  const expiration = header(headers, 'apns-expiration');
  if (expiration !== undefined && !/^\d{1,12}$/.test(expiration)) {
    return refusedByApns(400, 'BadExpirationDate');
  }
  const collapseId = header(headers, 'apns-collapse-id');
  if (collapseId !== undefined && utf8Bytes(collapseId) > MAX_COLLAPSE_ID_BYTES) {
    return refusedByApns(400, 'BadCollapseId');
  }
  const pushType = header(headers, 'apns-push-type');
  if (pushType !== undefined && !PUSH_TYPES.has(pushType)) {
    return refusedByApns(400, 'InvalidPushType');
  }
  return undefined;
}

/** A header whatever the case of its name. */
export function header(
  headers: Readonly<Record<string, string>> | undefined,
  name: string,
): string | undefined {
  for (const [key, value] of Object.entries(headers ?? {})) {
    if (key.toLowerCase() === name) return value;
  }
  return undefined;
}

/** The `aps` dictionary of a message, empty if it has none. */
export function apsOf(message: Message): Struct {
  const aps = message.apns?.payload?.['aps'];
  return typeof aps === 'object' && aps !== null && !Array.isArray(aps) ? (aps as Struct) : {};
}

/**
 * Bytes of what goes to a device: keys and values of the data, and the notification as the
 * platform gets it. The service does not say how it counts.
 */
export function payloadBytes(message: Message, platform: Platform): number {
  const { notification, data, android, apns, webpush } = message;
  switch (platform) {
    case 'android':
      return (
        bytesOf({ ...notification, ...android?.notification }) + bytesOf(android?.data ?? data)
      );
    case 'ios':
      return (
        (apns?.payload === undefined ? 0 : utf8Bytes(JSON.stringify(apns.payload))) +
        ('alert' in apsOf(message) ? 0 : bytesOf(notification)) +
        bytesOf(data)
      );
    case 'web':
      return (
        bytesOf({ ...notification, ...webpush?.notification }) + bytesOf(webpush?.data ?? data)
      );
  }
}

function bytesOf(record: object | undefined): number {
  let bytes = 0;
  for (const [key, value] of Object.entries(record ?? {})) {
    bytes += utf8Bytes(key) + utf8Bytes(typeof value === 'string' ? value : JSON.stringify(value));
  }
  return bytes;
}

function utf8Bytes(text: string): number {
  return Buffer.byteLength(text);
}
