/**
 * Writes `users/{uid}.tokens`: the one place that does, by `arrayRemove` and `arrayUnion` of exact entries.
 *
 * Invariant: whatever else stands in the array keeps its place and its type. Writing a whole array back would not do: Firestore's
 * integers and doubles are the same number to JavaScript.
 */
import { FieldValue, type DocumentReference, type Transaction } from '@google-cloud/firestore';
import type { Collections } from '../store/collections';
import type { ListChange } from './token-list';

/**
 * Changes the array, and other fields with it, within a transaction that has read the user: only for a field that holds an
 * array, or nothing yet. Removes before it adds, so that an entry in both is left once, at the end.
 */
export function changeTokens(
  { names: { tokensField } }: Pick<Collections, 'names'>,
  transaction: Transaction,
  user: DocumentReference,
  { remove, add }: ListChange,
  fields: Readonly<Record<string, unknown>> = {},
): void {
  if (remove.length > 0) {
    transaction.set(user, { [tokensField]: FieldValue.arrayRemove(...remove) }, { merge: true });
  }
  const more =
    add.length > 0 ? { ...fields, [tokensField]: FieldValue.arrayUnion(...add) } : fields;
  if (Object.keys(more).length > 0) transaction.set(user, more, { merge: true });
}
