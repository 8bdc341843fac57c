import { fingerprint } from '../model/address';
import { documentName, faultText } from './import-log';

const PATTERN = 'profiles/{uid}/tokens/{token}';
const TOKEN = 'any-token-of-a-test';

it.each([
  [
    'an address as its fingerprint',
    PATTERN,
    `profiles/ola/tokens/${TOKEN}`,
    `ola/tokens/${fingerprint(TOKEN)}`,
  ],
  [
    'an id of Firestore’s as it is',
    PATTERN,
    'profiles/ola/tokens/AbCdEfGhIjKlMnOpQrSt',
    'ola/tokens/AbCdEfGhIjKlMnOpQrSt',
  ],
  [
    'literals as they are',
    'profiles/{uid}/private/push',
    'profiles/ola/private/push',
    'ola/private/push',
  ],
])('names %s', (_what, pattern, path, name) => {
  expect(documentName(pattern, path)).toBe(`profiles/${name}`);
});

it('quotes what was thrown without addresses', () => {
  const path = `profiles/ola/tokens/${TOKEN}`;
  const said = faultText(PATTERN, path, new Error(`ola has no ${TOKEN} and no x:APA91b-2`));
  expect(said).toContain(`Error: ola has no ${fingerprint(TOKEN)} and no <redacted>`);
  expect(said).not.toContain(TOKEN);
  for (const odd of [undefined, null, 7, Object.create(null), [TOKEN], Symbol(TOKEN), TOKEN]) {
    expect(faultText(PATTERN, path, odd)).not.toContain(TOKEN);
  }
});
