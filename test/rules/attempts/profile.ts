/** Attempts on what the sample adds to the kit's rules, and on what only this repository's rules promise: a team's need not. */
import { FieldValue } from '@google-cloud/firestore';
import {
  each,
  everyAct,
  get,
  merge,
  searchGroup,
  set,
  update,
} from '../../../kit/src/cli/rules/attempts/attempt.ts';
import type { Act, Attempts } from '../../../kit/src/cli/rules/attempts/attempt.ts';

const ALICE = 'users/alice';
const alice = { tokens: ['phone:APA91b'], displayName: 'Alice', plan: 'free', badge: 2 };
const NO_CONSEQUENCES = { ifDenied: '', ifAllowed: '' };
const closed = ['users/alice/devices/phone', 'pushes/sale/recipients/alice', 'settings/app'];

export const profile: readonly Attempts[] = [
  {
    ...NO_CONSEQUENCES,
    rule: 'a user document is created by its owner, with fields of the owner only',
    given: {},
    allowed: {
      'the owner creates a profile with a first address': set('alice', ALICE, {
        tokens: ['phone:APA91b'],
        displayName: 'Alice',
        photoURL: 'https://example.com/alice.png',
        locale: 'en-GB',
        timeZone: 'Europe/London',
        notificationSettings: { order: false, chat_message: true },
      }),
      'the owner creates an empty one': set('alice', ALICE, {}),
    },
    denied: {
      'the owner creates it with a number as name': set('alice', ALICE, { displayName: 7 }),
      'the owner creates it with a field of the server': set('alice', ALICE, {
        ...{ tokens: ['x:1'], plan: 'gold' },
      }),
    },
  },
  {
    ...NO_CONSEQUENCES,
    rule: 'a field of the server is not touched by the owner',
    given: { [ALICE]: alice },
    allowed: {
      'the owner edits the name and leaves the rest': merge('alice', ALICE, { displayName: 'Al' }),
      'the owner writes back what stands there': update('alice', ALICE, {
        ...{ displayName: 'Al', plan: 'free' },
      }),
      'the owner empties it of their own': update('alice', ALICE, {
        ...{ tokens: FieldValue.delete(), displayName: FieldValue.delete() },
      }),
    },
    denied: {
      'the owner changes one': update('alice', ALICE, { plan: 'gold' }),
      'the owner removes one': update('alice', ALICE, { badge: FieldValue.delete() }),
      'the owner removes them by a set that does not merge': set('alice', ALICE, {
        displayName: 'Al',
      }),
      'the owner adds one': update('alice', ALICE, { admin: true }),
      'the owner adds one beside an honest edit': update('alice', ALICE, {
        ...{ displayName: 'Al', role: 'admin' },
      }),
    },
  },
  {
    ...NO_CONSEQUENCES,
    rule: 'what stands there is not judged when something else is edited',
    given: { [ALICE]: { tokens: ['two words', 7, null], displayName: 7, plan: 'gold' } },
    allowed: {
      'the owner edits another field': update('alice', ALICE, { locale: 'de-AT' }),
      'the owner removes an address': update('alice', ALICE, {
        tokens: FieldValue.arrayRemove('two words'),
      }),
    },
    denied: {
      'the owner exchanges a wrong name for another': update('alice', ALICE, { displayName: 8 }),
    },
  },
  {
    ...NO_CONSEQUENCES,
    rule: 'profile fields have types and bounds',
    given: { [ALICE]: { displayName: 'Alice' } },
    allowed: each(
      {
        'a name of 100 characters': { displayName: 'n'.repeat(100) },
        'a name in any script': { displayName: 'Алиса 🐇' },
        'a name taken away': { displayName: FieldValue.delete() },
        'a photo': { photoURL: 'https://example.com/a%20b.png?size=2' },
        'a photo from a local server': { photoURL: 'http://127.0.0.1:9199/a.png' },
      },
      (edit) => update('alice', ALICE, edit),
    ),
    denied: {
      ...each(
        {
          'a name of 101 characters': { displayName: 'n'.repeat(101) },
          'a number as name': { displayName: 7 },
          'null as name': { displayName: null },
          'a map as name': { displayName: { first: 'A' } },
          'a list as name': { displayName: ['A'] },
          'a photo by script': { photoURL: 'javascript:alert(1)' },
          'a photo in the address itself': { photoURL: 'data:image/png;base64,AAAA' },
          'a photo address with a space': { photoURL: 'https://example.com/a b.png' },
          'a photo address too long': { photoURL: `https://example.com/${'a'.repeat(2048)}` },
          'an empty photo address': { photoURL: '' },
          'a number as photo': { photoURL: 7 },
          'null as photo': { photoURL: null },
          'a map as photo': { photoURL: {} },
        },
        (edit) => update('alice', ALICE, edit),
      ),
      'another user edits a name': update('bob', ALICE, { displayName: 'Bob was here' }),
      'a signed-out caller edits a name': update('nobody', ALICE, { displayName: 'x' }),
    },
  },
  {
    ...NO_CONSEQUENCES,
    rule: 'what no rule opens is closed, to admins too',
    given: {
      [ALICE]: { tokens: [] },
      ...Object.fromEntries(closed.map((path) => [path, { uid: 'alice' }])),
    },
    allowed: {
      'a user registers a device in their own document': update('alice', ALICE, {
        tokens: FieldValue.arrayUnion('phone:APA91b'),
      }),
      'a user reads their own document': get('alice', ALICE),
    },
    denied: {
      ...(Object.assign({}, ...closed.map(everyAct)) as Record<string, Act>),
      'a user searches all settings': searchGroup('alice', 'settings'),
    },
  },
];

export const hugeProfile: readonly Attempts[] = [
  {
    ...NO_CONSEQUENCES,
    rule: 'what is huge is refused in a profile',
    given: { [ALICE]: { tokens: ['phone:APA91b'] } },
    allowed: {
      'a name': merge('alice', ALICE, { displayName: 'Alice' }),
      'a setting': merge('alice', ALICE, { notificationSettings: { order: false } }),
    },
    denied: { 'a name of 1 MB': merge('alice', ALICE, { displayName: 'a'.repeat(1_000_000) }) },
  },
];
