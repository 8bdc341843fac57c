import { generateSigningKey, KEY_ID, providerToken, TEAM_ID } from '../testing/apns-client.ts';
import { ApnsKeys } from './provider-token.ts';

const NOW = Date.UTC(2026, 0, 2);
const issuedAt = NOW / 1000;
const key = generateSigningKey();
const known = { keyId: KEY_ID, teamId: TEAM_ID, publicKeyPem: key.publicKeyPem };

const judge = (keys: ApnsKeys, token: string) => {
  const judged = keys.judge(`bearer ${token}`, NOW);
  return typeof judged === 'string' ? judged : 'taken';
};
const token = (options: Parameters<typeof providerToken>[0] = {}) =>
  providerToken({ key, issuedAt, ...options });

describe('a provider token', () => {
  const keys = new ApnsKeys();

  it.each([undefined, '', 'bearer', 'Basic abc', token()])(
    'is missing where the header is no bearer: %s',
    (authorization) => {
      expect(keys.judge(authorization, NOW)).toBe('MissingProviderToken');
    },
  );

  it.each<[string, string]>([
    ['of another algorithm', token({ header: { alg: 'HS256' } })],
    ['without a key id', token({ header: { kid: undefined } })],
    ['with a key id that is none', token({ header: { kid: 'short' } })],
    ['without a team', token({ claims: { iss: undefined } })],
    ['with a team that is none', token({ claims: { iss: 'team123456' } })],
    ['without a time', token({ claims: { iat: undefined } })],
    ['whose time is text', token({ claims: { iat: String(issuedAt) } })],
    ['from more than an hour ahead', token({ issuedAt: issuedAt + 3601 })],
    ['signed in DER', token({ dsaEncoding: 'der' })],
    ['without a signature', token().split('.').slice(0, 2).join('.')],
    ['of four parts', `${token()}.x`],
    ['that is none', 'nonsense'],
    ['of JSON that is no object', `${Buffer.from('1').toString('base64url')}.e30.e30`],
  ])('is invalid %s', (_what, text) => {
    expect(judge(keys, text)).toBe('InvalidProviderToken');
  });

  it('lasts an hour', () => {
    expect(judge(keys, token({ issuedAt: issuedAt - 3600 }))).toBe('taken');
    expect(judge(keys, token({ issuedAt: issuedAt - 3601 }))).toBe('ExpiredProviderToken');
  });

  it('may be signed by anybody while no key is known', () => {
    expect(judge(new ApnsKeys(), token({ key: generateSigningKey() }))).toBe('taken');
  });

  it('must be signed by a key that is known, of its team, once there is one', () => {
    const strict = new ApnsKeys();
    strict.put(known);
    expect(judge(strict, token())).toBe('taken');
    expect(judge(strict, token({ key: generateSigningKey() }))).toBe('InvalidProviderToken');
    expect(judge(strict, token({ header: { kid: 'OTHER12345' } }))).toBe('InvalidProviderToken');
    expect(judge(strict, token({ claims: { iss: 'OTHER12345' } }))).toBe('InvalidProviderToken');
  });
});
