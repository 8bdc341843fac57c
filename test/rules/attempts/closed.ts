/** Attempts on what no rule opens: the server's collections, unknown ones, collection group queries. */
import { arrayUnion, collectionGroup, doc, getDoc, getDocs, updateDoc } from 'firebase/firestore';
import { each, everyAct } from './attempt.ts';
import type { Act, Attempts } from './attempt.ts';

const closed = [
  'devices/hash',
  'devices/hash/topics/news',
  'deliveries/like-1',
  'deliveries/like-1/shards/0',
  'deliveries/like-1/recipients/alice',
  'users/alice/devices/phone',
  'pushes/sale/recipients/alice',
  'settings/app',
  'sweeps/deletedAccounts',
];

const given = { 'users/alice': { tokens: [] } };

export const closedCollections: readonly Attempts[] = [
  {
    rule: 'what no rule opens is closed, to admins too',
    given: { ...given, ...Object.fromEntries(closed.map((path) => [path, { uid: 'alice' }])) },
    allowed: {
      'a user registers a device in their own document': (as) =>
        updateDoc(doc(as.alice, 'users/alice'), { tokens: arrayUnion('phone:APA91b') }),
    },
    denied: Object.assign({}, ...closed.map(everyAct)) as Record<string, Act>,
  },
  {
    rule: 'nobody searches through collections of one name everywhere',
    given,
    allowed: {
      'a user reads their own document': (as) => getDoc(doc(as.alice, 'users/alice')),
    },
    denied: each(
      {
        'all recipients': 'recipients',
        'all topics': 'topics',
        'all users': 'users',
      },
      (name) => (as) => getDocs(collectionGroup(as.alice, name)),
    ),
  },
];
