/**
 * What one push says, provider-neutral and complete: every default is filled in and every id is decided.
 */
import type { ApnsSpecialPushType } from './apns-push-types';
import type { Choice } from './choice';
import type { Text } from './written-text';

export type { Text };

/** How Expo's apps want a push: see `docs/expo.md`. */
export interface ExpoFormat {
  /** `@owner/slug` of the Expo project. */
  readonly experienceId: string;
  /** Android: the icon to show with the notification. */
  readonly icon?: string;
}

/** What only Apple's devices understand, beyond what every push has. Objects are JSON text: Firestore keeps no arrays in arrays. */
export interface ApnsExtras {
  /** A native token of another kind than those for notifications, e.g. PushKit's. */
  readonly pushType?: ApnsSpecialPushType;
  /** Topic to use as it is, e.g. for MDM. */
  readonly topic?: string;
  /** JSON object: keys of `aps`, before our own. */
  readonly aps?: string;
  /** JSON object: keys beside `aps`. */
  readonly custom?: string;
}

/** iOS: how much a notification may interrupt. */
export type InterruptionLevel = 'passive' | 'active' | 'time-sensitive' | 'critical';

/** Flat strings, as FCM takes them. */
export type DataValues = Readonly<Record<string, string>>;

/** A text that the app has in its own resources: the device looks it up in its language. */
export interface DeviceText {
  readonly key: string;
  readonly args: readonly string[];
}

/**
 * The texts for what cannot look any up: the plain ones, among them the fallbacks of those that devices look up. Where there is
 * none at all, the key stands in, as it does on a device that does not know it: a push without a text shows as an empty one.
 */
export function textsWithoutResources({
  title,
  body,
  deviceTexts,
}: Content): Pick<Content, 'title' | 'body'> {
  if (title !== undefined || body !== undefined) {
    return { ...(title === undefined ? {} : { title }), ...(body === undefined ? {} : { body }) };
  }
  const key = deviceTexts?.title?.key ?? deviceTexts?.body?.key;
  return key === undefined ? {} : { title: key };
}

/** A push before it is put into a language. */
export type Draft = Omit<Content, 'title' | 'subtitle' | 'body' | 'deviceTexts' | 'isSilent'> & {
  readonly title?: Text;
  readonly subtitle?: Text;
  readonly body?: Text;
  /** Who of the recipients gets it, and when. */
  readonly choice?: Choice;
};

/** The same for every recipient of a delivery and language; addresses are added by the providers. */
export interface Content {
  /** The notification's name in the catalogue, e.g. `like`. */
  readonly type: string;
  readonly deliveryId: string;
  /** `alert`: shown by the system. `data`: handed to the app, which decides. */
  readonly style: 'alert' | 'data';
  readonly title?: string;
  /** iOS: between title and body. */
  readonly subtitle?: string;
  readonly body?: string;
  /** Texts that the device looks up; the texts above are then for what has no such resources. */
  readonly deviceTexts?: {
    readonly title?: DeviceText;
    readonly subtitle?: DeviceText;
    readonly body?: DeviceText;
  };
  /** https URL of a picture. */
  readonly image?: string;
  readonly data: DataValues;
  /** Keys of `data` that are never dropped to make the payload fit. */
  readonly requiredData: readonly string[];
  readonly link?: string;
  /** Replaces an earlier notification of the same tag on the device (Android tag, `apns-collapse-id`, web tag); at most 64 bytes. */
  readonly tag: string;
  /** Android `collapse_key`: only what the notification asked for, because a device holds four. */
  readonly collapseKey?: string;
  readonly channelId?: string;
  readonly category?: string;
  readonly threadId?: string;
  readonly launchImage?: string;
  readonly interruptionLevel?: InterruptionLevel;
  /** 0 to 1. */
  readonly relevanceScore?: number;
  readonly targetContentId?: string;
  /** File name of a sound in the app, or `default`; absent: silent. */
  readonly sound?: string;
  /** Shown without being heard, because its person wants it so. */
  readonly isSilent?: true;
  /** iOS: the sound is a critical alert of this volume, 0 to 1. */
  readonly criticalVolume?: number;
  /** Absolute number on the app's icon; 0 clears it. */
  readonly badge?: number;
  readonly priority: 'high' | 'normal';
  /** Milliseconds since 1970 after which it is no longer worth delivering. */
  readonly expiresAt: number;
  readonly analyticsLabel?: string;
  readonly apns?: ApnsExtras;
  readonly expo?: ExpoFormat;
  /** Dry run: FCM checks everything and delivers nothing. APNs has nothing of the kind, so nothing is sent there. */
  readonly validateOnly?: boolean;
}
