import { addressKind, installationOf, normaliseAddress } from '../../../kit/src/model/address.ts';
import { tokensIn } from './leaks.ts';
import { APNS_TOKEN_LENGTH, FCM_TOKEN_LENGTH, Phones, type Push } from './phones.ts';

const LARGEST = 2 ** 53 - 1;

function phonesAt(start = 1000) {
  const clock = { now: start };
  return { clock, phones: new Phones(() => clock.now) };
}

describe('addresses', () => {
  it('are of the kinds that the engine tells, and spelled as it spells them', () => {
    const { phones } = phonesAt();
    for (const number of [0, 1, LARGEST]) {
      const android = phones.add('fcm', number);
      const apple = phones.add('apns', number);
      const texts = [android.token, android.installation, apple.token];
      expect(texts.map(addressKind)).toEqual(['fcm', 'fid', 'apns']);
      expect(texts.map(normaliseAddress)).toEqual(texts);
      expect(texts.map(({ length }) => length)).toEqual([FCM_TOKEN_LENGTH, 22, APNS_TOKEN_LENGTH]);
      expect(installationOf(android.token)).toBe(android.installation);
    }
  });

  it('are never the same twice, and follow from the number and the renewals alone', () => {
    const all = (): string[] => {
      const { phones } = phonesAt();
      return [0, 1, 36, LARGEST].flatMap((number) =>
        (['fcm', 'apns'] as const).flatMap((kind) => {
          const phone = phones.add(kind, number);
          phones.renewToken(phone);
          phones.uninstall(phone);
          phones.reinstall(phone);
          phones.renewToken(phone);
          return [...phone.formerTokens, phone.token];
        }),
      );
    };
    expect(new Set(all()).size).toBe(4 * 2 * 4);
    expect(all()).toEqual(all());
  });

  it('are dead from when they were renewed or the app was removed', () => {
    const { phones, clock } = phonesAt();
    const phone = phones.add('fcm', 1);
    const { token: first, installation } = phone;
    clock.now = 2000;
    const second = phones.renewToken(phone);
    expect(phones.address(first)).toMatchObject({ phone, bornAt: 1000, diedAt: 2000 });
    expect([first, second, installation].map((text) => phones.isLive(text))).toEqual([
      false,
      true,
      true,
    ]);
    clock.now = 3000;
    phones.uninstall(phone);
    clock.now = 4000;
    phones.uninstall(phone);
    expect(phones.renewToken(phone)).toBe(second);
    expect([first, second, installation].map((text) => phones.address(text)?.diedAt)).toEqual([
      2000, 3000, 3000,
    ]);
    phones.reinstall(phone);
    expect(phones.isLive(phone.token)).toBe(true);
    expect(phones.isLive(phone.installation)).toBe(true);
    expect(phone.installation).not.toBe(installation);
    expect(phones.byToken(first)).toBe(phone);
    expect(phones.byToken('unheard-of')).toBeUndefined();
  });
});

it('the past of who was signed in is kept', () => {
  const { phones, clock } = phonesAt();
  const phone = phones.add('apns', 1, { uid: 'ann' });
  clock.now = 2000;
  phones.signIn(phone, 'bob');
  clock.now = 3000;
  phones.signOut(phone);
  clock.now = 4000;
  phones.signIn(phone, 'ann');
  expect([999, 1000, 1999, 2000, 3000, 4000].map((time) => phones.accountAt(phone, time))).toEqual([
    undefined,
    'ann',
    'ann',
    'bob',
    undefined,
    'ann',
  ]);
  phones.uninstall(phone);
  expect(phone.uid).toBeUndefined();
  expect(phone.signIns.at(-1)?.until).toBe(4000);
});

it('a notification takes the place of one of the same tag, and rings all the same', () => {
  const { phones, clock } = phonesAt();
  const phone = phones.add('fcm', 1, { uid: 'ann' });
  const push = (over: Partial<Push> = {}): Push => ({
    tag: 'a',
    deliveryId: 'd',
    title: 't',
    isSilent: false,
    ...over,
  });
  phones.show(phone, phone.token, push());
  phones.show(phone, phone.token, push({ tag: 'b' }));
  phones.show(phone, phone.token, push({ isSilent: true }));
  clock.now = 2000;
  phones.show(phone, phone.token, push());
  expect(phone.shown.map(({ at, tag, replaced }) => [at, tag, replaced])).toEqual([
    [1000, 'a', true],
    [1000, 'b', false],
    [1000, 'a', false],
    [2000, 'a', false],
  ]);
});

describe('tokens in a text', () => {
  const { phones } = phonesAt();
  const android = phones.add('fcm', 1);
  const former = android.token;
  phones.renewToken(android);
  const apple = phones.add('apns', 2);

  it.each([
    ['nothing', 'a log without any phone 000000000000phone', []],
    ['a token', `sent to ${android.token}!`, [android.token]],
    ['one of former times', `{"token":"${former}"}`, [former]],
    ['one in a URL', `/registrations/${encodeURIComponent(android.token)}/x`, [android.token]],
    [
      'several',
      `${former}${apple.token} ${android.token} ${former}`,
      [former, android.token, apple.token],
    ],
    ["Apple's in upper case", `<${apple.token.toUpperCase()}>`, [apple.token]],
    ['an installation', `phone phone ${android.installation} phone`, [android.installation]],
    ['less than a token', android.token.slice(1) + apple.token.slice(0, -1), []],
    ['one of another world', new Phones(() => 0).add('apns', 3).token, []],
  ])('are found: %s', (_name, text, found) => {
    expect(tokensIn(text, phones)).toEqual(found);
  });
});
