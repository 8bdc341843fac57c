/** Copies the project, for whoever wants to change it and leave the working tree as it is. */

import { cp, glob, mkdtemp, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** What is made or installed: see .gitignore. Nothing that is written has one of these names. */
const LEFT_OUT = new Set(['node_modules', 'lib', '.git', '.cache', 'coverage']);

/**
 * Copies the project as it stands, and links to what is installed.
 *
 * @param name begins the name of the copy's folder.
 * @returns the folder, for the caller to delete.
 */
export async function copyProject(root: string, name: string): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), `${name}-`));
  await cp(root, copy, {
    recursive: true,
    filter: (path) => path === root || !LEFT_OUT.has(basename(path)),
  });
  for await (const installed of glob('{,*/}node_modules', { cwd: root })) {
    await symlink(join(root, installed), join(copy, installed));
  }
  return copy;
}
