/** Reads a push from a request, or says why it is none. Pure. */
import { deviceName } from '../device-name.ts';
import type { Exchange } from '../exchange.ts';
import { type PushTypeName, pushTypes, topicFits } from './push-types.ts';
import type { Reason } from './reasons.ts';

/** A push that is right in itself; whether there is such a device is another matter. */
export interface Push {
  readonly token: string;
  readonly topic: string;
  /** Undefined where the header is missing, which only watchOS minds. */
  readonly type: PushTypeName | undefined;
  readonly payload: Readonly<Record<string, unknown>>;
}

type Request = Pick<Exchange, 'method' | 'path' | 'headers' | 'rawHeaders' | 'body'>;

const DEVICE_PATH = /^\/3\/device\/([^/]*)$/;
/** Apple: opaque and of variable length; every one seen had 32 bytes. */
const DEVICE_TOKEN = /^(?:[0-9a-fA-F]{2}){8,100}$/;
const TOPIC = /^[A-Za-z0-9._-]{1,255}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const EPOCH_SECONDS = /^\d{1,15}$/;
/** Apple: `apns-collapse-id` has at most 64 bytes. */
const MAX_COLLAPSE_ID_BYTES = 64;
const PRIORITIES = ['1', '5', '10'];

/** The device token in a path of the API, in lower case; undefined if it is no such path. */
export function tokenIn(path: string): string | undefined {
  const token = DEVICE_PATH.exec(path)?.[1];
  return token === undefined ? undefined : deviceName(token);
}

/** What is wrong with a request before anybody looks at who sends it. */
export function routeError({ method, path, rawHeaders }: Request): Reason | undefined {
  const token = tokenIn(path);
  if (token === undefined) return 'BadPath';
  if (method !== 'POST') return 'MethodNotAllowed';
  if (token === '') return 'MissingDeviceToken';
  return hasDuplicates(rawHeaders) ? 'DuplicateHeaders' : undefined;
}

/** Reads a push, or answers the reason why it is refused. */
export function readPush({ path, headers, body }: Request): Push | Reason {
  const token = tokenIn(path) ?? '';
  if (!DEVICE_TOKEN.test(token)) return 'BadDeviceToken';
  const topic = text(headers['apns-topic']);
  if (topic === undefined || topic === '') return 'MissingTopic';
  if (!TOPIC.test(topic)) return 'BadTopic';
  const type = text(headers['apns-push-type']);
  if (type !== undefined && !isPushType(type)) return 'InvalidPushType';
  if (type !== undefined && !topicFits(topic, type)) return 'BadTopic';
  const wrongHeader = headerError(headers, type);
  if (wrongHeader !== undefined) return wrongHeader;
  const limitBytes = pushTypes[type ?? 'alert'].limitBytes;
  if (body === undefined || Buffer.byteLength(body) > limitBytes) return 'PayloadTooLarge';
  const payload = objectIn(body);
  return payload === undefined ? 'PayloadEmpty' : { token, topic, type, payload };
}

function headerError(
  headers: Request['headers'],
  type: PushTypeName | undefined,
): Reason | undefined {
  const id = text(headers['apns-id']);
  if (id !== undefined && !UUID.test(id)) return 'BadMessageId';
  const expiration = text(headers['apns-expiration']);
  if (expiration !== undefined && !EPOCH_SECONDS.test(expiration)) return 'BadExpirationDate';
  const priority = text(headers['apns-priority']);
  if (priority !== undefined && !PRIORITIES.includes(priority)) return 'BadPriority';
  // Apple: "Using priority 10 is an error" for a push that only wakes the app.
  if (type === 'background' && priority === '10') return 'BadPriority';
  const collapseId = text(headers['apns-collapse-id']);
  return collapseId !== undefined && Buffer.byteLength(collapseId) > MAX_COLLAPSE_ID_BYTES
    ? 'BadCollapseId'
    : undefined;
}

/** The request's `apns-id` where it has a good one. */
export function messageId(headers: Request['headers']): string | undefined {
  const id = text(headers['apns-id']);
  return id !== undefined && UUID.test(id) ? id : undefined;
}

function isPushType(type: string): type is PushTypeName {
  return Object.hasOwn(pushTypes, type);
}

/** The object a body holds; undefined if it holds none, or an empty one. */
function objectIn(body: string): Record<string, unknown> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    // No JSON at all is answered like an empty payload.
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.keys(value).length === 0 ? undefined : (value as Record<string, unknown>);
}

/** `names` in odd places hold names, even ones values; only what APNs itself reads may not repeat. */
function hasDuplicates(rawHeaders: readonly string[]): boolean {
  const names = rawHeaders
    .filter((_, index) => index % 2 === 0)
    .map((name) => name.toLowerCase())
    .filter((name) => name === 'authorization' || name.startsWith('apns-'));
  return new Set(names).size < names.length;
}

function text(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(', ') : header;
}
