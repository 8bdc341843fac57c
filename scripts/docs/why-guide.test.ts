/** The guide to `why` and `status` shows what they say. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WHY_HELP } from '../../kit/src/cli/why/options.ts';
import { EXAMPLES } from './why-examples.ts';

const GUIDE = readFileSync(join(__dirname, '../../docs/why.md'), 'utf8');
const shown = new Map(
  [...GUIDE.matchAll(/^<!-- example: ([\w-]+) -->\n+```\n(.*?)^```/gms)].map(
    ([, name = '', text = '']) => [name, text],
  ),
);

it('has every example, and no other', () => {
  expect([...shown.keys()].sort()).toEqual([...EXAMPLES.keys()].sort());
});

it.each([...EXAMPLES])('shows what is said of %s', (name, text) => {
  expect(shown.get(name)).toBe(text);
});

it('names every option of why', () => {
  const options = [...WHY_HELP.matchAll(/--[a-z]+/g)].map(([option]) => option);
  expect([...new Set(options)].filter((option) => !GUIDE.includes(option))).toEqual(['--help']);
});
