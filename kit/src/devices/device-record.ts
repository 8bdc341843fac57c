/**
 * Reads a document of `devices` as a device's record; the one place that does.
 *
 * The name is a common one: an app's own `devices/{anything}` may stand in the same collection, and people edit records by hand. So a
 * document is a record only where its id is that of its address. All others are the app's: never counted, changed or deleted.
 */
import { Timestamp, type DocumentSnapshot } from '@google-cloud/firestore';
import { isDocumentId } from '../model/document-id';
import { addressId, addressKind } from '../model/address';
import type { DeviceDocument } from './device-document';

/**
 * The record, with each field of the type that it should have; undefined for a document that is not there or is no record. What is
 * odd counts as not told; without a time of its own a record is as old as its last write.
 */
export function deviceRecord(found: DocumentSnapshot): DeviceDocument | undefined {
  const data = found.data() as Partial<Record<keyof DeviceDocument, unknown>> | undefined;
  if (data === undefined) return undefined;
  const { uid, address } = data;
  const kind = addressKind(address);
  if (kind === undefined || typeof address !== 'string' || addressId(address) !== found.id) {
    return undefined;
  }
  // It leads to a user's document: "a/b/c" would lead to one below another user.
  if (!isDocumentId(uid)) return undefined;
  const { takenOverAt, takeovers, formerOwners, replaces, foundDeadAt, ...others } = data;
  const refreshedAt = timeOf(data.refreshedAt) ?? found.updateTime ?? Timestamp.fromMillis(0);
  return {
    ...(others as DeviceDocument),
    ...{ uid, address, kind, refreshedAt },
    createdAt: timeOf(data.createdAt) ?? refreshedAt,
    topics: listOf(data.topics, isString),
    ...(isTime(takenOverAt) ? { takenOverAt } : {}),
    ...(typeof takeovers === 'number' ? { takeovers } : {}),
    ...(formerOwners === undefined ? {} : { formerOwners: listOf(formerOwners, isFormerOwner) }),
    ...(replaces === undefined ? {} : { replaces: listOf(replaces, isString) }),
    ...(isTime(foundDeadAt) ? { foundDeadAt } : {}),
  };
}

/** A value that should be a time, if it is one. */
export function timeOf(value: unknown): Timestamp | undefined {
  return isTime(value) ? value : undefined;
}

function isTime(value: unknown): value is Timestamp {
  return value instanceof Timestamp;
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isFormerOwner(
  value: unknown,
): value is NonNullable<DeviceDocument['formerOwners']>[number] {
  if (typeof value !== 'object' || value === null) return false;
  const { uid, lostAt } = value as { uid?: unknown; lostAt?: unknown };
  return typeof uid === 'string' && isTime(lostAt);
}

function listOf<T>(value: unknown, isOne: (item: unknown) => item is T): readonly T[] {
  return Array.isArray(value) ? (value as unknown[]).filter(isOne) : [];
}
