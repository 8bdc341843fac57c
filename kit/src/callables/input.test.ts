import { HttpsError } from 'firebase-functions/https';
import { checkedInput, checkedRegistration, nothingSchema, removalSchema } from './input';

const FID = 'cAbCdEfGhIjKlMnOpQrStU';
/** What a registration is that tells of nothing but an address. */
const ALONE = { replaces: undefined, facts: {}, ignored: [] };

function refusal(data: unknown): HttpsError {
  try {
    checkedRegistration(data);
  } catch (error) {
    if (error instanceof HttpsError) return error;
    throw error;
  }
  throw new Error('expected the input to be refused');
}

describe('checkedRegistration', () => {
  it('accepts an address of each kind, alone and with every fact', () => {
    const facts = {
      platform: 'ios',
      appId: 'com.example.app',
      appVersion: '1.2.3+45',
      locale: 'zh-Hans-CN',
      timeZone: 'America/Argentina/Buenos_Aires',
      environment: 'sandbox',
      experienceId: '@ola/my-app',
    };
    for (const address of [FID, 'phone:APA91b', 'a1'.repeat(32), 'x'.repeat(1499)]) {
      expect(checkedRegistration({ address })).toEqual({ address, ...ALONE });
      expect(checkedRegistration({ ...facts, address, replaces: 'old:APA91b' })).toEqual({
        address,
        replaces: 'old:APA91b',
        facts,
        ignored: [],
      });
    }
  });

  it('spells an address as it is kept', () => {
    const hex = 'ab'.repeat(32);
    const data = { address: hex.toUpperCase(), replaces: `AB${hex.slice(2)}` };
    expect(checkedRegistration(data)).toEqual({ ...ALONE, address: hex, replaces: hex });
    expect(checkedInput(removalSchema, { address: data.address })).toEqual({ address: hex });
  });

  it.each<[string, object, readonly string[]]>([
    ['an unknown platform', { platform: 'macos' }, ['platform']],
    ['a locale with a slash', { locale: 'de/AT' }, ['locale']],
    ['a time zone with a space', { timeZone: 'Central Europe' }, ['timeZone']],
    ['an app version that is none', { appVersion: [] }, ['appVersion']],
    ['an unknown environment', { environment: 'staging' }, ['environment']],
    ['an Expo push token to replace', { replaces: 'ExpoPushToken[a]' }, ['replaces']],
    ['no text to replace', { replaces: 7 }, ['replaces']],
    ['a field of another version', { colour: 'red' }, ['unknown fields']],
    ['nothing to replace', { replaces: null }, []],
  ])('registers a device with %s, and says what it did not take', (_what, odd, ignored) => {
    expect(checkedRegistration({ address: FID, ...odd })).toEqual({
      ...ALONE,
      address: FID,
      ignored,
    });
  });

  it.each([
    ['nothing', undefined, 'address: expected the device token'],
    ['no object', 'token', 'expected'],
    ['an empty token', { address: '' }, 'address: expected printable ASCII'],
    ['a token with a space', { address: 'a b' }, 'address: expected printable ASCII'],
    ['a token too long', { address: 'x'.repeat(1500) }, 'expected at most 1499 characters'],
    ['an Expo push token', { address: 'ExponentPushToken[abc]' }, 'getDevicePushTokenAsync()'],
    ['a request too long', { address: FID, appId: 'x'.repeat(12_000) }, 'at most 12000 bytes'],
  ])('refuses %s and says what was expected', (_name, data, words) => {
    const error = refusal(data);
    expect(error.code).toBe('invalid-argument');
    expect(error.message).toContain(words);
  });

  it('never repeats what it was given, neither values nor names of fields', () => {
    const secret = 'secret-Value:APA91b';
    const inputs = [
      { address: ` ${secret}` },
      { address: `ExponentPushToken[${secret}]` },
      { address: { [secret]: secret } },
      { address: [secret] },
      { [secret]: 1 },
      [secret],
      secret,
    ];
    for (const input of inputs) expect(refusal(input).message).not.toContain(secret);
    const { ignored } = checkedRegistration({ address: FID, [secret]: 1, locale: `${secret}!` });
    expect(JSON.stringify(ignored)).not.toContain(secret);
  });
});

describe('checkedInput', () => {
  it('takes no data for an empty request', () => {
    expect(checkedInput(nothingSchema, null)).toEqual({});
    expect(() => checkedInput(nothingSchema, { uid: 'lia' })).toThrow('no fields other than: none');
    expect(checkedInput(removalSchema, { address: FID, more: 1 })).toEqual({ address: FID });
  });
});
