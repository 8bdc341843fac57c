/**
 * `pushes/{pushId}`: the outbox's documents, read and brought on in one transaction a step; and the addresses that they list.
 */
import { FieldValue, Timestamp, type DocumentData, type UpdateData } from '@google-cloud/firestore';
import { acceptedOf } from './accepted';
import { listedAddresses } from './listed-addresses';
import { deviceRecord } from '../devices/device-record';
import type { Collections } from '../store/collections';
import type { PushDocument } from './push-document';
import { serverMillis } from '../store/server-time';

/** A push that did not get on in time. Times in ms since 1970. */
export interface OverduePush {
  readonly id: string;
  readonly nextAt: number;
  readonly dueAt: number;
  readonly revision: number;
}

/** Documents per `getAll`; the records are small. */
const READ_BATCH = 500;

export class PushStore {
  private readonly collections: Collections;

  constructor(collections: Collections) {
    this.collections = collections;
  }

  /** The path of a push document. */
  path(id: string): string {
    return this.collections.pushes.doc(id).path;
  }

  /** Plans by the present document and writes what the plan says, in one transaction. Undefined if there is no document. */
  async advance<Plan extends { readonly update?: object }>(
    id: string,
    deliveryId: string,
    planned: (document: PushDocument, delivery: 'none' | 'begun') => Plan,
  ): Promise<Plan | undefined> {
    const push = this.collections.pushes.doc(id);
    const delivery = this.collections.deliveries.doc(deliveryId);
    return this.collections.db.runTransaction(async (transaction) => {
      const [found, entry] = await transaction.getAll(push, delivery);
      const document = found?.data();
      if (document === undefined) return undefined;
      const plan = planned(document, entry?.exists === true ? 'begun' : 'none');
      if (plan.update !== undefined) transaction.update(push, withDeletions(plan.update));
      return plan;
    });
  }

  /** Pushes whose `nextAt` is over, the longest overdue first. */
  async overdue(now: number, limit: number): Promise<OverduePush[]> {
    const found = await this.collections.pushes
      .where('nextAt', '<=', Timestamp.fromMillis(now))
      .orderBy('nextAt')
      .select('nextAt', 'accepted')
      .limit(limit)
      .get();
    return found.docs.map((push) => {
      // The query finds timestamps only. Whatever else stands there may have been written by hand.
      const nextAt = Math.max(0, (push.get('nextAt') as Timestamp).toMillis());
      const accepted = acceptedOf(push.data());
      const { id } = push;
      return accepted === undefined
        ? { id, nextAt, dueAt: 0, revision: 0 }
        : { id, nextAt, dueAt: accepted.dueAt.toMillis(), revision: accepted.revision };
    });
  }
}

/** `undefined` deletes a field. */
function withDeletions(update: object): UpdateData<DocumentData> {
  const fields = Object.entries(update) as [string, unknown][];
  return Object.fromEntries(
    fields.map(([name, value]) => [name, value === undefined ? FieldValue.delete() : value]),
  );
}

/** What Firestore knows of addresses that a push document lists. */
export class FirestoreAddressBook {
  private readonly collections: Collections;

  constructor(collections: Collections) {
    this.collections = collections;
  }

  /** The addresses that a push document lists, each once, and when they were read; undefined if it is gone. */
  async listed(
    pushId: string,
  ): Promise<{ readonly addresses: readonly string[]; readonly readAt: number } | undefined> {
    const push = await this.collections.pushes.doc(pushId).get();
    const addresses = listedAddresses(push.get('to'));
    if (addresses === 'wrong' || addresses === undefined) return undefined;
    return { addresses, readAt: serverMillis(push.readTime) };
  }

  /** The locale of each address's device, of whatever type; undefined where there is no record. */
  async locales(addresses: readonly string[]): Promise<readonly unknown[]> {
    const locales: unknown[] = [];
    for (let start = 0; start < addresses.length; start += READ_BATCH) {
      const batch = addresses.slice(start, start + READ_BATCH);
      const devices = batch.map((address) => this.collections.device(address));
      const found = await this.collections.db.getAll(...devices, { fieldMask: ['locale'] });
      locales.push(...found.map((device) => device.get('locale') as unknown));
    }
    return locales;
  }

  /** Whose an address is; undefined if nobody's. */
  async ownerOf(address: string): Promise<string | undefined> {
    const owner = deviceRecord(await this.collections.device(address).get())?.uid;
    if (owner !== undefined) return owner;
    // A token that is older than this backend stands in an array only.
    const holders = this.collections.users
      .where(this.collections.names.tokensField, 'array-contains', address)
      .select()
      .limit(1);
    return (await holders.get()).docs[0]?.id;
  }
}
