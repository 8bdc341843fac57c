/** Attempts on `chats/{chatId}/messages`: reading along, speaking for others, rewriting what was said. */
import {
  arrayRemove,
  collection,
  deleteDoc,
  doc,
  getDoc,
  getDocs,
  limit,
  orderBy,
  query,
  serverTimestamp,
  setDoc,
  updateDoc,
  writeBatch,
} from 'firebase/firestore';
import { each, longAgo } from '../../../rules/attempts/attempt.ts';
import type { Attempts } from '../../../rules/attempts/attempt.ts';

const now = serverTimestamp();
const image = 'https://example.com/cat.jpg';
const message = { senderId: 'alice', text: 'Hello', createdAt: longAgo };
const given = {
  'chats/cats': { participants: ['alice', 'bob'], createdAt: longAgo },
  'chats/cats/messages/hello': message,
  'chats/cats/messages/from-carol': { ...message, senderId: 'carol' },
  'chats/town': { ownerId: 'alice', createdAt: longAgo },
  'chats/town/members/bob': { joinedAt: longAgo },
  'chats/town/messages/hello': message,
  'chats/town/messages/from-bob': { ...message, senderId: 'bob' },
  'chats/left/members/bob': { joinedAt: longAgo },
  'chats/left/messages/hello': message,
};

export const messages: readonly Attempts[] = [
  {
    rule: 'messages are read by those in the chat',
    given,
    allowed: {
      'a participant reads one': (as) => getDoc(doc(as.bob, 'chats/cats/messages/hello')),
      'a participant lists the latest': (as) =>
        getDocs(
          query(collection(as.bob, 'chats/cats/messages'), orderBy('createdAt', 'desc'), limit(50)),
        ),
      'a member of a room lists them': (as) => getDocs(collection(as.bob, 'chats/town/messages')),
      'the owner of a room lists them': (as) =>
        getDocs(collection(as.alice, 'chats/town/messages')),
    },
    denied: {
      'a stranger reads one': (as) => getDoc(doc(as.carol, 'chats/cats/messages/hello')),
      'a stranger lists them': (as) => getDocs(collection(as.carol, 'chats/cats/messages')),
      'a stranger lists those of a room': (as) =>
        getDocs(collection(as.carol, 'chats/town/messages')),
      'an admin lists them': (as) => getDocs(collection(as.admin, 'chats/cats/messages')),
      'a signed-out caller reads one': (as) => getDoc(doc(as.nobody, 'chats/cats/messages/hello')),
      'a signed-out caller lists them': (as) =>
        getDocs(collection(as.nobody, 'chats/town/messages')),
      'a former member lists those of a chat that is gone': (as) =>
        getDocs(collection(as.bob, 'chats/left/messages')),
    },
  },
  {
    rule: 'a message is sent by somebody in the chat, in their own name',
    given,
    allowed: {
      ...each(
        {
          'a participant sends a text': { senderId: 'bob', text: 'a'.repeat(5000), createdAt: now },
          'a participant sends a picture': {
            senderId: 'bob',
            text: '',
            imageUrl: image,
            createdAt: now,
          },
        },
        (data) => (as) => setDoc(doc(as.bob, 'chats/cats/messages/new'), data),
      ),
      'a member of a room sends a text': (as) =>
        setDoc(doc(as.bob, 'chats/town/messages/new'), {
          senderId: 'bob',
          text: 'Hi',
          createdAt: now,
        }),
      'the owner of a room sends a text': (as) =>
        setDoc(doc(as.alice, 'chats/town/messages/new'), {
          senderId: 'alice',
          text: 'Hi',
          createdAt: now,
        }),
      'a user begins a chat and says the first word in one batch': (as) =>
        writeBatch(as.carol)
          .set(doc(as.carol, 'chats/new'), { participants: ['carol'], createdAt: now })
          .set(doc(as.carol, 'chats/new/messages/first'), {
            senderId: 'carol',
            text: 'Hi',
            createdAt: now,
          })
          .commit(),
    },
    denied: {
      ...each(
        {
          'a message as somebody else': { senderId: 'alice', text: 'Hi', createdAt: now },
          'a message from nobody': { text: 'Hi', createdAt: now },
          'a message from null': { senderId: null, text: 'Hi', createdAt: now },
          'a message from a list': { senderId: ['bob'], text: 'Hi', createdAt: now },
          'an empty message': { senderId: 'bob', text: '', createdAt: now },
          'a blank message': { senderId: 'bob', text: ' \n\t', createdAt: now },
          'a message too long': { senderId: 'bob', text: 'a'.repeat(5001), createdAt: now },
          'a message without a text': { senderId: 'bob', imageUrl: image, createdAt: now },
          'a number as text': { senderId: 'bob', text: 7, createdAt: now },
          'a map as text': { senderId: 'bob', text: { en: 'Hi' }, createdAt: now },
          'a map as picture': { senderId: 'bob', text: 'Hi', imageUrl: {}, createdAt: now },
          'an empty picture': { senderId: 'bob', text: '', imageUrl: '', createdAt: now },
          'a message of the past': { senderId: 'bob', text: 'Hi', createdAt: longAgo },
          'a message without a date': { senderId: 'bob', text: 'Hi' },
          'a field nobody knows': { senderId: 'bob', text: 'Hi', createdAt: now, sent: true },
        },
        (data) => (as) => setDoc(doc(as.bob, 'chats/cats/messages/new'), data),
      ),
      'a stranger sends to a chat': (as) =>
        setDoc(doc(as.carol, 'chats/cats/messages/new'), {
          senderId: 'carol',
          text: 'Hi',
          createdAt: now,
        }),
      'a stranger sends to a room': (as) =>
        setDoc(doc(as.carol, 'chats/town/messages/new'), {
          senderId: 'carol',
          text: 'Hi',
          createdAt: now,
        }),
      'a former member sends to a chat that is gone': (as) =>
        setDoc(doc(as.bob, 'chats/left/messages/new'), {
          senderId: 'bob',
          text: 'Hi',
          createdAt: now,
        }),
      'a signed-out caller sends': (as) =>
        setDoc(doc(as.nobody, 'chats/cats/messages/new'), {
          senderId: 'bob',
          text: 'Hi',
          createdAt: now,
        }),
      'a participant leaves and has a last word in one batch': (as) =>
        writeBatch(as.bob)
          .update(doc(as.bob, 'chats/cats'), { participants: arrayRemove('bob') })
          .set(doc(as.bob, 'chats/cats/messages/new'), {
            senderId: 'bob',
            text: 'Bye',
            createdAt: now,
          })
          .commit(),
    },
  },
  {
    rule: 'a message that was sent stands, until its sender takes it back',
    given,
    allowed: {
      'the sender takes it back': (as) => deleteDoc(doc(as.alice, 'chats/cats/messages/hello')),
      'the sender takes it back after leaving': (as) =>
        deleteDoc(doc(as.carol, 'chats/cats/messages/from-carol')),
    },
    denied: {
      'the sender edits it': (as) =>
        updateDoc(doc(as.alice, 'chats/cats/messages/hello'), { text: 'I never said that' }),
      'the sender dates it anew': (as) =>
        updateDoc(doc(as.alice, 'chats/cats/messages/hello'), { createdAt: now }),
      'the receiver edits it': (as) =>
        updateDoc(doc(as.bob, 'chats/cats/messages/hello'), { text: 'I owe you' }),
      'the receiver writes over it': (as) =>
        setDoc(doc(as.bob, 'chats/cats/messages/hello'), {
          senderId: 'bob',
          text: 'Hi',
          createdAt: now,
        }),
      'the receiver deletes it': (as) => deleteDoc(doc(as.bob, 'chats/cats/messages/hello')),
      "a member of a room deletes another's": (as) =>
        deleteDoc(doc(as.bob, 'chats/town/messages/hello')),
      "the owner of a room deletes a member's": (as) =>
        deleteDoc(doc(as.alice, 'chats/town/messages/from-bob')),
      'a stranger deletes it': (as) => deleteDoc(doc(as.carol, 'chats/cats/messages/hello')),
      'a signed-out caller deletes it': (as) =>
        deleteDoc(doc(as.nobody, 'chats/cats/messages/hello')),
    },
  },
];
