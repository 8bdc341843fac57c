/**
 * An entry of the ledger in its workers' hands: how one is made, held, refused and lost.
 */
import type { Timestamp } from '@google-cloud/firestore';
import type { Draft } from '../model/notification/content';
import type { Counts } from '../model/counts';
import type { Coverage, DeliveryDocument, SenderFields, ShownAs } from './delivery-document';
import type { ErrorCode } from './error-code';

/** What a new entry says. */
export interface NewEntry {
  readonly type: string;
  /** Absent on shards: theirs is the parent's. */
  readonly content?: Draft;
  readonly coverage: Coverage;
  readonly actor?: string;
  readonly sender?: SenderFields;
  readonly document?: string;
  readonly eventAt?: Timestamp;
  readonly findBy: readonly string[];
  readonly parent?: string;
  readonly audienceBegan?: Timestamp;
  readonly after?: string;
  /** The push document that is told how this ends, in the same write. */
  readonly outbox?: string;
  readonly shownAs?: ShownAs;
  readonly withdraws?: string;
  /** Recipients whose ids are not valid, described: counted and given their reason from the beginning. */
  readonly invalid?: readonly string[];
}

/** An entry that this worker holds. */
export interface HeldEntry {
  readonly id: string;
  readonly document: DeliveryDocument;
  /** Whether this worker made the entry: it covers what this worker wanted. */
  readonly isNew: boolean;
  /** Whether an earlier worker may have sent what this one is about to send. */
  readonly inDoubt: boolean;
  /** When this worker last wrote the entry; absent where only a transaction knows. */
  readonly writtenAt?: Timestamp;
}

/** A worker outlived its lease and another took its entry over: what the late one has to say counts for nothing. */
export class LeaseLostError extends Error {
  constructor(id: string) {
    super(`Delivery ${id} was taken over by another worker, which records it.`);
    this.name = 'LeaseLostError';
  }
}

export type Claim =
  | { readonly kind: 'held-by-us'; readonly entry: HeldEntry }
  /** Final, or beyond what this caller may do: nothing is left to do. */
  | { readonly kind: 'done' }
  | { readonly kind: 'held-by-other'; readonly until: number };

/** What a round, or a step of one, found. */
export type RoundResult = Required<
  Pick<DeliveryDocument, 'counts' | 'reasons' | 'pending' | 'answers' | 'codes'>
> & {
  /** See {@link DeliveryDocument.reached}. */
  readonly reached: string | undefined;
};

/** Why a delivery as a whole failed. */
export interface GivenUp {
  /** In words. */
  readonly error: string;
  readonly errorCode: ErrorCode;
}

/** What an entry says that fails before it begins. */
export type FailedEntry = GivenUp &
  Pick<NewEntry, 'type' | 'outbox' | 'document' | 'eventAt' | 'findBy' | 'withdraws'>;

/** What the ledger found. */
export interface Ending {
  readonly counts: Counts;
  readonly reasons: Readonly<Record<string, string>>;
  /** Why the delivery as a whole was given up. */
  readonly error?: string;
}
