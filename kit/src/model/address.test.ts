import fc from 'fast-check';
import {
  addressId,
  addressKind,
  deviceKey,
  fingerprint,
  installationOf,
  isExpoPushToken,
  MAX_ADDRESS_LENGTH,
  normaliseAddress,
  otherSpellings,
} from './address';

const RUNS = { seed: 20_261_122, numRuns: 300 };
const hex = (units: string, length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...units), minLength: length, maxLength: length });
const urlSafe = fc.constantFrom(
  ...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_',
);
const printable = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));

describe('addressKind', () => {
  it.each([
    ['a'.repeat(64), 'apns'],
    ['0123456789abcdefABCDEF'.repeat(4).slice(0, 64), 'apns'],
    ['f'.repeat(160), 'apns'],
    ['f'.repeat(65), 'fcm'],
    ['f'.repeat(62), 'fcm'],
    ['cXyZ_-0123456789abcdef', 'fid'],
    ['fAAAAAAAAAAAAAAAAAAAAA', 'fid'],
    ['gAAAAAAAAAAAAAAAAAAAAA', 'fcm'],
    ['cAAAAAAAAAAAAAAAAAAAA', 'fcm'],
    ['cAAAAAAAAAAAAAAAAAAAAAA', 'fcm'],
    ['cXyZ_-0123456789abcdef:APA91bHun4MxP5egoKMwt2KZFBaFUH', 'fcm'],
    ['"\\}', 'fcm'],
  ])('takes %j for %s', (address, kind) => {
    expect(addressKind(address)).toBe(kind);
  });

  it.each([
    '',
    ' ',
    'a b',
    'a\n',
    'a\tb',
    'é',
    '😀',
    'x'.repeat(MAX_ADDRESS_LENGTH + 1),
    'f'.repeat(4098),
    'ExponentPushToken[abc]',
    'ExpoPushToken[abc]',
    undefined,
    null,
    7,
    ['a'],
    { toString: () => 'a' },
  ])('takes %j for no address', (value) => {
    expect(addressKind(value)).toBeUndefined();
  });

  it('takes even hex of 64 or more characters for an APNs token, and no other', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 32, max: 100 }).chain((n) => hex('0123456789abcdefABCDEF', 2 * n)),
        urlSafe,
        (token, character) => {
          expect(addressKind(token)).toBe('apns');
          expect(addressKind(token + character)).toBe('fcm');
          expect(addressKind(`${token}:x`)).toBe('fcm');
        },
      ),
      RUNS,
    );
  });

  it('takes 22 URL-safe characters that begin with c, d, e or f for an installation id', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('c', 'd', 'e', 'f'),
        fc.string({ unit: urlSafe, minLength: 21, maxLength: 21 }),
        urlSafe,
        (first, rest, more) => {
          expect(addressKind(first + rest)).toBe('fid');
          expect(addressKind(first + rest + more)).toBe('fcm');
          expect(addressKind(`b${rest}`)).toBe('fcm');
        },
      ),
      RUNS,
    );
  });

  it('has exactly one kind for every printable string without spaces, and none for others', () => {
    fc.assert(
      fc.property(fc.string({ unit: printable, minLength: 1, maxLength: 300 }), (address) => {
        expect(['apns', 'fid', 'fcm']).toContain(addressKind(address));
        expect(addressKind(`${address} `)).toBeUndefined();
        expect(addressKind(`${address}é`)).toBeUndefined();
      }),
      RUNS,
    );
  });

  it('is quick with hostile lengths', () => {
    expect(addressKind('a'.repeat(10_000_000))).toBeUndefined();
    expect(addressKind(`${'a'.repeat(MAX_ADDRESS_LENGTH - 1)}g`)).toBe('fcm');
  });
});

describe('names of an address', () => {
  it('are its SHA-256, and the beginning of it', () => {
    const id = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(addressId('abc')).toBe(id);
    expect(fingerprint('abc')).toBe(id.slice(0, 16));
  });
});

describe('normaliseAddress', () => {
  const HEX = 'ab'.repeat(32);

  it.each<[string, unknown, string | undefined]>([
    ['hex to lower case', HEX.toUpperCase(), HEX],
    ['nothing of a token, where case matters', 'A:APA91B', 'A:APA91B'],
    ['nothing of hex that is no device token', 'AB'.repeat(31), 'AB'.repeat(31)],
    ['nothing of hex of odd length', `${'AB'.repeat(32)}A`, `${'AB'.repeat(32)}A`],
    ['what is no address to nothing', 'two words', undefined],
    ['what is too long for an index to nothing', 'x'.repeat(1500), undefined],
    ['no number', 7, undefined],
  ])('changes %s', (_name, raw, address) => {
    expect(normaliseAddress(raw)).toBe(address);
  });

  it('has one answer for all spellings of one APNs token, and changes it no more', () => {
    const cases = fc.array(fc.boolean(), { minLength: 64, maxLength: 160 });
    fc.assert(
      fc.property(hex('0123456789abcdef', 64), cases, (token, upper) => {
        const spelling = [...token].map((c, at) => (upper[at] ? c.toUpperCase() : c)).join('');
        expect(normaliseAddress(spelling)).toBe(token);
        expect(addressKind(spelling)).toBe('apns');
        expect([token, ...otherSpellings(token)]).toContain(token.toUpperCase());
      }),
      RUNS,
    );
  });

  it('keeps every address below what Firestore indexes of a string: 1,500 bytes with its end', () => {
    expect(Buffer.byteLength('x'.repeat(MAX_ADDRESS_LENGTH)) + 1).toBeLessThanOrEqual(1500);
  });
});

describe('installationOf', () => {
  const FID = 'cAbCdEfGhIjKlMnOpQrStU';

  it.each([
    [FID, FID],
    [`${FID}:APA91b`, FID],
    [`${FID}:`, FID],
    [`${FID}:a:b`, FID],
    [`${FID}x`, undefined],
    [`${FID}x:APA91b`, undefined],
    [`b${FID.slice(1)}:APA91b`, undefined],
    ['phone:APA91b', undefined],
    ['a1'.repeat(32), undefined],
  ])('of %s is %s', (address, installation) => {
    expect(installationOf(address)).toBe(installation);
    expect(deviceKey(address)).toBe(installation ?? address);
  });
});

describe('isExpoPushToken', () => {
  it('knows both spellings, and no others', () => {
    expect(['ExponentPushToken[a]', 'ExpoPushToken[a]'].every(isExpoPushToken)).toBe(true);
    expect(['cExponentPushToken[a]', 'Exponent:APA91b'].some(isExpoPushToken)).toBe(false);
  });
});
