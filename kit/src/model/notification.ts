/**
 * What a catalogue entry returns: who should be notified, and of what.
 */
import type { ApnsOptions } from './apns-options';
import type { InterruptionLevel, Text } from './content';
import type { DocumentId } from './document-id';

/** Users of whom one field says something; only operators whose results come in order of document id without a composite index. */
export interface UserFilter {
  /** Name of the field in the user's document, or its path with dots. */
  readonly field: string;
  /** Firestore's operator. */
  readonly op: '==' | 'in' | 'array-contains' | 'array-contains-any';
  /** What the field is compared with; a list for `in` and `array-contains-any`. */
  readonly value: unknown;
}

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
  /** Who should be told. */
  readonly to: Recipients;
  /** User id of whoever acted; never told of their own act. */
  readonly actor?: string | undefined;
  /** One line. */
  readonly title?: Text | undefined;
  /** iOS: one line, shown between title and body; cut at 256 UTF-16 units. */
  readonly subtitle?: Text | undefined;
  /** Paragraphs; shortened where the push would be too large. */
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

/** How Expo's apps want a push: see `docs/expo.md`. */
export interface ExpoOptions {
  /** `@owner/slug` of the Expo project. */
  readonly experienceId: string;
  /** Android: the icon to show with the notification. */
  readonly icon?: string | undefined;
}

/**
 * Where a notification's recipients are found: a list at hand, a collection whose document ids are user ids, all users, or whoever
 * a provider knows.
 */
export type RecipientSource =
  | {
      readonly uids: readonly DocumentId[];
      /** What else was named and cannot be a user id, described as the ledger can keep it, each once. */
      readonly invalid?: readonly string[];
    }
  | { readonly collection: string }
  | { readonly everyone: true; readonly where?: UserFilter }
  | { readonly topic: string }
  | { readonly condition: string }
  /** Those that the push document lists. */
  | { readonly addresses: true };
