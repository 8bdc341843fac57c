/**
 * Looks through a whole database for anything that contradicts "one address, one owner".
 */
import type { Firestore } from '@google-cloud/firestore';
import { addressId, addressKind, deviceKey } from '../../kit/src/model/address.ts';
import type { DeviceDocument } from '../../kit/src/devices/device-document.ts';
import { healing, tokenList } from '../../kit/src/devices/token-list.ts';

/** Everything that is wrong, one sentence each; empty if array and device records agree. */
export async function ownershipFaults(db: Firestore): Promise<string[]> {
  const [users, devices] = await Promise.all([
    db.collection('users').get(),
    db.collection('devices').get(),
  ]);
  const faults: string[] = [];
  const holderOf = new Map<string, string>();
  const deviceOf = new Map<string, string>();
  for (const user of users.docs) {
    const tokens: unknown = user.get('tokens');
    const { remove } = healing(tokens);
    if (remove.length > 0) faults.push(`${user.id} has entries to be merged: ${remove.join(', ')}`);
    for (const address of tokenList(tokens).addresses) {
      const other = deviceOf.get(deviceKey(address));
      if (other !== undefined)
        faults.push(`the device of ${address} is in the arrays of ${other} and ${user.id}`);
      deviceOf.set(deviceKey(address), user.id);
      holderOf.set(address, user.id);
    }
  }
  const recorded = new Set<string>();
  for (const device of devices.docs) {
    const { address, uid, kind, refreshedAt, createdAt, topics, refreshedBy } =
      device.data() as DeviceDocument;
    recorded.add(address);
    if (device.id !== addressId(address)) faults.push(`${address} is recorded under a wrong id`);
    if (kind !== addressKind(address)) faults.push(`${address} is recorded as ${kind}`);
    if (holderOf.get(address) !== uid) {
      const holder = holderOf.get(address) ?? 'nobody';
      faults.push(`${address} is ${uid}'s on record, but in the array of ${holder}`);
    }
    if (createdAt.toMillis() > refreshedAt.toMillis()) {
      faults.push(`${address} was refreshed before it was created`);
    }
    if (!Array.isArray(topics) || !['call', 'array'].includes(refreshedBy)) {
      faults.push(`the record of ${address} lacks fields`);
    }
  }
  for (const [address, uid] of holderOf) {
    if (!recorded.has(address)) faults.push(`${address} of ${uid} has no record`);
  }
  return faults;
}
