/** Attempts on `follows`: following in another's name, and learning who follows whom. */
import {
  collection,
  deleteDoc,
  doc,
  getDoc,
  getDocs,
  query,
  serverTimestamp,
  setDoc,
  updateDoc,
  where,
} from 'firebase/firestore';
import { each, longAgo } from '../../../rules/attempts/attempt.ts';
import type { Attempts } from '../../../rules/attempts/attempt.ts';

const now = serverTimestamp();
const follow = { followerId: 'alice', followedId: 'bob', createdAt: longAgo };

export const follows: readonly Attempts[] = [
  {
    rule: 'a follow is known to the two alone',
    given: { 'follows/alice_bob': follow },
    allowed: {
      'the follower reads it': (as) => getDoc(doc(as.alice, 'follows/alice_bob')),
      'the followed reads it': (as) => getDoc(doc(as.bob, 'follows/alice_bob')),
      'a user asks whether they follow somebody they do not': (as) =>
        getDoc(doc(as.alice, 'follows/alice_carol')),
      'a user lists whom they follow': (as) =>
        getDocs(query(collection(as.alice, 'follows'), where('followerId', '==', 'alice'))),
      'a user lists who follows them': (as) =>
        getDocs(query(collection(as.bob, 'follows'), where('followedId', '==', 'bob'))),
    },
    denied: {
      'a third user reads it': (as) => getDoc(doc(as.carol, 'follows/alice_bob')),
      'a signed-out caller reads it': (as) => getDoc(doc(as.nobody, 'follows/alice_bob')),
      'a third user asks for one that is not there': (as) =>
        getDoc(doc(as.carol, 'follows/alice_dave')),
      'a third user asks with an id shorter than their own': (as) =>
        getDoc(doc(as.carol, 'follows/a')),
      'a signed-out caller asks for one that is not there': (as) =>
        getDoc(doc(as.nobody, 'follows/alice_dave')),
      'a user lists all follows': (as) => getDocs(collection(as.alice, 'follows')),
      'a third user lists whom somebody follows': (as) =>
        getDocs(query(collection(as.carol, 'follows'), where('followerId', '==', 'alice'))),
      'a signed-out caller lists whom somebody follows': (as) =>
        getDocs(query(collection(as.nobody, 'follows'), where('followerId', '==', 'alice'))),
    },
  },
  {
    rule: 'a user follows another in their own name, once',
    given: { 'follows/alice_bob': follow },
    allowed: {
      'a user follows another': (as) =>
        setDoc(doc(as.carol, 'follows/carol_bob'), {
          followerId: 'carol',
          followedId: 'bob',
          createdAt: now,
        }),
      'the follower unfollows': (as) => deleteDoc(doc(as.alice, 'follows/alice_bob')),
    },
    denied: {
      ...each(
        {
          'a follow as someone else': [
            'alice_dave',
            { followerId: 'alice', followedId: 'dave', createdAt: now },
          ],
          'a follow of oneself': [
            'carol_carol',
            { followerId: 'carol', followedId: 'carol', createdAt: now },
          ],
          'a follow under another id': [
            'carol_bob_2',
            { followerId: 'carol', followedId: 'bob', createdAt: now },
          ],
          "a follow under someone else's id": [
            'bob_alice',
            { followerId: 'carol', followedId: 'alice', createdAt: now },
          ],
          'a follow of nobody': ['carol_', { followerId: 'carol', followedId: '', createdAt: now }],
          'a follow of a name too long': [
            `carol_${'a'.repeat(129)}`,
            { followerId: 'carol', followedId: 'a'.repeat(129), createdAt: now },
          ],
          'a follow of two dots': [
            'carol_..',
            { followerId: 'carol', followedId: '..', createdAt: now },
          ],
          'a follow of a reserved id': [
            'carol___x__',
            { followerId: 'carol', followedId: '__x__', createdAt: now },
          ],
          'a follow of a number': [
            'carol_7',
            { followerId: 'carol', followedId: 7, createdAt: now },
          ],
          'a follow of null': [
            'carol_null',
            { followerId: 'carol', followedId: null, createdAt: now },
          ],
          'a follow by a list': [
            'carol_bob',
            { followerId: ['carol'], followedId: 'bob', createdAt: now },
          ],
          'a follow without the followed': ['carol_bob', { followerId: 'carol', createdAt: now }],
          'a follow of the past': [
            'carol_bob',
            { followerId: 'carol', followedId: 'bob', createdAt: longAgo },
          ],
          'a follow without a date': ['carol_bob', { followerId: 'carol', followedId: 'bob' }],
          'a follow with a field nobody knows': [
            'carol_bob',
            { followerId: 'carol', followedId: 'bob', createdAt: now, accepted: true },
          ],
        } as const,
        ([id, data]) =>
          (as) =>
            setDoc(doc(as.carol, `follows/${id}`), data),
      ),
      'a follow by a signed-out caller': (as) =>
        setDoc(doc(as.nobody, 'follows/carol_bob'), {
          followerId: 'carol',
          followedId: 'bob',
          createdAt: now,
        }),
      'the follower dates the follow anew': (as) =>
        updateDoc(doc(as.alice, 'follows/alice_bob'), { createdAt: now }),
      'the follower turns it to another': (as) =>
        updateDoc(doc(as.alice, 'follows/alice_bob'), { followedId: 'carol' }),
      'the followed deletes it': (as) => deleteDoc(doc(as.bob, 'follows/alice_bob')),
      'a third user deletes it': (as) => deleteDoc(doc(as.carol, 'follows/alice_bob')),
      'a signed-out caller deletes it': (as) => deleteDoc(doc(as.nobody, 'follows/alice_bob')),
    },
  },
];
