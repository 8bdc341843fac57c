/**
 * Searches in the ledger by the keys of `find-by.ts`: the one way in which its one index can be asked.
 */
import { Timestamp, type CollectionReference, type Query } from '@google-cloud/firestore';
import { rootOf } from './entry-ids';

/** Of when entries were made, ms since 1970. */
export interface Window {
  readonly since?: number;
  readonly until?: number;
}

/** Keys that one query may name (https://firebase.google.com/docs/firestore/query-data/queries#limits_on_or_queries). */
const MAX_KEYS = 30;

/**
 * Entries that have one of the keys, the oldest first.
 *
 * Always in order of time, and never the latest first: `findBy` by itself is not indexed, and the index goes one way.
 */
export function entriesBy(
  entries: CollectionReference,
  keys: readonly string[],
  { since = 0, until }: Window = {},
): Query {
  if (keys.length === 0 || keys.length > MAX_KEYS) {
    throw new RangeError(`Expected 1 to ${MAX_KEYS} keys, got ${keys.length}.`);
  }
  const found = entries
    .where('findBy', 'array-contains-any', keys)
    .where('createdAt', '>=', Timestamp.fromMillis(since))
    .orderBy('createdAt');
  return until === undefined ? found : found.where('createdAt', '<=', Timestamp.fromMillis(until));
}

/** Of notes that `compose` failed those whose event has no delivery: once it has one, it matters no more that it had none. */
export async function withoutDelivery<Note extends { readonly id: string }>(
  entries: CollectionReference,
  notes: readonly Note[],
): Promise<Note[]> {
  if (notes.length === 0) return [];
  const refs = notes.map(({ id }) => entries.doc(rootOf(id)));
  const found = await entries.firestore.getAll(...refs, { fieldMask: ['state'] });
  return notes.filter((_, index) => found[index]?.exists !== true);
}
