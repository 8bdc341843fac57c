/**
 * A settings screen over the real callables and a Firestore emulator: what there is to choose, what is chosen, and what stays as it is.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { Timestamp } from '@google-cloud/firestore';
import * as z from 'zod';
import {
  preferencesOf,
  type PreferencesCall,
  type PreferencesChange,
} from '../../kit/src/client.ts';
import type * as callables from '../../kit/src/callables/preferences.ts';
import type * as push from '../../kit/src/push.ts';
import type * as trigger from '../../kit/src/triggers/notification.ts';
import { emulatedProject } from '../emulated-project.ts';

const PROJECT = emulatedProject('preferences');
const SETTINGS = parseEnv(readFileSync(join(__dirname, '../../functions/.env'), 'utf8'));

jest.mock('firebase-functions/logger');

let functions: typeof callables;
let connection: typeof push.firestore;

beforeAll(() => {
  Object.assign(process.env, SETTINGS, { GCLOUD_PROJECT: PROJECT.id, CALLS_PER_MINUTE: '1000' });
  const kit = '../../kit/src';
  const { configurePush, firestore } = jest.requireActual<typeof push>(`${kit}/push.ts`);
  const { defineNotification } = jest.requireActual<typeof trigger>(
    `${kit}/triggers/notification.ts`,
  );
  const kind = { schema: z.object({}), compose: () => null };
  defineNotification({
    ...{ ...kind, name: 'wave', document: 'walls/{wallId}', label: { key: 'wave.label' } },
  });
  // The same kind, of another collection.
  defineNotification({ ...kind, name: 'wave', document: 'doors/{doorId}' });
  defineNotification({ ...kind, name: 'order', document: 'orders/{orderId}', delivery: 'silent' });
  defineNotification({
    ...{ ...kind, name: 'code', document: 'codes/{codeId}', label: 'Codes', mandatory: true },
  });
  configurePush({
    messages: { en: { 'wave.label': 'Waves' }, de: { 'wave.label': 'Winken' } },
    kinds: [{ name: 'offer', label: 'Offers', delivery: 'off' }],
  });
  connection = firestore;
  functions = jest.requireActual<typeof callables>(`${kit}/callables/preferences.ts`);
});

afterAll(() => connection().terminate());
beforeEach(() => PROJECT.empty());

type Request = Parameters<typeof functions.getPreferences.run>[0];

/** As the SDK hands a call of somebody who is signed in to the function: through JSON. */
function screenOf(uid: string | undefined) {
  const request = (data: unknown): Request =>
    ({
      data: JSON.parse(JSON.stringify(data)) as unknown,
      ...(uid === undefined ? {} : { auth: { uid, token: {} } }),
      rawRequest: {},
    }) as unknown as Request;
  const get: PreferencesCall = async (data) => ({
    data: await functions.getPreferences.run(request(data)),
  });
  const set: PreferencesCall = async (data) => ({
    data: await functions.setPreferences.run(request(data)),
  });
  return { ...preferencesOf(get, set), set };
}

const ola = () => screenOf('ola');
const stored = async (uid = 'ola') => (await PROJECT.firestore().doc(`users/${uid}`).get()).data();
const store = (data: object, uid = 'ola') => PROJECT.firestore().doc(`users/${uid}`).set(data);

it('shows every kind once, by its title in the person’s language, with what they chose or the default', async () => {
  await store({ locale: 'de-AT', notificationSettings: { wave: false, order: 'nonsense' } });
  const { kinds } = await ola().read();
  expect(kinds).toEqual([
    {
      ...{ name: 'wave', title: 'Winken', ways: ['push', 'silent', 'off'], way: 'off' },
      ...{ isDefault: false, isMandatory: false },
    },
    {
      ...{ name: 'order', title: 'order', ways: ['push', 'silent', 'off'], way: 'silent' },
      ...{ isDefault: true, isMandatory: false },
    },
    {
      ...{ name: 'code', title: 'Codes', ways: ['push'], way: 'push' },
      ...{ isDefault: true, isMandatory: true },
    },
    {
      ...{ name: 'offer', title: 'Offers', ways: ['push', 'silent', 'off'], way: 'off' },
      ...{ isDefault: true, isMandatory: false },
    },
  ]);
});

it('shows somebody without a document the defaults, and makes none', async () => {
  expect(await ola().read()).toMatchObject({
    ...{ mute: [], blocked: [], quietHours: {}, timeZone: null },
  });
  await ola().unmute('walls/w1');
  expect(await stored()).toBeUndefined();
});

it('makes a document of what is chosen first', async () => {
  const until = Date.now() + 3_600_000;
  const answer = await ola().mute('walls/w.1 `☂`', until);
  expect(answer.mute).toEqual([{ target: 'walls/w.1 `☂`', until }]);
  expect(await stored()).toEqual({ mute: { 'walls/w.1 `☂`': Timestamp.fromMillis(until) } });
});

it('changes what is named, and leaves everything else as it stands', async () => {
  const past = Timestamp.fromMillis(Date.now() - 1);
  const app = { tokens: ['phone:1'], displayName: 'Ola', plan: { name: 'gold' } };
  await store({
    ...app,
    notificationSettings: { wave: false, theirs: { deep: [1.5] } },
    mute: { ended: past, odd: 'yes', 'walls/w1': true },
    blocked: ['bo', 7, 'bo'],
    quietHours: { mon: '22:00-07:00', enabled: true },
  });
  const screen = ola();
  await screen.choose('wave', 'silent');
  await screen.choose('offer', 'push');
  await screen.mute('walls/w2');
  await screen.unmute('walls/w1');
  await screen.block('lia');
  await screen.unblock('bo');
  await screen.quietHours({ mon: null, sat: '00:00-09:00,23:00-08:00' });
  const answer = await screen.timeZone('Europe/Vienna');
  expect(await stored()).toEqual({
    ...app,
    notificationSettings: { wave: 'silent', offer: 'push', theirs: { deep: [1.5] } },
    mute: { odd: 'yes', 'walls/w2': true },
    blocked: [7, 'lia'],
    quietHours: { enabled: true, sat: '00:00-09:00,23:00-08:00' },
    timeZone: 'Europe/Vienna',
  });
  expect(answer).toMatchObject({
    mute: [{ target: 'walls/w2', until: true }],
    blocked: ['lia'],
    quietHours: { sat: '00:00-09:00,23:00-08:00' },
    timeZone: 'Europe/Vienna',
  });
  await screen.choose('wave', null);
  await screen.quietHours(null);
  expect(await stored()).toMatchObject({ quietHours: { enabled: true } });
  expect(await stored()).not.toHaveProperty('notificationSettings.wave');
});

it('writes nothing where everything is as it should be', async () => {
  const change: PreferencesChange = {
    kinds: { wave: 'off' },
    mute: { 'walls/w1': true },
    blocked: { add: ['bo'] },
    quietHours: { mon: '22:00-07:00' },
    timeZone: 'UTC',
  };
  await ola().set(change);
  const { updateTime } = await PROJECT.firestore().doc('users/ola').get();
  await ola().set(change);
  expect((await PROJECT.firestore().doc('users/ola').get()).updateTime).toEqual(updateTime);
});

it('loses none of several changes at once', async () => {
  const uids = Array.from({ length: 8 }, (_, n) => `user-${n}`);
  await Promise.all(uids.map((uid) => ola().block(uid)));
  const { blocked } = await ola().read();
  expect([...blocked].sort()).toEqual(uids);
});

it.each<[string, unknown, string, RegExp]>([
  [
    'a kind that nobody declares',
    { kinds: { other: 'off' } },
    'invalid-argument',
    /wave, order, offer/,
  ],
  ['a mandatory kind', { kinds: { code: 'off' } }, 'invalid-argument', /kinds.code: is mandatory/],
  [
    'a way that the kind has not',
    { kinds: { wave: 'digest' } },
    'invalid-argument',
    /push, silent, off/,
  ],
  ['a way that there is not', { kinds: { wave: 'email' } }, 'invalid-argument', /kinds: expected/],
  ['an end in words', { mute: { w: '2030-01-01' } }, 'invalid-argument', /mute: expected/],
  ['an end after all time', { mute: { w: 1e18 } }, 'invalid-argument', /mute: expected/],
  [
    'a target too long',
    { mute: { ['a'.repeat(501)]: true } },
    'invalid-argument',
    /mute: expected/,
  ],
  ['a target of no name', { mute: { '': true } }, 'invalid-argument', /mute: expected/],
  [
    'a target that Firestore keeps for itself',
    { mute: { __a__: true } },
    'invalid-argument',
    /mute/,
  ],
  ['a path as a person', { blocked: { add: ['users/bo'] } }, 'invalid-argument', /blocked.add.0/],
  ['a list as blocked', { blocked: ['bo'] }, 'invalid-argument', /blocked: /],
  [
    'a window that no day has',
    { quietHours: { mon: '22:00-25:00' } },
    'invalid-argument',
    /quietHours/,
  ],
  ['a day that no week has', { quietHours: { someday: null } }, 'invalid-argument', /quietHours/],
  ['a time zone with spaces', { timeZone: ' UTC ' }, 'invalid-argument', /timeZone: expected/],
  ['another field', { displayName: 'Ola' }, 'invalid-argument', /expected no fields other than/],
])('refuses %s, and changes nothing', async (_name, change, code, words) => {
  const data = { timeZone: 'UTC', ...(change as object) };
  await expect(ola().set(data)).rejects.toMatchObject({
    code,
    message: expect.stringMatching(words) as string,
  });
  expect(await stored()).toBeUndefined();
});

it.each([
  ['resource-exhausted', { blocked: Array.from({ length: 1_000 }, (_, n) => `user-${n}`) }],
  ['failed-precondition', { blocked: { theirs: true } }],
])('refuses %s, and changes nothing, where nobody more can be blocked', async (code, before) => {
  await store(before);
  await expect(ola().set({ blocked: { add: ['bo'] }, timeZone: 'UTC' })).rejects.toMatchObject({
    code,
  });
  expect(await stored()).toEqual(before);
});

it('is for whoever is signed in, about themselves', async () => {
  await store({ mute: { 'walls/w1': true } });
  expect((await screenOf('bo').read()).mute).toEqual([]);
  await expect(screenOf(undefined).read()).rejects.toMatchObject({ code: 'unauthenticated' });
  await expect(screenOf(undefined).block('bo')).rejects.toMatchObject({ code: 'unauthenticated' });
  await expect(screenOf('a/b').block('bo')).rejects.toMatchObject({ code: 'failed-precondition' });
});
