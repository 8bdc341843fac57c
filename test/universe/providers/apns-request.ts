/**
 * Reads a request as APNs does, and says what Apple would refuse for good. Only what the engine could get wrong is looked at.
 */
import type { Http2Request } from '../../../kit/src/providers/http2/answer.ts';
import {
  bundleIdOf,
  pushTypes,
  topicFits,
  type PushTypeName,
} from '../../../simulator/src/apns/push-types.ts';
import type { Reason } from '../../../simulator/src/apns/reasons.ts';
import { isDigits } from './fcm-request.ts';
import type { Push } from './phones.ts';

/** A request as APNs understands it. */
export interface ApnsRead extends Push {
  /** Whatever the path names. */
  readonly token: string;
  readonly pushType: string;
  readonly topic: string;
  /** Bundle id that the topic is for. */
  readonly appId: string;
  /** Whether it makes a sound. */
  readonly isHeard: boolean;
  /** From `apns-expiration`, ms since 1970; 0: now or never. */
  readonly expiresAt: number | undefined;
  /** Why Apple would refuse it whatever device it is for; undefined for a push that is right. */
  readonly fault: Reason | undefined;
}

interface Alert {
  readonly title?: string;
  readonly body?: string;
  readonly 'title-loc-key'?: string;
}

interface Payload {
  readonly aps?: { readonly alert?: string | Alert; readonly sound?: unknown };
  readonly deliveryId?: string;
  /** Expo's: the app's data. */
  readonly body?: { readonly deliveryId?: string };
}

const PATH = '/3/device/';
const TOKEN = /^(?:[0-9a-f]{2}){8,100}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const MAX_COLLAPSE_ID_BYTES = 64;

/** Reads a request; it never throws. */
export function readApns({ path, method, headers, body }: Http2Request): ApnsRead {
  const token = path.startsWith(PATH) ? path.slice(PATH.length) : '';
  const topic = headers['apns-topic'] ?? '';
  const pushType = headers['apns-push-type'] ?? '';
  const expiration = headers['apns-expiration'];
  const payload = payloadIn(body);
  const alert = payload?.aps?.alert;
  const isKnown = Object.hasOwn(pushTypes, pushType);
  return {
    token,
    pushType,
    topic,
    appId: isKnown && pushType !== 'alert' && pushType !== 'background' ? bundleIdOf(topic) : topic,
    isHeard: payload?.aps?.sound !== undefined,
    expiresAt: expiration === undefined ? undefined : Number(expiration) * 1000,
    fault:
      routeFault(path, method, token) ??
      headerFault(headers, topic, isKnown ? (pushType as PushTypeName) : undefined) ??
      bodyFault(
        body,
        payload,
        pushType === 'voip' ? pushTypes.voip.limitBytes : pushTypes.alert.limitBytes,
      ),
    tag: headers['apns-collapse-id'],
    deliveryId: payload?.deliveryId ?? payload?.body?.deliveryId,
    title:
      typeof alert === 'string' ? alert : (alert?.title ?? alert?.['title-loc-key'] ?? alert?.body),
    isSilent: pushType !== 'alert' || alert === undefined,
  };
}

function payloadIn(body: string): Payload | undefined {
  try {
    const value = JSON.parse(body) as Payload | null;
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function routeFault(
  path: string,
  method: Http2Request['method'],
  token: string,
): Reason | undefined {
  if (!path.startsWith(PATH)) return 'BadPath';
  if (method !== undefined && method !== 'POST') return 'MethodNotAllowed';
  if (token === '') return 'MissingDeviceToken';
  return TOKEN.test(token) ? undefined : 'BadDeviceToken';
}

/** The push type is undefined if Apple knows none of that name; it is no header that the engine may leave out. */
function headerFault(
  headers: Http2Request['headers'],
  topic: string,
  pushType: PushTypeName | undefined,
): Reason | undefined {
  if (topic === '') return 'MissingTopic';
  if (pushType === undefined) return 'InvalidPushType';
  if (!topicFits(topic, pushType)) return 'BadTopic';
  const id = headers['apns-id'];
  if (id !== undefined && !UUID.test(id)) return 'BadMessageId';
  const expiration = headers['apns-expiration'];
  if (expiration !== undefined && !isDigits(expiration)) return 'BadExpirationDate';
  const priority = headers['apns-priority'];
  if (priority !== undefined && priority !== '10' && priority !== '5' && priority !== '1')
    return 'BadPriority';
  // Apple: "Using priority 10 is an error" for a push that only wakes the app.
  if (pushType === 'background' && priority !== '5') return 'BadPriority';
  const collapseId = headers['apns-collapse-id'];
  const isTooLong =
    collapseId !== undefined && Buffer.byteLength(collapseId) > MAX_COLLAPSE_ID_BYTES;
  return isTooLong ? 'BadCollapseId' : undefined;
}

function bodyFault(
  body: string,
  payload: Payload | undefined,
  limitBytes: number,
): Reason | undefined {
  if (body.length * 3 > limitBytes && Buffer.byteLength(body) > limitBytes)
    return 'PayloadTooLarge';
  return payload?.aps === undefined ? 'PayloadEmpty' : undefined;
}
