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

test('every condition of the rules was true in one attempt and false in another', async () => {
  const { projectId, emulators } = environment();
  const emulator = `http://${emulators.firestore?.host}:${emulators.firestore?.port}`;
  const response = await fetch(`${emulator}/emulator/v1/projects/${projectId}:ruleCoverage`);
  expect(response.status).toBe(200);
  expect(coverageGaps(rules, (await response.json()) as CoverageReport)).toEqual([]);
});
