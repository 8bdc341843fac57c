/**
 * Reads `users/{uid}.tokens`, which an app writes: whatever stands there, what comes out is a list of addresses.
 */
import { addressKind } from '../providers/address';

export interface TokenList {
  /** Each address once, in the order of the array: `arrayUnion` appends, so older ones come first. */
  readonly addresses: readonly string[];
  /** Entries that are no addresses, or the same again. They can be dropped without loss. */
  readonly unusable: number;
}

/**
 * The addresses in a `tokens` field. A field that is no array holds none, and nothing that could be dropped.
 */
export function tokenList(tokens: unknown): TokenList {
  if (!Array.isArray(tokens)) return { addresses: [], unusable: 0 };
  const addresses = new Set((tokens as unknown[]).filter(isAddress));
  return { addresses: [...addresses], unusable: tokens.length - addresses.size };
}

export interface SwappedIn {
  /** The addresses as they are to be written. */
  readonly addresses: string[];
  /** Whether that differs from what stands there. */
  readonly isChanged: boolean;
  /** Whether the former address was among them. */
  readonly hadFormer: boolean;
}

/** A `tokens` field with `address` in it, at the end if it is new, and without `former`. */
export function swapIn(tokens: unknown, address: string, former: string | undefined): SwappedIn {
  const { addresses, unusable } = tokenList(tokens);
  const hadFormer = former !== undefined && addresses.includes(former);
  const others = addresses.filter((listed) => listed !== former);
  const isListed = addresses.includes(address);
  return {
    addresses: isListed ? others : [...others, address],
    isChanged: unusable > 0 || hadFormer || !isListed,
    hadFormer,
  };
}

/** Expo's own tokens look like addresses, but only Expo can send to them. */
export function isExpoPushToken(value: string): boolean {
  return /^Expo(?:nent)?PushToken\[/.test(value);
}

function isAddress(entry: unknown): entry is string {
  return addressKind(entry) !== undefined && !isExpoPushToken(entry as string);
}
