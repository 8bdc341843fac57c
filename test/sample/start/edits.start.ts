/**
 * Whoever edits a notification while `npm start` runs sees the new text with the next push, and finds their data where it was.
 */
import { Firestore } from '@google-cloud/firestore';

import { waitUntil } from '../../../scripts/stack/condition.ts';
import { startProject } from './project.ts';
import type { RunningProject } from './project.ts';

const TIMEOUT_MS = 60_000;
const LIKE = 'functions/src/notifications/like.ts';
/** Of the push itself, not of its digest. */
const TITLE = /(?<=\n {6})title: .*,\n/;

jest.setTimeout(600_000);

let project: RunningProject;
let db: Firestore;
let likes = 0;

beforeAll(async () => {
  project = await startProject();
  db = new Firestore({
    projectId: 'demo-firestore-push',
    host: project.at('Firestore'),
    ssl: false,
    customHeaders: { Authorization: 'Bearer owner' },
  });
  await fetch(`${project.at('Inbox page')}simulator/devices/${TOKEN}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ platform: 'android', state: 'live' }),
  });
  await db.doc('users/ola').set({ displayName: 'Ola', tokens: [TOKEN] });
  await project.prints(/Watching functions/);
});
afterAll(async () => {
  await db.terminate();
  expect(await project.stop()).toBe(0);
});

const TOKEN = `fPhone0123456789abcdef:${'A'.repeat(140)}`;

/** Titles on Ola's phone after somebody new has liked a further post of hers: of one post, what follows would be told in an hour. */
async function titlesAfterLike(): Promise<string[]> {
  likes += 1;
  await db.doc(`users/lia${likes}`).set({ displayName: 'Lia' });
  await db.doc(`posts/p${likes}`).set({ ownerId: 'ola', text: 'Snow' });
  await db.doc(`posts/p${likes}/likes/lia${likes}`).set({});
  let titles: string[] = [];
  const arrived = await waitUntil(async () => {
    const url = `${project.at('Inbox page')}simulator/devices/${TOKEN}/inbox`;
    const shown = (await (await fetch(url)).json()) as { title: string }[];
    titles = shown.map(({ title }) => title);
    return titles.length >= likes;
  }, TIMEOUT_MS);
  if (!arrived)
    throw new Error(
      `Expected ${likes} pushes, got ${JSON.stringify(titles)}.\n${project.output()}`,
    );
  return titles;
}

test('shows an edited text with the next like, and keeps the data', async () => {
  expect(await titlesAfterLike()).toEqual(['Lia liked your post']);
  const before = await project.edit(LIKE, (text) => text.replace(TITLE, "title: 'Edited',\n"));
  await project.prints(/Reloaded in \d+ ms: functions\/src\/notifications\/like\.ts/, before);
  expect(await titlesAfterLike()).toContain('Edited');
  expect((await db.doc('posts/p1').get()).data()).toMatchObject({ text: 'Snow' });
  const told = await db.collection('deliveries').where('type', '==', 'like').get();
  expect(told.size).toBe(2);
});

test('has a console, which says what became of a like', async () => {
  const asked = `api/report?document=${encodeURIComponent('posts/p1/likes/lia1')}`;
  const response = await fetch(`${project.at('Console')}${asked}`);
  expect(await response.json()).toMatchObject({
    stories: [{ type: 'like', state: 'told', document: 'posts/p1/likes/lia1' }],
  });
});

test('shows an error with its line, and the functions go on as they were until it is mended', async () => {
  const good = "title: 'Mended',\n";
  let line = 0;
  const broken = await project.edit(LIKE, (text) => {
    line = text.split(TITLE)[0]?.split('\n').length ?? 0;
    return text.replace(TITLE, 'title: missing,\n');
  });
  await project.prints(
    new RegExp(`like\\.ts[:(]${line}[:,]\\d+.*Cannot find name 'missing'`),
    broken,
  );
  await project.prints(/Not reloaded: 1 error\. The functions go on as they were\./, broken);
  const titles = await titlesAfterLike();
  expect(titles).not.toContain('Mended');
  const mended = await project.edit(LIKE, (text) => text.replace(TITLE, good));
  await project.prints(/Reloaded in/, mended);
  expect(await titlesAfterLike()).toContain('Mended');
});

test('goes on as it was when the code cannot be loaded, and says why', async () => {
  const topics = 'functions/src/notifications/topics.ts';
  const broken = await project.edit(
    topics,
    (text) => `${text}\nthrow new Error('thrown on loading');\n`,
  );
  await project.prints(/thrown on loading/, broken);
  await project.prints(/topics\.ts: not reloaded/, broken);
  expect((await titlesAfterLike()).filter((title) => title === 'Mended')).toHaveLength(2);
  const mended = await project.edit(topics, (text) => text.replace(/\nthrow .*\n/, ''));
  await project.prints(/In order again/, mended);
});

test('takes edits of the kit, of texts and of settings', async () => {
  const texts = await project.edit('functions/src/i18n/en.json', (text) =>
    text.replace('liked your post', 'loves your post'),
  );
  await project.prints(/Reloaded in \d+ ms: functions\/src\/i18n\/en\.json/, texts);
  const kit = await project.edit(
    'kit/src/index.ts',
    (text) => `${text}\nexport const added = 1;\n`,
  );
  await project.prints(/Reloaded in \d+ ms: kit\/src\/index\.ts/, kit);
  const settings = await project.edit('functions/.env', (text) =>
    text.replace('REGION=us-central1', 'REGION=europe-west1'),
  );
  await project.prints(/Reloaded in \d+ ms: functions\/\.env/, settings);
  await project.prints(/move to europe-west1 when you restart/, settings);
});

test('takes edits of the rules, and names the line of what is wrong in them', async () => {
  const path = `http://${project.at('Firestore')}/v1/projects/demo-firestore-push/databases/(default)/documents/anything/a`;
  const read = async (): Promise<number> => (await fetch(path)).status;
  expect(await read()).toBe(403);
  const open = await project.edit('firestore.rules', (text) =>
    text.replace(
      /(match \/databases\/\{\w+\}\/documents \{)/,
      '$1\nmatch /anything/{id} { allow get; }',
    ),
  );
  await project.prints(/Reloaded in \d+ ms: firestore\.rules/, open);
  expect(await read()).toBe(404);
  const broken = await project.edit('firestore.rules', (text) => `nonsense\n${text}`);
  await project.prints(/firestore\.rules:1:\d+ - /, broken);
  await project.prints(/The rules stay as they were/, broken);
  expect(await read()).toBe(404);
});
