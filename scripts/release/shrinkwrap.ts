/**
 * `npm-shrinkwrap.json` of the kit while it is packed: whoever installs the package gets the very dependencies that it was tested with.
 *
 * It is made of the lock file and taken away again, because beside it `npm ci` would no longer look at the lock file.
 */

import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

interface Locked {
  readonly dev?: boolean;
  readonly peer?: boolean;
  readonly devDependencies?: unknown;
  readonly allowScripts?: unknown;
}

export interface LockFile {
  readonly lockfileVersion: number;
  /** By place; the package itself stands at ''. */
  readonly packages: Readonly<Record<string, Locked>>;
}

/** The lock file of those who install the package: without what only its developers or its host bring. */
export function shrinkwrapOf(lock: LockFile): LockFile {
  const packages = Object.entries(lock.packages)
    .filter(([, { dev, peer }]) => dev !== true && peer !== true)
    .map(([place, { devDependencies: _dev, allowScripts: _scripts, ...locked }]) => [
      place,
      locked,
    ]);
  return { ...lock, packages: Object.fromEntries(packages) as LockFile['packages'] };
}

if (import.meta.main) {
  const kit = join(import.meta.dirname, '../../kit');
  const file = join(kit, 'npm-shrinkwrap.json');
  const [task] = process.argv.slice(2);
  if (task === 'write') {
    const lock = JSON.parse(await readFile(join(kit, 'package-lock.json'), 'utf8')) as LockFile;
    await writeFile(file, `${JSON.stringify(shrinkwrapOf(lock), null, 2)}\n`);
  } else if (task === 'remove') {
    await rm(file, { force: true });
  } else {
    throw new Error(`Expected "write" or "remove", got ${String(task)}.`);
  }
}
