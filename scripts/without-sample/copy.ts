/** Makes a copy of the project in which another app stands in the sample's place, and the sample's own tests are gone. */

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { replaceApp } from '../stack/app.ts';

const run = promisify(execFile);

/** Only a copy of all tests needs these to be gone: what is beside the sample's code goes with it. */
const TESTS_OF_THE_SAMPLE = 'test/sample';

/**
 * Copies what git knows or would take, as it stands now, and links to what is installed.
 *
 * @param app the app's folder, relative to the root.
 * @param copy an empty folder.
 */
export async function copyWithoutSample(root: string, app: string, copy: string): Promise<void> {
  const files = await sourcesIn(root);
  for (const file of files) {
    await mkdir(dirname(join(copy, file)), { recursive: true });
    await cp(join(root, file), join(copy, file));
  }
  for (const file of files.filter((name) => name.endsWith('package.json'))) {
    const installed = join(dirname(file), 'node_modules');
    if (existsSync(join(root, installed)))
      await symlink(join(root, installed), join(copy, installed));
  }
  await replaceApp(copy, join(copy, app));
  await rm(join(copy, TESTS_OF_THE_SAMPLE), { recursive: true, force: true });
}

async function sourcesIn(root: string): Promise<string[]> {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const { stdout } = await run('git', args, { cwd: root, maxBuffer: 2 ** 26 });
  // What was deleted and not committed is still listed.
  return stdout.split('\0').filter((file) => file !== '' && existsSync(join(root, file)));
}
