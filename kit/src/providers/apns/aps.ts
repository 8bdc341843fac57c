/**
 * What Apple's devices are told, whichever way it takes: straight to APNs or as the Apple part of an FCM message.
 *
 * @see https://developer.apple.com/documentation/usernotifications/generating-a-remote-notification
 */
import { isRecord } from '../../model/is-record';
import { createHash } from 'node:crypto';
import { textsWithoutResources, type Content } from '../../model/notification/content';
import { withoutUndefined } from '../../model/without-undefined';

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

/**
 * Title, subtitle, body (or the keys of the app's own texts, which Apple wants instead) and launch image as Apple names them, beside
 * what the app itself says of the alert; undefined if there is nothing to show.
 */
export function alertText(content: Content): JsonObject | undefined {
  const { title, subtitle, body, launchImage, deviceTexts } = content;
  const texts = {
    title: deviceTexts?.title === undefined ? title : undefined,
    subtitle: deviceTexts?.subtitle === undefined ? subtitle : undefined,
    body: deviceTexts?.body === undefined ? body : undefined,
    'title-loc-key': deviceTexts?.title?.key,
    'title-loc-args': deviceTexts?.title?.args,
    'subtitle-loc-key': deviceTexts?.subtitle?.key,
    'subtitle-loc-args': deviceTexts?.subtitle?.args,
    'loc-key': deviceTexts?.body?.key,
    'loc-args': deviceTexts?.body?.args,
  };
  const own = ownAlert(content);
  if (own === undefined && Object.values(texts).every((part) => part === undefined)) {
    return undefined;
  }
  const all = { ...texts, 'launch-image': launchImage };
  return own === undefined ? all : { ...own, ...withoutUndefined(all) };
}

/** What the notification's own `aps` says of the alert of an ordinary push. */
export function ownAlert(content: Content): JsonObject | undefined {
  const alert = ownAps(content)?.['alert'];
  if (typeof alert === 'string') return { body: alert };
  return isRecord(alert) ? alert : undefined;
}

/**
 * All keys of `aps` of a visible notification but `alert`: the notification's own `aps`, which its fields win over where they say
 * the same.
 *
 * @param contentAvailable whether the app may fetch while the alert is shown, unless the notification's own `aps` says.
 */
export function apsOfAlert(content: Content, contentAvailable: boolean): JsonObject {
  const { criticalVolume, image } = content;
  const own = ownAps(content);
  // A sound that is in `aps` is there because the notification names no other: see `apnsExtras`.
  const sound = own !== undefined && Object.hasOwn(own, 'sound') ? own['sound'] : content.sound;
  const fields = {
    badge: content.badge,
    sound:
      criticalVolume === undefined
        ? sound
        : { critical: 1, name: content.sound ?? 'default', volume: criticalVolume },
    category: content.category,
    'thread-id': content.threadId,
    // The picture is fetched by the app's notification service extension, which this wakes.
    'mutable-content': image === undefined ? undefined : 1,
    'interruption-level':
      content.interruptionLevel ?? (criticalVolume === undefined ? undefined : 'critical'),
    'relevance-score': content.relevanceScore,
    'target-content-id': content.targetContentId,
  };
  const before = { 'content-available': contentAvailable ? 1 : undefined };
  return own === undefined
    ? { ...before, ...fields }
    : { ...before, ...own, ...withoutUndefined(fields) };
}

/** What the app gets to route a tap and to recognise a repeat, as flat strings, beside its own data. */
export function appData(content: Content): Record<string, string | undefined> {
  const { type, deliveryId, link } = content;
  return link === undefined
    ? { ...content.data, type, deliveryId }
    : { ...content.data, type, deliveryId, link };
}

/** The same with the texts and the picture of a push that is not shown, so that the app can. */
export function silentData(content: Content): Record<string, string | undefined> {
  const { image } = content;
  const shown = image === undefined ? {} : { image };
  return { ...textsWithoutResources(content), ...shown, ...appData(content) };
}

/** The notification's own keys beside `aps`. */
export function customKeys(content: Content): JsonObject {
  return parsed(content.apns?.custom);
}

/** Keys of `aps` that a special push type brings, e.g. a Live Activity's. */
export function specialKeys(content: Content): JsonObject {
  return parsed(content.apns?.aps);
}

/** The notification's own keys of `aps`, unless they are a special push type's. */
function ownAps({ apns }: Content): JsonObject | undefined {
  return apns?.aps === undefined || apns.pushType !== undefined ? undefined : parsed(apns.aps);
}

/** `notification.ts` made the text from an object. */
function parsed(json: string | undefined): JsonObject {
  return json === undefined ? {} : (JSON.parse(json) as JsonObject);
}
