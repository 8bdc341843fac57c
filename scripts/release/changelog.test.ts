import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { changelogProblems } from './changelog.ts';
import { readReleaseOptions } from './options.ts';

const GOOD = '# Changelog\n\n## Unreleased\n\n## 1.2.0 - 2026-01-31\n\n### Added\n\n- A thing.\n';

test('a version with a dated section and nothing unreleased can be released', () => {
  expect(changelogProblems(GOOD, '1.2.0')).toEqual([]);
});

test.each([
  ['the version has no section', GOOD, '1.3.0', /no section "## 1\.3\.0/],
  [
    'a longer version is not the version',
    GOOD.replace('1.2.0', '1.2.0-rc.1'),
    '1.2.0',
    /no section/,
  ],
  ['the section has no date', GOOD.replace(' - 2026-01-31', ''), '1.2.0', /with a date/],
  ['there is no such day', GOOD.replace('01-31', '02-31'), '1.2.0', /with a date/],
  ['the section is empty', GOOD.replace(/### Added[^]*/, ''), '1.2.0', /says nothing/],
  [
    'something is unreleased',
    GOOD.replace('ed\n\n## 1', 'ed\n\n- New.\n\n## 1'),
    '1.2.0',
    /unreleased/,
  ],
  ['the version is none', GOOD, '1.2', /Expected a version/],
])('a release is refused when %s', (_, changelog, version, problem) => {
  expect(changelogProblems(changelog, version)).toEqual([expect.stringMatching(problem)]);
});

test.each(['kit', 'simulator'])('the changelog of %s has its version, dated', (folder) => {
  const read = (file: string) => readFileSync(join(__dirname, '../..', folder, file), 'utf8');
  const { version } = JSON.parse(read('package.json')) as { readonly version: string };
  const problems = changelogProblems(read('CHANGELOG.md'), version);
  expect(problems.filter((problem) => !problem.includes('unreleased entries'))).toEqual([]);
});

test('a release is a rehearsal unless it is told to publish', () => {
  expect(readReleaseOptions([])).toEqual({ publish: false, help: false });
  expect(readReleaseOptions(['--publish'])).toEqual({ publish: true, help: false });
  expect(() => readReleaseOptions(['--publsh'])).toThrow(/--publsh/);
});
