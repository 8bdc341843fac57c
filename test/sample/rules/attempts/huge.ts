/** Attempts to store as much as Firestore takes: lists of 10,000 and strings of 1 MB. */
import { doc, serverTimestamp, setDoc } from 'firebase/firestore';
import { each, longAgo } from '../../../rules/attempts/attempt.ts';
import type { Attempts } from '../../../rules/attempts/attempt.ts';

const now = serverTimestamp();
const text = 'a'.repeat(1_000_000);
const strings = (count: number) => Array.from({ length: count }, (_, n) => `user-${n}`);

export const huge: readonly Attempts[] = [
  {
    rule: 'what is huge is refused in the sample’s collections',
    given: {
      'posts/cat': { ownerId: 'bob', text: 'My cat', createdAt: longAgo },
      'chats/cats': { participants: ['alice'], createdAt: longAgo },
    },
    allowed: each(
      {
        'a post': ['posts/new', { ownerId: 'alice', text: 'Hi', createdAt: now }],
        'a comment': ['posts/cat/comments/c', { authorId: 'alice', text: 'Hi', createdAt: now }],
        'a message': ['chats/cats/messages/m', { senderId: 'alice', text: 'Hi', createdAt: now }],
        'a chat': ['chats/new', { participants: ['alice'], createdAt: now }],
        'an invitation': ['invitations/bob/chats/cats', { inviterId: 'alice', createdAt: now }],
      } as const,
      ([path, data]) =>
        (as) =>
          setDoc(doc(as.alice, path), data),
    ),
    denied: each(
      {
        'a post of 1 MB': ['posts/new', { ownerId: 'alice', text, createdAt: now }],
        'a comment of 1 MB': ['posts/cat/comments/c', { authorId: 'alice', text, createdAt: now }],
        'a message of 1 MB': ['chats/cats/messages/m', { senderId: 'alice', text, createdAt: now }],
        'a chat of 10,000': [
          'chats/new',
          { participants: ['alice', ...strings(9_999)], createdAt: now },
        ],
        'a participant of 1 MB': ['chats/new', { participants: ['alice', text], createdAt: now }],
        'an invitation of 1 MB': [
          'invitations/bob/chats/cats',
          { inviterId: 'alice', text, createdAt: now },
        ],
      } as const,
      ([path, data]) =>
        (as) =>
          setDoc(doc(as.alice, path), data),
    ),
  },
];
