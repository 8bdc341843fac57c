/**
 * An entry of the ledger in its workers' hands: how one is made, held, refused and lost.
 */
import type { Timestamp } from '@google-cloud/firestore';
import type { Draft } from '../providers/content';
import type { Coverage, DeliveryDocument } from './schema';

/** What a new entry says. */
export interface NewEntry {
  readonly type: string;
  readonly function: string;
  /** Absent on shards: theirs is the parent's. */
  readonly content?: Draft;
  readonly coverage: Coverage;
  readonly actor?: string;
  readonly parent?: string;
  /** The push document that is told how this ends, in the same write. */
  readonly outbox?: string;
}

/** An entry that this worker holds. */
export interface HeldEntry {
  readonly id: string;
  readonly document: DeliveryDocument;
  /** When this worker made the entry; absent if it took it over. */
  readonly createdAt?: Timestamp;
}

/** A worker outlived its lease and another took its entry over: what the late one has to say counts for nothing. */
export class LostHoldError extends Error {
  constructor(id: string) {
    super(`Delivery ${id} was taken over by another worker, which records it; try again later.`);
    this.name = 'LostHoldError';
  }
}

export type Claim =
  | { readonly kind: 'held-by-us'; readonly entry: HeldEntry }
  /** Final, or beyond what this caller may do: nothing is left to do. */
  | { readonly kind: 'done' }
  | { readonly kind: 'held-by-other'; readonly until: number };
