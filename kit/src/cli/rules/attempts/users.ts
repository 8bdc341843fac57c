/** Attempts on `users/{uid}` beyond its addresses: reading it, creating it, what deliveries read of it, its end. */
import { FieldValue } from '@google-cloud/firestore';
import type { Names } from '../../names';
import { get, list, longAgo, merge, remove, search, set, update, type Attempts } from './attempt';

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
        'a user lists all users': list('alice', users),
        'a signed-out caller lists all users': list('nobody', users),
        'a user searches for the owner of an address': search('bob', users, {
          ...{ field: tokensField, op: 'ARRAY_CONTAINS' },
          value: { stringValue: 'phone:APA91b' },
        }),
        'a user queries for another by id': search('bob', users, {
          ...{ field: '__name__', op: 'EQUAL' },
          value: { referenceOf: alice },
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
        'the owner creates it with a count of takeovers, which is the server’s': set(
          ...(['alice', alice, { ...address, takeovers: { count: -1000 } }] as const),
        ),
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
        'another user changes it': update('bob', alice, { 'takeovers.count': 1000 }),
      },
      ifDenied: 'apps cannot register devices',
      ifAllowed: 'there is no limit to the addresses that one user takes from others',
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
      ifDenied: 'apps cannot sign out from all devices',
      ifAllowed: 'limits of the server begin anew, or users are not notified any more',
    },
  ];
}
