/**
 * What a catalogue entry returns: who should be told, and what; checked and completed here, in one place.
 */
import { publicImages, type ImagePolicy } from './image-url';
import { apnsExtras, type ApnsOptions } from './apns-options';
import { PUSH_TYPES } from './apns-push-types';
import type { Draft, InterruptionLevel, Text } from './content';
import { described } from './described';
import { isDocumentId, type DocumentId } from './document-id';
import { InvalidInputError } from './invalid-input';
import { withoutUndefined } from './without-undefined';
import { COLLECTIONS, type UserFilter } from '../store/collections';
import { boundedData, boundedKey, boundedTexts } from './bounded';
import { styleOf } from './content-problems';
import { MAX_TIME_TO_LIVE_SECONDS } from './content-schema';
import { notificationProblems } from './notification-schema';

/**
 * Who should be told: a user id, user ids, the users whose ids are the document ids of a collection
 * (e.g. `chats/c1/members`), the users of whom one field says something, every user there is, or whoever is subscribed to a
 * topic or to topics of which a condition holds (see `allOf` and `anyOf`). Ids given twice count once. What cannot be a user id is
 * told nothing, and the ledger names it with the reason `invalid-id`; the others are told.
 */
export type Recipients =
  | string
  | readonly unknown[]
  | { readonly members: string }
  | { readonly users: UserFilter }
  | { readonly everyone: true }
  | { readonly topic: string }
  | { readonly condition: string };

/**
 * What people should be told of one event. Texts are plain, or keys of messages in the recipient's language; to fit the providers'
 * 4096 bytes the body is shortened, then the title, then image, optional data (the largest first) and link are dropped.
 *
 * Control and invisible characters never arrive in a text, nor what turns other text around; see `docs/outbox.md`.
 */
export interface Notification {
  readonly to: Recipients;
  /** User id of whoever acted; never told of their own act. */
  readonly actor?: string | undefined;
  /** One line. */
  readonly title?: Text | undefined;
  /** iOS: one line, shown between title and body; cut at 256 UTF-16 units. */
  readonly subtitle?: Text | undefined;
  readonly body?: Text | undefined;
  /**
   * https URL of a picture on a public host that `IMAGE_HOSTS` allows: JPEG or PNG, at most 1 MB for Android. Any other is left
   * out, and the log says why.
   */
  readonly image?: string | undefined;
  /**
   * Flat strings for the app. Not `type` and `deliveryId`, which every push has; nor what providers take for themselves: `from`,
   * `notification`, `message_type`, `collapse_key`, `aps`, `fcm_options`, and keys that begin with `google` or `gcm`.
   */
  readonly data?: Readonly<Record<string, string>> | undefined;
  /** Keys of `data` that must arrive (`link`, too): the notification fails rather than losing them. Default: none. */
  readonly requiredData?: readonly string[] | undefined;
  /**
   * Where a tap leads: an app link or https URL. Arrives as `data.link`. The web opens https, and what is a path of the app's
   * (`/posts/p1`) behind `SITE_URL`.
   */
  readonly link?: string | undefined;
  /** A newer notification of this key replaces the older one on the device. Default: each stands alone. Over 64 bytes: its hash. */
  readonly collapseKey?: string | undefined;
  /** Android notification channel. Default: the app's own. */
  readonly channelId?: string | undefined;
  /** iOS notification category (action buttons). */
  readonly category?: string | undefined;
  /** iOS groups notifications of one thread. Over 64 bytes: its hash. */
  readonly threadId?: string | undefined;
  /** File name of a sound in the app, `default` (the default), or null for silence. */
  readonly sound?: string | null | undefined;
  /**
   * iOS: plays the sound at this volume (0 to 1) even on a muted device. Only for apps that Apple has given the entitlement for
   * critical alerts. Default: an ordinary sound.
   */
  readonly criticalVolume?: number | undefined;
  /** iOS: `passive` lights no screen, `time-sensitive` breaks through Focus. Default: iOS's, `active`; `critical` with a critical volume. */
  readonly interruptionLevel?: InterruptionLevel | undefined;
  /** iOS: 0 to 1; the highest stands first in the notification summary. */
  readonly relevanceScore?: number | undefined;
  /** iOS: the window or scene that a tap brings forward. */
  readonly targetContentId?: string | undefined;
  /** iOS: name of the launch image that a tap shows. */
  readonly launchImage?: string | undefined;
  /** The number on the app's icon: absolute, 0 or more; 0 clears it. Default: unchanged. */
  readonly badge?: number | undefined;
  /**
   * Seconds after the event until nobody wants to hear of it, 0 to 2,419,200 (four weeks). 0: now or never, for which "now" counts
   * from when the audience began to be sent to. Default: four weeks; for the push types `voip` and `pushtotalk` 0, for
   * `liveactivity` eight hours.
   */
  readonly timeToLive?: number | undefined;
  /** Default `high`: wakes the device. `normal` may wait for it to wake. */
  readonly priority?: 'high' | 'normal' | undefined;
  /**
   * `alert` is shown by the system; `data` is handed silently to the app. Default: `alert` if there is a title or a body, `data` if
   * there is only data, or a push type of its own.
   */
  readonly style?: 'alert' | 'data' | undefined;
  /** Label for FCM's delivery reports: letters, digits and `-_.~%`, at most 50. */
  readonly analyticsLabel?: string | undefined;
  /** What only Apple's devices understand; see `docs/apns.md`. */
  readonly apns?: ApnsOptions | undefined;
  /** Sends in Expo's formats, whatever the device was registered with; see `docs/expo.md`. */
  readonly expo?: ExpoOptions | undefined;
}

export interface ExpoOptions {
  /** `@owner/slug` of the Expo project. */
  readonly experienceId: string;
  /** Android: the icon to show with the notification. */
  readonly icon?: string | undefined;
}

export { InvalidInputError };

export interface ContentContext {
  /** The notification's name in the catalogue. */
  readonly type: string;
  readonly deliveryId: string;
  /** When the event happened, ms since 1970; the time to live counts from here. */
  readonly eventTime: number;
  /** Which pictures it may have. Default: any of a public host. */
  readonly images?: ImagePolicy;
}

/** What a delivery needs of a notification: the push itself, who hears of it, and who does not. */
export interface Composed {
  readonly content: Draft;
  readonly recipients: Audience;
  readonly actor?: string;
}

/** A notification that was completed, and what of it was not. */
export interface Completed {
  readonly composed: Composed;
  /** Why the picture was left out. */
  readonly pictureProblem?: string;
}

/** Recipients in one of two forms: a list at hand, or a collection whose document ids are user ids, read page by page. */
export type Audience =
  | {
      readonly uids: readonly DocumentId[];
      /** What else was named and cannot be a user id, described as the ledger can keep it, each once. */
      readonly invalid?: readonly string[];
    }
  | { readonly collection: string; readonly where?: UserFilter }
  | { readonly topic: string }
  | { readonly condition: string }
  /** Those that the push document lists. */
  | { readonly addresses: true };

/**
 * Checks a notification and fills in every default. A picture that must not be loaded is left out: a push says more than its
 * picture, whose address is often a person's to choose.
 *
 * @throws {InvalidInputError} naming each field, what was expected and what to do.
 */
export function completed(
  { image, ...notification }: Notification,
  context: ContentContext,
): Completed {
  const picture = pictureOf(image, context.images);
  const composed = compose(
    { ...notification, ...('url' in picture ? { image: picture.url } : {}) },
    context,
  );
  return 'problem' in picture ? { composed, pictureProblem: picture.problem } : { composed };
}

/** The same where nobody wants to know of the picture. */
export function complete(notification: Notification, context: ContentContext): Composed {
  return completed(notification, context).composed;
}

function pictureOf(
  image: unknown,
  images: ImagePolicy = publicImages,
): ReturnType<ImagePolicy> | Record<string, never> {
  if (image === undefined) return {};
  return typeof image === 'string' ? images(image) : { problem: 'expected an https URL' };
}

function compose(notification: Notification, context: ContentContext): Composed {
  const problems = Object.entries(notificationProblems(notification, context.images));
  if (problems.length > 0) {
    const words = problems.map(([field, problem]) => `${field}: ${problem}`).join('; ');
    throw new InvalidInputError(`Notification "${context.type}": ${words}`);
  }
  const { to, actor, sound, collapseKey, timeToLive, apns, expo, link, threadId, ...others } =
    withoutUndefined(notification);
  const {
    title,
    subtitle,
    body,
    style: _said,
    priority,
    data,
    requiredData = [],
    ...rest
  } = others;
  const { type, deliveryId, eventTime } = context;
  const lifeSeconds = timeToLive ?? defaultLifeSeconds(apns);
  return {
    content: {
      ...rest,
      ...boundedTexts({ title, subtitle, body }),
      type,
      deliveryId,
      style: styleOf(notification) ?? 'alert',
      priority: priority ?? 'high',
      data: boundedData(data ?? {}, requiredData),
      requiredData,
      tag: boundedKey(collapseKey ?? deliveryId),
      expiresAt: eventTime + lifeSeconds * 1000,
      ...(sound === null ? {} : { sound: sound ?? 'default' }),
      ...(link === undefined ? {} : { link: link.toWellFormed() }),
      ...(threadId === undefined ? {} : { threadId: boundedKey(threadId) }),
      ...(collapseKey === undefined ? {} : { collapseKey: boundedKey(collapseKey) }),
      ...(apns === undefined ? {} : { apns: apnsExtras(apns, sound !== undefined) }),
      ...(expo === undefined ? {} : { expo: withoutUndefined(expo) }),
    },
    recipients: recipientsOf(to),
    // Nobody else has an id that can be none, so such an actor is nobody's.
    ...(isDocumentId(actor) ? { actor } : {}),
  };
}

function defaultLifeSeconds(apns: ApnsOptions | undefined): number {
  const { pushType } = apns ?? {};
  return pushType === undefined ? MAX_TIME_TO_LIVE_SECONDS : PUSH_TYPES[pushType].timeToLiveSeconds;
}

function recipientsOf(to: Recipients): Audience {
  if (typeof to === 'string') return listed([to]);
  if ('members' in to) return { collection: to.members };
  if ('everyone' in to) return { collection: COLLECTIONS.users };
  if ('users' in to) return { collection: COLLECTIONS.users, where: to.users };
  if ('topic' in to || 'condition' in to) return to;
  return listed(to);
}

/** Descriptions that the ledger keeps: of more it says how many. */
const MAX_INVALID = 100;

/** User ids, each once, apart from what can be none. */
function listed(to: readonly unknown[]): Audience {
  const uids = new Set<DocumentId>();
  const others = new Set<string>();
  for (const each of to) {
    if (isDocumentId(each)) uids.add(each);
    else others.add(described(each));
  }
  if (others.size === 0) return { uids: [...uids] };
  const invalid = [...others].slice(0, MAX_INVALID);
  if (others.size > MAX_INVALID) invalid.push(`(${others.size - MAX_INVALID} more)`);
  return { uids: [...uids], invalid };
}
