import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { ApnsKeyError, appleId, parseApnsKey } from './key';

function pemOf(options: { namedCurve: string } | { modulusLength: number }): string {
  const { privateKey } =
    'namedCurve' in options
      ? generateKeyPairSync('ec', options)
      : generateKeyPairSync('rsa', options);
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

const GOOD = pemOf({ namedCurve: 'P-256' });
const BASE64 = GOOD.split('\n').slice(1, -2).join('');

function messageOf(text: string | undefined): string {
  try {
    parseApnsKey(text);
  } catch (error) {
    if (error instanceof ApnsKeyError) return error.message;
    throw error;
  }
  throw new Error('it was taken');
}

describe('parseApnsKey', () => {
  it.each([
    ['as the file has it', GOOD],
    ['with Windows line ends', GOOD.replaceAll('\n', '\r\n')],
    ['on one line, as a prompt takes it', GOOD.replaceAll('\n', ' ')],
    ['with its line breaks written out, as JSON has them', JSON.stringify(GOOD).slice(1, -1)],
    ['with text around it', `Key for production\n${GOOD}\n`],
  ])('takes a key %s', (_how, text) => {
    expect(parseApnsKey(text).asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
  });

  it.each<[string, string | undefined, RegExp]>([
    ['absent', undefined, /got nothing/],
    ['blank', ' \n', /got nothing/],
    ['a path', './AuthKey_ABC123DEFG.p8', /expected a PEM header .* got a text of 23 characters/],
    ['the base64 alone', BASE64, /expected a PEM header/],
    ['encrypted', GOOD.replaceAll('PRIVATE KEY', 'ENCRYPTED PRIVATE KEY'), /an encrypted private/],
    ['a certificate', GOOD.replaceAll('PRIVATE KEY', 'CERTIFICATE'), /got that of a certificate/],
    ['some other PEM', GOOD.replaceAll('PRIVATE KEY', 'SECRET 5'), /got that of another kind/],
    ['without its footer', GOOD.slice(0, 120), /expected a PEM footer/],
    ['with a damaged line', GOOD.replace(BASE64.slice(0, 4), 'M%$!'), /expected base64/],
    [
      'empty inside',
      '-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----',
      /expected base64 .* got other characters or nothing/,
    ],
    ['with a line missing', GOOD.replace(BASE64.slice(0, 64), ''), /expected a PKCS#8 private key/],
    ['RSA', pemOf({ modulusLength: 1024 }), /curve P-256, got rsa;/],
    ['of another curve', pemOf({ namedCurve: 'P-384' }), /curve P-256, got ec secp384r1;/],
  ])('says what is wrong with a key that is %s', (_what, text, expected) => {
    expect(messageOf(text)).toMatch(expected);
  });

  it('says how to set it', () => {
    expect(messageOf('nonsense')).toContain('firebase functions:secrets:set APNS_KEY');
  });

  it('never repeats any part of the key, however it is damaged', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: GOOD.length }),
        fc.nat({ max: 60 }),
        fc.string({ maxLength: 3 }),
        (at, length, insert) => {
          const damaged = GOOD.slice(0, at) + insert + GOOD.slice(at + length);
          let message = '';
          try {
            parseApnsKey(damaged);
          } catch (error) {
            expect(error).toBeInstanceOf(ApnsKeyError);
            message = (error as Error).message;
          }
          for (let start = 0; start + 8 <= BASE64.length; start += 4) {
            expect(message).not.toContain(BASE64.slice(start, start + 8));
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('appleId', () => {
  it('takes ten capital letters and digits, also with a line break after them', () => {
    expect(appleId('APNS_KEY_ID', 'ABC123DEFG\n')).toBe('ABC123DEFG');
  });

  it.each([
    ['', 'got nothing'],
    ['ABC', 'got 3 characters'],
    ['abc123defg', 'got 10 characters, not all A–Z or 0–9'],
  ])('refuses "%s" and says what was expected', (value, got) => {
    expect(() => appleId('APNS_TEAM_ID', value)).toThrow(
      new RegExp(`^APNS_TEAM_ID: expected 10 capital letters and digits.*${got};`),
    );
  });

  it('does not repeat what it refuses: it may be a key in the wrong place', () => {
    let message = '';
    try {
      appleId('APNS_KEY_ID', BASE64);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain(`got ${BASE64.length} characters`);
    expect(message).not.toContain(BASE64.slice(0, 8));
  });
});
