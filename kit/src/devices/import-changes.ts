/**
 * What a write to a team's document did to the addresses in it, and what of that still holds; pure.
 */
import { isDeepStrictEqual } from 'node:util';
import { deviceKey } from '../model/address';
import type { DocumentId } from '../model/document-id';
import type { ImportedAddress, ImportState } from './import-state';

/** Addresses that an owner has, or has no more. */
export interface OwnedAddresses<Address> {
  readonly owner: DocumentId;
  readonly addresses: readonly Address[];
}

export interface ImportChanges {
  /** Addresses that came in, or of which the document says something new. */
  readonly added: OwnedAddresses<ImportedAddress> | undefined;
  /** Addresses that went. */
  readonly removed: OwnedAddresses<string> | undefined;
}

/**
 * Compares two states. A state that could not be read completely takes nothing away: nobody knows what else is in it.
 *
 * @param maxAddresses that a user may have: of more in one document the last ones count, as apps append.
 */
export function importChanges(
  before: ImportState,
  after: ImportState,
  maxAddresses: number,
): ImportChanges {
  const isSame = before.owner === after.owner;
  const old = new Map(
    (isSame ? latest(before, maxAddresses) : []).map((each) => [each.address, each]),
  );
  const cameIn = latest(after, maxAddresses).filter(
    (each) => !isDeepStrictEqual(old.get(each.address), each),
  );
  const staying = isSame ? devicesOf(after) : new Set();
  const wentOut =
    after.fault === undefined
      ? before.addresses.filter(({ address }) => !staying.has(deviceKey(address)))
      : [];
  return {
    added: owned(after.owner, cameIn),
    removed: owned(
      before.owner,
      wentOut.map(({ address }) => address),
    ),
  };
}

/** What of the changes is so at present; with what the document says of a device now. */
export function stillHolding(
  { added, removed }: ImportChanges,
  present: ImportState,
  maxAddresses: number,
): ImportChanges {
  const wanted = new Set(added?.addresses.map(({ address }) => address));
  const there = added?.owner === present.owner ? latest(present, maxAddresses) : [];
  const devices = removed?.owner === present.owner ? devicesOf(present) : new Set();
  const gone = removed?.addresses.filter((address) => !devices.has(deviceKey(address))) ?? [];
  return {
    added: owned(
      added?.owner,
      there.filter(({ address }) => wanted.has(address)),
    ),
    removed: owned(removed?.owner, present.fault === undefined ? gone : []),
  };
}

export function isUnchanged({ added, removed }: ImportChanges): boolean {
  return added === undefined && removed === undefined;
}

/** The last addresses of a document, as many as a user may have. */
export function latest({ addresses }: ImportState, max: number): readonly ImportedAddress[] {
  return addresses.slice(Math.max(0, addresses.length - max));
}

/** The devices in a state, whatever address names them. */
export function devicesOf({ addresses }: ImportState): ReadonlySet<string> {
  return new Set(addresses.map(({ address }) => deviceKey(address)));
}

function owned<Address>(
  owner: DocumentId | undefined,
  addresses: readonly Address[],
): OwnedAddresses<Address> | undefined {
  return owner === undefined || addresses.length === 0 ? undefined : { owner, addresses };
}
