/**
 * What Apple's devices are told, whichever way it takes: straight to APNs or as the Apple part of an FCM message.
 *
 * @see https://developer.apple.com/documentation/usernotifications/generating-a-remote-notification
 */
import { createHash } from 'node:crypto';
import type { Content } from '../content';

/** On its way to JSON, which leaves out members that are undefined. */
export type JsonObject = Record<string, unknown>;

/** Apple: `apns-collapse-id` is at most 64 bytes. */
const MAX_COLLAPSE_ID_BYTES = 64;
const HEADER_SAFE = /^[!-~](?:[ -~]*[!-~])?$/;

/** The tag as a header can carry it: itself if it is printable ASCII, else its hash, so that equal tags stay equal. */
export function collapseId(tag: string): string {
  return tag.length <= MAX_COLLAPSE_ID_BYTES && HEADER_SAFE.test(tag)
    ? tag
    : createHash('sha256').update(tag).digest('base64url');
}

/** Title, subtitle, body (or the keys of the app's own texts) and launch image as Apple names them; undefined if there is nothing to show. */
export function alertText(content: Content): JsonObject | undefined {
  const { title, subtitle, body, launchImage, deviceTexts } = content;
  const text = {
    title,
    subtitle,
    body,
    'title-loc-key': deviceTexts?.title?.key,
    'title-loc-args': deviceTexts?.title?.args,
    'subtitle-loc-key': deviceTexts?.subtitle?.key,
    'subtitle-loc-args': deviceTexts?.subtitle?.args,
    'loc-key': deviceTexts?.body?.key,
    'loc-args': deviceTexts?.body?.args,
  };
  if (Object.values(text).every((part) => part === undefined)) return undefined;
  return { ...text, 'launch-image': launchImage };
}

/** All keys of `aps` of a visible notification but `alert` and `content-available`. */
export function apsOfAlert(content: Content): JsonObject {
  const { sound, criticalVolume, image } = content;
  return {
    ...parsed(content.apns?.pushType === undefined ? content.apns?.aps : undefined),
    badge: content.badge,
    sound:
      criticalVolume === undefined
        ? sound
        : { critical: 1, name: sound ?? 'default', volume: criticalVolume },
    category: content.category,
    'thread-id': content.threadId,
    // The picture is fetched by the app's notification service extension, which this wakes.
    'mutable-content': image === undefined ? undefined : 1,
    'interruption-level':
      content.interruptionLevel ?? (criticalVolume === undefined ? undefined : 'critical'),
    'relevance-score': content.relevanceScore,
    'target-content-id': content.targetContentId,
  };
}

/** What the app gets to route a tap and to recognise a repeat, as flat strings. */
export function appData(content: Content): Record<string, string | undefined> {
  const { type, deliveryId, link } = content;
  return { ...content.data, type, deliveryId, link };
}

/** The notification's own keys beside `aps`. */
export function customKeys(content: Content): JsonObject {
  return parsed(content.apns?.custom);
}

/** Keys of `aps` that a special push type brings, e.g. a Live Activity's. */
export function specialKeys(content: Content): JsonObject {
  return parsed(content.apns?.aps);
}

/** `notification.ts` made the text from an object. */
function parsed(json: string | undefined): JsonObject {
  return json === undefined ? {} : (JSON.parse(json) as JsonObject);
}
