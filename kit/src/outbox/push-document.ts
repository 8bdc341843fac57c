/**
 * A push document of the outbox: what its sender wrote, and what the server says of it.
 */
import type { Timestamp } from '@google-cloud/firestore';
import type { Counts } from '../model/counts';

/** How far a push document has come. One without a state has not been looked at yet, and counts as pending. */
export type PushState = (typeof PUSH_STATES)[number];

export const PUSH_STATES = [
  'pending',
  'scheduled',
  'sending',
  'sent',
  'partial',
  'failed',
  'cancelled',
] as const;

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
