import { cp, mkdir, mkdtemp, readFile, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { replaceApp, rulesWith } from './app.ts';

const ROOT = join(__dirname, '../..');

let project: string;
beforeEach(async () => {
  project = await realpath(await mkdtemp(join(tmpdir(), 'app-')));
  await mkdir(join(project, 'functions'));
  await cp(join(ROOT, 'functions/src'), join(project, 'functions/src'), { recursive: true });
  await cp(join(ROOT, 'firestore.rules'), join(project, 'firestore.rules'));
});
afterEach(() => rm(project, { recursive: true }));

const filesOf = async (folder: string): Promise<string[]> => (await readdir(folder)).sort();

test('puts the app where the sample was, and leaves what is of no app', async () => {
  await writeFile(join(project, 'functions/src/notifications/left-over.ts'), '');
  await replaceApp(project, join(ROOT, 'test/app'));
  for (const folder of ['notifications', 'i18n']) {
    expect(await filesOf(join(project, 'functions/src', folder))).toEqual(
      await filesOf(join(ROOT, 'test/app', folder)),
    );
  }
  expect(await filesOf(join(project, 'functions/src'))).toEqual(
    expect.arrayContaining(['i18n', 'index.ts', 'notifications', 'push.ts']),
  );
  const [rules, before, own] = await Promise.all(
    [project, ROOT, join(ROOT, 'test/app')].map((folder) =>
      readFile(join(folder, 'firestore.rules'), 'utf8'),
    ),
  );
  expect(rules).toContain('match /users/{uid} {');
  expect(rules).toBe(rulesWith(before as string, own as string));
});

test('can replace what it has put there', async () => {
  await replaceApp(project, join(ROOT, 'test/app'));
  const rules = await readFile(join(project, 'firestore.rules'), 'utf8');
  await replaceApp(project, join(ROOT, 'test/app'));
  expect(await readFile(join(project, 'firestore.rules'), 'utf8')).toBe(rules);
});

test('takes rules as they stand, and refuses those that do not say what is the app’s', () => {
  const marked = "a\n  // ==== The app's own ===\nold\n  // ==== End of the app's own ===\nb\n";
  expect(rulesWith(marked, "match '$&'\n")).toBe(marked.replace('old\n', () => "match '$&'\n"));
  expect(() => rulesWith('match /a {}', '')).toThrow("==== The app's own");
});
