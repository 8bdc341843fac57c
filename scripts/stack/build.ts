/** Builds the kit and the functions, or the functions alone; the compiler's output is shown only when it fails. */

import { execFile } from 'node:child_process';

import { StackError } from './error.ts';

/**
 * @param folder whose `npm run build` is meant.
 * @throws StackError `build-failed`, with what the compiler said.
 */
export function buildFunctions(folder: string, signal: AbortSignal): Promise<void> {
  const options = { cwd: folder, signal };
  return new Promise((resolve, reject) => {
    execFile('npm', ['run', '--silent', 'build'], options, (error, stdout, stderr) => {
      if (!error) resolve();
      else if (signal.aborted) reject(new StackError('interrupted', 'Interrupted while building.'));
      else {
        const output = `${stdout}${stderr}`.trim() || error.message;
        reject(new StackError('build-failed', `The functions do not build:\n${output}`));
      }
    });
  });
}
