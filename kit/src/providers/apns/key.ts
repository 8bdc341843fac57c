/**
 * Reads what Apple gave the operator: the `.p8` key and the ids that go with it. Says which part is wrong, never what it holds.
 */
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { own } from '../../model/own';

const HOW = 'set it with: firebase functions:secrets:set APNS_KEY --data-file AuthKey_<key id>.p8';

/** What else people have in PEM files, so that the message can name it; any other text is not repeated. */
const MISTAKEN_FOR: Readonly<Record<string, string>> = {
  'ENCRYPTED PRIVATE KEY':
    'an encrypted private key, which Apple does not give out: remove its password',
  'RSA PRIVATE KEY': 'an RSA key',
  'EC PARAMETERS': 'the parameters of a curve',
  'PUBLIC KEY': 'a public key',
  CERTIFICATE:
    'a certificate: token authentication needs the key (.p8), not the certificate (.p12, .pem)',
};

/** A key or id cannot be used; the message says which part is wrong. */
export class ApnsKeyError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ApnsKeyError';
  }
}

/**
 * The private key in the text of a `.p8` file. Line breaks may be lost or written as `\n`, as happens when it is pasted.
 *
 * @throws {ApnsKeyError} naming the part that is wrong: PEM header or footer, base64, PKCS#8, or the kind of key.
 */
export function parseApnsKey(text: string | undefined): KeyObject {
  if (text === undefined || text.trim() === '') {
    throw new ApnsKeyError(`APNS_KEY: expected the text of Apple's .p8 file, got nothing; ${HOW}`);
  }
  const der = derOf(text.replaceAll('\\r', '').replaceAll('\\n', '\n'));
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  } catch {
    // OpenSSL's words would not help, and might quote.
    throw new ApnsKeyError(
      `APNS_KEY: expected a PKCS#8 private key, got ${der.length} bytes that are not a valid key: the file may be cut off; ${HOW}`,
    );
  }
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (key.asymmetricKeyType !== 'ec' || curve !== 'prime256v1') {
    throw new ApnsKeyError(
      `APNS_KEY: expected an EC key of curve P-256, got ${[key.asymmetricKeyType, curve].filter(Boolean).join(' ')}; ${HOW}`,
    );
  }
  return key;
}

function derOf(pem: string): Buffer {
  const label = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(pem)?.[1];
  if (label === undefined) {
    throw new ApnsKeyError(
      `APNS_KEY: expected a PEM header "-----BEGIN PRIVATE KEY-----", got a text of ${pem.length} characters without one; ${HOW}`,
    );
  }
  if (label !== 'PRIVATE KEY') {
    const got = own(MISTAKEN_FOR, label) ?? 'another kind of PEM';
    throw new ApnsKeyError(
      `APNS_KEY: expected the PEM header "-----BEGIN PRIVATE KEY-----", got that of ${got}; ${HOW}`,
    );
  }
  const base64 = /-----BEGIN PRIVATE KEY-----([^-]*)-----END PRIVATE KEY-----/
    .exec(pem)?.[1]
    ?.replaceAll(/\s/g, '');
  if (base64 === undefined) {
    throw new ApnsKeyError(
      `APNS_KEY: expected a PEM footer "-----END PRIVATE KEY-----" after the key, got none: the file may be cut off; ${HOW}`,
    );
  }
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) {
    throw new ApnsKeyError(
      `APNS_KEY: expected base64 between PEM header and footer, got other characters or nothing; ${HOW}`,
    );
  }
  return Buffer.from(base64, 'base64');
}

/**
 * A key id or team id, as Apple writes them: 10 capital letters and digits.
 *
 * @param name of the setting, for the message.
 * @throws {ApnsKeyError} without the value: it may be a key in the wrong place.
 */
export function appleId(name: string, value: string): string {
  const trimmed = value.trim();
  if (!/^[A-Z0-9]{10}$/.test(trimmed)) {
    const got =
      trimmed === ''
        ? 'nothing'
        : `${trimmed.length} characters${trimmed.length === 10 ? ', not all A–Z or 0–9' : ''}`;
    throw new ApnsKeyError(
      `${name}: expected 10 capital letters and digits, as developer.apple.com shows them, got ${got}; set it in functions/.env`,
    );
  }
  return trimmed;
}

/** A key for a simulator, which takes any. */
export function simulatedKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}
