/** Attempts on `users/{uid}.tokens`: stealing, stuffing, and what the clients of real apps do. */
import { FieldValue } from '@google-cloud/firestore';
import type { Names } from '../../names';
import { addresses, each, known, merge, update, type Attempts } from './attempt';

const arrayUnion = (...elements: unknown[]) => FieldValue.arrayUnion(...elements);
const arrayRemove = (...elements: unknown[]) => FieldValue.arrayRemove(...elements);

/** What follows for an app, and for its users, where a rule on addresses is not as it should be. */
const CONSEQUENCES = {
  ifDenied: 'apps cannot register devices, or not take them out again',
  ifAllowed: 'pushes go astray, or a list is stuffed that every delivery reads',
};

export function tokenAttempts({ users, tokensField }: Names): readonly Attempts[] {
  const alice = `${users}/alice`;
  const bob = `${users}/bob`;
  return [
    {
      ...CONSEQUENCES,
      rule: 'an owner adds addresses one at a time, and removes them freely',
      given: { [alice]: { [tokensField]: [known, 'tablet:APA91b'] } },
      allowed: {
        'the owner adds one with update and arrayUnion': update('alice', alice, {
          [tokensField]: arrayUnion('new:APA91b'),
        }),
        'the owner adds one with a merging set': merge('alice', alice, {
          [tokensField]: arrayUnion('new:APA91b'),
        }),
        'the owner adds one that is there already': update('alice', alice, {
          [tokensField]: arrayUnion(known),
        }),
        'the owner adds one of the longest length': update('alice', alice, {
          [tokensField]: arrayUnion('a'.repeat(1499)),
        }),
        'the owner adds one made of every printable character': update('alice', alice, {
          [tokensField]: arrayUnion(
            String.fromCharCode(...Array.from({ length: 94 }, (_, n) => 33 + n)),
          ),
        }),
        'the owner removes one with arrayRemove at logout': update('alice', alice, {
          [tokensField]: arrayRemove(known),
        }),
        'the owner removes one that is not there': update('alice', alice, {
          [tokensField]: arrayRemove('gone:APA91b'),
        }),
        'the owner exchanges one for its successor in one write': update('alice', alice, {
          [tokensField]: ['tablet:APA91b', 'renewed:APA91b'],
        }),
        'the owner removes all': update('alice', alice, { [tokensField]: [] }),
        'the owner removes the field': update('alice', alice, {
          [tokensField]: FieldValue.delete(),
        }),
      },
      denied: {
        'another user adds an address of theirs': update('bob', alice, {
          [tokensField]: arrayUnion('bob:APA91b'),
        }),
        'another user removes one': update('bob', alice, { [tokensField]: arrayRemove(known) }),
        'an admin adds one': update('admin', alice, { [tokensField]: arrayUnion('admin:APA91b') }),
        'a signed-out caller adds one': update('nobody', alice, {
          [tokensField]: arrayUnion('nobody:APA91b'),
        }),
        'the owner adds two at once': update('alice', alice, {
          [tokensField]: arrayUnion('x:1', 'y:2'),
        }),
        'the owner exchanges two at once': update('alice', alice, {
          [tokensField]: ['x:1', 'y:2'],
        }),
        'the owner adds one twice over': update('alice', alice, {
          [tokensField]: [known, 'x:1', 'x:1'],
        }),
        'the owner adds one and repeats a known address beside it': update('alice', alice, {
          [tokensField]: [known, known, known, 'x:1'],
        }),
        'the owner repeats a known address': update('alice', alice, {
          [tokensField]: [known, known, known],
        }),
        ...each(
          {
            'the owner adds a string one character too long': 'a'.repeat(1500),
            'the owner adds an empty string': '',
            'the owner adds a space': ' ',
            'the owner adds a string with a space': 'two words',
            'the owner adds a string with a tab': 'a\tb',
            'the owner adds a string that ends in a line break': 'a:APA91b\n',
            'the owner adds a string with a control character': 'a\u0000b',
            'the owner adds letters outside ASCII': 'é',
            'the owner adds an emoji': '📱',
            'the owner adds an object': { token: 'x:1' },
            'the owner adds an empty object': {},
            'the owner adds a number': 7,
            'the owner adds null': null,
            'the owner adds a boolean': true,
            'the owner adds a date': new Date(0),
          },
          (element) => update('alice', alice, { [tokensField]: arrayUnion(element) }),
        ),
        ...each(
          {
            'the owner writes a string in place of the list': 'x:1',
            'the owner writes a map in place of the list': { 0: 'x:1' },
            'the owner writes a number in place of the list': 1,
            'the owner writes null in place of the list': null,
            'the owner writes a boolean in place of the list': true,
          },
          (value) => update('alice', alice, { [tokensField]: value }),
        ),
      },
    },
    {
      ...CONSEQUENCES,
      rule: 'the thirtieth address is the last',
      given: {
        [alice]: { [tokensField]: addresses(30) },
        [bob]: { [tokensField]: addresses(29) },
      },
      allowed: {
        'an owner of 29 adds one': update('bob', bob, { [tokensField]: arrayUnion('new:APA91b') }),
        'an owner of 30 exchanges one': update('alice', alice, {
          [tokensField]: [...addresses(29), 'new:APA91b'],
        }),
        'an owner of 30 removes one': update('alice', alice, {
          [tokensField]: arrayRemove('device-0:APA91b'),
        }),
      },
      denied: {
        'an owner of 30 adds one': update('alice', alice, {
          [tokensField]: arrayUnion('new:APA91b'),
        }),
      },
    },
    {
      ...CONSEQUENCES,
      rule: 'a list that is too long or holds junk can be cleaned, and only cleaned',
      given: {
        [alice]: {
          [tokensField]: [...addresses(40), 'device-1:APA91b', 'two words', 7, null, { a: 1 }, NaN],
          takeovers: 'junk',
        },
      },
      allowed: {
        'the owner removes an address, once the one thing that never equals itself is out': {
          on: alice,
          run: async (as) => {
            const user = as.alice.firestore.doc(alice);
            await user.update({ [tokensField]: arrayRemove(NaN) });
            await user.update({ [tokensField]: arrayRemove('device-0:APA91b') });
          },
        },
        'the owner removes the junk': update('alice', alice, {
          [tokensField]: arrayRemove('two words', 7, null, { a: 1 }, NaN),
        }),
        'the owner removes everything': update('alice', alice, { [tokensField]: [] }),
        'the owner goes back to one new address': update('alice', alice, {
          [tokensField]: ['new:APA91b'],
        }),
      },
      denied: {
        'the owner adds an address': update('alice', alice, {
          [tokensField]: arrayUnion('new:APA91b'),
        }),
        'the owner exchanges an address while the list is too long': update('alice', alice, {
          [tokensField]: [...addresses(39), 'new:APA91b'],
        }),
        'the owner exchanges the junk for other junk': update('alice', alice, {
          [tokensField]: ['three short words'],
        }),
      },
    },
    {
      ...CONSEQUENCES,
      rule: 'what is not understood may stay, and nothing new of that kind comes in',
      given: {
        [alice]: {
          [tokensField]: [known, { token: 'x:1' }, 7, 'ExponentPushToken[x]', 'a'.repeat(1500)],
        },
      },
      allowed: {
        'the owner adds an address': update('alice', alice, {
          [tokensField]: arrayUnion('new:APA91b'),
        }),
        'the owner removes an address': update('alice', alice, {
          [tokensField]: arrayRemove(known),
        }),
      },
      denied: {
        'the owner adds another map': update('alice', alice, {
          [tokensField]: arrayUnion({ token: 'y:2' }),
        }),
        'the owner adds another string that is too long': update('alice', alice, {
          [tokensField]: arrayUnion('b'.repeat(1500)),
        }),
      },
    },
    {
      ...CONSEQUENCES,
      rule: 'a field that is no list is replaced by a first address',
      given: { [alice]: { [tokensField]: 'phone:APA91b' } },
      allowed: {
        'the owner adds one': update('alice', alice, { [tokensField]: arrayUnion('new:APA91b') }),
      },
      denied: {
        'the owner writes another string': update('alice', alice, { [tokensField]: 'new:APA91b' }),
        'the owner writes two addresses': update('alice', alice, { [tokensField]: ['x:1', 'y:2'] }),
      },
    },
  ];
}
