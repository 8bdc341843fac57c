import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { waitUntil } from '../stack/condition.ts';
import { watchFiles } from './files.ts';

let folder: string;
let told: [name: string, content: string][];
let end: AbortController;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'watched-'));
  told = [];
  end = new AbortController();
  watchFiles({
    folder,
    isWatched: (name) => name === 'rules',
    onEdit: (...edit) => told.push(edit),
    onError: (name) => told.push([name, 'cannot be read']),
    signal: end.signal,
  });
});
afterEach(async () => {
  end.abort();
  await rm(folder, { recursive: true });
});

test('tells of a file that is saved in place, and of one that another takes the name of', async () => {
  await writeFile(join(folder, 'rules'), 'first');
  expect(await waitUntil(() => told.length === 1, 10_000)).toBe(true);
  await writeFile(join(folder, 'rules~'), 'second');
  await rename(join(folder, 'rules~'), join(folder, 'rules'));
  expect(await waitUntil(() => told.length === 2, 10_000)).toBe(true);
  expect(told).toEqual([
    ['rules', 'first'],
    ['rules', 'second'],
  ]);
});

test('tells of a file that cannot be read, and goes on', async () => {
  await mkdir(join(folder, 'rules'));
  expect(await waitUntil(() => told.length === 1, 10_000)).toBe(true);
  await rm(join(folder, 'rules'), { recursive: true });
  await writeFile(join(folder, 'rules'), 'readable');
  expect(await waitUntil(() => told.length === 2, 10_000)).toBe(true);
  expect(told).toEqual([
    ['rules', 'cannot be read'],
    ['rules', 'readable'],
  ]);
});
