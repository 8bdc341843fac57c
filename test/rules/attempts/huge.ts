/** Attempts to store as much as Firestore takes: lists of 10,000 and strings of 1 MB. */
import { arrayUnion, doc, setDoc, updateDoc } from 'firebase/firestore';
import { each } from './attempt.ts';
import type { Attempts } from './attempt.ts';

const known = 'phone:APA91bExample';
const text = 'a'.repeat(1_000_000);
const strings = (count: number) => Array.from({ length: count }, (_, n) => `device-${n}:APA91b`);

export const huge: readonly Attempts[] = [
  {
    rule: 'what is huge is refused',
    given: { 'users/alice': { tokens: [known] } },
    allowed: each(
      {
        'one address': ['users/alice', { tokens: arrayUnion('new:APA91b') }],
        'a name': ['users/alice', { displayName: 'Alice' }],
        'a setting': ['users/alice', { notificationSettings: { order: false } }],
      } as const,
      ([path, data]) =>
        (as) =>
          setDoc(doc(as.alice, path), data, { merge: true }),
    ),
    denied: {
      '10,000 addresses': (as) =>
        updateDoc(doc(as.alice, 'users/alice'), { tokens: strings(10_000) }),
      '10,000 addresses in a new document': (as) =>
        setDoc(doc(as.bob, 'users/bob'), { tokens: strings(10_000) }),
      '10,000 copies of a known address': (as) =>
        updateDoc(doc(as.alice, 'users/alice'), { tokens: Array<string>(10_000).fill(known) }),
      ...each(
        {
          'an address of 1 MB': ['users/alice', { tokens: arrayUnion(text) }],
          'a name of 1 MB': ['users/alice', { displayName: text }],
          '10,000 settings': [
            'users/alice',
            {
              notificationSettings: Object.fromEntries(
                Array.from({ length: 10_000 }, (_, n) => [`type-${n}`, false]),
              ),
            },
          ],
        } as const,
        ([path, data]) =>
          (as) =>
            setDoc(doc(as.alice, path), data, { merge: true }),
      ),
    },
  },
];
