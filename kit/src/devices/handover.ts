/**
 * The steps of a change of owner, within a transaction that registers or settles an address.
 */
import { Timestamp, type Transaction } from '@google-cloud/firestore';
import { addressId, deviceKey, fingerprint } from '../model/address';
import { ClaimReader, type FoundRecord, type Holder } from './claims';
import { oneMoreTakeover, type Takeovers } from './contest';
import { timeOf } from './device-record';
import type { Collections } from '../store/collections';
import type { DeviceDocument } from './device-document';
import type { UserDocument } from '../store/user-document';
import { changeTokens } from './token-writes';

export interface OwnershipOptions {
  readonly collections: Collections;
  readonly now: () => number;
  /** Addresses that one user may take from others within a day. */
  readonly maxTakeoversPerDay: number;
}

export class Handover {
  readonly collections: Collections;
  readonly now: () => number;
  readonly maxTakeoversPerDay: number;
  readonly claims: ClaimReader;

  constructor({ collections, now, maxTakeoversPerDay }: OwnershipOptions) {
    this.collections = collections;
    this.now = now;
    this.maxTakeoversPerDay = maxTakeoversPerDay;
    this.claims = new ClaimReader(collections);
  }

  /** A user's count of takeovers as it is to be written, nothing if nothing is counted, or `too-many`. */
  counted(
    user: UserDocument,
    address: string,
    isCounted: boolean,
    now: number,
  ): { readonly takeovers?: object } | 'too-many' {
    if (!isCounted) return {};
    const sofar = countSoFar(user.takeovers);
    // A field of the app's own by this name stays as it is; then nothing can be counted.
    if (sofar === 'not-ours') return {};
    const device = fingerprint(deviceKey(address));
    const next = oneMoreTakeover(sofar, device, now, this.maxTakeoversPerDay);
    if (next === undefined) return 'too-many';
    if (next === sofar) return {};
    const { count, since, addresses = [] } = next;
    return { takeovers: { count, since: Timestamp.fromMillis(since), addresses } };
  }

  /** Deletes records of a device's other addresses; what they were. The address's own record is written anew. */
  dropOthers(
    transaction: Transaction,
    records: readonly FoundRecord[],
    address: string,
  ): readonly DeviceDocument[] {
    const others = records.filter(({ ref }) => ref.id !== addressId(address));
    for (const { ref } of others) transaction.delete(ref);
    return others.map(({ data }) => data);
  }

  /** Takes the device out of the arrays of whoever holds it. */
  takeFrom(transaction: Transaction, holders: readonly Holder[]): void {
    for (const { uid, entries } of holders) {
      changeTokens(this.collections, transaction, this.collections.user(uid), {
        remove: entries,
        add: [],
      });
    }
  }
}

function countSoFar(field: unknown): Takeovers | undefined | 'not-ours' {
  if (field === undefined || field === null) return undefined;
  if (typeof field !== 'object') return 'not-ours';
  const { count, since, addresses } = field as Readonly<Record<string, unknown>>;
  const at = timeOf(since)?.toMillis();
  if (typeof count !== 'number' || at === undefined) return 'not-ours';
  return {
    count,
    since: at,
    addresses: Array.isArray(addresses)
      ? (addresses as unknown[]).filter((each) => typeof each === 'string')
      : [],
  };
}

/** Whether a user's `takeovers` is the count that is kept here, and not something of the app's. */
export function isOurCount(field: unknown): boolean {
  return field !== undefined && field !== null && countSoFar(field) !== 'not-ours';
}
