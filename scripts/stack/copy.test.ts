import { mkdir, mkdtemp, readFile, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { copyProject } from './copy.ts';

test('a copy has all that was written, links to what is installed, and nothing that was made, wherever the project stands', async () => {
  const home = await realpath(await mkdtemp(join(tmpdir(), 'original-')));
  // The name of what a build makes, as a person may call any folder.
  const root = join(home, 'lib');
  for (const folder of ['src', 'kit/lib', 'kit/node_modules/zod', '.git', '.cache']) {
    await mkdir(join(root, folder), { recursive: true });
  }
  await writeFile(join(root, 'src/code.ts'), 'code');
  await writeFile(join(root, 'kit/lib/code.js'), 'built');
  const copy = await copyProject(root, 'copy');
  try {
    expect((await readdir(copy)).sort()).toEqual(['kit', 'src']);
    expect(await readdir(join(copy, 'kit'))).toEqual(['node_modules']);
    expect(await readFile(join(copy, 'src/code.ts'), 'utf8')).toBe('code');
    expect(await realpath(join(copy, 'kit/node_modules'))).toBe(join(root, 'kit/node_modules'));
  } finally {
    await rm(copy, { recursive: true });
    await rm(home, { recursive: true });
  }
});
