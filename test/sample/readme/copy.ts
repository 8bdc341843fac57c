/** A copy of this repository to edit in a test: all that is under version control, and the installed packages by links. */
import { cp, glob, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';

export const ROOT = join(__dirname, '../../..');

/** What is made, installed or a person's own: see .gitignore. */
const LEFT_OUT = new Set(['node_modules', '.git', '.cache', 'coverage']);
const BUILT = new Set(['functions/lib', 'kit/lib']);

export interface Copy {
  readonly root: string;
  remove(): Promise<void>;
}

export async function copyOfRepository(): Promise<Copy> {
  const root = await mkdtemp(join(tmpdir(), 'firestore-push-copy-'));
  const isCopied = (path: string): boolean =>
    !LEFT_OUT.has(basename(path)) && !BUILT.has(relative(ROOT, path));
  await cp(ROOT, root, { recursive: true, filter: isCopied });
  for await (const installed of glob('{,*/}node_modules', { cwd: ROOT })) {
    await symlink(join(ROOT, installed), join(root, installed));
  }
  return { root, remove: () => rm(root, { recursive: true, force: true }) };
}
