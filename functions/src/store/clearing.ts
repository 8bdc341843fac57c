/**
 * Takes addresses from a user, with their device records: beyond the limit, at logout everywhere, with the account.
 *
 * Invariant: an entry of the array and its record go in one transaction; bounded ones, so that a list that grew before
 * this backend came is worked off, too.
 */
import type { DocumentReference, Firestore, Transaction } from '@google-cloud/firestore';
import { addressId } from '../providers/address';
import { beyondLimit } from './contest';
import { COLLECTIONS, type DeviceDocument } from './schema';
import { tokenList } from './token-list';
import { transact } from './transact';

/** Addresses per transaction: with their records well below 500 writes. */
const BATCH = 200;

export interface Tidied {
  /** Entries dropped because they were no addresses, or the same again. */
  readonly unusable: number;
  /** Addresses dropped because there were too many, the stalest first. */
  readonly evicted: readonly string[];
}

export class Clearing {
  private readonly db: Firestore;

  constructor(db: Firestore) {
    this.db = db;
  }

  /**
   * Drops what is no address from a user's array, and the stalest addresses beyond `max`. Idempotent.
   *
   * @param keep an address that stays whatever its age: the one that has just been registered.
   */
  async tidy(uid: string, max: number, keep?: string): Promise<Tidied> {
    let unusable = 0;
    const evicted: string[] = [];
    for (;;) {
      const round = await transact(this.db, (transaction) =>
        this.tidyOnce(transaction, uid, max, keep),
      );
      unusable += round.unusable;
      evicted.push(...round.evicted);
      if (round.evicted.length < BATCH) return { unusable, evicted };
    }
  }

  /** Takes every address from a user; the addresses that went. Idempotent. */
  async unregisterAll(uid: string): Promise<string[]> {
    return this.clear(uid, false);
  }

  /** Takes every address from a user and deletes `users/{uid}`, settings and all; the addresses that went. Idempotent. */
  async forget(uid: string): Promise<string[]> {
    return this.clear(uid, true);
  }

  private async tidyOnce(
    transaction: Transaction,
    uid: string,
    max: number,
    keep: string | undefined,
  ): Promise<Tidied> {
    const user = this.user(uid);
    const { addresses, unusable } = tokenList((await transaction.get(user)).get('tokens'));
    const records = await this.recordsOf(transaction, addresses.length > max ? addresses : []);
    const evicted = beyondLimit(
      addresses,
      (address) => records.get(address)?.refreshedAt.toMillis(),
      max,
      keep,
    ).slice(0, BATCH);
    if (unusable === 0 && evicted.length === 0) return { unusable, evicted };
    const gone = new Set(evicted);
    transaction.update(user, { tokens: addresses.filter((address) => !gone.has(address)) });
    for (const address of evicted) {
      if (records.get(address)?.uid === uid) transaction.delete(this.device(address));
    }
    return { unusable, evicted };
  }

  private async clear(uid: string, isForgotten: boolean): Promise<string[]> {
    const gone = new Set<string>();
    for (;;) {
      const { addresses, isDone } = await transact(this.db, (transaction) =>
        this.clearOnce(transaction, uid, isForgotten),
      );
      for (const address of addresses) gone.add(address);
      if (isDone) return [...gone];
    }
  }

  private async clearOnce(transaction: Transaction, uid: string, isForgotten: boolean) {
    const user = await transaction.get(this.user(uid));
    const { addresses: listed, unusable } = tokenList(user.get('tokens'));
    const batch = listed.slice(0, BATCH);
    const records = await this.recordsOf(transaction, batch);
    const others = await transaction.get(
      this.db.collection(COLLECTIONS.devices).where('uid', '==', uid).limit(BATCH),
    );
    const addresses = new Set(batch);
    for (const [address, record] of records) {
      if (record.uid === uid) transaction.delete(this.device(address));
    }
    for (const found of others.docs) {
      addresses.add((found.data() as DeviceDocument).address);
      transaction.delete(found.ref);
    }
    const isDone = listed.length <= BATCH && others.size < BATCH;
    if (isForgotten && isDone) transaction.delete(user.ref);
    else if (listed.length + unusable > 0) {
      transaction.update(user.ref, { tokens: listed.slice(BATCH) });
    }
    return { addresses, isDone };
  }

  private async recordsOf(
    transaction: Transaction,
    addresses: readonly string[],
  ): Promise<Map<string, DeviceDocument>> {
    const records = new Map<string, DeviceDocument>();
    if (addresses.length === 0) return records;
    const found = await transaction.getAll(...addresses.map((address) => this.device(address)));
    for (const record of found) {
      const data = record.data() as DeviceDocument | undefined;
      if (data !== undefined) records.set(data.address, data);
    }
    return records;
  }

  private device(address: string): DocumentReference {
    return this.db.collection(COLLECTIONS.devices).doc(addressId(address));
  }

  private user(uid: string): DocumentReference {
    return this.db.collection(COLLECTIONS.users).doc(uid);
  }
}
