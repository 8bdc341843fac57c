import { HttpsError } from 'firebase-functions/https';
import { checkedInput, nothingSchema, registrationSchema, removalSchema } from './input';

const FID = 'cAbCdEfGhIjKlMnOpQrStU';

function refusal(data: unknown): HttpsError {
  try {
    checkedInput(registrationSchema, data);
  } catch (error) {
    if (error instanceof HttpsError) return error;
    throw error;
  }
  throw new Error('expected the input to be refused');
}

describe('checkedInput', () => {
  it('accepts an address of each kind, alone and with every fact', () => {
    const facts = {
      platform: 'ios',
      appId: 'com.example.app',
      appVersion: '1.2.3+45',
      locale: 'zh_Hans-CN',
      timeZone: 'America/Argentina/Buenos_Aires',
      environment: 'sandbox',
      experienceId: '@ola/my-app',
      replaces: 'old:APA91b',
    };
    for (const address of [FID, 'phone:APA91b', 'a1'.repeat(32), 'x'.repeat(1499)]) {
      expect(checkedInput(registrationSchema, { address })).toEqual({ address });
      expect(checkedInput(registrationSchema, { ...facts, address })).toEqual({
        ...facts,
        address,
      });
    }
  });

  it('spells an address as it is kept', () => {
    const hex = 'ab'.repeat(32);
    const data = { address: hex.toUpperCase(), replaces: `AB${hex.slice(2)}` };
    expect(checkedInput(registrationSchema, data)).toEqual({ address: hex, replaces: hex });
    expect(checkedInput(removalSchema, { address: data.address })).toEqual({ address: hex });
  });

  it.each([
    ['nothing', undefined, 'address: expected the device token'],
    ['no object', 'token', 'expected'],
    ['an empty token', { address: '' }, 'address: expected printable ASCII'],
    ['a token with a space', { address: 'a b' }, 'address: expected printable ASCII'],
    ['a token too long', { address: 'x'.repeat(1500) }, 'expected at most 1499 characters'],
    ['an Expo push token', { address: 'ExponentPushToken[abc]' }, 'getDevicePushTokenAsync()'],
    ['an Expo push token to replace', { address: FID, replaces: 'ExpoPushToken[a]' }, 'replaces: '],
    ['an unknown platform', { address: FID, platform: 'windows' }, 'platform: '],
    ['a locale with a slash', { address: FID, locale: 'de/AT' }, 'locale: expected a locale'],
    ['a time zone with a space', { address: FID, timeZone: 'Central Europe' }, 'IANA time zone'],
    ['an app version with a line break', { address: FID, appVersion: '1\n2' }, 'appVersion: '],
    ['an unknown environment', { address: FID, environment: 'staging' }, 'environment: '],
    ['a request too long', { address: FID, appId: 'x'.repeat(12_000) }, 'at most 12000 bytes'],
    ['unknown fields', { address: FID, more: 1 }, 'expected no other fields than: address, '],
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
      { address: FID, [secret]: 1 },
      { address: FID, platform: secret },
      { address: FID, locale: `${secret}!` },
      { address: { [secret]: secret } },
      [secret],
      secret,
    ];
    for (const input of inputs) expect(refusal(input).message).not.toContain(secret);
  });

  it('takes no data for an empty request', () => {
    expect(checkedInput(nothingSchema, null)).toEqual({});
    expect(() => checkedInput(nothingSchema, { uid: 'lia' })).toThrow('no other fields than: none');
    expect(checkedInput(removalSchema, { address: FID })).toEqual({ address: FID });
  });
});
