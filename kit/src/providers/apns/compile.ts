/**
 * Compiles a push to APNs payload and headers, once for all addresses; only topic and `apns-id` are each address's own.
 *
 * @see https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns
 */
import { hash } from 'node:crypto';
import type { Content } from '../../model/notification/content';
import { fit } from '../fit';
import {
  alertText,
  appData,
  apsOfAlert,
  collapseId,
  customKeys,
  silentData,
  specialKeys,
  type JsonObject,
} from './aps';
import { PUSH_TYPES, topicFor, type ApnsPushType } from '../../model/notification/apns-push-types';

/** FNV-1a of 32 bits (draft-eastlake-fnv). */
const FNV_BASIS = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** A compiled push, for every address of one app. */
export interface ApnsTemplate {
  readonly pushType: ApnsPushType;
  /** All headers but `authorization`, `apns-topic` and `apns-id`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The payload, at most 4096 bytes, 5120 for voip. */
  readonly body: string;
  /** The topic for an app's bundle id, or the notification's own; undefined if neither says. */
  topic(bundleId: string | undefined): string | undefined;
}

/**
 * Compiles for one moment: what is over at `now` (ms since 1970) is tried once and not kept.
 *
 * @throws {PayloadTooLargeError} when required data alone is over the limit.
 */
export function compileApns(content: Content, now: number): ApnsTemplate {
  const pushType = pushTypeOf(content);
  const { limitBytes, priority } = PUSH_TYPES[pushType];
  const body = (candidate: Content): string => JSON.stringify(apnsPayload(candidate));
  const fitted = fit(content, (candidate) => Buffer.byteLength(body(candidate)), limitBytes);
  return {
    pushType,
    headers: {
      'apns-push-type': pushType,
      'apns-priority': priority[content.priority],
      'apns-expiration': String(content.expiresAt <= now ? 0 : Math.ceil(content.expiresAt / 1000)),
      // Of special types each is told on its own: only notifications replace each other.
      ...(content.apns?.pushType === undefined
        ? { 'apns-collapse-id': collapseId(content.tag) }
        : {}),
    },
    body: body(fitted),
    topic: (bundleId) => content.apns?.topic ?? topicFor(pushType, bundleId),
  };
}

/**
 * The `apns-id`s of one delivery, by address: UUIDs that are the same at every try, so that Apple's console and our ledger can be
 * held against each other. The first half stands for the delivery, the second for the address.
 */
export function apnsIds(deliveryId: string): (address: string) => string {
  const delivery = hash('sha256', deliveryId);
  // Version 8, made from whatever one likes, and the variant (RFC 9562 §5.8).
  const half = `${delivery.slice(0, 8)}-${delivery.slice(8, 12)}-8${delivery.slice(12, 15)}-`;
  return (address) => {
    const digits = digitsOf(address);
    const variant = '89ab'.charAt(parseInt(digits.charAt(0), 16) & 3);
    return `${half}${variant}${digits.slice(1, 4)}-${digits.slice(4)}`;
  };
}

/**
 * 16 hexadecimal digits that tell addresses apart: FNV-1a, once forwards and once backwards. It keeps no secret and need not: a
 * SHA-256 for every address was a fifteenth of its push's CPU.
 */
function digitsOf(address: string): string {
  let forwards = FNV_BASIS;
  let backwards = FNV_BASIS;
  for (let index = 0, last = address.length - 1; index <= last; index += 1) {
    forwards = Math.imul(forwards ^ address.charCodeAt(index), FNV_PRIME);
    backwards = Math.imul(backwards ^ address.charCodeAt(last - index), FNV_PRIME);
  }
  return hex32(forwards) + hex32(backwards);
}

function hex32(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}

function pushTypeOf({ style, apns }: Content): ApnsPushType {
  return apns?.pushType ?? (style === 'data' ? 'background' : 'alert');
}

/** The payload as an object; pure, so that tests can look at every field. The notification's own keys win over those of `data`. */
export function apnsPayload(content: Content): JsonObject {
  const { expo } = content;
  return {
    ...(expo === undefined ? appPart(content) : {}),
    ...(content.style === 'data' ? {} : imagePart(content)),
    ...customKeys(content),
    // What makes it Expo's format stays: apps look for their data there.
    ...(expo === undefined ? {} : appPart(content)),
    aps: aps(content),
  };
}

function aps(content: Content): JsonObject {
  const isSpecial = content.apns?.pushType !== undefined;
  // Apple: nothing else belongs into a background push.
  if (content.style === 'data')
    return isSpecial ? specialKeys(content) : { 'content-available': 1 };
  if (isSpecial) {
    return { ...apsOfAlert(content, false), alert: alertText(content), ...specialKeys(content) };
  }
  // Lets the app fetch while the alert is shown; Expo's format does not have it.
  return { ...apsOfAlert(content, content.expo === undefined), alert: alertText(content) };
}

/** What the app is told beside `aps`: flat keys, as FCM gives them to Apple devices, or Expo's two. */
function appPart(content: Content): JsonObject {
  const { expo, style } = content;
  const data = style === 'data' ? silentData(content) : appData(content);
  return expo === undefined ? data : { body: data, experienceId: expo.experienceId };
}

/** Where FCM's own extension helper looks for the picture, so that one extension serves both ways. */
function imagePart({ image }: Content): JsonObject {
  return image === undefined ? {} : { fcm_options: { image } };
}
