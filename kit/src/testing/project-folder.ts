/** Firebase projects in temporary folders, for tests of the command line. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Surroundings } from '../cli/command';

const folders: string[] = [];

/** @param files by path; an object is written as JSON. */
export function projectFolder(files: Readonly<Record<string, string | object>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'push-cli-')));
  folders.push(folder);
  for (const [path, content] of Object.entries(files)) {
    writeFile(join(folder, path), content);
  }
  return folder;
}

/** Writes a file, with the folders that it is in; an object as JSON. */
export function writeFile(file: string, content: string | object): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
}

/** Deletes all that were made; for `afterAll`. */
export function removeProjectFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** What a kit's installation looks like in `firebase.json`. */
export const KIT = {
  kit: 'push',
  source: 'function-kits/push/source',
  sourcePackage: { name: '@firestore-push/push', version: '0.1.0' },
  instances: { push: 'function-kits/push/config' },
};

/** Surroundings that keep what a command writes. */
export function recordedSurroundings(cwd: string, env: NodeJS.ProcessEnv = {}) {
  const written = { out: '', err: '' };
  const surroundings: Surroundings = {
    ...{ cwd, env },
    out: (text) => void (written.out += text),
    err: (text) => void (written.err += text),
  };
  return { written, surroundings };
}
