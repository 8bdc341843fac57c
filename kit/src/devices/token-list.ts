/**
 * Reads `users/{uid}.tokens`, which an app writes: whatever stands there, what comes out is a list of addresses.
 *
 * Words: an *entry* is what stands in the array; it is *understood* if it spells an address. Entries of one *device* (spellings
 * of one APNs token, a FID and the tokens of its installation) count as one address. What is not understood is the app's.
 *
 * Invariant: nothing here ever says to write or to remove an entry that is not understood.
 */
import { deviceKey, normaliseAddress } from '../model/address';

export interface TokenList {
  /**
   * One address a device, in normal spelling, in the order of the array. Of an installation it is the FID, since its tokens may
   * stop working once that was sent to; else the last token, since `arrayUnion` appends.
   */
  readonly addresses: readonly string[];
  /** Entries that are not understood: skipped, and left where they are. */
  readonly unknown: number;
}

/** Entries to take out of an array and to put in. */
export interface ListChange {
  readonly remove: readonly string[];
  readonly add: readonly string[];
}

interface DeviceEntries {
  readonly address: string;
  readonly entries: string[];
}

/** The addresses in a `tokens` field. A field that is no array holds none. */
export function tokenList(tokens: unknown): TokenList {
  if (!Array.isArray(tokens)) return { addresses: [], unknown: 0 };
  if (tokens.length === 1) {
    // The usual case, read for each recipient of a push.
    const address = normaliseAddress(tokens[0]);
    return address === undefined
      ? { addresses: [], unknown: 1 }
      : { addresses: [address], unknown: 0 };
  }
  const devices = devicesIn(tokens as unknown[]);
  let understood = 0;
  const addresses: string[] = [];
  for (const { address, entries } of devices.values()) {
    addresses.push(address);
    understood += entries.length;
  }
  return { addresses, unknown: tokens.length - understood };
}

/**
 * What makes an array say each device once and in its normal spelling; nothing to do for one that does already.
 *
 * Both halves belong into one transaction: then no reader ever finds a device missing.
 */
export function healing(tokens: unknown): ListChange {
  const remove: string[] = [];
  const add: string[] = [];
  if (Array.isArray(tokens)) {
    for (const { address, entries } of devicesIn(tokens as unknown[]).values()) {
      if (entries.length === 1 && entries[0] === address) continue;
      const others = [...new Set(entries)].filter((entry) => entry !== address);
      const isRepeated = countOf(entries, address) > 1;
      remove.push(...others, ...(isRepeated ? [address] : []));
      if (isRepeated || !entries.includes(address)) add.push(address);
    }
  }
  return { remove, add };
}

/** What {@link healing} is about, in addresses. */
export interface Healed {
  /** What stands for each device that is named twice or in another spelling. */
  readonly named: readonly string[];
  /** Addresses that another one of their device stands for from now on. */
  readonly superseded: readonly string[];
}

/** The addresses that {@link healing} is about: their records may have to follow. */
export function healedAddresses(tokens: unknown): Healed {
  const gone = new Set(healing(tokens).remove.map((entry) => normaliseAddress(entry) as string));
  const keys = new Set([...gone].map(deviceKey));
  const named = tokenList(tokens).addresses.filter((address) => keys.has(deviceKey(address)));
  for (const address of named) gone.delete(address);
  return { named, superseded: [...gone] };
}

/** Every entry that spells exactly this address. */
export function entriesOf(tokens: unknown, address: string): readonly string[] {
  return matching(tokens, (listed) => listed === address);
}

/** Every entry that names the address's device, in whatever spelling or form. */
export function entriesOfDevice(tokens: unknown, address: string): readonly string[] {
  const key = deviceKey(address);
  return matching(tokens, (listed) => deviceKey(listed) === key);
}

export interface SwappedIn extends ListChange {
  /** The address that names the device from now on: the given one, or the FID of its installation if that is listed. */
  readonly address: string;
  /** Addresses afterwards. */
  readonly listed: number;
  /** The former address, and other addresses of the device, that were listed until now. */
  readonly gone: readonly string[];
  /** Whether the former address was among them. */
  readonly hadFormer: boolean;
}

/** What puts `address` into a `tokens` field, takes `former` out, and heals the rest. */
export function swapIn(tokens: unknown, address: string, former: string | undefined): SwappedIn {
  const key = deviceKey(address);
  const isFormersDevice = former !== undefined && deviceKey(former) === key;
  const { addresses } = tokenList(tokens);
  // A FID that is listed still reaches a phone whose app knows its token only.
  const chosen = addresses.includes(key) && key !== former ? key : address;
  const formers = former === undefined || isFormersDevice ? [] : entriesOf(tokens, former);
  const own = entriesOfDevice(tokens, address);
  const healed = healing(tokens);
  const isTouched = new Set([...own, ...formers]);
  const isRepeated = countOf(own, chosen) > 1;
  const remove = new Set([
    ...formers,
    ...own.filter((entry) => entry !== chosen || isRepeated),
    ...healed.remove.filter((entry) => !isTouched.has(entry)),
  ]);
  const others = addresses.filter(
    (listed) => deviceKey(listed) !== key && (formers.length === 0 || listed !== former),
  );
  const staying = new Set(others);
  const add = healed.add.filter((listed) => staying.has(listed));
  if (isRepeated || !own.includes(chosen)) add.push(chosen);
  const gone = new Set([...remove].map((entry) => normaliseAddress(entry) as string));
  for (const listed of [...others, chosen]) gone.delete(listed);
  return {
    address: chosen,
    remove: [...remove],
    add,
    listed: others.length + 1,
    gone: [...gone],
    hadFormer: former !== undefined && gone.has(former),
  };
}

/** Whether a `tokens` field can take addresses: it is an array, or there is nothing yet. Anything else is the app's own. */
export function canHoldAddresses(tokens: unknown): boolean {
  return tokens === undefined || tokens === null || Array.isArray(tokens);
}

/** The understood entries by device; an address that stands there twice keeps its first place. */
function devicesIn(tokens: readonly unknown[]): ReadonlyMap<string, DeviceEntries> {
  const devices = new Map<string, DeviceEntries>();
  for (const entry of tokens) {
    const address = normaliseAddress(entry);
    if (address === undefined) continue;
    const key = deviceKey(address);
    const known = devices.get(key);
    if (known === undefined) {
      devices.set(key, { address, entries: [entry as string] });
      continue;
    }
    known.entries.push(entry as string);
    if (known.address !== address && known.address !== key) {
      devices.delete(key);
      devices.set(key, { address, entries: known.entries });
    }
  }
  return devices;
}

function matching(tokens: unknown, isMeant: (address: string) => boolean): readonly string[] {
  if (!Array.isArray(tokens)) return [];
  return (tokens as unknown[]).filter((entry): entry is string => {
    const address = normaliseAddress(entry);
    return address !== undefined && isMeant(address);
  });
}

function countOf(entries: readonly string[], entry: string): number {
  return entries.filter((each) => each === entry).length;
}
