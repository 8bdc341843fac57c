import { globSync } from 'node:fs';
import { join } from 'node:path';

import { circleIn, importsAmong } from './circles.ts';

const ROOT = join(__dirname, '../..');

test.each(['kit/src', 'functions/src', 'simulator/src', 'scripts', 'bench', 'test'])(
  'no file of %s imports itself by way of others, not even for types',
  (folder) => {
    const files = globSync('**/*.ts', { cwd: join(ROOT, folder) })
      .filter((file) => !file.includes('node_modules'))
      .map((file) => join(ROOT, folder, file));
    expect(files.length).toBeGreaterThan(3);
    expect(circleIn(importsAmong(files))).toBeUndefined();
  },
);

test('a circle is named from file to file', () => {
  const imports = new Map([
    ['a', ['b', 'd']],
    ['b', []],
    ['c', ['a']],
    ['d', ['b', 'c']],
  ]);
  expect(circleIn(imports)).toEqual(['a', 'd', 'c', 'a']);
});
