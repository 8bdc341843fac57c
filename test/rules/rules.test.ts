/** Tries every table of attempts against firestore.rules, then asks which conditions were never tried. */
import { chats } from './attempts/chats.ts';
import { closedCollections } from './attempts/closed.ts';
import { follows } from './attempts/follows.ts';
import { messages } from './attempts/messages.ts';
import { posts } from './attempts/posts.ts';
import { pushes } from './attempts/pushes.ts';
import { tokens } from './attempts/tokens.ts';
import { users } from './attempts/users.ts';
import { coverageGaps } from './coverage.ts';
import type { CoverageReport } from './coverage.ts';
import { rules, tryAttempts } from './try-attempts.ts';

const environment = tryAttempts([
  ...users,
  ...tokens,
  ...pushes,
  ...posts,
  ...follows,
  ...chats,
  ...messages,
  ...closedCollections,
]);

const DOCUMENTS = '/databases/{database}/documents';
/** What the tables above are about. An app that adds a collection adds it here, with attempts, if it wants them. */
const TRIED = [
  '/users/{uid}',
  '/pushes/{pushId}',
  '/posts/{postId}',
  '/posts/{postId}/likes/{likerId}',
  '/posts/{postId}/comments/{commentId}',
  '/follows/{followId}',
  '/chats/{chatId}',
  '/chats/{chatId}/members/{uid}',
  '/chats/{chatId}/messages/{messageId}',
].map((match) => `${DOCUMENTS}${match}`);

test('every condition of the rules was true in one attempt and false in another', async () => {
  const { projectId, emulators } = environment();
  const emulator = `http://${emulators.firestore?.host}:${emulators.firestore?.port}`;
  const response = await fetch(`${emulator}/emulator/v1/projects/${projectId}:ruleCoverage`);
  expect(response.status).toBe(200);
  const report = (await response.json()) as CoverageReport;
  // A word of all sections that nobody uses here may be one that an app added for its own.
  const isTried = (match: string, wasEvaluated: boolean): boolean =>
    TRIED.includes(match) || (match === DOCUMENTS && wasEvaluated);
  expect(coverageGaps(rules, report, isTried)).toEqual([]);
});
