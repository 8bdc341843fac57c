/**
 * A user's document, which is the app's: this backend knows a few of its fields.
 */

/** `users/{uid}`: the fields that the lifecycle of addresses reads and writes. Whatever an app wrote there may be of any type. */
export interface UserDocument {
  readonly locale?: unknown;
  readonly timeZone?: unknown;
  /** Addresses that the user took from others within a day, and which, by fingerprint. Server only. */
  readonly takeovers?: unknown;
}

/** The fields that say what a person wants to hear, and when: see `decision/preferences.ts`. */
export const PREFERENCES = [
  'notificationSettings',
  'mute',
  'blocked',
  'quietHours',
  'timeZone',
] as const;

export type PreferenceFields = { readonly [Field in (typeof PREFERENCES)[number]]?: unknown };
