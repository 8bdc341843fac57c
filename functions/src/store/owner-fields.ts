/**
 * The fields of a device record that say whose it is; pure. The device's facts are the app's own words, and come on top.
 */
import type { Timestamp } from '@google-cloud/firestore';
import type { AddressKind } from '../providers/address';
import type { DeviceDocument } from './schema';

/**
 * Fields for `uid` as the owner, as of `refreshedAt`.
 *
 * @param known the record so far; a new owner keeps its age and its history, but no topics.
 * @param losers how many users had the address until now; with any, the device has changed hands.
 */
export function ownerFields(
  uid: string,
  address: string,
  kind: AddressKind,
  known: DeviceDocument | undefined,
  refreshedAt: Timestamp,
  losers: number,
) {
  const takeovers = (known?.takeovers ?? 0) + (losers > 0 ? 1 : 0);
  const takenOverAt = losers > 0 ? refreshedAt : known?.takenOverAt;
  return {
    uid,
    address,
    kind,
    refreshedAt,
    createdAt: known?.createdAt ?? refreshedAt,
    ...(known?.uid === uid ? {} : { topics: [] }),
    ...(takenOverAt === undefined ? {} : { takeovers, takenOverAt }),
  };
}
