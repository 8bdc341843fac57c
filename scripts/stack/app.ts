/** Puts another app in the sample's place: its notifications, its texts, and the part of the rules that is an app's own. */

import { cp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { buildFunctions } from './build.ts';
import { copyProject } from './copy.ts';
import { StackError } from './error.ts';

/** What an app has of its own below functions/src, and below its own folder. */
const OWN_FOLDERS = ['notifications', 'i18n'] as const;
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
 * Makes a copy of the project with the app in the sample's place, and builds it.
 *
 * @returns the folder, for the caller to delete.
 */
export async function layOutApp(root: string, app: string, signal: AbortSignal): Promise<string> {
  const copy = await copyProject(root, 'firestore-push-app');
  try {
    await replaceApp(copy, app);
    await buildFunctions(join(copy, 'functions'), signal);
    return copy;
  } catch (error) {
    await rm(copy, { recursive: true, force: true });
    throw error;
  }
}
