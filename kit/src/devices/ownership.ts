/**
 * Who owns which address: `devices/{sha256(address)}` and the owner's `users/{uid}.tokens`, always changed together.
 *
 * Invariant: whatever is committed here leaves a device in one array at most, that of the owner on its one record.
 */
import { normaliseAddress } from '../model/address';
import { outlives } from './import-claim';
import { Handover, type OwnershipOptions } from './handover';
import { register, type Registered, type Registration } from './registering';
import {
  reconcile,
  unreconciled,
  type ListedChange,
  type Reconciled,
  type ReconcileOptions,
} from './reconciling';
import { deviceRecord } from './device-record';
import { entriesOfDevice } from './token-list';
import { changeTokens } from './token-writes';
import { transact } from '../store/transact';

export type { OwnershipOptions } from './handover';
export type { DeviceFacts, Registered, Registration } from './registering';
export type { ListedChange, Reconciled, ReconcileOptions } from './reconciling';

export class Ownership {
  private readonly handover: Handover;

  constructor(options: OwnershipOptions) {
    this.handover = new Handover(options);
  }

  /**
   * Makes a device the user's and nobody else's, in one transaction. Idempotent.
   *
   * Of two addresses of one installation the FID stays; of two tokens the one registered last.
   *
   * @throws {TokensFieldError} if the user's `tokens` is no array.
   * @throws {TooManyTakeoversError} if it is another's and the caller took too many today.
   * @throws {AnonymousTakeoverError} if it is another's and the caller is anonymous.
   */
  async register(uid: string, registration: Registration): Promise<Registered> {
    const { address, replaces } = registration;
    return register(this.handover, uid, {
      ...registration,
      address: normaliseAddress(address) ?? address,
      replaces: replaces === undefined ? undefined : (normaliseAddress(replaces) ?? replaces),
    });
  }

  /**
   * Takes a device from the user, under whatever address and spelling they have it; true if it was there. One that is by now
   * someone else's stays theirs.
   *
   * @param writtenAt when the user's app took it out of a document of its own, ms since 1970: then one that was refreshed since
   *   stays, and so does one that its app registered by call, because such an app unregisters it by call, too.
   */
  async unregister(uid: string, raw: string, writtenAt?: number): Promise<boolean> {
    const address = normaliseAddress(raw) ?? raw;
    return transact(this.handover.collections.db, async (transaction) => {
      const [user, device] = await transaction.getAll(
        this.handover.collections.user(uid),
        this.handover.collections.device(address),
        {
          fieldMask: [
            ...['uid', 'address', 'refreshedAt', 'refreshedBy', 'imported'],
            this.handover.collections.names.tokensField,
          ],
        },
      );
      const entries = entriesOfDevice(this.handover.collections.tokensOf(user), address);
      const isOwned = device?.get('uid') === uid;
      const isUsual = isOwned && entries.every((entry) => entry === address);
      const others = isUsual ? [] : await this.handover.claims.otherRecords(transaction, address);
      const own = others.filter(({ data }) => data.uid === uid);
      if (writtenAt !== undefined) {
        const known = isOwned && device !== undefined ? deviceRecord(device) : undefined;
        const records = [...(known === undefined ? [] : [known]), ...own.map(({ data }) => data)];
        // What has no record did not come from that document.
        if (records.length === 0 || records.some((record) => outlives(record, writtenAt)))
          return false;
      }
      changeTokens(this.handover.collections, transaction, this.handover.collections.user(uid), {
        remove: entries,
        add: [],
      });
      if (isOwned && device !== undefined) transaction.delete(device.ref);
      for (const { ref } of own) transaction.delete(ref);
      return entries.length > 0 || isOwned || own.length > 0;
    });
  }

  /**
   * Which of the addresses that came into or left an array need {@link reconcile}: one read each, no lock.
   *
   * Skipping the others is safe. An added address whose record is the user's, and not older than the array, and a removed one
   * whose record is not, are consistent now; whatever changes that later is an event of its own.
   */
  async unreconciled(uid: string, change: ListedChange): Promise<string[]> {
    return unreconciled(this.handover, uid, change);
  }

  /**
   * Brings an address's record and all arrays into agreement with what the user's array holds now, in one transaction.
   *
   * Safe to call at any time, any number of times, for events of any age: it reads the present before it acts, and never
   * adds to an array, so that it cannot wake itself up for ever.
   */
  async reconcile(uid: string, address: string, options: ReconcileOptions): Promise<Reconciled> {
    return reconcile(this.handover, uid, address, options);
  }
}
