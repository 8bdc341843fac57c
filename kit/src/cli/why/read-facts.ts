/** Reads how a person, a document and devices stand now; never an address. */
import {
  FieldPath,
  Timestamp,
  type DocumentData,
  type QueryDocumentSnapshot,
} from '@google-cloud/firestore';
import { addressId, normaliseAddress, type AddressKind } from '../../model/address';
import { own } from '../../model/own';
import { redact } from '../../model/redact';
import { inTodaysWords } from '../../outbox/accepted';
import { withoutForgeries } from '../../outbox/fields';
import { PUSH_STATES } from '../../outbox/push-document';
import { tokenList } from '../../devices/token-list';
import type { Collections } from '../../store/collections';
import type { DeviceRecord, DocumentFacts, PersonFacts, PushFacts } from './record';

/** Of `devices/{id}`. Not the address. */
const DEVICE_FIELDS = ['uid', 'kind', 'platform', 'topics', 'refreshedAt'];
/** Of one person; the limit of addresses is far below. */
const MAX_DEVICES = 100;
/** Devices that are looked up by their fingerprints, at the most. */
const MAX_LOOKED_UP = 60;
/** Characters of a record's id that are its fingerprint. */
const FINGERPRINT_LENGTH = 16;
/** Comes after everything that begins alike. */
const LAST = '\uf8ff';

export async function readPerson(collections: Collections, uid: string): Promise<PersonFacts> {
  const { names, devices } = collections;
  const mask = [names.tokensField, 'notificationSettings'];
  const [[user], records] = await Promise.all([
    collections.db.getAll(collections.user(uid), { fieldMask: mask }),
    devices
      .where('uid', '==', uid)
      .select(...DEVICE_FIELDS)
      .limit(MAX_DEVICES)
      .get(),
  ]);
  const tokens = collections.tokensOf(user);
  const { addresses, unknown } = tokenList(tokens);
  const muted: unknown = user?.get('notificationSettings');
  const known = records.docs.map(deviceRecord);
  const isKnown = new Set(known.map(({ fingerprint }) => fingerprint));
  // An app may have written an address that has no record yet: a device all the same.
  const unrecorded = addresses.flatMap((address) => {
    const fingerprint = fingerprintOf(addressId(normaliseAddress(address) ?? address));
    return isKnown.has(fingerprint) ? [] : [{ fingerprint, uid, topics: [] }];
  });
  return {
    uid,
    hasDocument: user?.exists === true,
    addresses: addresses.length,
    notAddresses: tokens === undefined || Array.isArray(tokens) ? unknown : 1,
    muted: Object.keys(typeof muted === 'object' && muted !== null ? muted : {})
      .filter((kind) => own(muted, kind) === false)
      .sort(),
    devices: [...known, ...unrecorded],
  };
}

export async function readDocument(collections: Collections, path: string): Promise<DocumentFacts> {
  const found = await collections.db.doc(path).get();
  const isPush = path.startsWith(`${collections.names.pushes}/`);
  return {
    path,
    exists: found.exists,
    ...(found.createTime === undefined ? {} : { createdAt: found.createTime.toMillis() }),
    ...(isPush && found.exists ? { push: pushOf(found.data() ?? {}) } : {}),
  };
}

/** What the server says of a push, and nothing that its sender wrote: it may list addresses. */
function pushOf(data: DocumentData): PushFacts {
  const { state, error, errors, accepted, note } = withoutForgeries(inTodaysWords(data));
  return {
    state: PUSH_STATES.find((each) => each === state) ?? 'pending',
    ...(typeof error === 'string' ? { error: redact(error) } : {}),
    ...(typeof errors === 'object' && errors !== null
      ? { errors: Object.entries(errors).map(([field, what]) => redact(`${field}: ${what}`)) }
      : {}),
    ...(accepted === undefined ? {} : { dueAt: accepted.dueAt.toMillis() }),
    ...(typeof note === 'string' ? { note } : {}),
  };
}

/** The devices of these fingerprints that have a record, as far as they are few. */
export async function readDevices(
  { devices }: Collections,
  fingerprints: readonly string[],
): Promise<DeviceRecord[]> {
  const wanted = fingerprints.filter((each) => /^[0-9a-f]{16}$/.test(each)).slice(0, MAX_LOOKED_UP);
  const found = await Promise.all(
    wanted.map((each) =>
      devices
        .where(FieldPath.documentId(), '>=', each)
        .where(FieldPath.documentId(), '<', `${each}${LAST}`)
        .select(...DEVICE_FIELDS)
        .limit(1)
        .get(),
    ),
  );
  return found.flatMap(({ docs }) => docs.map(deviceRecord));
}

function deviceRecord(found: QueryDocumentSnapshot): DeviceRecord {
  const uid: unknown = found.get('uid');
  const kind: unknown = found.get('kind');
  const platform: unknown = found.get('platform');
  const topics: unknown = found.get('topics');
  const refreshedAt: unknown = found.get('refreshedAt');
  return {
    fingerprint: fingerprintOf(found.id),
    topics: Array.isArray(topics) ? topics.map(String) : [],
    ...(typeof uid === 'string' ? { uid } : {}),
    ...(isKind(kind) ? { kind } : {}),
    ...(typeof platform === 'string' ? { platform } : {}),
    ...(refreshedAt instanceof Timestamp ? { refreshedAt: refreshedAt.toMillis() } : {}),
  };
}

function fingerprintOf(recordId: string): string {
  return recordId.slice(0, FINGERPRINT_LENGTH);
}

function isKind(value: unknown): value is AddressKind {
  return value === 'apns' || value === 'fid' || value === 'fcm';
}
