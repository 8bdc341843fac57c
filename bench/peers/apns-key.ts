/** A made-up key to sign provider tokens with, as Apple would give one. */

import { generateKeyPairSync } from 'node:crypto';

export const KEY_ID = 'ABCDE12345';
export const TEAM_ID = 'TEAM123456';

/** PKCS#8 PEM of a fresh P-256 key. */
export function apnsKey(): string {
  return generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey;
}
