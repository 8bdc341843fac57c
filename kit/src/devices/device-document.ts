/**
 * A device's document.
 */
import type { Timestamp } from '@google-cloud/firestore';

/** `devices/{sha256(address)}`: who owns an address, and what is known of the device. Server only. */
export interface DeviceDocument {
  readonly uid: string;
  readonly address: string;
  readonly kind: 'apns' | 'fid' | 'fcm';
  readonly platform?: 'android' | 'ios' | 'web';
  /** Bundle id, package name or Firebase app id. */
  readonly appId?: string;
  readonly appVersion?: string;
  readonly locale?: string;
  readonly timeZone?: string;
  /** Which of Apple's servers an APNs token belongs to. */
  readonly environment?: 'production' | 'sandbox';
  /** Expo's `@owner/slug`, for apps that run in Expo Go. */
  readonly experienceId?: string;
  /** Topics that this device is subscribed to for its owner; a new owner begins with none. */
  readonly topics: readonly string[];
  readonly createdAt: Timestamp;
  /** When the owner last showed to hold the device: a time of Firestore's, not of an instance's clock. */
  readonly refreshedAt: Timestamp;
  /** `call`: by `registerToken`, which stamps every app start. `array`: an app wrote `tokens` itself, which shows nothing but the first time. */
  readonly refreshedBy: 'call' | 'array';
  /**
   * When the document was written that the address was imported from, where that is not when the device counts as refreshed; it
   * holds while `refreshedAt` is the same.
   */
  readonly imported?: { readonly writtenAt: Timestamp; readonly refreshedAt: Timestamp };
  /** When the device last went from one user to another, and how often it ever did. */
  readonly takenOverAt?: Timestamp;
  readonly takeovers?: number;
  /** Who had the device before, the latest first: for some time it comes back to them free. */
  readonly formerOwners?: readonly { readonly uid: string; readonly lostAt: Timestamp }[];
  /** Fingerprints of the addresses that this one replaced for its owner, the latest first, so that a retry can follow. */
  readonly replaces?: readonly string[];
  /** When a provider last called the address dead at a moment at which its user's array may just have got it again. */
  readonly foundDeadAt?: Timestamp;
}
