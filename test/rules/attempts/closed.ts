/** Attempts on what no rule opens: the server's collections, unknown ones, collection group queries. */
import {
  arrayUnion,
  collection,
  collectionGroup,
  deleteDoc,
  doc,
  getDoc,
  getDocs,
  setDoc,
  updateDoc,
} from 'firebase/firestore';
import { each, longAgo } from './attempt.ts';
import type { Act, Attempts } from './attempt.ts';

const closed = [
  'devices/hash',
  'devices/hash/topics/news',
  'deliveries/like-1',
  'deliveries/like-1/shards/0',
  'deliveries/like-1/recipients/alice',
  'users/alice/devices/phone',
  'pushes/sale/recipients/alice',
  'posts/cat/reports/1',
  'chats/cats/drafts/1',
  'settings/app',
  'sweeps/deletedAccounts',
];

/** Every way to reach a document: read it, find it, make one beside it, change it, delete it. */
const everyAct = (path: string): Record<string, Act> => {
  const beside = path.replace(/[^/]+$/, 'another');
  const siblings = path.replace(/\/[^/]+$/, '');
  return {
    [`a user reads ${path}`]: (as) => getDoc(doc(as.alice, path)),
    [`a user lists ${siblings}`]: (as) => getDocs(collection(as.alice, siblings)),
    [`a user creates ${beside}`]: (as) => setDoc(doc(as.alice, beside), { uid: 'alice' }),
    [`a user updates ${path}`]: (as) => updateDoc(doc(as.alice, path), { uid: 'alice' }),
    [`a user deletes ${path}`]: (as) => deleteDoc(doc(as.alice, path)),
    [`an admin reads ${path}`]: (as) => getDoc(doc(as.admin, path)),
    [`an admin writes ${path}`]: (as) => setDoc(doc(as.admin, path), { uid: 'admin' }),
    [`a signed-out caller reads ${path}`]: (as) => getDoc(doc(as.nobody, path)),
    [`a signed-out caller writes ${path}`]: (as) => setDoc(doc(as.nobody, path), { uid: 'x' }),
  };
};

const given = {
  'users/alice': { tokens: [] },
  'chats/cats': { participants: ['alice', 'bob'], createdAt: longAgo },
  'chats/cats/messages/hello': { senderId: 'alice', text: 'Hello', createdAt: longAgo },
};

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
      'a participant lists the messages of one chat': (as) =>
        getDocs(collection(as.alice, 'chats/cats/messages')),
    },
    denied: each(
      {
        'all messages': 'messages',
        'all members': 'members',
        'all likes': 'likes',
        'all comments': 'comments',
        'all recipients': 'recipients',
        'all users': 'users',
      },
      (name) => (as) => getDocs(collectionGroup(as.alice, name)),
    ),
  },
];
