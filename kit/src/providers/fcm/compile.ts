/**
 * Compiles a push to the JSON of FCM v1 `messages:send`, once for all addresses: the text around a hole.
 */
import { webLink } from '../../model/notification/web-link';
import {
  alertText,
  appData,
  apsOfAlert,
  collapseId,
  customKeys,
  ownAlert,
  silentData,
} from '../apns/aps';
import { textsWithoutResources, type Content } from '../../model/notification/content';
import { fit } from '../fit';
import { expoMessage } from './expo';
import type { AndroidConfig, ApnsConfig, FcmMessage } from './message';

/** FCM's limit for a message; the exact count is not documented, so the whole message without its address is held to it. */
export const FCM_PAYLOAD_LIMIT_BYTES = 4096;
/**
 * The limit for a message to a topic or condition. Google's pages disagree: 2048 in the reference of error codes, 4096 elsewhere.
 * The smaller one is kept to, because one refusal would lose the push for everybody.
 */
export const FCM_TOPIC_PAYLOAD_LIMIT_BYTES = 2048;
/** FCM keeps a message four weeks at most (AndroidConfig.ttl). */
const MAX_TTL_SECONDS = 2_419_200;

/** Where a message goes: exactly one of FCM's targets. */
export type FcmTargetField = 'token' | 'fid' | 'topic' | 'condition';

/** A compiled push: `render` only has to fill in the address. */
export interface FcmTemplate {
  /** Body of the request for one target. */
  render(field: FcmTargetField, target: string): string;
  /** Bytes of the message without its target. */
  readonly bytes: number;
}

export interface FcmCompileOptions {
  /** true: FCM checks everything and delivers nothing. Default: as the content says. */
  readonly validateOnly?: boolean | undefined;
  /** Default: {@link FCM_PAYLOAD_LIMIT_BYTES}. */
  readonly limitBytes?: number;
  /** What the web's links are relative to. Default: only absolute links are followed. */
  readonly site?: URL | undefined;
}

/**
 * Compiles for one moment: `now` (ms since 1970) turns the expiry into Android's and the web's time to live.
 *
 * @throws {PayloadTooLargeError} when required data alone is over the limit.
 */
export function compileFcm(
  content: Content,
  now: number,
  {
    validateOnly = content.validateOnly === true,
    limitBytes = FCM_PAYLOAD_LIMIT_BYTES,
    site,
  }: FcmCompileOptions = {},
): FcmTemplate {
  const whole = fcmTemplate(fcmMessage(content, now, site), validateOnly);
  if (whole.bytes <= limitBytes) return whole;
  const measure = (candidate: Content): number =>
    Buffer.byteLength(JSON.stringify(fcmMessage(candidate, now, site)));
  return fcmTemplate(fcmMessage(fit(content, measure, limitBytes), now, site), validateOnly);
}

/**
 * The smallest message that nothing can be wrong with, to ask FCM about an address alone; delivers nothing.
 *
 * It says what Apple wants of a message without a text: FCM's default priority for it can be blamed on the token.
 */
export function compileProbe(): FcmTemplate {
  return fcmTemplate({ data: { probe: '1' }, apns: backgroundApns({}, {}) }, true);
}

function fcmTemplate(message: FcmMessage, validateOnly: boolean): FcmTemplate {
  const json = JSON.stringify(message);
  const rest = `,${json.slice(1, -1)}`;
  const end = validateOnly ? `${rest}},"validateOnly":true}` : `${rest}}}`;
  return {
    render: (field, target) => `{"message":{"${field}":${JSON.stringify(target)}${end}`,
    bytes: Buffer.byteLength(json),
  };
}

/** The message without its target; pure, so that tests can look at every field. */
export function fcmMessage(content: Content, now: number, site?: URL): FcmMessage {
  const message =
    content.style === 'data' ? dataMessage(content, now) : alertMessage(content, now, site);
  return content.expo === undefined ? message : expoMessage(message, content, content.expo);
}

function alertMessage(content: Content, now: number, site: URL | undefined): FcmMessage {
  const { image, tag, badge, sound, deviceTexts } = content;
  // Android takes a plain text before a key: so where there is a key, the text is only the web's, which has no resources.
  const title = deviceTexts?.title === undefined ? content.title : undefined;
  const body = deviceTexts?.body === undefined ? content.body : undefined;
  const isShown = title !== undefined || body !== undefined || image !== undefined;
  const link = webLink(content.link, site);
  return {
    notification: isShown ? { title, body, image } : undefined,
    data: appData(content),
    fcmOptions: labelled(content),
    android: {
      ...androidDelivery(content, now),
      notification: {
        tag,
        image,
        sound,
        channelId: content.channelId,
        notificationCount: badge,
        titleLocKey: deviceTexts?.title?.key,
        titleLocArgs: listed(deviceTexts?.title?.args),
        bodyLocKey: deviceTexts?.body?.key,
        bodyLocArgs: listed(deviceTexts?.body?.args),
      },
    },
    apns: {
      headers: {
        // An alert with content-available is still an alert (Apple: the push type must match what is shown).
        'apns-push-type': 'alert',
        'apns-priority': content.priority === 'high' ? '10' : '5',
        ...apnsDelivery(content, now),
      },
      payload: {
        ...customKeys(content),
        aps: {
          ...apsOfAlert(content, true),
          // Overrides title and body, which is only worth its bytes for what `notification` has no field for.
          alert:
            content.subtitle === undefined &&
            content.launchImage === undefined &&
            deviceTexts === undefined &&
            ownAlert(content) === undefined
              ? undefined
              : alertText(content),
        },
      },
      fcmOptions: image === undefined ? undefined : { image },
    },
    webpush: {
      headers: webDelivery(content, now),
      notification: {
        ...(deviceTexts === undefined ? {} : textsWithoutResources(content)),
        tag,
        image,
        silent: content.isSilent,
      },
      // FCM refuses links that are not https.
      fcmOptions: link === undefined ? undefined : { link },
    },
  };
}

function dataMessage(content: Content, now: number): FcmMessage {
  return {
    data: silentData(content),
    fcmOptions: labelled(content),
    android: androidDelivery(content, now),
    apns: backgroundApns(apnsDelivery(content, now), customKeys(content)),
    webpush: { headers: webDelivery(content, now) },
  };
}

/** Firebase refuses a data-only message to Apple with a higher priority, and may blame the token for it. */
function backgroundApns(
  headers: Readonly<Record<string, string>>,
  custom: Readonly<Record<string, unknown>>,
): ApnsConfig {
  return {
    headers: { 'apns-push-type': 'background', 'apns-priority': '5', ...headers },
    payload: { ...custom, aps: { 'content-available': 1 } },
  };
}

function listed(args: readonly string[] | undefined): string[] | undefined {
  return args === undefined ? undefined : [...args];
}

function labelled(content: Content): FcmMessage['fcmOptions'] {
  return content.analyticsLabel === undefined
    ? undefined
    : { analyticsLabel: content.analyticsLabel };
}

function androidDelivery(content: Content, now: number): AndroidConfig {
  return {
    priority: content.priority === 'high' ? 'HIGH' : 'NORMAL',
    ttl: `${ttlSeconds(content, now)}s`,
    collapseKey: content.collapseKey,
  };
}

function apnsDelivery(content: Content, now: number): Record<string, string> {
  const latest = now + MAX_TTL_SECONDS * 1000;
  const expiration = Math.floor(Math.min(content.expiresAt, latest) / 1000);
  return {
    // 0 is Apple's "now or never"; a moment that has passed is not.
    'apns-expiration': ttlSeconds(content, now) === 0 ? '0' : String(expiration),
    'apns-collapse-id': collapseId(content.tag),
  };
}

function webDelivery(content: Content, now: number): Record<string, string> {
  return {
    TTL: String(ttlSeconds(content, now)),
    Urgency: content.priority === 'high' ? 'high' : 'normal',
  };
}

function ttlSeconds(content: Content, now: number): number {
  const seconds = Math.floor((content.expiresAt - now) / 1000);
  return Math.min(Math.max(seconds, 0), MAX_TTL_SECONDS);
}
