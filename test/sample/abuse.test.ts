/** docs/abuse.md says what stands: its rules are those that are deployed, and the tests that it names are there. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const GUIDE = read('docs/abuse.md');

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

/** Without the indentation, which is another in a guide. */
function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

it('quotes the rules as they are, one line after the other', () => {
  const rules = linesOf(read('firestore.rules')).join('\n');
  const blocks = [...GUIDE.matchAll(/^```(\w*)\n(.*?)^```/gms)];
  const quoted = blocks.flatMap(([, language, code = '']) =>
    language === '' ? [linesOf(code).join('\n')] : [],
  );
  expect(quoted.length).toBeGreaterThan(3);
  expect(quoted.filter((text) => !rules.includes(text))).toEqual([]);
});

it('names tests that are there', () => {
  const rows = GUIDE.split('\n').filter((line) => /^\|.*\|$/.test(line));
  const named = rows.flatMap((row) =>
    [...(row.split('|').at(3) ?? '').matchAll(/_(\S(?:.*?\S)?)_(?=[; ])/g)].map(([, name]) => name),
  );
  expect(named.length).toBeGreaterThan(20);
  const tests = globSync(
    ['test/**/*.ts', '{kit,functions}/src/**/*.{test,property}.ts', 'kit/src/cli/**/attempts/*.ts'],
    {
      cwd: ROOT,
      exclude: ['**/node_modules/**'],
    },
  )
    .filter((file) => !file.endsWith('abuse.test.ts'))
    .map(read)
    .join('\n');
  expect(named.filter((name) => !tests.includes(name as string))).toEqual([]);
});
