/** Attempts to store as much as Firestore takes: lists of 10,000 and strings of 1 MB. */
import { FieldValue } from '@google-cloud/firestore';
import type { Names } from '../../names';
import { addresses, known, merge, mutedKinds, set, update, type Attempts } from './attempt';

export function hugeAttempts({ users, tokensField }: Names): readonly Attempts[] {
  const alice = `${users}/alice`;
  const bob = `${users}/bob`;
  return [
    {
      rule: 'what is huge is refused',
      given: { [alice]: { [tokensField]: [known] } },
      allowed: {
        'the owner adds one address': merge('alice', alice, {
          [tokensField]: FieldValue.arrayUnion('new:APA91b'),
        }),
      },
      denied: {
        'the owner writes 10,000 addresses': update('alice', alice, {
          [tokensField]: addresses(10_000),
        }),
        'the owner writes 10,000 addresses into a new document': set('bob', bob, {
          [tokensField]: addresses(10_000),
        }),
        'the owner writes 10,000 copies of a known address': update('alice', alice, {
          [tokensField]: Array<string>(10_000).fill(known),
        }),
        'the owner adds an address of 1 MB': merge('alice', alice, {
          [tokensField]: FieldValue.arrayUnion('a'.repeat(1_000_000)),
        }),
        'the owner mutes with a text of 1 MB': merge('alice', alice, {
          mute: { all: 'a'.repeat(1_000_000) },
        }),
        'the owner blocks 10,000': merge('alice', alice, {
          blocked: Array.from({ length: 10_000 }, (_, n) => `user-${n}`),
        }),
        'the owner sets quiet hours of 1 MB': merge('alice', alice, {
          quietHours: { mon: '22:00-07:00,'.repeat(80_000) },
        }),
        'the owner writes 10,000 notification settings': merge('alice', alice, {
          notificationSettings: mutedKinds(10_000),
        }),
      },
      ifDenied: 'apps cannot register devices',
      ifAllowed: 'every delivery to this user reads all of it',
    },
  ];
}
