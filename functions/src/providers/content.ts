/**
 * What one push says, provider-neutral and complete: every default is filled in and every id is decided.
 */

/** The same for every recipient of a delivery; addresses are added by the providers. */
export interface Content {
  /** The notification's name in the catalogue, e.g. `like`. */
  readonly type: string;
  readonly deliveryId: string;
  /** `alert`: shown by the system. `data`: handed to the app, which decides. */
  readonly style: 'alert' | 'data';
  readonly title?: string;
  readonly body?: string;
  /** http(s) URL of a picture. */
  readonly image?: string;
  readonly data: Readonly<Record<string, string>>;
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
  /** File name of a sound in the app, or `default`; absent: silent. */
  readonly sound?: string;
  /** Absolute number on the app's icon; 0 clears it. */
  readonly badge?: number;
  readonly priority: 'high' | 'normal';
  /** Milliseconds since 1970 after which nobody wants to hear of it. */
  readonly expiresAt: number;
  readonly analyticsLabel?: string;
}
