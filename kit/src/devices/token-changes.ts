/**
 * What a write to `users/{uid}` did to `tokens`; pure. Most writes did nothing to it, and then nothing is read.
 */
import { canHoldAddresses, healedAddresses, tokenList } from './token-list';

export interface TokenChanges {
  /** Addresses that came in, or whose device is named twice or in another spelling than it should be. */
  readonly added: readonly string[];
  /** Addresses that went, or that another address of their device stands for. */
  readonly removed: readonly string[];
  /** Whether the array names a device twice or in an odd spelling, or came to hold more addresses than a user may have. */
  readonly isUntidy: boolean;
  /** What this write brought in that is not understood, to be said once; the write that leaves it there says nothing. */
  readonly unknown: UnknownContent;
}

/** Entries that are not understood, by number; or the type of a field that is no array. */
export type UnknownContent = number | 'no-array';

/** Compares the field before and after, whatever its type; `undefined` for a document that is not there. */
export function tokenChanges(before: unknown, after: unknown, maxAddresses: number): TokenChanges {
  const old = tokenList(before);
  const present = tokenList(after);
  const oldSet = new Set(old.addresses);
  const presentSet = new Set(present.addresses);
  const { named, superseded } = healedAddresses(after);
  const cameIn = present.addresses.filter((address) => !oldSet.has(address));
  const wentOut = old.addresses.filter((address) => !presentSet.has(address));
  const isMore = cameIn.length > 0 && present.addresses.length > maxAddresses;
  return {
    added: [...new Set([...cameIn, ...named])],
    removed: [...new Set([...wentOut, ...superseded])],
    isUntidy: named.length > 0 || isMore,
    unknown: newlyUnknown(before, after, present.unknown - old.unknown),
  };
}

function newlyUnknown(before: unknown, after: unknown, more: number): UnknownContent {
  if (!canHoldAddresses(after)) return canHoldAddresses(before) ? 'no-array' : 0;
  return Math.max(0, more);
}
