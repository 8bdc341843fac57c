/** Attempts on `users/{uid}.tokens`: stealing, stuffing, and what the clients of real apps do. */
import { arrayRemove, arrayUnion, deleteField, doc, setDoc, updateDoc } from 'firebase/firestore';
import { each } from './attempt.ts';
import type { Attempts } from './attempt.ts';

const addresses = (count: number) => Array.from({ length: count }, (_, n) => `device-${n}:APA91b`);
const known = 'phone:APA91bExample';

export const tokens: readonly Attempts[] = [
  {
    rule: 'an owner adds addresses one at a time, and removes them freely',
    given: { 'users/alice': { tokens: [known, 'tablet:APA91b'], displayName: 'Alice' } },
    allowed: {
      'the owner adds one with update and arrayUnion': (as) =>
        updateDoc(doc(as.alice, 'users/alice'), { tokens: arrayUnion('new:APA91b') }),
      'the owner adds one with a merging set': (as) =>
        setDoc(doc(as.alice, 'users/alice'), { tokens: arrayUnion('new:APA91b') }, { merge: true }),
      'the owner adds one that is there already': (as) =>
        updateDoc(doc(as.alice, 'users/alice'), { tokens: arrayUnion(known) }),
      'the owner adds one of the longest length': (as) =>
        updateDoc(doc(as.alice, 'users/alice'), { tokens: arrayUnion('a'.repeat(1499)) }),
      'the owner adds one made of every printable character': (as) =>
        updateDoc(doc(as.alice, 'users/alice'), {
          tokens: arrayUnion(String.fromCharCode(...Array.from({ length: 94 }, (_, n) => 33 + n))),
        }),
      'the owner removes one with arrayRemove at logout': (as) =>
        updateDoc(doc(as.alice, 'users/alice'), { tokens: arrayRemove(known) }),
      'the owner removes one that is not there': (as) =>
        updateDoc(doc(as.alice, 'users/alice'), { tokens: arrayRemove('gone:APA91b') }),
      'the owner exchanges one for its successor in one write': (as) =>
        updateDoc(doc(as.alice, 'users/alice'), { tokens: ['tablet:APA91b', 'renewed:APA91b'] }),
      'the owner removes all': (as) => updateDoc(doc(as.alice, 'users/alice'), { tokens: [] }),
      'the owner removes the field': (as) =>
        updateDoc(doc(as.alice, 'users/alice'), { tokens: deleteField() }),
    },
    denied: {
      'another user adds an address of theirs': (as) =>
        updateDoc(doc(as.bob, 'users/alice'), { tokens: arrayUnion('bob:APA91b') }),
      'another user removes one': (as) =>
        updateDoc(doc(as.bob, 'users/alice'), { tokens: arrayRemove(known) }),
      'an admin adds one': (as) =>
        updateDoc(doc(as.admin, 'users/alice'), { tokens: arrayUnion('admin:APA91b') }),
      'a signed-out caller adds one': (as) =>
        updateDoc(doc(as.nobody, 'users/alice'), { tokens: arrayUnion('nobody:APA91b') }),
      'the owner adds two at once': (as) =>
        updateDoc(doc(as.alice, 'users/alice'), { tokens: arrayUnion('x:1', 'y:2') }),
      'the owner exchanges two at once': (as) =>
        updateDoc(doc(as.alice, 'users/alice'), { tokens: ['x:1', 'y:2'] }),
      'the owner adds one twice over': (as) =>
        updateDoc(doc(as.alice, 'users/alice'), { tokens: [known, 'x:1', 'x:1'] }),
      'the owner adds one and repeats a known address beside it': (as) =>
        updateDoc(doc(as.alice, 'users/alice'), { tokens: [known, known, known, 'x:1'] }),
      'the owner repeats a known address': (as) =>
        updateDoc(doc(as.alice, 'users/alice'), { tokens: [known, known, known] }),
      ...each(
        {
          'a string one character too long': 'a'.repeat(1500),
          'an empty string': '',
          'a space': ' ',
          'a string with a space': 'two words',
          'a string with a tab': 'a\tb',
          'a string that ends in a line break': 'a:APA91b\n',
          'a string with a control character': 'a\u0000b',
          'letters outside ASCII': 'é',
          'an emoji': '📱',
          'an object': { token: 'x:1' },
          'an empty object': {},
          'a number': 7,
          null: null,
          'a boolean': true,
          'a date': new Date(0),
        },
        (element) => (as) =>
          updateDoc(doc(as.alice, 'users/alice'), { tokens: arrayUnion(element) }),
      ),
      ...each(
        {
          'a string in place of the list': 'x:1',
          'a map in place of the list': { 0: 'x:1' },
          'a number in place of the list': 1,
          'null in place of the list': null,
          'a boolean in place of the list': true,
        },
        (value) => (as) => updateDoc(doc(as.alice, 'users/alice'), { tokens: value }),
      ),
    },
  },
  {
    rule: 'the thirtieth address is the last',
    given: {
      'users/alice': { tokens: addresses(30) },
      'users/bob': { tokens: addresses(29) },
    },
    allowed: {
      'an owner of 29 adds one': (as) =>
        updateDoc(doc(as.bob, 'users/bob'), { tokens: arrayUnion('new:APA91b') }),
      'an owner of 30 exchanges one': (as) =>
        updateDoc(doc(as.alice, 'users/alice'), { tokens: [...addresses(29), 'new:APA91b'] }),
      'an owner of 30 removes one': (as) =>
        updateDoc(doc(as.alice, 'users/alice'), { tokens: arrayRemove('device-0:APA91b') }),
    },
    denied: {
      'an owner of 30 adds one': (as) =>
        updateDoc(doc(as.alice, 'users/alice'), { tokens: arrayUnion('new:APA91b') }),
    },
  },
  {
    rule: 'a list that is too long or holds junk can be cleaned, and only cleaned',
    given: {
      'users/alice': {
        tokens: [...addresses(40), 'device-1:APA91b', 'two words', 7, null, { a: 1 }, NaN],
        displayName: 7,
        plan: 'gold',
      },
    },
    allowed: {
      'the owner removes an address, once the one thing that never equals itself is out': async (
        as,
      ) => {
        await updateDoc(doc(as.alice, 'users/alice'), { tokens: arrayRemove(NaN) });
        await updateDoc(doc(as.alice, 'users/alice'), { tokens: arrayRemove('device-0:APA91b') });
      },
      'the owner removes the junk': (as) =>
        updateDoc(doc(as.alice, 'users/alice'), {
          tokens: arrayRemove('two words', 7, null, { a: 1 }, NaN),
        }),
      'the owner removes everything': (as) =>
        updateDoc(doc(as.alice, 'users/alice'), { tokens: [] }),
      'the owner goes back to one new address': (as) =>
        updateDoc(doc(as.alice, 'users/alice'), { tokens: ['new:APA91b'] }),
      'the owner edits another field': (as) =>
        updateDoc(doc(as.alice, 'users/alice'), { locale: 'de-AT' }),
    },
    denied: {
      'the owner adds an address': (as) =>
        updateDoc(doc(as.alice, 'users/alice'), { tokens: arrayUnion('new:APA91b') }),
      'the owner exchanges an address while the list is too long': (as) =>
        updateDoc(doc(as.alice, 'users/alice'), { tokens: [...addresses(39), 'new:APA91b'] }),
      'the owner exchanges the junk for other junk': (as) =>
        updateDoc(doc(as.alice, 'users/alice'), { tokens: ['three short words'] }),
    },
  },
  {
    rule: 'what is not understood may stay, and nothing new of that kind comes in',
    given: {
      'users/alice': {
        tokens: [known, { token: 'x:1' }, 7, 'ExponentPushToken[x]', 'a'.repeat(1500)],
      },
    },
    allowed: {
      'the owner adds an address': (as) =>
        updateDoc(doc(as.alice, 'users/alice'), { tokens: arrayUnion('new:APA91b') }),
      'the owner removes an address': (as) =>
        updateDoc(doc(as.alice, 'users/alice'), { tokens: arrayRemove(known) }),
      'the owner edits another field': (as) =>
        updateDoc(doc(as.alice, 'users/alice'), { locale: 'de-AT' }),
    },
    denied: {
      'the owner adds another map': (as) =>
        updateDoc(doc(as.alice, 'users/alice'), { tokens: arrayUnion({ token: 'y:2' }) }),
      'the owner adds another string that is too long': (as) =>
        updateDoc(doc(as.alice, 'users/alice'), { tokens: arrayUnion('b'.repeat(1500)) }),
    },
  },
  {
    rule: 'a field that is no list is replaced by a first address',
    given: { 'users/alice': { tokens: 'phone:APA91b' } },
    allowed: {
      'the owner adds one': (as) =>
        updateDoc(doc(as.alice, 'users/alice'), { tokens: arrayUnion('new:APA91b') }),
    },
    denied: {
      'the owner writes another string': (as) =>
        updateDoc(doc(as.alice, 'users/alice'), { tokens: 'new:APA91b' }),
      'the owner writes two addresses': (as) =>
        updateDoc(doc(as.alice, 'users/alice'), { tokens: ['x:1', 'y:2'] }),
    },
  },
];
