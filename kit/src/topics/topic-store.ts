/**
 * Topics on device records: `devices/{sha256(address)}.topics` is what its owner wants; the trigger on that write passes it on to FCM.
 */
import {
  FieldValue,
  type DocumentReference,
  type DocumentSnapshot,
  type Transaction,
} from '@google-cloud/firestore';
import { installationOf } from '../model/address';
import { deviceRecord } from '../devices/device-record';
import type { Collections } from '../store/collections';
import type { DeviceDocument } from '../devices/device-document';
import { serverMillis } from '../store/server-time';
import { transact } from '../store/transact';

/** What topic management needs of a device record. */
export type SubscribedDevice = Pick<DeviceDocument, 'uid' | 'address' | 'kind' | 'topics'>;

/**
 * Topics of one device at most. FCM allows 2,000; but an event of a write holds the record twice and may have 512 KB, and
 * names may have 900 bytes.
 */
export const MAX_TOPICS_PER_DEVICE = 200;
/** Devices of one user that are looked at; more than `MAX_ADDRESSES_PER_USER` ever allows in practice. */
const MAX_DEVICES = 400;

/** How a change went, in devices. */
export interface TopicChange {
  /** In the topic now, or out of it. */
  readonly devices: number;
  /** Known by native APNs tokens, which FCM's topics cannot have. */
  readonly unsupported: number;
  /** Left as they were: they are in as many topics as they may be. */
  readonly full: number;
}

interface FoundDevice {
  readonly ref: DocumentReference;
  readonly data: SubscribedDevice;
}

export class TopicStore {
  private readonly collections: Collections;

  constructor(collections: Collections) {
    this.collections = collections;
  }

  /** Puts devices of a user into a topic, or takes them out: all, or the one with `address`. Idempotent. Undefined if that is not theirs. */
  async change(
    uid: string,
    topic: string,
    subscribed: boolean,
    address?: string,
  ): Promise<TopicChange | undefined> {
    return transact(this.collections.db, async (transaction) => {
      const devices = await this.devicesOf(transaction, uid, address);
      if (address !== undefined && devices.length === 0) return undefined;
      const change = { devices: 0, unsupported: 0, full: 0 };
      for (const device of devices) {
        const { kind, topics } = device.data;
        const isIn = topics.includes(topic);
        if (kind === 'apns') change.unsupported += 1;
        else if (subscribed && !isIn && topics.length >= MAX_TOPICS_PER_DEVICE) change.full += 1;
        else {
          change.devices += 1;
          // An unchanged record is not written: it would wake the trigger for nothing.
          if (isIn !== subscribed) {
            const union = subscribed ? FieldValue.arrayUnion(topic) : FieldValue.arrayRemove(topic);
            transaction.update(device.ref, { topics: union });
          }
        }
      }
      return change;
    });
  }

  /** The topics that a user's devices are in, and how many of them. */
  async list(uid: string): Promise<{ topic: string; devices: number }[]> {
    const counts = new Map<string, number>();
    for (const device of (await this.ofUser(uid).get()).docs) {
      for (const topic of toDevice(device)?.topics ?? [])
        counts.set(topic, (counts.get(topic) ?? 0) + 1);
    }
    return [...counts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([topic, devices]) => ({ topic, devices }));
  }

  /** The device as its record stands, and when that was so by Firestore's clock, ms since 1970. */
  async read(id: string): Promise<(SubscribedDevice & { readonly readAt: number }) | undefined> {
    const read = await this.collections.devices.doc(id).get();
    const device = toDevice(read);
    return device && { ...device, readAt: serverMillis(read.readTime) };
  }

  private async devicesOf(
    transaction: Transaction,
    uid: string,
    address: string | undefined,
  ): Promise<FoundDevice[]> {
    const all = async () => (await transaction.get(this.ofUser(uid))).docs.flatMap(found);
    if (address === undefined) return all();
    const ref = this.collections.device(address);
    const named = found(await transaction.get(ref)).filter(({ data }) => data.uid === uid);
    if (named.length > 0) return named;
    // The app may know its device by another address of the same installation than the one that is registered.
    const installation = installationOf(address);
    if (installation === undefined) return [];
    return (await all()).filter(({ data }) => installationOf(data.address) === installation);
  }

  private ofUser(uid: string) {
    return this.collections.devices.where('uid', '==', uid).limit(MAX_DEVICES);
  }
}

/** A record's fields; one from before there were topics is in none. Undefined for what is no record. */
export function toDevice(found: DocumentSnapshot): SubscribedDevice | undefined {
  const record = deviceRecord(found);
  if (record === undefined) return undefined;
  const { uid, address, kind, topics } = record;
  return { uid, address, kind, topics };
}

function found(device: DocumentSnapshot): FoundDevice[] {
  const data = toDevice(device);
  return data === undefined ? [] : [{ ref: device.ref, data }];
}
