/** Attempts on `invitations`: inviting in another's name, coming in without one, and using one twice. */
import {
  arrayRemove,
  arrayUnion,
  collection,
  deleteDoc,
  doc,
  getDoc,
  getDocs,
  serverTimestamp,
  setDoc,
  updateDoc,
  writeBatch,
} from 'firebase/firestore';
import type { Firestore } from 'firebase/firestore';
import { each, longAgo } from '../../../rules/attempts/attempt.ts';
import type { Attempts } from '../../../rules/attempts/attempt.ts';

const now = serverTimestamp();
const people = (count: number) => Array.from({ length: count }, (_, n) => `user-${n}`);
const invitation = { inviterId: 'alice', createdAt: longAgo };
const given = {
  'chats/cats': { participants: ['alice', 'bob'], title: 'Cats', createdAt: longAgo },
  'chats/cats/messages/hello': { senderId: 'alice', text: 'Hello', createdAt: longAgo },
  'chats/full': { participants: ['alice', ...people(99)], createdAt: longAgo },
  'chats/roomy': { participants: ['alice', ...people(98)], createdAt: longAgo },
  'chats/town': { ownerId: 'alice', title: 'Town', createdAt: longAgo },
  'chats/town/messages/hello': { senderId: 'alice', text: 'Hello', createdAt: longAgo },
  'chats/town/members/bob': { joinedAt: longAgo },
  ...Object.fromEntries(
    ['cats', 'town', 'full', 'roomy', 'none'].map((chat) => [
      `invitations/carol/chats/${chat}`,
      invitation,
    ]),
  ),
};

/** Joins a chat as an app does: the invitation goes with the write that uses it. */
const join = (db: Firestore, uid: string, chat: string) =>
  writeBatch(db)
    .update(doc(db, `chats/${chat}`), { participants: arrayUnion(uid) })
    .delete(doc(db, `invitations/${uid}/chats/${chat}`))
    .commit();

/** The same for a room. */
const enter = (db: Firestore, uid: string, room: string) =>
  writeBatch(db)
    .set(doc(db, `chats/${room}/members/${uid}`), { joinedAt: now })
    .delete(doc(db, `invitations/${uid}/chats/${room}`))
    .commit();

export const invitations: readonly Attempts[] = [
  {
    rule: 'people are invited by whoever is in a chat, and by the owner of a room',
    given,
    allowed: {
      'a participant invites': (as) =>
        setDoc(doc(as.bob, 'invitations/dave/chats/cats'), { inviterId: 'bob', createdAt: now }),
      'the owner of a room invites': (as) =>
        setDoc(doc(as.alice, 'invitations/dave/chats/town'), {
          inviterId: 'alice',
          createdAt: now,
        }),
      'a user begins a chat, invites and says the first word in one batch': (as) =>
        writeBatch(as.carol)
          .set(doc(as.carol, 'chats/new'), { participants: ['carol'], createdAt: now })
          .set(doc(as.carol, 'invitations/bob/chats/new'), { inviterId: 'carol', createdAt: now })
          .set(doc(as.carol, 'chats/new/messages/first'), {
            senderId: 'carol',
            text: 'Hi',
            createdAt: now,
          })
          .commit(),
      'a user begins a chat and invites 19 in one batch': (as) => {
        const batch = writeBatch(as.carol).set(doc(as.carol, 'chats/new'), {
          ...{ participants: ['carol'], createdAt: now },
        });
        for (const uid of people(19)) {
          batch.set(doc(as.carol, `invitations/${uid}/chats/new`), {
            ...{ inviterId: 'carol', createdAt: now },
          });
        }
        return batch.commit();
      },
      'the inviter takes it back': (as) => deleteDoc(doc(as.alice, 'invitations/carol/chats/cats')),
    },
    denied: {
      'a stranger invites somebody': (as) =>
        setDoc(doc(as.carol, 'invitations/dave/chats/cats'), {
          inviterId: 'carol',
          createdAt: now,
        }),
      'a stranger invites themself': (as) =>
        setDoc(doc(as.admin, 'invitations/admin/chats/cats'), {
          inviterId: 'admin',
          createdAt: now,
        }),
      'a member of a room invites': (as) =>
        setDoc(doc(as.bob, 'invitations/dave/chats/town'), { inviterId: 'bob', createdAt: now }),
      'the owner of a room invites themself': (as) =>
        setDoc(doc(as.alice, 'invitations/alice/chats/town'), {
          inviterId: 'alice',
          createdAt: now,
        }),
      'a signed-out caller invites': (as) =>
        setDoc(doc(as.nobody, 'invitations/dave/chats/cats'), {
          inviterId: 'alice',
          createdAt: now,
        }),
      'a participant leaves and invites in one batch': (as) =>
        writeBatch(as.bob)
          .update(doc(as.bob, 'chats/cats'), { participants: arrayRemove('bob') })
          .set(doc(as.bob, 'invitations/dave/chats/cats'), { inviterId: 'bob', createdAt: now })
          .commit(),
      'a participant invites again whoever is invited': (as) =>
        setDoc(doc(as.bob, 'invitations/carol/chats/cats'), { inviterId: 'bob', createdAt: now }),
      'the inviter dates it anew': (as) =>
        updateDoc(doc(as.alice, 'invitations/carol/chats/cats'), { createdAt: now }),
      'another participant takes it back': (as) =>
        deleteDoc(doc(as.bob, 'invitations/carol/chats/cats')),
      'a signed-out caller takes it back': (as) =>
        deleteDoc(doc(as.nobody, 'invitations/carol/chats/cats')),
      ...each(
        {
          'an invitation by another': ['dave/chats/cats', { inviterId: 'bob', createdAt: now }],
          'an invitation by nobody': ['dave/chats/cats', { createdAt: now }],
          'an invitation by a list': ['dave/chats/cats', { inviterId: ['alice'], createdAt: now }],
          'an invitation of the past': [
            'dave/chats/cats',
            { inviterId: 'alice', createdAt: longAgo },
          ],
          'an invitation without a date': ['dave/chats/cats', { inviterId: 'alice' }],
          'an invitation with a text': [
            'dave/chats/cats',
            { inviterId: 'alice', createdAt: now, text: 'You have won' },
          ],
          'an invitation of a participant': [
            'bob/chats/cats',
            { inviterId: 'alice', createdAt: now },
          ],
          'an invitation to a chat that is not there': [
            'dave/chats/none',
            { inviterId: 'alice', createdAt: now },
          ],
          'an invitation of an id too long': [
            `${'u'.repeat(129)}/chats/cats`,
            { inviterId: 'alice', createdAt: now },
          ],
        } as const,
        ([path, data]) =>
          (as) =>
            setDoc(doc(as.alice, `invitations/${path}`), data),
      ),
    },
  },
  {
    rule: 'an invitation is seen and answered by the invited alone',
    given,
    allowed: {
      'the invited reads it': (as) => getDoc(doc(as.carol, 'invitations/carol/chats/cats')),
      'the invited lists theirs': (as) => getDocs(collection(as.carol, 'invitations/carol/chats')),
      'the invited sees the chat': (as) => getDoc(doc(as.carol, 'chats/cats')),
      'the invited sees the room': (as) => getDoc(doc(as.carol, 'chats/town')),
      'the invited declines': (as) => deleteDoc(doc(as.carol, 'invitations/carol/chats/cats')),
      'the invited joins a chat': (as) => join(as.carol, 'carol', 'cats'),
      'the invited joins a chat as its hundredth': (as) => join(as.carol, 'carol', 'roomy'),
      'the invited becomes a member of a room': (as) => enter(as.carol, 'carol', 'town'),
      'the invited joins and speaks in one batch': (as) =>
        writeBatch(as.carol)
          .update(doc(as.carol, 'chats/cats'), { participants: arrayUnion('carol') })
          .delete(doc(as.carol, 'invitations/carol/chats/cats'))
          .set(doc(as.carol, 'chats/cats/messages/new'), {
            senderId: 'carol',
            text: 'Hi',
            createdAt: now,
          })
          .commit(),
    },
    denied: {
      "another user lists somebody's invitations": (as) =>
        getDocs(collection(as.bob, 'invitations/carol/chats')),
      "a signed-out caller lists somebody's invitations": (as) =>
        getDocs(collection(as.nobody, 'invitations/carol/chats')),
      'another user reads one': (as) => getDoc(doc(as.bob, 'invitations/carol/chats/cats')),
      'another user declines it': (as) => deleteDoc(doc(as.bob, 'invitations/carol/chats/cats')),
      'another user joins by it': (as) =>
        writeBatch(as.admin)
          .update(doc(as.admin, 'chats/cats'), { participants: arrayUnion('admin') })
          .delete(doc(as.admin, 'invitations/carol/chats/cats'))
          .commit(),
      'the inviter accepts for the invited': (as) =>
        writeBatch(as.alice)
          .update(doc(as.alice, 'chats/cats'), { participants: arrayUnion('carol') })
          .delete(doc(as.alice, 'invitations/carol/chats/cats'))
          .commit(),
      'the owner of a room accepts for the invited': (as) =>
        writeBatch(as.alice)
          .set(doc(as.alice, 'chats/town/members/carol'), { joinedAt: now })
          .delete(doc(as.alice, 'invitations/carol/chats/town'))
          .commit(),
      'the invited joins and keeps the invitation': (as) =>
        updateDoc(doc(as.carol, 'chats/cats'), { participants: arrayUnion('carol') }),
      'the invited becomes a member and keeps the invitation': (as) =>
        setDoc(doc(as.carol, 'chats/town/members/carol'), { joinedAt: now }),
      'the invited joins and brings another along': (as) =>
        writeBatch(as.carol)
          .update(doc(as.carol, 'chats/cats'), { participants: arrayUnion('carol', 'dave') })
          .delete(doc(as.carol, 'invitations/carol/chats/cats'))
          .commit(),
      'the invited joins and renames it': (as) =>
        writeBatch(as.carol)
          .update(doc(as.carol, 'chats/cats'), { participants: arrayUnion('carol'), title: 'Mine' })
          .delete(doc(as.carol, 'invitations/carol/chats/cats'))
          .commit(),
      'the invited joins a chat of 100': (as) => join(as.carol, 'carol', 'full'),
      'the invited joins a room as if it were a chat': (as) => join(as.carol, 'carol', 'town'),
      'the invited becomes a member of a chat that is no room': (as) =>
        enter(as.carol, 'carol', 'cats'),
      'the invited becomes a member of a chat that is not there': (as) =>
        enter(as.carol, 'carol', 'none'),
      'a user without an invitation joins': (as) => join(as.admin, 'admin', 'cats'),
      'a user without an invitation becomes a member': (as) => enter(as.admin, 'admin', 'town'),
      'the invited reads what is said in a chat': (as) =>
        getDocs(collection(as.carol, 'chats/cats/messages')),
      'the invited reads what is said in a room': (as) =>
        getDocs(collection(as.carol, 'chats/town/messages')),
      'the invited lists the members of a room': (as) =>
        getDocs(collection(as.carol, 'chats/town/members')),
      'the invited speaks in a chat': (as) =>
        setDoc(doc(as.carol, 'chats/cats/messages/new'), {
          senderId: 'carol',
          text: 'Hi',
          createdAt: now,
        }),
      'the invited renames a chat': (as) =>
        updateDoc(doc(as.carol, 'chats/cats'), { title: 'Mine' }),
      'the invited asks for a chat that is not there': (as) => getDoc(doc(as.carol, 'chats/none')),
    },
  },
];
