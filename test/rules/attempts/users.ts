/** Attempts on `users/{uid}` beyond its addresses: reading it, creating it, its profile, its end. */
import {
  arrayUnion,
  collection,
  deleteDoc,
  deleteField,
  doc,
  documentId,
  getDoc,
  getDocs,
  query,
  setDoc,
  updateDoc,
  where,
} from 'firebase/firestore';
import { each } from './attempt.ts';
import type { Attempts } from './attempt.ts';

const alice = { tokens: ['phone:APA91b'], displayName: 'Alice', plan: 'free', badge: 2 };

export const users: readonly Attempts[] = [
  {
    rule: 'a user document is read by its owner alone',
    given: { 'users/alice': alice, 'users/bob': { tokens: [] } },
    allowed: {
      'the owner reads it': (as) => getDoc(doc(as.alice, 'users/alice')),
      'the owner asks whether it is there': (as) => getDoc(doc(as.carol, 'users/carol')),
    },
    denied: {
      "another user reads somebody's tokens": (as) => getDoc(doc(as.bob, 'users/alice')),
      'an admin reads it': (as) => getDoc(doc(as.admin, 'users/alice')),
      'a signed-out caller reads it': (as) => getDoc(doc(as.nobody, 'users/alice')),
      'a user lists all users': (as) => getDocs(collection(as.alice, 'users')),
      'a user searches for the owner of an address': (as) =>
        getDocs(
          query(collection(as.bob, 'users'), where('tokens', 'array-contains', 'phone:APA91b')),
        ),
      'a user queries for another by id': (as) =>
        getDocs(query(collection(as.bob, 'users'), where(documentId(), '==', 'alice'))),
    },
  },
  {
    rule: 'a user document is created by its owner, with fields of the owner only',
    given: {},
    allowed: {
      'the owner creates a profile with a first address': (as) =>
        setDoc(doc(as.alice, 'users/alice'), {
          tokens: ['phone:APA91b'],
          displayName: 'Alice',
          photoURL: 'https://example.com/alice.png',
          locale: 'en-GB',
          timeZone: 'Europe/London',
          notificationSettings: { order: false, chat_message: true },
        }),
      'the owner creates it by a merging arrayUnion': (as) =>
        setDoc(
          doc(as.alice, 'users/alice'),
          { tokens: arrayUnion('phone:APA91b') },
          { merge: true },
        ),
      'the owner creates an empty one': (as) => setDoc(doc(as.alice, 'users/alice'), {}),
    },
    denied: {
      'another user creates it': (as) => setDoc(doc(as.bob, 'users/alice'), { tokens: ['bob:1'] }),
      'a signed-out caller creates it': (as) => setDoc(doc(as.nobody, 'users/alice'), {}),
      'the owner creates it with two addresses': (as) =>
        setDoc(doc(as.alice, 'users/alice'), { tokens: ['x:1', 'y:2'] }),
      'the owner creates it with an object as address': (as) =>
        setDoc(doc(as.alice, 'users/alice'), { tokens: [{ token: 'x:1' }] }),
      'the owner creates it with a number as name': (as) =>
        setDoc(doc(as.alice, 'users/alice'), { displayName: 7 }),
      'the owner creates it with a field of the server': (as) =>
        setDoc(doc(as.alice, 'users/alice'), { tokens: ['x:1'], plan: 'gold' }),
    },
  },
  {
    rule: 'a field of the server is not touched by the owner',
    given: { 'users/alice': alice },
    allowed: {
      'the owner edits the name and leaves the rest': (as) =>
        setDoc(doc(as.alice, 'users/alice'), { displayName: 'Al' }, { merge: true }),
      'the owner writes back what stands there': (as) =>
        updateDoc(doc(as.alice, 'users/alice'), { displayName: 'Al', plan: 'free' }),
    },
    denied: {
      'the owner changes one': (as) => updateDoc(doc(as.alice, 'users/alice'), { plan: 'gold' }),
      'the owner removes one': (as) =>
        updateDoc(doc(as.alice, 'users/alice'), { badge: deleteField() }),
      'the owner removes them by a set that does not merge': (as) =>
        setDoc(doc(as.alice, 'users/alice'), { displayName: 'Al' }),
      'the owner adds one': (as) => updateDoc(doc(as.alice, 'users/alice'), { admin: true }),
      'the owner adds one beside an honest edit': (as) =>
        updateDoc(doc(as.alice, 'users/alice'), { displayName: 'Al', blocked: [] }),
    },
  },
  {
    rule: 'profile fields have types and bounds',
    given: {
      'users/alice': { displayName: 'Alice', locale: 'en', notificationSettings: { order: false } },
    },
    allowed: each(
      {
        'a name of 100 characters': { displayName: 'n'.repeat(100) },
        'a name in any script': { displayName: 'Алиса 🐇' },
        'a name taken away': { displayName: deleteField() },
        'a photo': { photoURL: 'https://example.com/a%20b.png?size=2' },
        'a photo from a local server': { photoURL: 'http://127.0.0.1:9199/a.png' },
        'a language': { locale: 'de' },
        'a locale with script and region': { locale: 'zh-Hans-CN' },
        'a locale with an extension': { locale: 'th-TH-u-ca-buddhist' },
        'a locale with an underscore': { locale: 'pt_BR' },
        'a time zone': { timeZone: 'Europe/Vienna' },
        'a time zone of three parts': { timeZone: 'America/Argentina/Buenos_Aires' },
        'a time zone by offset': { timeZone: 'Etc/GMT+1' },
        'a time zone of one word': { timeZone: 'UTC' },
        'settings as a whole': { notificationSettings: { order: true, chat_message: false } },
        'one setting': { 'notificationSettings.sale': false },
        'no settings': { notificationSettings: {} },
        '50 settings': {
          notificationSettings: Object.fromEntries(
            Array.from({ length: 50 }, (_, n) => [`type-${n}`, false]),
          ),
        },
      },
      (edit) => (as) => updateDoc(doc(as.alice, 'users/alice'), edit),
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
          'a locale that is a path': { locale: '../../etc' },
          'a locale too long': { locale: `en${'-abcdefgh'.repeat(4)}` },
          'an empty locale': { locale: '' },
          'a number as locale': { locale: 7 },
          'a list as locale': { locale: ['en'] },
          'a time zone with a space': { timeZone: 'Europe/New York' },
          'a time zone too long': { timeZone: `Europe/${'a'.repeat(64)}` },
          'an empty time zone': { timeZone: '' },
          'an offset in minutes as time zone': { timeZone: -60 },
          'a map as time zone': { timeZone: {} },
          'a list as settings': { notificationSettings: ['order'] },
          'a string as settings': { notificationSettings: 'none' },
          'null as settings': { notificationSettings: null },
          'a boolean as settings': { notificationSettings: false },
          'a number as setting': { notificationSettings: { order: 0 } },
          'a string as setting': { notificationSettings: { order: 'false' } },
          'null as setting': { notificationSettings: { order: null } },
          'a map as setting': { notificationSettings: { order: { push: false } } },
          'a bad setting beside a good one': { 'notificationSettings.sale': 1 },
          'a setting with a space in its name': { notificationSettings: { 'a b': true } },
          'a setting with no name': { notificationSettings: { ' ': true } },
          'a setting with a name too long': { notificationSettings: { ['a'.repeat(65)]: true } },
          '51 settings': {
            notificationSettings: Object.fromEntries(
              Array.from({ length: 51 }, (_, n) => [`type-${n}`, false]),
            ),
          },
        },
        (edit) => (as) => updateDoc(doc(as.alice, 'users/alice'), edit),
      ),
      'another user edits a name': (as) =>
        updateDoc(doc(as.bob, 'users/alice'), { displayName: 'Bob was here' }),
      'another user mutes somebody': (as) =>
        updateDoc(doc(as.bob, 'users/alice'), { 'notificationSettings.order': true }),
      'a signed-out caller edits a name': (as) =>
        updateDoc(doc(as.nobody, 'users/alice'), { displayName: 'x' }),
    },
  },
  {
    rule: 'a user document is deleted by the server only',
    given: { 'users/alice': { tokens: ['phone:APA91b'], displayName: 'Alice' } },
    allowed: {
      'the owner empties it': (as) =>
        updateDoc(doc(as.alice, 'users/alice'), {
          tokens: deleteField(),
          displayName: deleteField(),
        }),
    },
    denied: {
      'the owner deletes it': (as) => deleteDoc(doc(as.alice, 'users/alice')),
      'another user deletes it': (as) => deleteDoc(doc(as.bob, 'users/alice')),
      'an admin deletes it': (as) => deleteDoc(doc(as.admin, 'users/alice')),
      'a signed-out caller deletes it': (as) => deleteDoc(doc(as.nobody, 'users/alice')),
    },
  },
];
