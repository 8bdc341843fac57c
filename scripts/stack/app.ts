/** Puts another app in the sample's place: its notifications, its texts, and the part of the rules that is an app's own. */

import { cp, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { buildFunctions } from './build.ts';
import { StackError } from './error.ts';

/** What an app has of its own below functions/src, and below its own folder. */
const OWN_FOLDERS = ['notifications', 'i18n'] as const;
/** What `functions/` holds that is made, not written. */
const MADE = ['node_modules', 'lib'];

/** From the line that begins the app's own rules to the one that ends them. */
const OWN_RULES =
  /(?<=^ *\/\/ ==== The app's own\b.*\n).*(?=^ *\/\/ ==== End of the app's own\b)/ms;

/**
 * The rules with another app's own part.
 *
 * @throws StackError `app-invalid` when the rules do not mark their own part.
 */
export function rulesWith(rules: string, own: string): string {
  if (!OWN_RULES.test(rules)) {
    throw new StackError(
      'app-invalid',
      "firestore.rules: expected lines `// ==== The app's own …` and `// ==== End of the app's own …`, got none. " +
        'Put them around the rules that are not the kit’s.',
    );
  }
  return rules.replace(OWN_RULES, () => own);
}

/**
 * Replaces the sample in a project, which is changed: what was the sample's is gone, its tests in functions/src included.
 *
 * @param project holds `functions/` and `firestore.rules`.
 * @param app holds `notifications/`, `i18n/` and `firestore.rules`.
 */
export async function replaceApp(project: string, app: string): Promise<void> {
  const sources = join(project, 'functions/src');
  for (const folder of OWN_FOLDERS) {
    await rm(join(sources, folder), { recursive: true });
    await cp(join(app, folder), join(sources, folder), { recursive: true });
  }
  for (const name of await readdir(sources)) {
    if (name.endsWith('.test.ts')) await rm(join(sources, name));
  }
  const rules = join(project, 'firestore.rules');
  const own = await readFile(join(app, 'firestore.rules'), 'utf8');
  await writeFile(rules, rulesWith(await readFile(rules, 'utf8'), own));
}

/**
 * Copies what firebase-tools reads of the project into a folder of its own, in which the functions can be changed and built.
 *
 * @returns the folder, for the caller to delete.
 */
export async function copyProject(root: string): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'firestore-push-app-'));
  for (const name of ['firebase.json', 'firestore.rules', 'firestore.indexes.json']) {
    await cp(join(root, name), join(copy, name));
  }
  await cp(join(root, 'functions'), join(copy, 'functions'), {
    recursive: true,
    filter: (source) => !MADE.includes(basename(source)),
  });
  for (const name of ['kit', 'node_modules', 'functions/node_modules']) {
    await symlink(join(root, name), join(copy, name));
  }
  return copy;
}

/**
 * Makes such a copy with the app in the sample's place, and builds it.
 *
 * @returns the folder, for the caller to delete.
 */
export async function layOutApp(root: string, app: string, signal: AbortSignal): Promise<string> {
  const copy = await copyProject(root);
  try {
    await replaceApp(copy, app);
    await buildFunctions(copy, signal);
    return copy;
  } catch (error) {
    await rm(copy, { recursive: true, force: true });
    throw error;
  }
}
