import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { follow, stepsOf } from './steps.ts';

const readme = (section: string): string => `## Add a notification\n\n${section}\n\n## More\n`;
const block = '```ts\none\n```';

test('the steps of a section are its blocks of code, each with its file and place', () => {
  const section = `Create \`a.ts\`:\n\n${block}\n\nAdd to \`b.ts\`, below the line \`{\`:\n\n${block}`;
  expect(stepsOf(readme(section))).toEqual([
    { does: 'Create', file: 'a.ts', text: 'one\n' },
    { does: 'Add to', file: 'b.ts', below: '{', text: 'one\n' },
  ]);
});

test('a block that no step announces is an error, since nobody would know where it goes', () => {
  const section = `Create \`a.ts\`:\n\n${block}\n\nand something like this:\n\n${block}`;
  expect(() => stepsOf(readme(section))).toThrow('got 2 blocks and 1 such lines');
  expect(() => stepsOf('# Nothing')).toThrow('got 0 blocks');
});

describe('a step', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'steps-'));
    await writeFile(join(root, 'a'), '{\n  x\n}\n}\n');
  });
  afterEach(() => rm(root, { recursive: true }));

  test('adds its text below the line it names, or at the end', async () => {
    await follow(root, { does: 'Add to', file: 'a', below: '{', text: 'y\n' });
    await follow(root, { does: 'Add to', file: 'a', text: 'z\n' });
    expect(await readFile(join(root, 'a'), 'utf8')).toBe('{\ny\n  x\n}\n}\nz\n');
  });

  test('that was followed already changes nothing', async () => {
    const steps = [
      { does: 'Create', file: 'b', text: 'new\n' },
      { does: 'Add to', file: 'a', below: '{', text: 'y\n' },
      { does: 'Add to', file: 'a', text: 'z\n' },
    ] as const;
    for (const step of [...steps, ...steps]) await follow(root, step);
    expect(await readFile(join(root, 'a'), 'utf8')).toBe('{\ny\n  x\n}\n}\nz\n');
    expect(await readFile(join(root, 'b'), 'utf8')).toBe('new\n');
  });

  test.each([
    ['creates a file that is there', { does: 'Create', file: 'a', text: 'y\n' }, 'a: expected no'],
    [
      'adds below a line that is not there',
      { does: 'Add to', file: 'a', below: '?', text: 'y\n' },
      'got it 0 times',
    ],
    [
      'adds below a line that is there twice',
      { does: 'Add to', file: 'a', below: '}', text: 'y\n' },
      'got it 2 times',
    ],
  ] as const)('that %s is an error', async (_what, step, message) => {
    await expect(follow(root, step)).rejects.toThrow(message);
  });
});
