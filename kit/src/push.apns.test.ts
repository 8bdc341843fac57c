/** Whether an instance starts, with one provider's settings, with both, or with a key that is none. */
import { generateKeyPairSync } from 'node:crypto';
import * as logger from 'firebase-functions/logger';
import type * as push from './push';

const P8 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

const SETTINGS = {
  APNS_KEY_ID: 'ABC123DEFG',
  APNS_TEAM_ID: 'DEF123GHIJ',
  APNS_TOPIC: 'com.example.birds',
  APNS_KEY: P8,
};

jest.mock('firebase-functions/logger');

/** Puts the backend together in an environment of these variables. */
function start(env: Readonly<Record<string, string>>): void {
  const before = { ...process.env };
  Object.assign(process.env, { GCLOUD_PROJECT: 'demo-birds', SHARD_SIZE: '500', ...env });
  try {
    jest.isolateModules(() => {
      jest.requireActual<typeof push>('./push').delivery();
    });
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  }
}

it.each([
  ['without APNs', {}],
  ['with an APNs key', SETTINGS],
  ['in the emulators, with no key at all', { FUNCTIONS_EMULATOR: 'true' }],
  ['with Expo for everybody', { ...SETTINGS, EXPO_EXPERIENCE_ID: '@lia/birds' }],
])('an instance starts %s, and asks nobody for a credential', (_how, env) => {
  expect(() => start(env)).not.toThrow();
});

it('an instance whose secret is not there yet starts without APNs, and says so: pushes by FCM are not to wait for it', () => {
  const error = jest.mocked(logger.error);
  start({ ...SETTINGS, APNS_KEY: '' });
  expect(error).toHaveBeenCalledWith(
    expect.stringContaining('the secret APNS_KEY is not there'),
    expect.anything(),
  );
});

it.each([
  ['a key that was cut off', { APNS_KEY: P8.slice(0, 100) }, 'APNS_KEY: expected a PEM footer'],
  ['a key id that is none', { APNS_KEY_ID: 'ABC' }, 'APNS_KEY_ID: expected 10 capital letters'],
  ['no team id', { APNS_TEAM_ID: '' }, 'APNS_TEAM_ID: expected 10 capital letters'],
])('an instance with %s says so at its start, and does not repeat it', (_what, env, words) => {
  let message = '';
  try {
    start({ ...SETTINGS, ...env });
  } catch (error) {
    message = (error as Error).message;
  }
  expect(message).toContain(words);
  expect(message).not.toContain(P8.slice(40, 60));
});
