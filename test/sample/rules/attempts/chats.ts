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
const people = (count: number) => Array.from({ length: count }, (_, n) => `user-${n}`);
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
    rule: 'a chat is begun by one of its participants',
    given: {},
    allowed: each(
      {
        'a chat of two': { participants: ['alice', 'bob'], createdAt: now },
        'a chat of 100': { participants: ['alice', ...people(99)], createdAt: now },
        'a chat with a title': { participants: ['bob', 'alice'], title: 'Cats', createdAt: now },
        'a chat with dots and underscores in user ids': {
          participants: ['alice', '...', 'a.b', '__x', 'x__', '___'],
          createdAt: now,
        },
        'a chat with the longest user id': {
          participants: ['alice', 'u'.repeat(128)],
          createdAt: now,
        },
      },
      (data) => (as) => setDoc(doc(as.alice, 'chats/new'), data),
    ),
    denied: {
      ...each(
        {
          'a chat between others': { participants: ['bob', 'carol'], createdAt: now },
          'a chat with oneself': { participants: ['alice'], createdAt: now },
          'a chat of nobody': { participants: [], createdAt: now },
          'a chat of 101': { participants: ['alice', ...people(100)], createdAt: now },
          'a chat with somebody twice': {
            participants: ['alice', 'bob', 'bob'],
            createdAt: now,
          },
          'a number among participants': { participants: ['alice', 7], createdAt: now },
          'null among participants': { participants: ['alice', null], createdAt: now },
          'a boolean among participants': { participants: ['alice', true], createdAt: now },
          'a map among participants': { participants: ['alice', { uid: 'bob' }], createdAt: now },
          'a date among participants': { participants: ['alice', longAgo], createdAt: now },
          'an empty id among participants': { participants: ['alice', ''], createdAt: now },
          'a path among participants': { participants: ['alice', 'a/b'], createdAt: now },
          'a dot among participants': { participants: ['alice', '.'], createdAt: now },
          'two dots among participants': { participants: ['alice', '..', 'bob'], createdAt: now },
          'a reserved id among participants': {
            participants: ['__proto__', 'alice'],
            createdAt: now,
          },
          'the shortest reserved id among participants': {
            participants: ['alice', '____'],
            createdAt: now,
          },
          'two ids in one string': { participants: ['alice', 'bob carol'], createdAt: now },
          'an id too long': { participants: ['alice', 'u'.repeat(129)], createdAt: now },
          'a string as participants': { participants: 'alice bob', createdAt: now },
          'a map as participants': { participants: { alice: true, bob: true }, createdAt: now },
          'no participants and no owner': { title: 'Cats', createdAt: now },
          'participants and an owner at once': {
            participants: ['alice', 'bob'],
            ownerId: 'alice',
            createdAt: now,
          },
          'a number as title': { participants: ['alice', 'bob'], title: 7, createdAt: now },
          'a title too long': {
            participants: ['alice', 'bob'],
            title: 't'.repeat(101),
            createdAt: now,
          },
          'a date of the past': { participants: ['alice', 'bob'], createdAt: longAgo },
          'no date': { participants: ['alice', 'bob'] },
          'a field nobody knows': { participants: ['alice', 'bob'], createdAt: now, muted: [] },
        },
        (data) => (as) => setDoc(doc(as.alice, 'chats/new'), data),
      ),
      'a signed-out caller begins one': (as) =>
        setDoc(doc(as.nobody, 'chats/new'), { participants: ['alice', 'bob'], createdAt: now }),
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
    rule: 'a room is opened by its owner, who lets people in',
    given,
    allowed: {
      'a user opens a room, with themself and another in it, in one batch': (as) =>
        writeBatch(as.carol)
          .set(doc(as.carol, 'chats/club'), { ownerId: 'carol', title: 'Club', createdAt: now })
          .set(doc(as.carol, 'chats/club/members/carol'), { joinedAt: now })
          .set(doc(as.carol, 'chats/club/members/bob'), { joinedAt: now })
          .commit(),
      'the owner adds a member': (as) =>
        setDoc(doc(as.alice, 'chats/town/members/carol'), { joinedAt: now }),
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
      'a stranger lets themself in': (as) =>
        setDoc(doc(as.carol, 'chats/town/members/carol'), { joinedAt: now }),
      'a member adds another': (as) =>
        setDoc(doc(as.bob, 'chats/town/members/carol'), { joinedAt: now }),
      'a signed-out caller lets somebody in': (as) =>
        setDoc(doc(as.nobody, 'chats/town/members/carol'), { joinedAt: now }),
      'a participant adds a member below a chat that is no room': (as) =>
        setDoc(doc(as.alice, 'chats/cats/members/carol'), { joinedAt: now }),
      'a user becomes a member of a chat that is not there': (as) =>
        setDoc(doc(as.carol, 'chats/none/members/carol'), { joinedAt: now }),
      'the owner adds a member with a date of the past': (as) =>
        setDoc(doc(as.alice, 'chats/town/members/carol'), { joinedAt: longAgo }),
      'the owner adds a member without a date': (as) =>
        setDoc(doc(as.alice, 'chats/town/members/carol'), {}),
      'the owner adds a member with a field nobody knows': (as) =>
        setDoc(doc(as.alice, 'chats/town/members/carol'), { joinedAt: now, role: 'admin' }),
      'the owner adds a member whose id is too long': (as) =>
        setDoc(doc(as.alice, `chats/town/members/${'u'.repeat(129)}`), { joinedAt: now }),
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
