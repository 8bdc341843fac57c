/**
 * Reads the addresses that one state of a team's document has, by the team's own functions; pure, as those should be.
 *
 * Whatever they return or throw, what comes out is a list of addresses, and a count of what is none.
 */
import { describeValue } from '../model/describe-value';
import { idsOf, isDocumentId, type DocumentId } from '../model/document-id';
import { readFacts, type DeviceFacts } from '../model/device-facts';
import { normaliseAddress } from '../model/address';
import { tokenList } from './token-list';
import { timeOf } from './device-record';

/** One state of a document. */
export interface ImportInput<Ids> {
  /** The ids in place of the path's wildcards, e.g. `{ uid, token }`. */
  readonly ids: Ids;
  /** The document's fields, unchecked: whatever your app, in any version, wrote there. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as the SDK's own DocumentData has it
  readonly data: Readonly<Record<string, any>>;
}

/** Where a team keeps addresses, and whose they are. */
export interface ImportSource<Ids> {
  /** Path of the documents, of names and wildcards, e.g. `profiles/{uid}/fcmTokens/{token}`. */
  readonly document: string;
  /**
   * The user id of whoever owns the addresses; undefined: nobody, and nothing is imported. Default: the wildcard `{uid}`.
   */
  readonly owner?: ((input: ImportInput<Ids>) => string | null | undefined) | undefined;
  /**
   * The addresses of one state of the document: strings, or objects `{ address }` with what is known of the device: `platform`, `appId`,
   * `appVersion`, `locale`, `timeZone`, `environment`, and `refreshedAt`, the time at which the app last wrote the entry, where
   * it does that at each start. What is no address is counted, and logged once.
   *
   * If it throws, that is logged, and the event is not retried. It runs several times for one event, so it should only read.
   */
  readonly addresses: (input: ImportInput<Ids>) => Iterable<unknown> | null | undefined;
}

export interface ImportedAddress {
  readonly address: string;
  readonly facts: DeviceFacts;
  /** When the app last wrote it, ms since 1970, if the document says so. */
  readonly refreshedAt: number | undefined;
}

/** What one state of a document says. */
export interface ImportState {
  /** Undefined: nobody's. */
  readonly owner: DocumentId | undefined;
  /** One a device, in the order of the document. */
  readonly addresses: readonly ImportedAddress[];
  /** Entries that are no addresses. */
  readonly notAddresses: number;
  /** Why there may be more than that: what the team's functions threw, or an owner that can be none. */
  readonly fault?: { readonly error: unknown };
}

/** The state of a document that does not exist. */
export const NOTHING: ImportState = { owner: undefined, addresses: [], notAddresses: 0 };

/** Entries of one document that are looked at: more than 1 MiB can hold of addresses, and an end for a generator that has none. */
const MAX_ENTRIES = 20_000;

/**
 * The addresses and the owner of a document as it was at one moment.
 *
 * @param data undefined where there was no document.
 */
export function importState<Ids>(
  { document, owner, addresses }: ImportSource<Ids>,
  path: string,
  data: ImportInput<Ids>['data'] | undefined,
): ImportState {
  const ids = idsOf(document, path);
  if (ids === undefined || data === undefined) return NOTHING;
  const input = { ids: ids as Ids, data };
  const read = new EntryReader();
  try {
    const uid: unknown = owner === undefined ? ids.uid : owner(input);
    if (uid === undefined || uid === null) return NOTHING;
    if (!isDocumentId(uid)) {
      throw new Error(`Expected owner to return a user id, got ${describeValue(uid)}.`);
    }
    try {
      read.all(addresses(input));
      return read.stateOf(uid);
    } catch (error) {
      return { ...read.stateOf(uid), fault: { error } };
    }
  } catch (error) {
    return { ...NOTHING, fault: { error } };
  }
}

class EntryReader {
  private readonly found = new Map<string, ImportedAddress>();
  private notAddresses = 0;

  /** Whatever `addresses` returned; what cannot be iterated over, and a string, is one entry. */
  all(entries: unknown): void {
    if (entries === undefined || entries === null) return;
    if (!isIterable(entries)) return this.one(entries);
    let count = 0;
    for (const entry of entries) {
      count += 1;
      if (count > MAX_ENTRIES) {
        throw new Error(`Expected at most ${MAX_ENTRIES} addresses of one document, got more.`);
      }
      this.one(entry);
    }
  }

  private one(entry: unknown): void {
    const { address: raw, refreshedAt, ...told } = partsOf(entry);
    const address = normaliseAddress(raw);
    if (address === undefined) {
      this.notAddresses += 1;
      return;
    }
    // A repetition comes last, as in an array that apps append to.
    this.found.delete(address);
    this.found.set(address, {
      address,
      facts: readFacts(told).facts,
      refreshedAt: msOf(refreshedAt),
    });
  }

  stateOf(owner: DocumentId): ImportState {
    // Of the addresses of one installation one stands for all, as in the array of a user.
    const chosen = tokenList([...this.found.keys()]).addresses;
    const addresses = chosen.flatMap((address) => this.found.get(address) ?? []);
    return { owner, addresses, notAddresses: this.notAddresses };
  }
}

type Parts = { readonly address?: unknown; readonly refreshedAt?: unknown } & Record<
  string,
  unknown
>;

function partsOf(entry: unknown): Parts {
  if (typeof entry === 'string') return { address: entry };
  return typeof entry === 'object' && entry !== null && !Array.isArray(entry)
    ? // A copy of its own fields: what an object of a class inherits says nothing of a device.
      { ...entry }
    : {};
}

function isIterable(value: unknown): value is Iterable<unknown> {
  if (typeof value !== 'object' || value === null) return false;
  return typeof (value as Partial<Iterable<unknown>>)[Symbol.iterator] === 'function';
}

/** A time as Firestore, JSON or JavaScript has it, in ms since 1970. */
function msOf(value: unknown): number | undefined {
  const ms = timeOf(value)?.toMillis() ?? (value instanceof Date ? value.getTime() : value);
  return typeof ms === 'number' && Number.isFinite(ms) && ms >= 0 ? ms : undefined;
}
