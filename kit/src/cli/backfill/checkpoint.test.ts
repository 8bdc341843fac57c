import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Checkpoint } from './checkpoint';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'checkpoint-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('begins with the first user, goes on after the last one, and begins anew after the end', async () => {
  const checkpoint = new Checkpoint(folder, 'acme_push_1');
  expect(await checkpoint.read()).toBe('');
  await checkpoint.write('ann');
  expect(await new Checkpoint(folder, 'acme_push_1').read()).toBe('ann');
  expect(await new Checkpoint(folder, 'acme_push_2').read()).toBe('');
  await checkpoint.forget();
  expect(await checkpoint.read()).toBe('');
  expect(await readdir(join(folder, '.firebase'))).toEqual([]);
});
