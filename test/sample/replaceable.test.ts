/** The sample can be replaced: no test but its own names what is the sample's, and the rest compiles without it. */
import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { copyWithoutSample } from '../../scripts/without-sample/copy.ts';

const ROOT = join(__dirname, '../..');
const run = promisify(execFile);

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

function all(pattern: RegExp, text: string): string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] as string);
}

/** What a test that stands on the sample would have to name, as it would be written. */
function namesOfTheSample(): RegExp {
  const code = globSync('functions/src/notifications/*.ts', { cwd: ROOT }).map(read).join('\n');
  const collections = all(/^ +document: '(.+)',$/gm, code)
    .flatMap((path) => path.split('/'))
    .filter((segment) => !segment.startsWith('{'));
  const words = [
    ...all(/^export const (notify\w+)/gm, code),
    ...all(/^ +name: '(\w+)',$/gm, code),
    ...Object.keys(JSON.parse(read('functions/src/i18n/en.json')) as object),
    ...all(/'(\w+)'/g, read('functions/src/notifications/topics.ts')),
  ];
  const segment = `["'\`/](?:${[...new Set(collections)].join('|')})["'\`/]`;
  const word = `["'\`.](?:${words.map((text) => text.replaceAll('.', '\\.')).join('|')})["'\`(]`;
  return new RegExp(`${segment}|${word}`);
}

/**
 * Tests that run what is deployed, and what they share. Unit tests of the kit may call their documents what they like, and so may those
 * that bring an app of their own: a team that installs the kit, and what an earlier release has left.
 */
const TESTS = globSync(['test/**/*.ts', 'scripts/**/*.test.ts', 'scripts/{soak,stack}/*.ts'], {
  cwd: ROOT,
}).filter((file) => !/^test\/(sample|readme|install|upgrade)\//.test(file));

it('no test but the sample’s own names its collections, notifications, texts or topics', () => {
  const names = namesOfTheSample();
  expect(names.test('`posts/${id}/likes/x`')).toBe(true);
  expect(names.test("{ key: 'like.title' }")).toBe(true);
  expect(TESTS.length).toBeGreaterThan(80);
  const found = TESTS.flatMap((file) =>
    read(file)
      .split('\n')
      .filter((line) => names.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );
  expect(found).toEqual([]);
});

describe('a copy with another app in the sample’s place', () => {
  let copy: string;
  beforeAll(async () => {
    copy = await copyWithoutSample(ROOT, 'test/app');
  });
  afterAll(() => rm(copy, { recursive: true, force: true }));

  it('compiles, the tests that are left included', async () => {
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const { stdout } = await run(process.execPath, [tsc, '--noEmit'], { cwd: copy });
    expect(stdout).toBe('');
  }, 180_000);
});
