/**
 * Device records that have come to their end: addresses that a provider called dead, and devices not refreshed for long.
 */
import {
  FieldPath,
  FieldValue,
  Timestamp,
  type Firestore,
  type Transaction,
} from '@google-cloud/firestore';
import { addressId } from '../providers/address';
import { COLLECTIONS, type DeviceDocument } from './schema';
import { transact } from './transact';

/** Addresses per transaction: far below Firestore's limits, so that contention is cheap to retry. */
const PRUNE_BATCH = 100;

export interface PruneResult {
  readonly pruned: readonly string[];
  /** Registered again since the send began: alive after all. */
  readonly kept: readonly string[];
}

export type StaleDevice = Pick<DeviceDocument, 'uid' | 'address' | 'refreshedAt'>;

export class DeviceStore {
  private readonly db: Firestore;

  constructor(db: Firestore) {
    this.db = db;
  }

  /**
   * Removes dead addresses of one user, in one write to the user, with their device records.
   *
   * Keeps an address whose device was registered again since `sendBegan` (ms since 1970), be it in the same millisecond: the
   * answer may be older than that.
   */
  async prune(uid: string, addresses: readonly string[], sendBegan: number): Promise<PruneResult> {
    const pruned: string[] = [];
    const kept: string[] = [];
    for (let start = 0; start < addresses.length; start += PRUNE_BATCH) {
      const batch = addresses.slice(start, start + PRUNE_BATCH);
      const result = await transact(this.db, (transaction) =>
        this.pruneBatch(transaction, uid, batch, sendBegan),
      );
      pruned.push(...result.pruned);
      kept.push(...result.kept);
    }
    return { pruned, kept };
  }

  /**
   * Devices last refreshed earlier than `before` (ms since 1970), the stalest first, at most `limit`.
   *
   * @param after the last device of the page before: where this one begins.
   */
  async stale(
    refreshedBy: DeviceDocument['refreshedBy'],
    before: number,
    limit: number,
    after?: StaleDevice,
  ): Promise<StaleDevice[]> {
    let query = this.db
      .collection(COLLECTIONS.devices)
      .where('refreshedBy', '==', refreshedBy)
      .where('refreshedAt', '<', Timestamp.fromMillis(before))
      .orderBy('refreshedAt')
      .orderBy(FieldPath.documentId())
      .select('uid', 'address', 'refreshedAt')
      .limit(limit);
    if (after !== undefined) query = query.startAfter(after.refreshedAt, addressId(after.address));
    return (await query.get()).docs.map((found) => found.data() as StaleDevice);
  }

  async replacementsOf(
    uid: string,
    fingerprints: ReadonlySet<string>,
  ): Promise<ReadonlyMap<string, string>> {
    const found = await this.db.collection(COLLECTIONS.devices).where('uid', '==', uid).get();
    const present = new Map<string, string>();
    for (const device of found.docs) {
      const { address, replaces = [] } = device.data() as DeviceDocument;
      for (const former of replaces) if (fingerprints.has(former)) present.set(former, address);
    }
    return present;
  }

  private async pruneBatch(
    transaction: Transaction,
    uid: string,
    addresses: readonly string[],
    sendBegan: number,
  ): Promise<PruneResult> {
    const user = this.user(uid);
    const [owner, ...devices] = await transaction.getAll(
      user,
      ...addresses.map((address) => this.device(address)),
      { fieldMask: ['uid', 'refreshedAt'] },
    );
    const pruned: string[] = [];
    const kept: string[] = [];
    addresses.forEach((address, index) => {
      const device = devices[index];
      const isOwned = device?.get('uid') === uid;
      const refreshedAt = device?.get('refreshedAt') as Timestamp | undefined;
      if (isOwned && refreshedAt !== undefined && refreshedAt.toMillis() >= sendBegan) {
        kept.push(address);
        return;
      }
      pruned.push(address);
      if (isOwned && device !== undefined) transaction.delete(device.ref);
    });
    if (pruned.length > 0 && owner?.exists) {
      transaction.update(user, { tokens: FieldValue.arrayRemove(...pruned) });
    }
    return { pruned, kept };
  }

  private device(address: string) {
    return this.db.collection(COLLECTIONS.devices).doc(addressId(address));
  }

  private user(uid: string) {
    return this.db.collection(COLLECTIONS.users).doc(uid);
  }
}
