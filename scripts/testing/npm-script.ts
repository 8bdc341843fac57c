/** Runs one of package.json's scripts; what it prints is shown only when it fails. */

import { execFile } from 'node:child_process';

/** ESLint lists every problem of every file. */
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** @returns whether it succeeded. */
export function runScript(root: string, name: string): Promise<boolean> {
  const options = { cwd: root, maxBuffer: MAX_OUTPUT_BYTES };
  return new Promise((resolve) => {
    execFile('npm', ['run', '--silent', name], options, (error, stdout, stderr) => {
      if (error) process.stderr.write(`\n${`${stdout}${stderr}`.trim() || error.message}\n`);
      resolve(error === null);
    });
  });
}
