/**
 * Reads one address: its spelling, its kind and the phone behind it, from the string alone, so that apps may `arrayUnion`
 * whatever their SDK gave them.
 *
 * Invariant: every way in spells an address as {@link normaliseAddress} does, so that one device has one name everywhere.
 */
import { createHash } from 'node:crypto';

/** What an address is, told from its text: an APNs device token, a Firebase installation id, or an FCM registration token. */
export type AddressKind = 'apns' | 'fid' | 'fcm';

/**
 * Longest address, in characters, which are bytes: all are ASCII. Firestore indexes the first 1,500 bytes of a value, one of
 * which ends a string. Of two longer ones a query could not tell who has which, and both users would own the address.
 */
export const MAX_ADDRESS_LENGTH = 1499;

const APNS_TOKEN = /^(?:[0-9a-fA-F]{2}){32,}$/;
/** Firebase installation id: 22 URL-safe base64 characters, the first of c, d, e, f (@firebase/installations). */
const INSTALLATION_ID = /^[cdef][\w-]{21}$/;
const INSTALLATION_ID_LENGTH = 22;
const PRINTABLE_ASCII = /^[!-~]+$/;
const EXPO_PUSH_TOKEN = /^Expo(?:nent)?PushToken\[/;

/**
 * The address as it is kept and compared, or `undefined` for what cannot be one: not a string, empty, too long, with spaces or
 * non-ASCII characters, or Expo's.
 *
 * Apple's device tokens are bytes written in hex: `AB` and `ab` are the same, so hex is kept in lower case. Everything else is
 * opaque, and case matters.
 */
export function normaliseAddress(raw: unknown): string | undefined {
  if (!isAddress(raw)) return undefined;
  return APNS_TOKEN.test(raw) ? raw.toLowerCase() : raw;
}

/** The kind of an address in any spelling, or `undefined` if {@link normaliseAddress} takes it for none. */
export function addressKind(address: unknown): AddressKind | undefined {
  if (!isAddress(address)) return undefined;
  if (APNS_TOKEN.test(address)) return 'apns';
  return INSTALLATION_ID.test(address) ? 'fid' : 'fcm';
}

function isAddress(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > MAX_ADDRESS_LENGTH) return false;
  return PRINTABLE_ASCII.test(value) && !isExpoPushToken(value);
}

/** The Firebase installation that an address reaches: a FID itself, or the part of a token before its colon, if that is one. */
export function installationOf(address: string): string | undefined {
  const isWhole = address.length === INSTALLATION_ID_LENGTH;
  if (!isWhole && address.charAt(INSTALLATION_ID_LENGTH) !== ':') return undefined;
  const id = isWhole ? address : address.slice(0, INSTALLATION_ID_LENGTH);
  return INSTALLATION_ID.test(id) ? id : undefined;
}

/** The same for all addresses of one phone with one app: its installation where that is known, else the address. */
export function deviceKey(address: string): string {
  return installationOf(address) ?? address;
}

/** Spellings of an address that older versions kept beside the normal one, or in place of it. */
export function otherSpellings(address: string): string[] {
  if (!APNS_TOKEN.test(address)) return [];
  const upper = address.toUpperCase();
  return upper === address ? [] : [upper];
}

/** Expo's own tokens look like addresses, but only Expo can send to them. */
export function isExpoPushToken(value: string): boolean {
  return EXPO_PUSH_TOKEN.test(value);
}

/** Stable id of an address's device record: the SHA-256 in hex of its normal spelling. */
export function addressId(address: string): string {
  return createHash('sha256').update(address).digest('hex');
}

/** A short name for an address in logs and the ledger: enough to tell addresses apart, useless to whoever reads it. */
export function fingerprint(address: string): string {
  return addressId(address).slice(0, 16);
}
