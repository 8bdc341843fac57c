/**
 * Reads a request as FCM v1 does, and says what Google would refuse for good. Only what the engine could get wrong is looked at.
 */
import type { Push } from './phones.ts';

export type FcmTargetKind = 'token' | 'fid' | 'topic' | 'condition';

/** A request as FCM understands it. */
export interface FcmRead extends Push {
  readonly targetKind: FcmTargetKind;
  /** A token, an installation id, a topic or a condition. */
  readonly target: string;
  readonly isDryRun: boolean;
  /** Whether a phone of either maker makes a sound. */
  readonly isHeard: boolean;
  /** Android's time to live, ms; undefined where the message does not say. */
  readonly ttlMs: number | undefined;
  /** Why Google would refuse it whatever it is for; undefined for a message that is right. */
  readonly fault: string | undefined;
}

interface Notification {
  readonly title?: string;
  readonly titleLocKey?: string;
  readonly tag?: string;
  readonly sound?: string;
}

/** What a message may hold; the engine writes lowerCamelCase. */
interface Message {
  readonly token?: string;
  readonly fid?: string;
  readonly topic?: string;
  readonly condition?: string;
  readonly notification?: Notification;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly android?: {
    readonly ttl?: string;
    readonly data?: Readonly<Record<string, unknown>>;
    readonly notification?: Notification;
  };
  readonly apns?: {
    readonly headers?: Readonly<Record<string, unknown>>;
    readonly payload?: Readonly<Record<string, unknown>>;
  };
  readonly webpush?: {
    readonly headers?: Readonly<Record<string, unknown>>;
    readonly data?: Readonly<Record<string, unknown>>;
    readonly notification?: object;
    readonly fcmOptions?: { readonly link?: string };
  };
}

interface Body {
  readonly message?: Message;
  readonly validateOnly?: boolean;
}

const MESSAGE_KEYS = new Set([
  'token',
  'fid',
  'topic',
  'condition',
  'notification',
  'data',
  'android',
  'apns',
  'webpush',
  'fcmOptions',
]);
const BODY_KEYS = new Set(['message', 'validateOnly']);
const MAX_TTL_SECONDS = 2_419_200;
const MAX_BYTES = 4096;
const MAX_TOPIC_BYTES = 2048;
const MAX_COLLAPSE_ID_BYTES = 64;
const TOPIC = /^[a-zA-Z0-9-_.~%]{1,900}$/;

const NOTHING: FcmRead = {
  targetKind: 'token',
  target: '',
  isDryRun: false,
  isHeard: false,
  ttlMs: undefined,
  fault: undefined,
  tag: undefined,
  deliveryId: undefined,
  title: undefined,
  isSilent: true,
};

/** Reads a body; it never throws. */
export function readFcm(body: string): FcmRead {
  let json: Body;
  try {
    json = JSON.parse(body) as Body;
  } catch {
    return { ...NOTHING, fault: 'the body is no JSON' };
  }
  const message = json.message;
  if (typeof message !== 'object' || message === null) return { ...NOTHING, fault: 'no message' };
  const { token, fid, topic, condition, notification, data, android, apns } = message;
  const targetKind: FcmTargetKind =
    token !== undefined
      ? 'token'
      : fid !== undefined
        ? 'fid'
        : topic !== undefined
          ? 'topic'
          : 'condition';
  const shown = android?.notification;
  const appData = android?.data ?? data;
  // Expo's apps show what comes as data with a text.
  const isExpo = appData?.['experienceId'] !== undefined;
  const isSilent =
    notification === undefined &&
    shown === undefined &&
    !(isExpo && appData?.['title'] !== undefined);
  const ttl = android?.ttl;
  const aps = apns?.payload?.['aps'] as Readonly<Record<string, unknown>> | null | undefined;
  return {
    targetKind,
    target: token ?? fid ?? topic ?? condition ?? '',
    isDryRun: json.validateOnly === true,
    isHeard: shown?.sound !== undefined || aps?.['sound'] !== undefined,
    ttlMs: ttl === undefined ? undefined : parseFloat(ttl) * 1000,
    fault: fcmFault(body, json, message),
    tag: shown?.tag ?? (isExpo ? textOf(appData?.['tag']) : undefined),
    deliveryId:
      textOf(appData?.['deliveryId']) ?? (isExpo ? idInExpo(appData?.['body']) : undefined),
    title: shown?.title ?? notification?.title ?? shown?.titleLocKey ?? textOf(appData?.['title']),
    isSilent,
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function idInExpo(body: unknown): string | undefined {
  return typeof body === 'string'
    ? (JSON.parse(body) as { deliveryId?: string }).deliveryId
    : undefined;
}

function fcmFault(body: string, json: Body, message: Message): string | undefined {
  for (const key in json) if (!BODY_KEYS.has(key)) return `unknown name ${key}`;
  let targets = 0;
  for (const key in message) {
    if (!MESSAGE_KEYS.has(key)) return `unknown name ${key} at message`;
    if (key === 'token' || key === 'fid' || key === 'topic' || key === 'condition') targets += 1;
  }
  if (targets !== 1) return `expected one target, got ${targets}`;
  const target = message.token ?? message.fid ?? message.topic ?? message.condition;
  if (typeof target !== 'string' || target === '') return 'the target is no text';
  if (message.topic !== undefined && !TOPIC.test(message.topic)) return 'no name of a topic';
  return (
    dataFault('message.data', message.data) ??
    dataFault('message.android.data', message.android?.data) ??
    dataFault('message.webpush.data', message.webpush?.data) ??
    ttlFault(message.android?.ttl) ??
    appleFault(message) ??
    webFault(message.webpush) ??
    sizeFault(body, message)
  );
}

function dataFault(
  field: string,
  data: Readonly<Record<string, unknown>> | undefined,
): string | undefined {
  for (const key in data) {
    if (typeof data[key] !== 'string') return `${field}.${key} is no text`;
    if (
      key === 'from' ||
      key === 'message_type' ||
      key.startsWith('google') ||
      key === 'gcm' ||
      key.startsWith('gcm.')
    ) {
      return `${field}.${key} is reserved`;
    }
  }
  return undefined;
}

function ttlFault(ttl: string | undefined): string | undefined {
  if (ttl === undefined) return undefined;
  const seconds = typeof ttl === 'string' && ttl.endsWith('s') ? Number(ttl.slice(0, -1)) : NaN;
  return seconds >= 0 && seconds <= MAX_TTL_SECONDS ? undefined : `message.android.ttl is ${ttl}`;
}

function appleFault({ apns, notification }: Message): string | undefined {
  if (apns === undefined) return undefined;
  const { headers, payload } = apns;
  for (const name in headers) {
    if (typeof headers[name] !== 'string') return `message.apns.headers.${name} is no text`;
  }
  const aps = payload?.['aps'] as Readonly<Record<string, unknown>> | undefined;
  if (payload !== undefined && (typeof aps !== 'object' || aps === null))
    return 'message.apns.payload has no aps';
  const priority = headers?.['apns-priority'];
  const isVisible =
    notification !== undefined ||
    (aps !== undefined && ('alert' in aps || 'badge' in aps || 'sound' in aps));
  if (
    !isVisible &&
    priority !== undefined &&
    (priority !== '5' || aps?.['content-available'] !== 1)
  ) {
    return 'to Apple, data alone wants priority 5 and content-available';
  }
  if (headers?.['apns-push-type'] === 'background' && priority === '10')
    return 'a background push of priority 10';
  const collapseId = headers?.['apns-collapse-id'] as string | undefined;
  if (collapseId !== undefined && Buffer.byteLength(collapseId) > MAX_COLLAPSE_ID_BYTES)
    return 'apns-collapse-id is too long';
  const expiration = headers?.['apns-expiration'] as string | undefined;
  return expiration === undefined || isDigits(expiration)
    ? undefined
    : `apns-expiration is ${expiration}`;
}

/** Whether a text is a number of seconds as headers have them. */
export function isDigits(text: string): boolean {
  const number = Number(text);
  return Number.isInteger(number) && number >= 0 && text === String(number);
}

function webFault(webpush: Message['webpush']): string | undefined {
  if (webpush === undefined) return undefined;
  const { headers, fcmOptions } = webpush;
  for (const name in headers) {
    if (typeof headers[name] !== 'string') return `message.webpush.headers.${name} is no text`;
  }
  const link = fcmOptions?.link;
  return link === undefined || link.startsWith('https://')
    ? undefined
    : 'message.webpush.fcmOptions.link is no https';
}

function sizeFault(body: string, message: Message): string | undefined {
  const isForMany = message.topic !== undefined || message.condition !== undefined;
  const limit = isForMany ? MAX_TOPIC_BYTES : MAX_BYTES;
  // The whole is more than any part of it, and no character is more than three bytes.
  if (body.length * 3 <= limit || Buffer.byteLength(body) <= limit) return undefined;
  const { notification, data, android, apns, webpush } = message;
  const bytes = Math.max(
    bytesOf({ ...notification, ...android?.notification }) + bytesOf(android?.data ?? data),
    bytesOf(apns?.payload) + bytesOf(notification) + bytesOf(data),
    bytesOf({ ...notification, ...webpush?.notification }) + bytesOf(webpush?.data ?? data),
  );
  return bytes <= limit ? undefined : `${bytes} bytes, ${limit} are the most`;
}

/** Google does not say how it counts: keys and values are, and what is between them is not. */
function bytesOf(record: object | undefined): number {
  let bytes = 0;
  for (const [key, value] of Object.entries(record ?? {})) {
    bytes +=
      Buffer.byteLength(key) +
      Buffer.byteLength(typeof value === 'string' ? value : JSON.stringify(value));
  }
  return bytes;
}
