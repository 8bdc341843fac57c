/** Attempts on `pushes`, the outbox: sending without the claim, forging results, changing what is sent. */
import {
  collection,
  deleteDoc,
  deleteField,
  doc,
  getDoc,
  getDocs,
  setDoc,
  Timestamp,
  updateDoc,
} from 'firebase/firestore';
import { each, longAgo } from './attempt.ts';
import type { Attempts } from './attempt.ts';

const later = Timestamp.fromMillis(2_000_000_000_000);
const push = { to: 'alice', title: 'Sale', body: 'Today' };
const given = {
  'pushes/new': push,
  'pushes/planned': { ...push, sendAt: later, state: 'scheduled', createdAt: longAgo },
  'pushes/sending': { ...push, state: 'sending' },
  'pushes/sent': { ...push, state: 'sent', counts: { delivered: 1 } },
  'pushes/cancelled': { ...push, state: 'cancelled' },
};

export const pushes: readonly Attempts[] = [
  {
    rule: 'the outbox is read by the admin claim only',
    given,
    allowed: {
      'an admin reads a push': (as) => getDoc(doc(as.admin, 'pushes/sent')),
      'an admin lists pushes': (as) => getDocs(collection(as.admin, 'pushes')),
    },
    denied: {
      'its recipient reads a push': (as) => getDoc(doc(as.alice, 'pushes/sent')),
      'a user lists pushes': (as) => getDocs(collection(as.alice, 'pushes')),
      'a user whose claim is false reads a push': (as) =>
        getDoc(doc(as.formerAdmin, 'pushes/sent')),
      'a user whose claim is a string reads a push': (as) =>
        getDoc(doc(as.adminInWords, 'pushes/sent')),
      'a user whose claim is a number reads a push': (as) =>
        getDoc(doc(as.adminAsNumber, 'pushes/sent')),
      'a signed-out caller reads a push': (as) => getDoc(doc(as.nobody, 'pushes/sent')),
      'a signed-out caller lists pushes': (as) => getDocs(collection(as.nobody, 'pushes')),
    },
  },
  {
    rule: 'a push is written by the admin claim, in the shape of a push',
    given: {},
    allowed: each(
      {
        'a push to a user': push,
        'a push to a list of users': { ...push, to: ['alice', 'bob'] },
        'a push to a topic': { ...push, to: { topic: 'news' } },
        'a push of data only': { to: 'alice', data: { a: '1' }, style: 'data' },
        'a push for later, checked only': { ...push, sendAt: later, validateOnly: true },
        'a push of texts by key': { to: 'alice', title: { key: 'sale' }, body: { key: 'today' } },
        'a push with every other field': {
          ...push,
          actor: 'bob',
          image: 'https://example.com/sale.png',
          link: '/sale',
          collapseKey: 'sale',
          channelId: 'offers',
          category: 'OFFER',
          threadId: 'offers',
          sound: 'default',
          badge: 1,
          timeToLive: 3600,
          priority: 'normal',
          analyticsLabel: 'sale',
          type: 'offer',
          subtitle: 'For you',
          data: { sale: '7' },
          requiredData: ['sale'],
          criticalVolume: 0.5,
          interruptionLevel: 'active',
          relevanceScore: 0.5,
          targetContentId: 'sale',
          launchImage: 'sale',
          apns: { custom: { sale: 7 } },
          expo: { experienceId: '@shop/app' },
          style: 'alert',
        },
      },
      (data) => (as) => setDoc(doc(as.admin, 'pushes/next'), data),
    ),
    denied: {
      'a user sends a push': (as) => setDoc(doc(as.alice, 'pushes/next'), push),
      'a user whose claim is false sends a push': (as) =>
        setDoc(doc(as.formerAdmin, 'pushes/next'), push),
      'a user whose claim is a string sends a push': (as) =>
        setDoc(doc(as.adminInWords, 'pushes/next'), push),
      'a user whose claim is a number sends a push': (as) =>
        setDoc(doc(as.adminAsNumber, 'pushes/next'), push),
      'a signed-out caller sends a push': (as) => setDoc(doc(as.nobody, 'pushes/next'), push),
      ...each(
        {
          'a push to nobody': { title: 'Sale' },
          'a push to a number': { ...push, to: 7 },
          'a push to null': { ...push, to: null },
          'a title that is a number': { ...push, title: 7 },
          'a title too long': { ...push, title: 't'.repeat(1001) },
          'a body that is a list': { ...push, body: ['Today'] },
          'a body too long': { ...push, body: 'b'.repeat(8193) },
          'data that is a string': { ...push, data: 'a=1' },
          'data that is a list': { ...push, data: [] },
          'a time in words': { ...push, sendAt: 'tomorrow' },
          'a time in milliseconds': { ...push, sendAt: 2_000_000_000_000 },
          'a dry run in words': { ...push, validateOnly: 'true' },
          'a state': { ...push, state: 'sent' },
          counts: { ...push, counts: { delivered: 1 } },
          'an end of its record': { ...push, expiresAt: later },
          'what only the server accepts': { ...push, accepted: { state: 'sent' } },
          'a field nobody knows': { ...push, android: {} },
        },
        (data) => (as) => setDoc(doc(as.admin, 'pushes/next'), data),
      ),
    },
  },
  {
    rule: 'a push is changed and cancelled until it is on its way',
    given,
    allowed: {
      'an admin edits one the server has not seen yet': (as) =>
        updateDoc(doc(as.admin, 'pushes/new'), { title: 'Big sale' }),
      'an admin moves one that is scheduled': (as) =>
        updateDoc(doc(as.admin, 'pushes/planned'), { sendAt: later }),
      'an admin cancels one that is scheduled': (as) =>
        updateDoc(doc(as.admin, 'pushes/planned'), { state: 'cancelled' }),
    },
    denied: {
      'a user cancels one to them': (as) =>
        updateDoc(doc(as.alice, 'pushes/planned'), { state: 'cancelled' }),
      'a signed-out caller cancels one': (as) =>
        updateDoc(doc(as.nobody, 'pushes/planned'), { state: 'cancelled' }),
      'an admin calls one sent': (as) =>
        updateDoc(doc(as.admin, 'pushes/planned'), { state: 'sent' }),
      'an admin takes the state away': (as) =>
        updateDoc(doc(as.admin, 'pushes/planned'), { state: deleteField() }),
      'an admin edits one into a wrong shape': (as) =>
        updateDoc(doc(as.admin, 'pushes/planned'), { sendAt: 'now' }),
      'an admin changes a date of the server': (as) =>
        updateDoc(doc(as.admin, 'pushes/planned'), { createdAt: later }),
      'an admin edits one that is being sent': (as) =>
        updateDoc(doc(as.admin, 'pushes/sending'), { title: 'Big sale' }),
      'an admin cancels one that was sent': (as) =>
        updateDoc(doc(as.admin, 'pushes/sent'), { state: 'cancelled' }),
      'an admin forges counts': (as) =>
        updateDoc(doc(as.admin, 'pushes/sent'), { 'counts.delivered': 2 }),
      'an admin revives one that was cancelled': (as) =>
        updateDoc(doc(as.admin, 'pushes/cancelled'), { state: 'pending' }),
      'an admin deletes one': (as) => deleteDoc(doc(as.admin, 'pushes/sent')),
      'a user deletes one': (as) => deleteDoc(doc(as.alice, 'pushes/sent')),
    },
  },
];
