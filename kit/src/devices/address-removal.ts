/**
 * Takes addresses from a user, with their device records: beyond the limit, at logout everywhere, with the account.
 *
 * Invariant: an entry of the array and its record go in one transaction; bounded ones, so that a list that grew before
 * this backend came is worked off, too. Entries that are not understood are the app's, and stay.
 */
import { FieldPath, FieldValue, type Transaction } from '@google-cloud/firestore';
import { normaliseAddress } from '../model/address';
import { beyondLimit } from './contest';
import { deviceRecord } from './device-record';
import { isOurCount } from './handover';
import type { Collections } from '../store/collections';
import type { DeviceDocument } from './device-document';
import { entriesOfDevice, healing, tokenList } from './token-list';
import { changeTokens } from './token-writes';
import { transact } from '../store/transact';

/** Addresses per transaction: with their records well below 500 writes. */
const BATCH = 200;

export interface Tidied {
  /** Entries that said again, or in another spelling, what another says: gone, and nothing lost. */
  readonly healed: number;
  /** Addresses dropped because there were too many, the stalest first. */
  readonly evicted: readonly string[];
}

export interface ForgetOptions {
  /** Whether `users/{uid}` goes, too: with everything that the app keeps there. */
  readonly deleteDocument: boolean;
}

export class AddressRemoval {
  private readonly collections: Collections;

  constructor(collections: Collections) {
    this.collections = collections;
  }

  /**
   * Makes a user's array say each device once, and drops the stalest addresses beyond `max`. Idempotent.
   *
   * @param keep an address that stays whatever its age: the one that has just been registered.
   */
  async tidy(uid: string, max: number, keep?: string): Promise<Tidied> {
    let healed = 0;
    const evicted: string[] = [];
    for (;;) {
      const round = await transact(this.collections.db, (transaction) =>
        this.tidyOnce(transaction, uid, max, keep),
      );
      healed += round.healed;
      evicted.push(...round.evicted);
      if (round.evicted.length < BATCH) return { healed, evicted };
    }
  }

  /** Takes every address from a user; the addresses that went. Idempotent. */
  async unregisterAll(uid: string): Promise<string[]> {
    return this.clear(uid, 'nothing');
  }

  /** Takes every address from a user whose account is gone, and what this backend keeps of them; the addresses that went. Idempotent. */
  async forget(uid: string, { deleteDocument }: ForgetOptions): Promise<string[]> {
    return this.clear(uid, deleteDocument ? 'document' : 'server-fields');
  }

  /** How many addresses {@link forget} would take, at least; it changes nothing. */
  async count(uid: string): Promise<number> {
    const [user, owned] = await Promise.all([
      this.collections.user(uid).get(),
      this.collections.devices.where('uid', '==', uid).limit(BATCH).get(),
    ]);
    const addresses = new Set(tokenList(this.collections.tokensOf(user)).addresses);
    for (const found of owned.docs) {
      const record = deviceRecord(found);
      if (record !== undefined) addresses.add(normaliseAddress(record.address) ?? record.address);
    }
    return addresses.size;
  }

  private async tidyOnce(
    transaction: Transaction,
    uid: string,
    max: number,
    keep: string | undefined,
  ): Promise<Tidied> {
    const user = this.collections.user(uid);
    const tokens: unknown = this.collections.tokensOf(await transaction.get(user));
    const { addresses } = tokenList(tokens);
    const records = await this.recordsOf(transaction, addresses.length > max ? addresses : []);
    const evicted = beyondLimit(
      addresses,
      (address) => records.get(address)?.refreshedAt.toMillis(),
      max,
      keep,
    ).slice(0, BATCH);
    const gone = new Set(evicted);
    const { remove, add } = healing(tokens);
    changeTokens(this.collections, transaction, user, {
      remove: [
        ...new Set([...remove, ...evicted.flatMap((address) => entriesOfDevice(tokens, address))]),
      ],
      add: add.filter((address) => !gone.has(address)),
    });
    for (const address of evicted) {
      if (records.get(address)?.uid === uid) transaction.delete(this.collections.device(address));
    }
    return { healed: remove.length, evicted };
  }

  private async clear(
    uid: string,
    besides: 'nothing' | 'server-fields' | 'document',
  ): Promise<string[]> {
    const gone = new Set<string>();
    let after: string | undefined;
    for (;;) {
      const { addresses, isDone, last } = await transact(this.collections.db, (transaction) =>
        this.clearOnce(transaction, uid, besides, after),
      );
      for (const address of addresses) gone.add(address);
      if (isDone) return [...gone];
      after = last ?? after;
    }
  }

  private async clearOnce(
    transaction: Transaction,
    uid: string,
    besides: 'nothing' | 'server-fields' | 'document',
    after: string | undefined,
  ) {
    const user = await transaction.get(this.collections.user(uid));
    const tokens: unknown = this.collections.tokensOf(user);
    const { addresses: listed } = tokenList(tokens);
    const batch = listed.slice(0, BATCH);
    const records = await this.recordsOf(transaction, batch);
    // Page by page: documents that are no records stay, and must not hide those behind them.
    const page = this.collections.devices
      .where('uid', '==', uid)
      .orderBy(FieldPath.documentId())
      .limit(BATCH);
    const others = await transaction.get(after === undefined ? page : page.startAfter(after));
    const addresses = new Set(batch);
    for (const [address, record] of records) {
      if (record.uid === uid) transaction.delete(this.collections.device(address));
    }
    for (const found of others.docs) {
      const record = deviceRecord(found);
      if (record === undefined) continue;
      addresses.add(normaliseAddress(record.address) ?? found.id);
      transaction.delete(found.ref);
    }
    const isDone = listed.length <= BATCH && others.size < BATCH;
    if (besides === 'document' && isDone) transaction.delete(user.ref);
    else {
      const remove = [...new Set(batch.flatMap((address) => entriesOfDevice(tokens, address)))];
      const hasOurs = besides === 'server-fields' && isOurCount(user.get('takeovers'));
      const fields = hasOurs ? { takeovers: FieldValue.delete() } : {};
      changeTokens(this.collections, transaction, user.ref, { remove, add: [] }, fields);
    }
    return { addresses, isDone, last: others.docs.at(-1)?.id };
  }

  private async recordsOf(
    transaction: Transaction,
    addresses: readonly string[],
  ): Promise<Map<string, DeviceDocument>> {
    const records = new Map<string, DeviceDocument>();
    if (addresses.length === 0) return records;
    const found = await transaction.getAll(
      ...addresses.map((address) => this.collections.device(address)),
    );
    for (const record of found) {
      const data = deviceRecord(record);
      if (data !== undefined) records.set(data.address, data);
    }
    return records;
  }
}
