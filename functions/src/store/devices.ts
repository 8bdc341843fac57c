/**
 * Who owns which address: `devices/{sha256(address)}` and the owner's `users/{uid}.tokens`, always changed together.
 */
import { FieldValue, Timestamp, type Firestore, type Transaction } from '@google-cloud/firestore';
import { addressId, type AddressKind } from '../providers/address';
import { COLLECTIONS, type DeviceDocument } from './schema';

/** What an app tells about the device it runs on. */
export type DeviceFacts = {
  readonly [Fact in 'platform' | 'appId' | 'appVersion' | 'locale' | 'timeZone']?:
    DeviceDocument[Fact] | undefined;
};

/** Addresses per transaction: far below Firestore's limits, so that contention is cheap to retry. */
const PRUNE_BATCH = 100;

export interface PruneResult {
  readonly pruned: readonly string[];
  /** Registered again since the send began: alive after all. */
  readonly kept: readonly string[];
}

export class DeviceStore {
  private readonly db: Firestore;

  constructor(db: Firestore) {
    this.db = db;
  }

  /** Makes `address` the user's, and nobody else's, in one transaction. */
  async register(
    uid: string,
    address: string,
    kind: AddressKind,
    facts: DeviceFacts,
    now: number,
  ): Promise<void> {
    const device = this.device(address);
    const at = Timestamp.fromMillis(now);
    await this.db.runTransaction(async (transaction) => {
      const known = (await transaction.get(device)).data() as DeviceDocument | undefined;
      if (known !== undefined && known.uid !== uid) {
        transaction.set(
          this.user(known.uid),
          { tokens: FieldValue.arrayRemove(address) },
          { merge: true },
        );
      }
      transaction.set(this.user(uid), { tokens: FieldValue.arrayUnion(address) }, { merge: true });
      transaction.set(
        device,
        { uid, address, kind, ...facts, createdAt: known?.createdAt ?? at, refreshedAt: at },
        { merge: known?.uid === uid },
      );
    });
  }

  /** Takes `address` from the user; true if it was there. An address that is by now someone else's stays theirs. */
  async unregister(uid: string, address: string): Promise<boolean> {
    const device = this.device(address);
    const user = this.user(uid);
    return this.db.runTransaction(async (transaction) => {
      const [known, owner] = await transaction.getAll(device, user, {
        fieldMask: ['uid', 'tokens'],
      });
      const isListed = includes(owner?.get('tokens'), address);
      const isOwned = known?.get('uid') === uid;
      if (isListed) transaction.update(user, { tokens: FieldValue.arrayRemove(address) });
      if (isOwned) transaction.delete(device);
      return isListed || isOwned;
    });
  }

  /**
   * Removes dead addresses of one user, in one write to the user, with their device records.
   *
   * Keeps an address whose device was registered again after `sendBegan` (ms since 1970): the answer is older than that.
   */
  async prune(uid: string, addresses: readonly string[], sendBegan: number): Promise<PruneResult> {
    const pruned: string[] = [];
    const kept: string[] = [];
    for (let start = 0; start < addresses.length; start += PRUNE_BATCH) {
      const batch = addresses.slice(start, start + PRUNE_BATCH);
      const result = await this.db.runTransaction((transaction) =>
        this.pruneBatch(transaction, uid, batch, sendBegan),
      );
      pruned.push(...result.pruned);
      kept.push(...result.kept);
    }
    return { pruned, kept };
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
      if (isOwned && refreshedAt !== undefined && refreshedAt.toMillis() > sendBegan) {
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

function includes(tokens: unknown, address: string): boolean {
  return Array.isArray(tokens) && tokens.includes(address);
}
