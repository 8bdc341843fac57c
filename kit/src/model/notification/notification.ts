/**
 * What a notification may say: the one declaration of its fields.
 *
 * A field is declared twice in this file, for two readers, and the compiler holds one against the other: in the interface, whose
 * comments developers see in their editor, and in the schema, which checks what they wrote. What follows from it is tested against
 * this file: the outbox's fields, the rules of `pushes/` and the table in docs/outbox.md, which `npm run docs` writes from here.
 *
 * Texts that people write are not refused for their length: they are cut (`shorten.ts`), so that a long name costs nobody a push.
 */
import * as z from 'zod';
import { apnsOptions, type ApnsOptions } from './apns-options';
import type { InterruptionLevel, Text } from './content';
import { data, key, name, text } from './field-schemas';
import { once } from '../once';
import { recipients, type Recipients } from './recipients';
import type { Mismatched, None } from '../schema-match';

/** FCM keeps a message for four weeks at most; also the default, as FCM's own. */
export const MAX_TIME_TO_LIVE_SECONDS = 2_419_200;
/** Longer links leave no room for anything else; one that does not fit the payload is dropped. */
const MAX_LINK_CHARACTERS = 8192;
const MAX_REQUIRED_KEYS = 100;
/** A person has hundreds of them in their document. */
const MAX_TARGET_CHARACTERS = 500;
/** FCM's `notification_count` is an int32. */
const MAX_BADGE = 2 ** 31 - 1;

/**
 * What one event notifies people of. Texts are plain, or keys of messages in the recipient's language; to fit the providers'
 * 4096 bytes the body is shortened, then the title, then image, optional data (the largest first) and link are dropped.
 *
 * Control characters, invisible characters and those that reorder the text around them are removed; see `docs/outbox.md`.
 */
export interface Notification {
  /** Who is notified: a user id, a list of them, or a description of many. Required. */
  readonly to: Recipients;
  /** User id of whoever acted; never notified of their own act. */
  readonly actor?: string | undefined;
  /**
   * What it is about, as people mute it: the path of a document, e.g. `chats/c1`, or any other name; at most 500 characters. Default:
   * it cannot be muted but as a kind.
   */
  readonly target?: string | undefined;
  /**
   * The name of whoever acted, for a digest that tells of several. One line, cut at 200 UTF-16 units. Default: they count among the
   * others.
   */
  readonly actorName?: string | undefined;
  /** One line. Cut at 1,000 UTF-16 units. */
  readonly title?: Text | undefined;
  /** iOS: one line, shown between title and body. Cut at 256 UTF-16 units. */
  readonly subtitle?: Text | undefined;
  /** One or more lines. Cut at 8,192 UTF-16 units. */
  readonly body?: Text | undefined;
  /**
   * https URL of a picture on a public host that `IMAGE_HOSTS` allows: JPEG or PNG, at most 1 MB for Android. Any other is left
   * out of a catalogue entry's notification, and the log says why; a push document with one is refused.
   */
  readonly image?: string | undefined;
  /**
   * Flat strings for the app. Not `type` and `deliveryId`, which every push has; nor what providers reserve: `from`,
   * `notification`, `message_type`, `collapse_key`, `aps`, `fcm_options`, and keys that begin with `google` or `gcm`.
   */
  readonly data?: Readonly<Record<string, string>> | undefined;
  /**
   * Keys of `data` that must arrive (`link`, too), at most 100 of at most 256 characters: the notification fails rather than
   * losing them. Default: none.
   */
  readonly requiredData?: readonly string[] | undefined;
  /**
   * Where a tap leads: an app link or https URL, at most 8,192 characters. Arrives as `data.link`. The web opens https URLs, and
   * paths of the app (`/posts/p1`) relative to `SITE_URL`.
   */
  readonly link?: string | undefined;
  /**
   * A newer notification with this key replaces the older one on the device. At most 10,000 characters; one of over 64 bytes is
   * replaced by its hash. Default: each notification stands alone.
   */
  readonly collapseKey?: string | undefined;
  /** Android notification channel, at most 256 characters. Default: the app's own. */
  readonly channelId?: string | undefined;
  /** iOS notification category (action buttons), at most 256 characters. */
  readonly category?: string | undefined;
  /**
   * iOS groups notifications of one thread. At most 10,000 characters; one of over 64 bytes is replaced by its hash.
   */
  readonly threadId?: string | undefined;
  /** File name of a sound in the app, at most 256 characters, or null for silence. Default: `default`. */
  readonly sound?: string | null | undefined;
  /**
   * iOS: plays the sound at this volume (0 to 1) even on a muted device. Only for apps to which Apple has granted the entitlement
   * for critical alerts. Default: an ordinary sound.
   */
  readonly criticalVolume?: number | undefined;
  /**
   * iOS: `passive` lights no screen, `active` does, `time-sensitive` breaks through Focus, `critical` through a muted device.
   * Default: `critical` with a critical volume, else iOS's own, `active`.
   */
  readonly interruptionLevel?: InterruptionLevel | undefined;
  /** iOS: 0 to 1; the highest stands first in the notification summary. */
  readonly relevanceScore?: number | undefined;
  /** iOS: the window or scene that a tap brings forward, at most 256 characters. */
  readonly targetContentId?: string | undefined;
  /** iOS: name of the launch image that a tap shows, at most 256 characters. */
  readonly launchImage?: string | undefined;
  /** The number on the app's icon: absolute, 0 to 2,147,483,647; 0 clears it. Default: unchanged. */
  readonly badge?: number | undefined;
  /**
   * Seconds after the event during which it is worth delivering, 0 to 2,419,200 (four weeks). 0: now or never, where "now" counts
   * from when its audience begins to be sent to. Default: four weeks; for the push types `voip` and `pushtotalk` 0, for
   * `liveactivity` eight hours.
   */
  readonly timeToLive?: number | undefined;
  /** `high` wakes the device; `normal` may wait for it to wake. Default: `high`. */
  readonly priority?: 'high' | 'normal' | undefined;
  /**
   * `alert` is shown by the system; `data` is handed silently to the app. Default: `alert` if there is a title or a body, `data` if
   * there is only data, or a push type of its own.
   */
  readonly style?: 'alert' | 'data' | undefined;
  /** Label for FCM's delivery reports: letters, digits and `-_.~%`, at most 50 characters. */
  readonly analyticsLabel?: string | undefined;
  /** What only Apple's devices understand; see `docs/apns.md`. */
  readonly apns?: ApnsOptions | undefined;
  /** Sends in Expo's formats, whatever the device was registered with; see `docs/expo.md`. */
  readonly expo?: ExpoOptions | undefined;
}

/** How Expo's apps want a push: see `docs/expo.md`. */
export interface ExpoOptions {
  /** `@owner/slug` of the Expo project, at most 200 characters. */
  readonly experienceId: string;
  /** Android: the icon to show with the notification, at most 2,048 characters. */
  readonly icon?: string | undefined;
}

const expoOptions = () =>
  z.strictObject({
    experienceId: name(200),
    icon: name(2048).optional(),
  });

/** Each field by itself; what fields may not say together is in `contradictions.ts`. */
export const notificationSchema = once(() =>
  z.strictObject({
    to: recipients(),
    actor: z.string().optional(),
    target: name(MAX_TARGET_CHARACTERS).optional(),
    actorName: z.string().optional(),
    title: text().optional(),
    subtitle: text().optional(),
    body: text().optional(),
    image: z.string({ error: 'expected an https URL' }).optional(),
    data: data().optional(),
    requiredData: z.array(z.string().max(256)).max(MAX_REQUIRED_KEYS).optional(),
    link: z.string().max(MAX_LINK_CHARACTERS).optional(),
    collapseKey: key().optional(),
    channelId: name().optional(),
    category: name().optional(),
    threadId: key().optional(),
    sound: name().nullable().optional(),
    criticalVolume: z.number().min(0).max(1).optional(),
    interruptionLevel: z.enum(['passive', 'active', 'time-sensitive', 'critical']).optional(),
    relevanceScore: z.number().min(0).max(1).optional(),
    targetContentId: name().optional(),
    launchImage: name()
      .regex(/^(?!.*:\/\/)/, 'expected the name of an image in the app')
      .optional(),
    badge: z.int().min(0).max(MAX_BADGE).optional(),
    timeToLive: z.int().min(0).max(MAX_TIME_TO_LIVE_SECONDS).optional(),
    priority: z.enum(['high', 'normal']).optional(),
    style: z.enum(['alert', 'data']).optional(),
    analyticsLabel: z
      .string()
      .regex(/^[a-zA-Z0-9-_.~%]{1,50}$/, 'expected 1 to 50 of a-z A-Z 0-9 - _ . ~ %')
      .optional(),
    apns: apnsOptions().optional(),
    expo: expoOptions().optional(),
  }),
);

/** The names of all fields. */
export const notificationFields = (): readonly string[] => Object.keys(notificationSchema().shape);

// An error here names the fields that the interface and the schema declare differently: make them the same.
type _Declared = None<Mismatched<Notification, ReturnType<typeof notificationSchema>>>;
