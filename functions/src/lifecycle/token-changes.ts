/**
 * What a write to `users/{uid}` did to `tokens`; pure. Most writes did nothing to it, and then nothing is read.
 */
import { tokenList } from '../store/token-list';

export interface TokenChanges {
  /** Addresses that came in. */
  readonly added: readonly string[];
  /** Addresses that went. */
  readonly removed: readonly string[];
  /** Whether the array changed and now holds what is no address, or more addresses than a user may have. */
  readonly isUntidy: boolean;
}

/** Compares the field before and after, whatever its type; `undefined` for a document that is not there. */
export function tokenChanges(before: unknown, after: unknown, maxAddresses: number): TokenChanges {
  const old = tokenList(before);
  const present = tokenList(after);
  const oldSet = new Set(old.addresses);
  const presentSet = new Set(present.addresses);
  const added = present.addresses.filter((address) => !oldSet.has(address));
  const removed = old.addresses.filter((address) => !presentSet.has(address));
  const isChanged =
    added.length > 0 ||
    removed.length > 0 ||
    (present.unusable > 0 && !isSameLength(before, after));
  return {
    added,
    removed,
    isUntidy: isChanged && (present.unusable > 0 || present.addresses.length > maxAddresses),
  };
}

/** Told from the length alone: entries that are no addresses need not be compared, only noticed when they come in. */
function isSameLength(before: unknown, after: unknown): boolean {
  return Array.isArray(before) && Array.isArray(after) && before.length === after.length;
}
