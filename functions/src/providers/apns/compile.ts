/**
 * Compiles a push to APNs payload and headers, once for all addresses; only topic and `apns-id` are each address's own.
 *
 * @see https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns
 */
import { hash } from 'node:crypto';
import type { Content } from '../content';
import { fit } from '../fit';
import {
  alertText,
  appData,
  apsOfAlert,
  collapseId,
  customKeys,
  specialKeys,
  type JsonObject,
} from './aps';
import { PUSH_TYPES, topicFor, type ApnsPushType } from './push-types';

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
 * The `apns-id` of one push to one address: a UUID that is the same at every try, so that Apple's console and our ledger can be
 * held against each other.
 */
export function apnsId(deliveryId: string, address: string): string {
  const digest = hash('sha256', `${deliveryId}/${address}`, 'buffer');
  // Version 8, made from whatever one likes, and the variant (RFC 9562 §5.8).
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x80, 6);
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = digest.toString('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20, 32),
  ].join('-');
}

function pushTypeOf({ style, apns }: Content): ApnsPushType {
  return apns?.pushType ?? (style === 'data' ? 'background' : 'alert');
}

/** The payload as an object; pure, so that tests can look at every field. */
export function apnsPayload(content: Content): JsonObject {
  return {
    ...appPart(content),
    ...(content.style === 'data' ? {} : imagePart(content)),
    ...customKeys(content),
    aps: aps(content),
  };
}

function aps(content: Content): JsonObject {
  const alert = alertText(content);
  if (content.apns?.pushType !== undefined) {
    const shown = content.style === 'data' ? {} : { ...apsOfAlert(content), alert };
    return { ...shown, ...specialKeys(content) };
  }
  // Apple: nothing else belongs into a background push.
  if (content.style === 'data') return { 'content-available': 1 };
  return {
    ...apsOfAlert(content),
    alert,
    // Lets the app fetch while the alert is shown; Expo's format does not have it.
    'content-available': content.expo === undefined ? 1 : undefined,
  };
}

/** What the app is told beside `aps`: flat keys, as FCM gives them to Apple devices, or Expo's two. */
function appPart(content: Content): JsonObject {
  const { expo, style, title, body, image } = content;
  const silent = style === 'data' ? { title, body, image } : {};
  const data = { ...silent, ...appData(content) };
  return expo === undefined ? data : { body: data, experienceId: expo.experienceId };
}

/** Where FCM's own extension helper looks for the picture, so that one extension serves both ways. */
function imagePart({ image }: Content): JsonObject {
  return image === undefined ? {} : { fcm_options: { image } };
}
