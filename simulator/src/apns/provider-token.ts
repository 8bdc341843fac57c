/**
 * Judges provider tokens, the JSON web tokens of APNs.
 *
 * Source: developer.apple.com/documentation/usernotifications/establishing-a-token-based-connection-to-apns.
 */
import { parseJson } from '../json.ts';
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { ApnsEnvironment } from '../devices.ts';
import type { Reason } from './reasons.ts';

/** The public half of a key that Apple would have given out. */
export interface ApnsKey {
  /** Ten characters, the token's `kid`. */
  readonly keyId: string;
  /** Ten characters, the token's `iss`. */
  readonly teamId: string;
  readonly publicKeyPem: string;
  /** Default: the key is for both. */
  readonly environment?: ApnsEnvironment | undefined;
  /** Bundle ids; default: any of the team's. */
  readonly topics?: readonly string[] | undefined;
}

/** A token that is right. */
export interface ProviderToken {
  /** Its `iat`, seconds since 1970. */
  readonly issuedAt: number;
  readonly keyId: string;
  readonly teamId: string;
  /** The key it was checked with; undefined where none is known, and any signature does. */
  readonly key: ApnsKey | undefined;
}

/** Apple: `iat` must be within one hour of now. */
const MAX_AGE_MS = 60 * 60 * 1000;
/** r and s side by side (RFC 7518, section 3.4); DER would be some 70 bytes. */
const SIGNATURE_BYTES = 64;
const APPLE_ID = /^[A-Z0-9]{10}$/;
const BASE64URL = /^[A-Za-z0-9_-]+$/;

/** Keys by id. While there are none, tokens are checked for all but the signature. */
export class ApnsKeys {
  readonly #keys = new Map<string, { readonly key: ApnsKey; readonly publicKey: KeyObject }>();

  /** Adds a key, or replaces the one of that id. Throws if the PEM is none of an EC P-256 key. */
  put(key: ApnsKey): void {
    const publicKey = createPublicKey(key.publicKeyPem);
    if (publicKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
      const got = publicKey.asymmetricKeyDetails?.namedCurve ?? publicKey.asymmetricKeyType;
      throw new TypeError(`expected an EC key of curve P-256, got ${got}`);
    }
    this.#keys.set(key.keyId, { key, publicKey });
  }

  clear(): void {
    this.#keys.clear();
  }

  /** Judges an `Authorization` header. `now` in milliseconds since 1970. */
  judge(authorization: string | undefined, now: number): ProviderToken | Reason {
    const token = /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return 'MissingProviderToken';
    const [head, claims, signature, ...more] = token.split('.');
    if (more.length > 0) return 'InvalidProviderToken';
    const { alg, kid } = decoded(head);
    const { iss, iat } = decoded(claims);
    if (alg !== 'ES256' || !isAppleId(kid) || !isAppleId(iss) || typeof iat !== 'number') {
      return 'InvalidProviderToken';
    }
    const known = this.#keys.get(kid);
    if (this.#keys.size > 0 && known?.key.teamId !== iss) return 'InvalidProviderToken';
    if (!isSigned(`${head}.${claims}`, signature, known?.publicKey)) return 'InvalidProviderToken';
    const ageMs = now - iat * 1000;
    if (ageMs > MAX_AGE_MS) return 'ExpiredProviderToken';
    if (ageMs < -MAX_AGE_MS) return 'InvalidProviderToken';
    return { issuedAt: iat, keyId: kid, teamId: iss, key: known?.key };
  }
}

function isSigned(
  text: string,
  signature: string | undefined,
  key: KeyObject | undefined,
): boolean {
  if (signature === undefined || !BASE64URL.test(signature)) return false;
  const bytes = Buffer.from(signature, 'base64url');
  if (bytes.length !== SIGNATURE_BYTES) return false;
  if (key === undefined) return true;
  return verify('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }, bytes);
}

function isAppleId(value: unknown): value is string {
  return typeof value === 'string' && APPLE_ID.test(value);
}

function decoded(part: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = parseJson(Buffer.from(part ?? '', 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    // Not JSON: it lacks every claim, and that is what it is refused for.
    return {};
  }
}
