/** What people copy out of the README, the guides and the examples: it has to work in every region. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const FILES = globSync(['README.md', 'simulator/README.md', 'docs/**/*.md', 'examples/**/*.js'], {
  cwd: ROOT,
});

interface Snippet {
  readonly where: string;
  readonly code: string;
}

/** The code blocks of a guide, or a whole example. */
function snippetsOf(file: string): Snippet[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  if (!file.endsWith('.md')) return [{ where: file, code: text }];
  const blocks = [...text.matchAll(/^( *)```(?:js|jsx|ts|tsx)\n(.*?)^\1```/gms)];
  return blocks.map(({ index, 2: code = '' }) => {
    const line = text.slice(0, index).split('\n').length;
    return { where: `${file}:${line}`, code };
  });
}

/** The arguments of each call of a function, as they are written. */
function callsOf(name: string, code: string): string[][] {
  return [...code.matchAll(new RegExp(`\\b${name}\\(`, 'g'))].map(({ index, 0: call }) =>
    argumentsFrom(code.slice(index + call.length)),
  );
}

function argumentsFrom(code: string): string[] {
  const found = [''];
  let depth = 0;
  for (const character of code) {
    if (character === ')' && depth === 0) break;
    if ('([{'.includes(character)) depth += 1;
    if (')]}'.includes(character)) depth -= 1;
    if (character === ',' && depth === 0) found.push('');
    else found[found.length - 1] += character;
  }
  return found.map((argument) => argument.trim()).filter((argument) => argument !== '');
}

const snippets = FILES.flatMap(snippetsOf);
const callers = snippets.filter(({ code }) => /\b(?:getFunctions|httpsCallable)\(/.test(code));

it('knows the snippets that call functions', () => {
  expect(callers.length).toBeGreaterThanOrEqual(6);
  expect(callsOf('f', 'f(); f(g(a, b), c); f(a,)')).toEqual([[], ['g(a, b)', 'c'], ['a']]);
});

it.each(callers.map(({ where, code }) => [where, code]))('%s names the region', (_where, code) => {
  const calls = callsOf('getFunctions', code);
  expect(calls.length).toBeGreaterThan(0);
  for (const [, region] of calls) expect(region).toBe('REGION');
  // Where it is to be set is said in the same place.
  expect(code).toMatch(/const REGION = '|\bREGION\b.* from '/);
});

it('no snippet reaches functions in a way that has no place for a region', () => {
  for (const { where, code } of snippets) {
    expect({ where, found: /\bfunctions\(\)\s*\.httpsCallable/.exec(code)?.[0] }).toEqual({
      where,
    });
  }
});
