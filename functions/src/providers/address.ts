/**
 * Tells an address's kind from the string alone, so that apps may `arrayUnion` whatever their SDK gave them.
 */
import { createHash } from 'node:crypto';

export type AddressKind = 'apns' | 'fid' | 'fcm';

/** Google's advice since GCM: treat registration tokens as opaque, at most 4096 bytes. */
export const MAX_ADDRESS_LENGTH = 4096;

const APNS_TOKEN = /^(?:[0-9a-fA-F]{2}){32,}$/;
/** Firebase installation id: 22 URL-safe base64 characters, the first of c, d, e, f (@firebase/installations). */
const INSTALLATION_ID = /^[cdef][\w-]{21}$/;
const PRINTABLE_ASCII = /^[!-~]+$/;

/** The kind of an address, or `undefined` if it cannot be an address at all (not a string, empty, too long, spaces, non-ASCII). */
export function addressKind(address: unknown): AddressKind | undefined {
  if (typeof address !== 'string' || address.length > MAX_ADDRESS_LENGTH) return undefined;
  if (!PRINTABLE_ASCII.test(address)) return undefined;
  if (APNS_TOKEN.test(address)) return 'apns';
  if (INSTALLATION_ID.test(address)) return 'fid';
  return 'fcm';
}

/** Stable id of an address's device record: its SHA-256 in hex. */
export function addressId(address: string): string {
  return createHash('sha256').update(address).digest('hex');
}

/** A short name for an address in logs and the ledger: enough to tell addresses apart, useless to whoever reads it. */
export function fingerprint(address: string): string {
  return addressId(address).slice(0, 16);
}
