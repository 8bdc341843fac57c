/**
 * The fields of a device record that say whose it is; pure. The device's facts are the app's own words, and come on top.
 */
import { Timestamp, type FieldValue } from '@google-cloud/firestore';
import { fingerprint, type AddressKind } from '../model/address';
import type { DeviceDocument } from './device-document';

/** Former owners that a record remembers. */
const MAX_FORMER_OWNERS = 5;
/** How long whoever lost a device may have it back without that counting as taking it over. */
const WAY_BACK_MS = 30 * 24 * 60 * 60 * 1000;
/** Replaced addresses that a record remembers: a phone seldom gets a new one while a push waits for its retry. */
const MAX_REPLACED = 5;

const FACTS = [
  'platform',
  'appId',
  'appVersion',
  'locale',
  'timeZone',
  'environment',
  'experienceId',
] as const;

export interface Owning {
  readonly uid: string;
  readonly address: string;
  readonly kind: AddressKind;
  /** The record so far, of this address or of another of the same device. */
  readonly known: DeviceDocument | undefined;
  readonly refreshedAt: Timestamp | FieldValue;
  /** Whether somebody loses the device by this. */
  readonly isTakeover: boolean;
  /** ms since 1970. */
  readonly now: number;
}

/** Fields for a device's owner. A new owner keeps the record's age and history, but no topics. */
export function ownerFields({ uid, address, kind, known, refreshedAt, isTakeover, now }: Owning) {
  const takeovers = (known?.takeovers ?? 0) + (isTakeover ? 1 : 0);
  const takenOverAt = isTakeover ? refreshedAt : known?.takenOverAt;
  const formerOwners = formerOwnersAfter(known, uid, now);
  return {
    uid,
    address,
    kind,
    refreshedAt,
    createdAt: known?.createdAt ?? refreshedAt,
    ...(known?.uid === uid ? {} : { topics: [] }),
    ...(takenOverAt === undefined ? {} : { takeovers, takenOverAt }),
    ...(formerOwners.length === 0 ? {} : { formerOwners }),
  };
}

/** Whether a user had the device so recently that it comes back to them free. */
export function isReturning(known: DeviceDocument | undefined, uid: string, now: number): boolean {
  const former = known?.formerOwners?.find((owner) => owner.uid === uid);
  return former !== undefined && now - former.lostAt.toMillis() < WAY_BACK_MS;
}

/** What apps have told of a device, to go along when its record moves to another of its addresses. */
export function factsOf(known: DeviceDocument | undefined): Partial<DeviceDocument> {
  return Object.fromEntries(
    FACTS.flatMap((fact) => (known?.[fact] === undefined ? [] : [[fact, known[fact]]])),
  );
}

/** Topics of all these records, each once. */
export function topicsOf(records: readonly DeviceDocument[]): readonly string[] {
  return [...new Set(records.flatMap(({ topics }) => topics ?? []))];
}

/** Fingerprints of what an address replaced: these addresses, then what they or its own record had replaced before. */
export function replacedBy(
  address: string,
  replaced: readonly string[],
  records: readonly DeviceDocument[],
): readonly string[] {
  const all = new Set([
    ...replaced.map(fingerprint),
    ...records.flatMap((record) => record.replaces ?? []),
  ]);
  all.delete(fingerprint(address));
  return [...all].slice(0, MAX_REPLACED);
}

function formerOwnersAfter(known: DeviceDocument | undefined, uid: string, now: number) {
  const former = known?.formerOwners ?? [];
  const lost =
    known === undefined || known.uid === uid
      ? []
      : [{ uid: known.uid, lostAt: Timestamp.fromMillis(now) }];
  const names = new Set([uid, ...lost.map((owner) => owner.uid)]);
  return [...lost, ...former.filter((owner) => !names.has(owner.uid))].slice(0, MAX_FORMER_OWNERS);
}
