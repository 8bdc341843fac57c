/** Attempts on `chats`: looking in from outside, putting people in, throwing people out. */
import {
  arrayRemove,
  arrayUnion,
  collection,
  deleteDoc,
  deleteField,
  doc,
  getDoc,
  getDocs,
  query,
  serverTimestamp,
  setDoc,
  updateDoc,
  where,
  writeBatch,
} from 'firebase/firestore';
import { each, longAgo } from '../../../rules/attempts/attempt.ts';
import type { Attempts } from '../../../rules/attempts/attempt.ts';

const now = serverTimestamp();
const chat = { participants: ['alice', 'bob'], title: 'Cats', createdAt: longAgo };
const room = { ownerId: 'alice', title: 'Town', createdAt: longAgo };
const given = {
  'chats/cats': chat,
  'chats/town': room,
  'chats/town/members/bob': { joinedAt: longAgo },
};

export const chats: readonly Attempts[] = [
  {
    rule: 'a chat is seen by those who are in it',
    given,
    allowed: {
      'a participant reads it': (as) => getDoc(doc(as.bob, 'chats/cats')),
      'a participant lists their chats': (as) =>
        getDocs(query(collection(as.bob, 'chats'), where('participants', 'array-contains', 'bob'))),
      'the owner of a room reads it': (as) => getDoc(doc(as.alice, 'chats/town')),
      'the owner of rooms lists them': (as) =>
        getDocs(query(collection(as.alice, 'chats'), where('ownerId', '==', 'alice'))),
      'a member of a room reads it': (as) => getDoc(doc(as.bob, 'chats/town')),
    },
    denied: {
      'a stranger reads a chat': (as) => getDoc(doc(as.carol, 'chats/cats')),
      'a stranger reads a room': (as) => getDoc(doc(as.carol, 'chats/town')),
      'an admin reads a chat': (as) => getDoc(doc(as.admin, 'chats/cats')),
      'a signed-out caller reads a chat': (as) => getDoc(doc(as.nobody, 'chats/cats')),
      'a stranger lists all chats': (as) => getDocs(collection(as.carol, 'chats')),
      'a participant lists all chats': (as) => getDocs(collection(as.alice, 'chats')),
      "a stranger lists somebody's chats": (as) =>
        getDocs(
          query(collection(as.carol, 'chats'), where('participants', 'array-contains', 'bob')),
        ),
      "a stranger lists somebody's rooms": (as) =>
        getDocs(query(collection(as.carol, 'chats'), where('ownerId', '==', 'alice'))),
      'a signed-out caller lists chats': (as) =>
        getDocs(
          query(collection(as.nobody, 'chats'), where('participants', 'array-contains', 'bob')),
        ),
    },
  },
  {
    rule: 'a chat is begun by one person, who is alone in it',
    given: {},
    allowed: each(
      {
        'a chat': { participants: ['alice'], createdAt: now },
        'a chat with a title': { participants: ['alice'], title: 'Cats', createdAt: now },
      },
      (data) => (as) => setDoc(doc(as.alice, 'chats/new'), data),
    ),
    denied: {
      ...each(
        {
          'a chat with another in it': { participants: ['alice', 'bob'], createdAt: now },
          'a chat of others': { participants: ['bob', 'carol'], createdAt: now },
          'a chat of one other': { participants: ['bob'], createdAt: now },
          'a chat with oneself twice': { participants: ['alice', 'alice'], createdAt: now },
          'a chat of nobody': { participants: [], createdAt: now },
          'a number among participants': { participants: ['alice', 7], createdAt: now },
          'null among participants': { participants: ['alice', null], createdAt: now },
          'a map among participants': { participants: [{ uid: 'alice' }], createdAt: now },
          'a string as participants': { participants: 'alice', createdAt: now },
          'a map as participants': { participants: { alice: true }, createdAt: now },
          'no participants and no owner': { title: 'Cats', createdAt: now },
          'participants and an owner at once': {
            participants: ['alice'],
            ownerId: 'alice',
            createdAt: now,
          },
          'a number as title': { participants: ['alice'], title: 7, createdAt: now },
          'a title too long': { participants: ['alice'], title: 't'.repeat(101), createdAt: now },
          'a date of the past': { participants: ['alice'], createdAt: longAgo },
          'no date': { participants: ['alice'] },
          'a field nobody knows': { participants: ['alice'], createdAt: now, muted: [] },
        },
        (data) => (as) => setDoc(doc(as.alice, 'chats/new'), data),
      ),
      'a chat whose id is too long': (as) =>
        setDoc(doc(as.alice, `chats/${'c'.repeat(129)}`), {
          participants: ['alice'],
          createdAt: now,
        }),
      'a signed-out caller begins one': (as) =>
        setDoc(doc(as.nobody, 'chats/new'), { participants: ['alice'], createdAt: now }),
    },
  },
  {
    rule: 'a chat is renamed and left by those in it, and nothing else',
    given,
    allowed: {
      'a participant renames it': (as) => updateDoc(doc(as.bob, 'chats/cats'), { title: 'Dogs' }),
      'a participant takes the title away': (as) =>
        updateDoc(doc(as.bob, 'chats/cats'), { title: deleteField() }),
      'the owner renames a room': (as) => updateDoc(doc(as.alice, 'chats/town'), { title: 'City' }),
      'a participant leaves': (as) =>
        updateDoc(doc(as.bob, 'chats/cats'), { participants: arrayRemove('bob') }),
    },
    denied: {
      'a stranger renames it': (as) => updateDoc(doc(as.carol, 'chats/cats'), { title: 'Mine' }),
      'a signed-out caller renames it': (as) =>
        updateDoc(doc(as.nobody, 'chats/cats'), { title: 'Mine' }),
      'a member renames a room': (as) => updateDoc(doc(as.bob, 'chats/town'), { title: 'Mine' }),
      'a participant renames it to a number': (as) =>
        updateDoc(doc(as.bob, 'chats/cats'), { title: 7 }),
      'a stranger writes back what stands there': (as) =>
        updateDoc(doc(as.carol, 'chats/cats'), { participants: chat.participants }),
      'a stranger lets themself in': (as) =>
        updateDoc(doc(as.carol, 'chats/cats'), { participants: arrayUnion('carol') }),
      'a participant adds a third': (as) =>
        updateDoc(doc(as.bob, 'chats/cats'), { participants: arrayUnion('carol') }),
      'a participant throws another out': (as) =>
        updateDoc(doc(as.bob, 'chats/cats'), { participants: arrayRemove('alice') }),
      'a participant leaves and takes another along': (as) =>
        updateDoc(doc(as.bob, 'chats/cats'), { participants: [] }),
      'a participant leaves a substitute': (as) =>
        updateDoc(doc(as.bob, 'chats/cats'), { participants: ['alice', 'carol'] }),
      'a participant leaves and renames it': (as) =>
        updateDoc(doc(as.bob, 'chats/cats'), { participants: ['alice'], title: 'Bye' }),
      'a participant removes the list': (as) =>
        updateDoc(doc(as.bob, 'chats/cats'), { participants: deleteField() }),
      'a participant makes it a room of theirs': (as) =>
        setDoc(doc(as.bob, 'chats/cats'), { ownerId: 'bob', createdAt: now }),
      'a participant dates it anew': (as) =>
        updateDoc(doc(as.bob, 'chats/cats'), { createdAt: now }),
      'the owner gives a room away': (as) =>
        updateDoc(doc(as.alice, 'chats/town'), { ownerId: 'bob' }),
      'a member takes a room over': (as) =>
        updateDoc(doc(as.bob, 'chats/town'), { ownerId: 'bob' }),
      'a participant deletes it': (as) => deleteDoc(doc(as.alice, 'chats/cats')),
      'the owner deletes a room': (as) => deleteDoc(doc(as.alice, 'chats/town')),
    },
  },
  {
    rule: 'a room is opened by its owner, and its members are seen by those who are in it',
    given,
    allowed: {
      'a user opens a room, with themself in it, in one batch': (as) =>
        writeBatch(as.carol)
          .set(doc(as.carol, 'chats/club'), { ownerId: 'carol', title: 'Club', createdAt: now })
          .set(doc(as.carol, 'chats/club/members/carol'), { joinedAt: now })
          .commit(),
      'the owner becomes a member, too': (as) =>
        setDoc(doc(as.alice, 'chats/town/members/alice'), { joinedAt: now }),
      'the owner removes a member': (as) => deleteDoc(doc(as.alice, 'chats/town/members/bob')),
      'a member leaves': (as) => deleteDoc(doc(as.bob, 'chats/town/members/bob')),
      'a member lists the members': (as) => getDocs(collection(as.bob, 'chats/town/members')),
      'the owner lists the members': (as) => getDocs(collection(as.alice, 'chats/town/members')),
      'a user asks whether they are a member': (as) =>
        getDoc(doc(as.carol, 'chats/town/members/carol')),
    },
    denied: {
      "a user opens somebody else's room": (as) =>
        setDoc(doc(as.carol, 'chats/club'), { ownerId: 'bob', createdAt: now }),
      'a user opens a room with a date of the past': (as) =>
        setDoc(doc(as.carol, 'chats/club'), { ownerId: 'carol', createdAt: longAgo }),
      'a user opens a room with a number as title': (as) =>
        setDoc(doc(as.carol, 'chats/club'), { ownerId: 'carol', title: 7, createdAt: now }),
      'a user opens a room with another in it, in one batch': (as) =>
        writeBatch(as.carol)
          .set(doc(as.carol, 'chats/club'), { ownerId: 'carol', createdAt: now })
          .set(doc(as.carol, 'chats/club/members/bob'), { joinedAt: now })
          .commit(),
      'the owner puts somebody in': (as) =>
        setDoc(doc(as.alice, 'chats/town/members/carol'), { joinedAt: now }),
      'a stranger lets themself in': (as) =>
        setDoc(doc(as.carol, 'chats/town/members/carol'), { joinedAt: now }),
      'a member puts another in': (as) =>
        setDoc(doc(as.bob, 'chats/town/members/carol'), { joinedAt: now }),
      'a signed-out caller lets somebody in': (as) =>
        setDoc(doc(as.nobody, 'chats/town/members/carol'), { joinedAt: now }),
      'a participant becomes a member below a chat that is no room': (as) =>
        setDoc(doc(as.alice, 'chats/cats/members/alice'), { joinedAt: now }),
      'a user becomes a member of a chat that is not there': (as) =>
        setDoc(doc(as.carol, 'chats/none/members/carol'), { joinedAt: now }),
      'the owner joins at a date of the past': (as) =>
        setDoc(doc(as.alice, 'chats/town/members/alice'), { joinedAt: longAgo }),
      'the owner joins without a date': (as) =>
        setDoc(doc(as.alice, 'chats/town/members/alice'), {}),
      'the owner joins with a field nobody knows': (as) =>
        setDoc(doc(as.alice, 'chats/town/members/alice'), { joinedAt: now, role: 'admin' }),
      'a member dates their joining anew': (as) =>
        setDoc(doc(as.bob, 'chats/town/members/bob'), { joinedAt: now }),
      'a stranger removes a member': (as) => deleteDoc(doc(as.carol, 'chats/town/members/bob')),
      'a signed-out caller removes a member': (as) =>
        deleteDoc(doc(as.nobody, 'chats/town/members/bob')),
      'a stranger reads of a member': (as) => getDoc(doc(as.carol, 'chats/town/members/bob')),
      'a stranger lists the members': (as) => getDocs(collection(as.carol, 'chats/town/members')),
      'a signed-out caller lists the members': (as) =>
        getDocs(collection(as.nobody, 'chats/town/members')),
    },
  },
];
