/** Tries every table of attempts against the sample's part of firestore.rules, then asks which conditions were never tried. */
import { everyConditionIsTried } from '../../rules/every-condition.ts';
import { tryAttempts } from '../../rules/try-attempts.ts';
import { chats } from './attempts/chats.ts';
import { closedCollections } from './attempts/closed.ts';
import { follows } from './attempts/follows.ts';
import { anonymousAccounts } from './attempts/anonymous-accounts.ts';
import { fanOut } from './attempts/fan-out.ts';
import { invitations } from './attempts/invitations.ts';
import { messages } from './attempts/messages.ts';
import { posts } from './attempts/posts.ts';

const environment = tryAttempts([
  ...posts,
  ...follows,
  ...chats,
  ...messages,
  ...invitations,
  ...anonymousAccounts,
  ...fanOut,
  ...closedCollections,
]);

// An app that adds a collection adds it here, with attempts, if it wants them.
everyConditionIsTried(environment, [
  '/posts/{postId}',
  '/posts/{postId}/likes/{likerId}',
  '/posts/{postId}/comments/{commentId}',
  '/follows/{followId}',
  '/chats/{chatId}',
  '/chats/{chatId}/members/{uid}',
  '/chats/{chatId}/messages/{messageId}',
  '/invitations/{uid}/chats/{chatId}',
]);
