/**
 * Firestore's collections and documents, as this backend keeps them.
 */
import type { Timestamp } from '@google-cloud/firestore';
import type { Draft } from '../model/notification/content';
import type { UserFilter } from '../model/notification/recipients';

export const COLLECTIONS = {
  users: 'users',
  devices: 'devices',
  deliveries: 'deliveries',
  sweeps: 'sweeps',
  pushes: 'pushes',
} as const;

/** `users/{uid}`: the fields that the lifecycle of addresses reads and writes. Whatever an app wrote there may be of any type. */
export interface UserDocument {
  readonly tokens?: unknown;
  readonly locale?: unknown;
  readonly timeZone?: unknown;
  /** Addresses that the user took from others within a day, and which, by fingerprint. Server only. */
  readonly takeovers?: unknown;
}

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

/** How the addresses and recipients of a delivery ended, in numbers. */
export interface Counts {
  readonly recipients: number;
  readonly addresses: number;
  readonly delivered: number;
  readonly unregistered: number;
  readonly rejected: number;
  readonly failed: number;
  readonly expired: number;
  /** Recipients who were told nothing because they have no address, or no user document. */
  readonly unreachable: number;
  /** Recipients who were left out: the actor, and whoever muted this type. */
  readonly skipped: number;
}

/** One address that is still to be tried again; named by fingerprint, so that the ledger holds no tokens. */
export interface PendingAddress {
  readonly uid: string;
  readonly fingerprint: string;
  /** Tries so far; 0 if its round ended before its turn came. */
  readonly attempts: number;
  /** First failure, ms since 1970. */
  readonly since: number;
  /** Not to be tried before, ms since 1970. */
  readonly dueAt: number;
  readonly code: string;
}

/** Which recipients a ledger entry covers. */
export type Coverage =
  /** Exactly these. */
  | { readonly kind: 'listed'; readonly uids: readonly string[] }
  /** The addresses that the push document lists, which the ledger does not keep. */
  | { readonly kind: 'addresses' }
  /** Whoever is subscribed: FCM knows, we do not. */
  | { readonly kind: 'topic'; readonly topic: string }
  | { readonly kind: 'condition'; readonly condition: string }
  /** The documents of a collection with `after < id <= until`, and of these only those that `where` accepts. */
  | {
      readonly kind: 'range';
      readonly collection: string;
      readonly where?: UserFilter;
      readonly after: string;
      readonly until: string;
    }
  /** The sum of its shards, spread over `shards` lists by a hash of the user id. */
  | { readonly kind: 'hashed-shards'; readonly shards: number }
  /** The sum of its shards, page after page of a collection; `shards` is set once the last page is known. */
  | {
      readonly kind: 'paged-shards';
      readonly collection: string;
      readonly where?: UserFilter;
      readonly shards?: number;
    };

/** A part of an entry that was sent again although nobody knew whether it had been sent before. */
export interface Resent {
  /** The last recipient of the step; absent: the addresses whose retry was due. */
  readonly until?: string;
  /** How often that was begun. */
  readonly times: number;
  /** It came to its end, though perhaps not to its record: it is not sent once more. */
  readonly isSent?: true;
}

/** `deliveries/{deliveryId}`: the ledger entry of one event, or of one shard of it. Server only. */
export interface DeliveryDocument {
  readonly type: string;
  /** `sending` until every address has its final outcome; `failed`: the delivery as a whole could not be made. */
  readonly state: 'sending' | 'done' | 'failed';
  /** Present while there is work: what to send, so that it can be resumed without the event. */
  readonly content?: Draft;
  readonly coverage?: Coverage;
  readonly actor?: string;
  /** Whoever works on this may do so until then; afterwards others take over. */
  readonly leaseUntil: Timestamp;
  /** Names the worker that holds this: by it a claim whose answer was lost recognises itself. */
  readonly claim: string;
  /** How often work on this was begun since it last got on. */
  readonly attempts: number;
  /** The last worker gave up before it sent anything, so that nothing is in doubt. */
  readonly isUntouched?: boolean;
  /** What was sent again without a record of how it went. */
  readonly resent?: Resent;
  /** Id of the last recipient whose outcomes are recorded; absent: of none. */
  readonly reached?: string;
  /** Whether every recipient was reached. */
  readonly sent: boolean;
  readonly pending: readonly PendingAddress[];
  /** Set while waiting for a retry; cleared when it begins. */
  readonly retryAt?: Timestamp;
  /** Names the task that makes this retry together with others that are due then; absent where it has a task of its own. */
  readonly due?: string;
  /** Number of the next retry. */
  readonly round: number;
  readonly counts: Counts;
  /**
   * uid → `delivered`, `no-address`, `no-user`, `is-actor`, `muted`, `invalid-id`, `address-removed`, `pruned`, `kept:<why>`, `rejected:<code>`,
   * `failed:<code>`, `retrying:<code>`, `expired`. Where one device took it and another did not: `delivered + failed:<code>`.
   */
  readonly reasons: Readonly<Record<string, string>>;
  /** Why the delivery as a whole failed. */
  readonly error?: string;
  /** On shards: the delivery they belong to, and when that began. */
  readonly parent?: string;
  readonly audienceBegan?: Timestamp;
  /** Id of the push document that asked for this, and is told how it ended. Not on shards. */
  readonly outbox?: string;
  readonly createdAt: Timestamp;
  readonly updatedAt: Timestamp;
  /** Firestore's TTL policy deletes the entry after this. */
  readonly expiresAt: Timestamp;
}

/** How far a push document has come. One without a state has not been looked at yet, and counts as pending. */
export type PushState =
  'pending' | 'scheduled' | 'sending' | 'sent' | 'partial' | 'failed' | 'cancelled';

/** `pushes/{pushId}`: the fields that the server writes. All others are the sender's. */
export interface PushServerFields {
  readonly state?: PushState;
  /** What the server last took note of: tells its own writes from the sender's, and a state from a forged one. */
  readonly accepted?: {
    /** Of the sender's fields. */
    readonly hash: string;
    readonly state: PushState;
    /** Grows with each accepted edit: tasks of earlier ones are void. */
    readonly revision: number;
    /** When it is to be sent; its time to live counts from here. */
    readonly dueAt: Timestamp;
  };
  readonly createdAt?: Timestamp;
  readonly scheduledAt?: Timestamp;
  readonly sendingAt?: Timestamp;
  readonly finishedAt?: Timestamp;
  /** When the sweep looks whether this got on; absent once it is final. */
  readonly nextAt?: Timestamp;
  readonly counts?: Counts;
  /** As in the ledger; only for small audiences. Addresses are named by fingerprint. */
  readonly reasons?: Readonly<Record<string, string>>;
  readonly error?: string;
  /** What is wrong with the sender's fields: field → what was expected. */
  readonly errors?: Readonly<Record<string, string>>;
  /** An edit that came too late, and why it counts for nothing. */
  readonly refused?: { readonly at: Timestamp; readonly reason: string; readonly hash: string };
  /** What to know when reading the counts. */
  readonly note?: string;
  /** Firestore's TTL policy deletes the push after this. */
  readonly expiresAt?: Timestamp;
}

/** A push document as it stands; whatever a sender wrote may be of any type. */
export type PushDocument = PushServerFields & Readonly<Record<string, unknown>>;

export const NO_COUNTS: Counts = {
  recipients: 0,
  addresses: 0,
  delivered: 0,
  unregistered: 0,
  rejected: 0,
  failed: 0,
  expired: 0,
  unreachable: 0,
  skipped: 0,
};

/** Adds counts up. */
export function sumCounts(all: Iterable<Partial<Counts>>): Counts {
  const sum: Record<keyof Counts, number> = { ...NO_COUNTS };
  for (const counts of all) {
    for (const key of Object.keys(sum) as (keyof Counts)[]) sum[key] += counts[key] ?? 0;
  }
  return sum;
}
