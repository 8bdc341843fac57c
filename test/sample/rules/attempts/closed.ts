/** Attempts on what no rule of the sample opens: collections below its own, and searches through all of one name. */
import { collection, collectionGroup, getDocs } from 'firebase/firestore';
import { each, everyAct, longAgo } from '../../../rules/attempts/attempt.ts';
import type { Act, Attempts } from '../../../rules/attempts/attempt.ts';

const closed = ['posts/cat/reports/1', 'chats/cats/drafts/1'];

const given = {
  'chats/cats': { participants: ['alice', 'bob'], createdAt: longAgo },
  'chats/cats/messages/hello': { senderId: 'alice', text: 'Hello', createdAt: longAgo },
};

/** Whoever may list the messages of one chat does nothing forbidden. */
const allowed: Readonly<Record<string, Act>> = {
  'a participant lists the messages of one chat': (as) =>
    getDocs(collection(as.alice, 'chats/cats/messages')),
};

export const closedCollections: readonly Attempts[] = [
  {
    rule: 'what no rule opens below the sample’s collections is closed, to admins too',
    given: { ...given, ...Object.fromEntries(closed.map((path) => [path, { uid: 'alice' }])) },
    allowed,
    denied: Object.assign({}, ...closed.map(everyAct)) as Record<string, Act>,
  },
  {
    rule: 'nobody searches through the sample’s collections of one name everywhere',
    given,
    allowed,
    denied: each(
      {
        'all messages': 'messages',
        'all members': 'members',
        'all chats and invitations': 'chats',
        'all likes': 'likes',
        'all comments': 'comments',
      },
      (name) => (as) => getDocs(collectionGroup(as.alice, name)),
    ),
  },
];
