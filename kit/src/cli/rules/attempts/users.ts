/** Attempts on `users/{uid}` beyond its addresses: reading it, creating it, what deliveries read of it, its end. */
import { FieldValue } from '@google-cloud/firestore';
import type { Names } from '../../names';
import {
  each,
  everyList,
  everySearch,
  get,
  later,
  longAgo,
  merge,
  remove,
  set,
  update,
  type Attempts,
} from './attempt';

export function userAttempts({ users, tokensField }: Names): readonly Attempts[] {
  const alice = `${users}/alice`;
  const address = { [tokensField]: ['phone:APA91b'] };
  const takeovers = { takeovers: { count: 3, since: longAgo, addresses: ['a', 'b', 'c'] } };
  return [
    {
      rule: 'a user document is read by its owner alone',
      given: { [alice]: { ...address, ...takeovers }, [`${users}/bob`]: { [tokensField]: [] } },
      allowed: {
        'the owner reads it': get('alice', alice),
        'the owner asks whether it is there': get('carol', `${users}/carol`),
      },
      denied: {
        "another user reads somebody's addresses": get('bob', alice),
        'an admin reads it': get('admin', alice),
        'a signed-out caller reads it': get('nobody', alice),
        ...everyList('a user lists all users', 'alice', users),
        ...everyList('an admin lists all users', 'admin', users),
        ...everyList('a signed-out caller lists all users', 'nobody', users),
        ...everySearch('a user searches for the owner of an address', 'bob', users, {
          where: [
            { field: tokensField, op: 'ARRAY_CONTAINS', value: { stringValue: 'phone:APA91b' } },
          ],
        }),
        ...everySearch('a user queries for another by id', 'bob', users, {
          where: [{ field: '__name__', op: 'EQUAL', value: { referenceOf: alice } }],
        }),
      },
      ifDenied: 'apps cannot show a user their own settings',
      ifAllowed: 'addresses of devices are known to others, who can try to register them',
    },
    {
      rule: 'a user document is created by its owner, with fields of the owner only',
      given: {},
      allowed: {
        'the owner creates it by a merging arrayUnion': merge('alice', alice, {
          [tokensField]: FieldValue.arrayUnion('phone:APA91b'),
        }),
        'the owner creates it with a first address': set('alice', alice, address),
      },
      denied: {
        'another user creates it': set('bob', alice, { [tokensField]: ['bob:1'] }),
        'a signed-out caller creates it': set('nobody', alice, {}),
        'the owner creates it with two addresses': set('alice', alice, {
          [tokensField]: ['x:1', 'y:2'],
        }),
        'the owner creates it with an object as address': set('alice', alice, {
          [tokensField]: [{ token: 'x:1' }],
        }),
        ...each(
          {
            'the owner creates it with a count of takeovers, which is the server’s': -1000,
            'the owner creates it with a count of no takeovers, which is the server’s': 0,
          },
          (count) => set('alice', alice, { ...address, takeovers: { count } }),
        ),
        ...each(NEW_TAKEOVERS, (field) => set('alice', alice, { ...address, takeovers: field })),
      },
      ifDenied: 'apps cannot register a first device',
      ifAllowed: 'users are made up, or begin with what only the server may write',
    },
    {
      rule: 'how many addresses a user took over is the server’s',
      given: { [alice]: { ...address, ...takeovers } },
      allowed: {
        'the owner adds an address and leaves the rest': merge('alice', alice, {
          [tokensField]: FieldValue.arrayUnion('new:APA91b'),
        }),
        'the owner writes back what stands there': update('alice', alice, {
          ...{ [tokensField]: ['new:APA91b'], 'takeovers.count': 3 },
        }),
      },
      denied: {
        'the owner changes it': update('alice', alice, { 'takeovers.count': 0 }),
        'the owner removes it': update('alice', alice, { takeovers: FieldValue.delete() }),
        'the owner removes it by a set that does not merge': set('alice', alice, address),
        ...each(
          {
            'the owner changes since when alone': { 'takeovers.since': later },
            'the owner removes since when alone': { 'takeovers.since': FieldValue.delete() },
            'the owner changes which addresses alone': { 'takeovers.addresses': [] },
            'the owner removes one of the addresses alone': {
              'takeovers.addresses': FieldValue.arrayRemove('a'),
            },
            'the owner removes which addresses alone': {
              'takeovers.addresses': FieldValue.delete(),
            },
            'the owner removes the count alone': { 'takeovers.count': FieldValue.delete() },
            'the owner puts it back to nothing': { takeovers: {} },
          },
          (edit) => update('alice', alice, edit),
        ),
        'another user changes it': update('bob', alice, { 'takeovers.count': 1000 }),
      },
      ...TAKEN_WITHOUT_LIMIT,
    },
    {
      rule: 'that a user took over any address is written by the server only',
      given: { [alice]: address },
      allowed: {
        'the owner adds an address where nothing was taken over': merge('alice', alice, {
          [tokensField]: FieldValue.arrayUnion('new:APA91b'),
        }),
      },
      denied: {
        ...each(NEW_TAKEOVERS, (field) => update('alice', alice, { takeovers: field })),
        'another user adds it': update('bob', alice, { takeovers: { count: 1000 } }),
      },
      ...TAKEN_WITHOUT_LIMIT,
    },
    {
      rule: 'a user document is deleted by the server only',
      given: { [alice]: { ...address, ...takeovers } },
      allowed: {
        'the owner takes the addresses out': update('alice', alice, {
          [tokensField]: FieldValue.delete(),
        }),
      },
      denied: {
        'the owner deletes it': remove('alice', alice),
        'another user deletes it': remove('bob', alice),
        'an admin deletes it': remove('admin', alice),
        'a signed-out caller deletes it': remove('nobody', alice),
      },
      ...DELETED,
    },
    {
      rule: 'a user document is deleted by the server only, also where nothing was taken over',
      given: { [alice]: address },
      allowed: {},
      denied: {
        'the owner deletes it while nothing was taken over': remove('alice', alice),
        'another user deletes it while nothing was taken over': remove('bob', alice),
      },
      ...DELETED,
    },
  ];
}

const TAKEN_WITHOUT_LIMIT = {
  ifDenied: 'apps cannot register devices',
  ifAllowed: 'there is no limit to the addresses that one user takes from others',
};

const DELETED = {
  ifDenied: 'apps cannot sign out from all devices',
  ifAllowed: 'limits of the server begin anew, or users are not notified any more',
};

/** What an owner may write nowhere in the place of what the server counts. */
const NEW_TAKEOVERS = {
  'the owner adds takeovers that were none': { count: 0, since: longAgo, addresses: [] },
  'the owner adds takeovers of any count': { count: -1000 },
  'the owner adds takeovers with a date alone': { since: later },
  'the owner adds takeovers with addresses alone': { addresses: ['a'] },
  'the owner adds takeovers of nothing': {},
  'the owner adds takeovers that are null': null,
  'the owner adds takeovers that are a string': 'none',
  'the owner adds takeovers that are a number': 0,
};
