/** Writes the functions' one file anew, in one step, so that an instance starting meanwhile loads a whole file. */

import { execFile } from 'node:child_process';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { StackError } from '../stack/error.ts';

export interface Bundle {
  /** Whether the file is another than before. */
  changed: boolean;
  /** Puts the file of before back. */
  undo: () => Promise<void>;
}

/**
 * Runs the script `bundle` of functions/package.json, which does not check types.
 *
 * @throws StackError `build-failed`, with what esbuild said.
 */
export async function bundleFunctions(
  root: string,
  colours: boolean,
  signal: AbortSignal,
): Promise<Bundle> {
  const functions = join(root, 'functions');
  const file = join(functions, 'lib/index.js');
  const before = await readFile(file);
  // Named after this process, because two stacks may stand side by side; esbuild takes the last name it is given.
  const next = join(root, '.cache', `functions-${process.pid}.js`);
  const replace = async (content: Buffer): Promise<void> => {
    await writeFile(next, content);
    await rename(next, file);
  };
  try {
    await promisify(execFile)(
      process.execPath,
      ['--run', 'bundle', '--', `--outfile=${next}`, `--color=${colours}`],
      { cwd: functions, signal },
    );
    const after = await readFile(next);
    const changed = !after.equals(before);
    if (changed) await rename(next, file);
    return { changed, undo: () => replace(before) };
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    throw new StackError('build-failed', stderr?.trim() || message);
  } finally {
    await rm(next, { force: true });
  }
}
