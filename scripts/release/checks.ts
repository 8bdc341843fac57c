/** What a packed kit has to pass before it is published; its test runs the same. */

import { join } from 'node:path';

/** A program and its arguments, to be run in the root of the repository. */
export type Check = readonly [file: string, ...args: string[]];

/**
 * @param root of the repository.
 * @param tarball as `npm pack` leaves it.
 */
export function checksOf(root: string, tarball: string): Check[] {
  const tool = (name: string) => join(root, 'node_modules/.bin', name);
  return [
    [tool('publint'), 'run', tarball, '--strict'],
    [tool('attw'), tarball, '--profile', 'node16', '--no-emoji'],
    [process.execPath, 'scripts/release/api-report.ts', '--check'],
  ];
}
