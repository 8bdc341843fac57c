/**
 * What Firestore has about an event, a person and a document: what a story is told from.
 */
import type { AddressKind } from '../../model/address';
import type { DeliveryDocument, NoteDocument } from '../../delivery/delivery-document';
import type { PushState } from '../../outbox/push-document';

/** One event: its delivery, if there is one, and the notes of it. */
export interface EventRecord {
  /** Id of the delivery, also where there is none. */
  readonly id: string;
  readonly entry?: DeliveryDocument;
  /** `compose` told nobody. */
  readonly nobody?: NoteDocument;
  /** `compose` failed. */
  readonly compose?: NoteDocument;
  /** Of an audience that is spread over shards: how far they are. */
  readonly shards?: ShardCounts;
  /** The shard that the person who was asked about is in, or would be in. */
  readonly shard?: ShardRecord;
}

export interface ShardCounts {
  readonly begun: number;
  readonly final: number;
}

export interface ShardRecord {
  readonly number: number;
  /** Absent where it is not begun. */
  readonly document?: DeliveryDocument;
}

/** A device, without its address. */
export interface DeviceRecord {
  readonly fingerprint: string;
  readonly uid?: string;
  readonly kind?: AddressKind;
  readonly platform?: string;
  readonly topics: readonly string[];
  /** When its owner last showed to hold it, ms since 1970. */
  readonly refreshedAt?: number;
}

/** How a person stands now, whatever happened before. */
export interface PersonFacts {
  readonly uid: string;
  readonly hasDocument: boolean;
  /** Addresses in their document. */
  readonly addresses: number;
  /** Entries there that are no addresses. */
  readonly notAddresses: number;
  /** Kinds of notifications that they muted. */
  readonly muted: readonly string[];
  readonly devices: readonly DeviceRecord[];
}

/** How a document stands now. */
export interface DocumentFacts {
  readonly path: string;
  readonly exists: boolean;
  /** ms since 1970. */
  readonly createdAt?: number;
  /** What the server says of it, where it is one of the outbox. */
  readonly push?: PushFacts;
}

export interface PushFacts {
  readonly state: PushState;
  readonly error?: string;
  /** Fields that are not as they have to be, a line each. */
  readonly errors?: readonly string[];
  /** When it is to be sent, ms since 1970. */
  readonly dueAt?: number;
  readonly note?: string;
}

/** An event of which nobody's name was ever known, in a line. */
export interface UnnamedEvent {
  readonly delivery: string;
  readonly type: string;
  readonly document?: string;
  /** ms since 1970. */
  readonly at: number;
  /** What `compose` said, or the error. */
  readonly why?: string;
  readonly isFailure: boolean;
}

/** Everything that was found. */
export interface Findings {
  /** The newest first. */
  readonly events: readonly EventRecord[];
  /** Events in that time that told nobody and name no person; only where a person was asked about. The newest first. */
  readonly unnamed: readonly UnnamedEvent[];
  /** Of everybody whom these events are about, by fingerprint. */
  readonly devices: ReadonlyMap<string, DeviceRecord>;
  readonly person?: PersonFacts;
  readonly document?: DocumentFacts;
  /** Searches that found more than they read, in words. */
  readonly cut: readonly string[];
}
