/**
 * Reads the `to` of a push document, which its sender wrote, as a list of addresses.
 */
import { normaliseAddress } from '../model/address';
import { tokenList } from '../devices/token-list';

/** Addresses that one document lists: with each at its usual 200 bytes well below Firestore's 1 MiB, and one unit of work. */
export const MAX_LISTED_ADDRESSES = 1000;

/** The addresses that a push's `to` lists, one a device; undefined if it lists none, `wrong` if they are not what they should be. */
export function listedAddresses(to: unknown): readonly string[] | 'wrong' | undefined {
  if (typeof to !== 'object' || to === null || !('addresses' in to)) return undefined;
  const { addresses, ...others } = to;
  const isRight =
    Object.keys(others).length === 0 &&
    Array.isArray(addresses) &&
    addresses.length > 0 &&
    addresses.length <= MAX_LISTED_ADDRESSES &&
    addresses.every((each) => normaliseAddress(each) !== undefined);
  return isRight ? tokenList(addresses).addresses : 'wrong';
}
