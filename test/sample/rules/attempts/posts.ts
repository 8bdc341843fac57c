/** Attempts on `posts`, their likes and comments: acting as someone else, backdating, bloating. */
import {
  collection,
  deleteDoc,
  deleteField,
  doc,
  getDoc,
  getDocs,
  serverTimestamp,
  setDoc,
  updateDoc,
  writeBatch,
} from 'firebase/firestore';
import { each, longAgo } from '../../../rules/attempts/attempt.ts';
import type { Attempts } from '../../../rules/attempts/attempt.ts';

const now = serverTimestamp();
const image = 'https://example.com/cat.jpg';
const post = { ownerId: 'alice', text: 'My cat', imageUrl: image, createdAt: longAgo };
const comment = { authorId: 'bob', text: 'Nice', createdAt: longAgo };
const given = {
  'posts/cat': post,
  'posts/cat/likes/bob': { createdAt: longAgo },
  'posts/cat/comments/nice': comment,
};

export const posts: readonly Attempts[] = [
  {
    rule: 'posts, likes and comments are read by whoever is signed in',
    given,
    allowed: {
      'a user reads a post': (as) => getDoc(doc(as.carol, 'posts/cat')),
      'a user lists posts': (as) => getDocs(collection(as.carol, 'posts')),
      'a user reads a like': (as) => getDoc(doc(as.carol, 'posts/cat/likes/bob')),
      'a user lists likes': (as) => getDocs(collection(as.carol, 'posts/cat/likes')),
      'a user lists comments': (as) => getDocs(collection(as.carol, 'posts/cat/comments')),
    },
    denied: {
      'a signed-out caller reads a post': (as) => getDoc(doc(as.nobody, 'posts/cat')),
      'a signed-out caller lists posts': (as) => getDocs(collection(as.nobody, 'posts')),
      'a signed-out caller reads a like': (as) => getDoc(doc(as.nobody, 'posts/cat/likes/bob')),
      'a signed-out caller lists likes': (as) => getDocs(collection(as.nobody, 'posts/cat/likes')),
      'a signed-out caller lists comments': (as) =>
        getDocs(collection(as.nobody, 'posts/cat/comments')),
    },
  },
  {
    rule: 'a post is created by its owner',
    given: {},
    allowed: each(
      {
        'a text': { ownerId: 'alice', text: 'Hello', createdAt: now },
        'a picture with a text': { ownerId: 'alice', text: 'Hi', imageUrl: image, createdAt: now },
        'a picture alone': { ownerId: 'alice', text: '', imageUrl: image, createdAt: now },
        'a text of 5,000 characters': { ownerId: 'alice', text: 'a'.repeat(5000), createdAt: now },
      },
      (data) => (as) => setDoc(doc(as.alice, 'posts/new'), data),
    ),
    denied: {
      ...each(
        {
          "somebody else's post": { ownerId: 'bob', text: 'Hello', createdAt: now },
          'a post without an owner': { text: 'Hello', createdAt: now },
          'a post whose owner is a list': { ownerId: ['alice'], text: 'Hello', createdAt: now },
          'a post without a text': { ownerId: 'alice', createdAt: now },
          'a blank post': { ownerId: 'alice', text: ' \n ', createdAt: now },
          'a text too long': { ownerId: 'alice', text: 'a'.repeat(5001), createdAt: now },
          'a number as text': { ownerId: 'alice', text: 7, createdAt: now },
          'null as text': { ownerId: 'alice', text: null, createdAt: now },
          'a map as text': { ownerId: 'alice', text: { en: 'Hi' }, createdAt: now },
          'a number as picture': { ownerId: 'alice', text: 'Hi', imageUrl: 7, createdAt: now },
          'null as picture': { ownerId: 'alice', text: 'Hi', imageUrl: null, createdAt: now },
          'a script as picture': {
            ownerId: 'alice',
            text: 'Hi',
            imageUrl: 'javascript:alert(1)',
            createdAt: now,
          },
          'a date of the past': { ownerId: 'alice', text: 'Hello', createdAt: longAgo },
          'a date as a number': { ownerId: 'alice', text: 'Hello', createdAt: 1 },
          'no date': { ownerId: 'alice', text: 'Hello' },
          'a field nobody knows': { ownerId: 'alice', text: 'Hello', createdAt: now, pinned: true },
        },
        (data) => (as) => setDoc(doc(as.alice, 'posts/new'), data),
      ),
      'a post whose id is too long': (as) =>
        setDoc(doc(as.alice, `posts/${'p'.repeat(129)}`), {
          ownerId: 'alice',
          text: 'Hi',
          createdAt: now,
        }),
      'a post by a signed-out caller': (as) =>
        setDoc(doc(as.nobody, 'posts/new'), { ownerId: 'alice', text: 'Hello', createdAt: now }),
    },
  },
  {
    rule: 'a post is edited and deleted by its owner',
    given,
    allowed: {
      'the owner edits the text': (as) => updateDoc(doc(as.alice, 'posts/cat'), { text: 'Edited' }),
      'the owner takes the picture away': (as) =>
        updateDoc(doc(as.alice, 'posts/cat'), { imageUrl: deleteField() }),
      'the owner deletes it': (as) => deleteDoc(doc(as.alice, 'posts/cat')),
    },
    denied: {
      'another user edits it': (as) => updateDoc(doc(as.bob, 'posts/cat'), { text: 'Edited' }),
      'a signed-out caller edits it': (as) =>
        updateDoc(doc(as.nobody, 'posts/cat'), { text: 'Edited' }),
      'the owner gives it away': (as) => updateDoc(doc(as.alice, 'posts/cat'), { ownerId: 'bob' }),
      'another user takes it over': (as) =>
        updateDoc(doc(as.bob, 'posts/cat'), { ownerId: 'bob', text: 'Mine' }),
      'the owner dates it anew': (as) => updateDoc(doc(as.alice, 'posts/cat'), { createdAt: now }),
      'the owner adds a field nobody knows': (as) =>
        updateDoc(doc(as.alice, 'posts/cat'), { pinned: true }),
      'the owner empties it': (as) =>
        updateDoc(doc(as.alice, 'posts/cat'), { text: '', imageUrl: deleteField() }),
      'the owner takes the text away': (as) =>
        updateDoc(doc(as.alice, 'posts/cat'), { text: deleteField() }),
      'the owner makes the text a list': (as) =>
        updateDoc(doc(as.alice, 'posts/cat'), { text: ['Edited'] }),
      'another user deletes it': (as) => deleteDoc(doc(as.bob, 'posts/cat')),
      'an admin deletes it': (as) => deleteDoc(doc(as.admin, 'posts/cat')),
      'a signed-out caller deletes it': (as) => deleteDoc(doc(as.nobody, 'posts/cat')),
    },
  },
  {
    rule: 'a like is given and taken back by the liker',
    given,
    allowed: {
      'a user likes a post': (as) =>
        setDoc(doc(as.carol, 'posts/cat/likes/carol'), { createdAt: now }),
      'an owner likes their own post': (as) =>
        setDoc(doc(as.alice, 'posts/cat/likes/alice'), { createdAt: now }),
      'the liker takes it back': (as) => deleteDoc(doc(as.bob, 'posts/cat/likes/bob')),
    },
    denied: {
      'a user likes as someone else': (as) =>
        setDoc(doc(as.carol, 'posts/cat/likes/alice'), { createdAt: now }),
      'a user likes under an id that is nobody': (as) =>
        setDoc(doc(as.carol, 'posts/cat/likes/carol-2'), { createdAt: now }),
      'a signed-out caller likes': (as) =>
        setDoc(doc(as.nobody, 'posts/cat/likes/nobody'), { createdAt: now }),
      'a user likes a post that is not there': (as) =>
        setDoc(doc(as.carol, 'posts/dog/likes/carol'), { createdAt: now }),
      'a user likes at a date of the past': (as) =>
        setDoc(doc(as.carol, 'posts/cat/likes/carol'), { createdAt: longAgo }),
      'a user likes without a date': (as) => setDoc(doc(as.carol, 'posts/cat/likes/carol'), {}),
      'a user likes at a date in words': (as) =>
        setDoc(doc(as.carol, 'posts/cat/likes/carol'), { createdAt: 'today' }),
      'a user likes with a field nobody knows': (as) =>
        setDoc(doc(as.carol, 'posts/cat/likes/carol'), { createdAt: now, ownerId: 'bob' }),
      'the liker dates the like anew': (as) =>
        setDoc(doc(as.bob, 'posts/cat/likes/bob'), { createdAt: now }),
      "a user takes back somebody else's like": (as) =>
        deleteDoc(doc(as.carol, 'posts/cat/likes/bob')),
      "the post's owner takes it back": (as) => deleteDoc(doc(as.alice, 'posts/cat/likes/bob')),
      'a signed-out caller takes it back': (as) => deleteDoc(doc(as.nobody, 'posts/cat/likes/bob')),
    },
  },
  {
    rule: 'a comment is written by its author',
    given,
    allowed: {
      'a user comments': (as) =>
        setDoc(doc(as.carol, 'posts/cat/comments/new'), {
          authorId: 'carol',
          text: 'a'.repeat(2000),
          createdAt: now,
        }),
      'an owner posts and comments in one batch': (as) =>
        writeBatch(as.alice)
          .set(doc(as.alice, 'posts/new'), { ownerId: 'alice', text: 'Hi', createdAt: now })
          .set(doc(as.alice, 'posts/new/comments/first'), {
            authorId: 'alice',
            text: 'First',
            createdAt: now,
          })
          .commit(),
      'the author edits the text': (as) =>
        updateDoc(doc(as.bob, 'posts/cat/comments/nice'), { text: 'Very nice' }),
      'the author deletes it': (as) => deleteDoc(doc(as.bob, 'posts/cat/comments/nice')),
      "the post's owner deletes it": (as) => deleteDoc(doc(as.alice, 'posts/cat/comments/nice')),
    },
    denied: {
      ...each(
        {
          'a comment as someone else': { authorId: 'alice', text: 'Hi', createdAt: now },
          'a comment without an author': { text: 'Hi', createdAt: now },
          'a comment whose author is a number': { authorId: 7, text: 'Hi', createdAt: now },
          'an empty comment': { authorId: 'carol', text: '', createdAt: now },
          'a blank comment': { authorId: 'carol', text: '  \t', createdAt: now },
          'a comment too long': { authorId: 'carol', text: 'a'.repeat(2001), createdAt: now },
          'a comment that is a map': { authorId: 'carol', text: {}, createdAt: now },
          'a comment without a text': { authorId: 'carol', createdAt: now },
          'a comment of the past': { authorId: 'carol', text: 'Hi', createdAt: longAgo },
          'a comment without a date': { authorId: 'carol', text: 'Hi' },
          'a comment with a field nobody knows': {
            authorId: 'carol',
            text: 'Hi',
            createdAt: now,
            ownerId: 'carol',
          },
        },
        (data) => (as) => setDoc(doc(as.carol, 'posts/cat/comments/new'), data),
      ),
      'a comment by a signed-out caller': (as) =>
        setDoc(doc(as.nobody, 'posts/cat/comments/new'), {
          authorId: 'carol',
          text: 'Hi',
          createdAt: now,
        }),
      'a comment on a post that is not there': (as) =>
        setDoc(doc(as.carol, 'posts/dog/comments/new'), {
          authorId: 'carol',
          text: 'Hi',
          createdAt: now,
        }),
      "an edit by the post's owner": (as) =>
        updateDoc(doc(as.alice, 'posts/cat/comments/nice'), { text: 'I am a fool' }),
      'an edit by a signed-out caller': (as) =>
        updateDoc(doc(as.nobody, 'posts/cat/comments/nice'), { text: 'x' }),
      'an edit to nothing': (as) =>
        updateDoc(doc(as.bob, 'posts/cat/comments/nice'), { text: ' ' }),
      'an edit to a number': (as) => updateDoc(doc(as.bob, 'posts/cat/comments/nice'), { text: 7 }),
      'an edit of the author': (as) =>
        updateDoc(doc(as.bob, 'posts/cat/comments/nice'), { authorId: 'alice' }),
      'an edit of the date': (as) =>
        updateDoc(doc(as.bob, 'posts/cat/comments/nice'), { createdAt: now }),
      'a deletion by a third user': (as) => deleteDoc(doc(as.carol, 'posts/cat/comments/nice')),
      'a deletion by a signed-out caller': (as) =>
        deleteDoc(doc(as.nobody, 'posts/cat/comments/nice')),
    },
  },
];
