import { Timestamp } from '@google-cloud/firestore';
import { devices, firestore } from '../push';
import { importDevices } from './import';

const said: unknown[][] = [];
const say = (...words: unknown[]): void => void said.push(words);
jest.mock('firebase-functions/logger', () => ({
  error: (...words: unknown[]) => say(...words),
  warn: (...words: unknown[]) => say(...words),
  info: (...words: unknown[]) => say(...words),
}));
jest.mock('../push');

const TOKEN = 'phone:APA91b-secret';
const PATH = `profiles/ola/fcmTokens/${TOKEN}`;
const importFcmTokens = importDevices({
  document: 'profiles/{uid}/fcmTokens/{token}',
  addresses: ({ ids, data }) => {
    if (data.broken) throw new Error(`no ${ids.token} in ${JSON.stringify(data)}`);
    return [ids.token, data.other as unknown];
  },
});

// A deployment has every setting.
process.env['MAX_ADDRESSES_PER_USER'] = '20';

const register = jest.fn();
const unregister = jest.fn();
/** What stands at the path now. */
let present: object | undefined;

beforeEach(() => {
  said.length = 0;
  register.mockReset().mockResolvedValue({
    ...{ outcome: 'registered', address: TOKEN, kind: 'fcm', takenFrom: [], listed: 1 },
  });
  unregister.mockReset().mockResolvedValue(true);
  const parent = { limit: () => ({ get: () => Promise.resolve({ docs: [] }) }) };
  const doc = () => ({ get: () => Promise.resolve({ data: () => present }), parent });
  const ownership = { register, unregister };
  jest.mocked(devices).mockReturnValue({ ownership } as unknown as ReturnType<typeof devices>);
  jest.mocked(firestore).mockReturnValue({ doc } as unknown as ReturnType<typeof firestore>);
});

/** The document's state before and after, as the SDK has it: named by a garbled attribute where it does not exist. */
async function written(before: object | undefined, after: object | undefined): Promise<void> {
  const snapshot = (data: object | undefined) => ({
    exists: data !== undefined,
    ref: { path: data === undefined ? 'garbled' : PATH },
    data: () => data,
    updateTime: Timestamp.fromMillis(5),
  });
  present = after;
  const event = {
    ...{ id: 'e1', time: '2026-01-01T00:00:00Z', document: PATH, params: { uid: 'x', token: 'y' } },
    data: { before: snapshot(before), after: snapshot(after) },
  };
  await importFcmTokens.run(event as unknown as Parameters<typeof importFcmTokens.run>[0]);
}

it('registers an address to the owner whom the document’s own path names, as of when it was written', async () => {
  await written(undefined, { other: 7 });
  expect(register.mock.calls).toEqual([['ola', { address: TOKEN, facts: {}, writtenAt: 5 }]]);
  expect(said.map(([message]) => message)).toEqual([
    'entries that are not addresses were not imported',
    'device imported',
  ]);
});

it('unregisters an address that left, as of when it left', async () => {
  await written({}, undefined);
  const removedAt = Date.parse('2026-01-01T00:00:00Z');
  expect(unregister.mock.calls).toEqual([['ola', TOKEN, removedAt]]);
});

it('logs what a team’s function throws, with no address, and does not ask for a retry', async () => {
  await written(undefined, { broken: true, token: TOKEN });
  expect(register).not.toHaveBeenCalled();
  expect(said).toHaveLength(1);
  const [message, { document, error }] = said[0] as [string, Record<string, string>];
  expect(message).toContain('your function failed');
  expect(document).toMatch(/^profiles\/ola\/fcmTokens\/\w{16}$/);
  expect(error).toMatch(/^Error: no \w{16} in .*\n +at /);
  expect(JSON.stringify(said)).not.toContain('secret');
});

it('asks for a retry when Firestore fails', async () => {
  register.mockRejectedValue(Object.assign(new Error('unavailable'), { code: 14 }));
  await expect(written(undefined, {})).rejects.toThrow('unavailable');
});

it('is deployed as a trigger on the documents that comes again after a failure', () => {
  expect(importFcmTokens.__endpoint).toMatchObject({
    platform: 'gcfv2',
    eventTrigger: {
      eventType: 'google.cloud.firestore.document.v1.written',
      eventFilterPathPatterns: { document: 'profiles/{uid}/fcmTokens/{token}' },
      retry: true,
    },
  });
});

it('says what it imports, for the command line', () => {
  expect(importFcmTokens.imports.document).toBe('profiles/{uid}/fcmTokens/{token}');
});

describe('a definition', () => {
  const addresses = () => [];

  it.each(['profiles/{userId}', 'profiles/uid', 'a/{uidOf}/b/{id}'])(
    'needs an owner for %s, which has no {uid}',
    (document) => {
      expect(() => importDevices({ document, addresses })).toThrow(
        `Import of "${document}": expected a wildcard {uid}`,
      );
      expect(() => importDevices({ document, addresses, owner: () => 'ola' })).not.toThrow();
    },
  );

  it.each(['{uid}', 'profiles/{uid}/tokens', 'profiles/{uid=**}', 'profiles//{uid}', ''])(
    'cannot be of %j',
    (document) => {
      const owner = () => 'ola';
      expect(() => importDevices({ document, addresses, owner })).toThrow(
        'expected a document path',
      );
    },
  );
});
