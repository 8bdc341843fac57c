/** Makes a copy of the project in which another app stands in the sample's place, and the sample's own tests are gone. */

import { cp, glob, rm, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { replaceApp } from '../stack/app.ts';

/** What is made or installed: see .gitignore. Nothing that is written has one of these names. */
const LEFT_OUT = new Set(['node_modules', 'lib', '.git', '.cache', 'coverage']);

/** What only tests the sample; the tests beside its code go with the code. */
const TESTS_OF_THE_SAMPLE = ['test/sample', 'test/readme'];

/**
 * Copies the project as it stands, and links to what is installed.
 *
 * @param app the app's folder, relative to the root.
 * @param copy an empty folder.
 */
export async function copyWithoutSample(root: string, app: string, copy: string): Promise<void> {
  await cp(root, copy, { recursive: true, filter: (path) => !LEFT_OUT.has(basename(path)) });
  for await (const installed of glob('{,*/}node_modules', { cwd: root })) {
    await symlink(join(root, installed), join(copy, installed));
  }
  await replaceApp(copy, join(copy, app));
  for (const tests of TESTS_OF_THE_SAMPLE) {
    await rm(join(copy, tests), { recursive: true, force: true });
  }
}
