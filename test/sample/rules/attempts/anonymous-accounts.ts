/** Attempts of an anonymous account, of which anybody can have thousands: reaching people who did not invite it. */
import {
  arrayUnion,
  collection,
  doc,
  getDocs,
  serverTimestamp,
  setDoc,
  writeBatch,
} from 'firebase/firestore';
import type { Firestore } from 'firebase/firestore';
import { each, longAgo } from '../../../rules/attempts/attempt.ts';
import type { Attempts } from '../../../rules/attempts/attempt.ts';

const now = serverTimestamp();
const invitation = { inviterId: 'alice', createdAt: longAgo };

/** Whatever is pushed to somebody who need not know the account: by path. */
const pushed = (uid: string) =>
  ({
    'a like': [`posts/cat/likes/${uid}`, { createdAt: now }],
    'a comment': ['posts/cat/comments/new', { authorId: uid, text: 'Hi', createdAt: now }],
    'a follow': [`follows/${uid}_alice`, { followerId: uid, followedId: 'alice', createdAt: now }],
    'an invitation': ['invitations/dave/chats/cats', { inviterId: uid, createdAt: now }],
    'a new chat': ['chats/new', { participants: [uid], createdAt: now }],
    'a new room': ['chats/new', { ownerId: uid, createdAt: now }],
  }) as const;

const say = (db: Firestore, chat: string) =>
  setDoc(doc(db, `chats/${chat}/messages/new`), { senderId: 'guest', text: 'Hi', createdAt: now });

export const anonymousAccounts: readonly Attempts[] = [
  {
    rule: 'an anonymous account reaches nobody who did not invite it',
    given: {
      'posts/cat': { ownerId: 'alice', text: 'My cat', createdAt: longAgo },
      'posts/own': { ownerId: 'guest', text: 'My own', createdAt: longAgo },
      'chats/cats': { participants: ['alice', 'bob', 'guest'], createdAt: longAgo },
      'chats/dogs': { participants: ['alice', 'bob'], createdAt: longAgo },
      'chats/town': { ownerId: 'alice', createdAt: longAgo },
      'invitations/guest/chats/dogs': invitation,
      'invitations/guest/chats/town': invitation,
    },
    allowed: {
      // Beside what is denied below: the same by somebody who is known.
      ...each(
        pushed('bob'),
        ([path, data]) =>
          (as) =>
            setDoc(doc(as.bob, path), data),
      ),
      'a guest reads posts': (as) => getDocs(collection(as.guest, 'posts')),
      'a guest posts': (as) =>
        setDoc(doc(as.guest, 'posts/new'), { ownerId: 'guest', text: 'Hi', createdAt: now }),
      'a guest speaks in a chat they are in': (as) => say(as.guest, 'cats'),
      'a guest joins a chat they are invited to': (as) =>
        writeBatch(as.guest)
          .update(doc(as.guest, 'chats/dogs'), { participants: arrayUnion('guest') })
          .delete(doc(as.guest, 'invitations/guest/chats/dogs'))
          .commit(),
      'a guest becomes a member of a room they are invited to': (as) =>
        writeBatch(as.guest)
          .set(doc(as.guest, 'chats/town/members/guest'), { joinedAt: now })
          .delete(doc(as.guest, 'invitations/guest/chats/town'))
          .commit(),
    },
    denied: {
      ...each(
        pushed('guest'),
        ([path, data]) =>
          (as) =>
            setDoc(doc(as.guest, path), data),
      ),
      'a guest likes their own post': (as) =>
        setDoc(doc(as.guest, 'posts/own/likes/guest'), { createdAt: now }),
      'a guest speaks in a chat before they have joined': (as) => say(as.guest, 'dogs'),
      'a guest speaks in a room before they have joined': (as) => say(as.guest, 'town'),
    },
  },
];
