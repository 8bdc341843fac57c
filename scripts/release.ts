/** `npm run release`: builds, packs and checks the kit, and publishes it if told to. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { changelogProblems } from './release/changelog.ts';
import { checksOf } from './release/checks.ts';
import { readReleaseOptions, RELEASE_HELP } from './release/options.ts';

const ROOT = join(import.meta.dirname, '..');
const KIT = join(ROOT, 'kit');

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Runs a program with what it prints shown; throws when it fails. */
function run(cwd: string, file: string, ...args: string[]): void {
  say(`> ${[file, ...args].join(' ')}`);
  execFileSync(file, args, { cwd, stdio: 'inherit' });
}

/** Packs the kit, which builds it, and checks what was packed. */
function packed(into: string, version: string): string {
  run(KIT, 'npm', 'pack', '--silent', '--pack-destination', into);
  const tarball = join(into, `firestore-push-push-${version}.tgz`);
  for (const check of checksOf(ROOT, tarball)) run(ROOT, ...check);
  return tarball;
}

function release(publish: boolean): void {
  const { version } = JSON.parse(readFileSync(join(KIT, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  const problems = changelogProblems(readFileSync(join(KIT, 'CHANGELOG.md'), 'utf8'), version);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const into = mkdtempSync(join(tmpdir(), 'release-'));
  try {
    const tarball = packed(into, version);
    run(ROOT, 'npm', 'publish', tarball, '--access', 'public', ...(publish ? [] : ['--dry-run']));
    say(publish ? `Published ${version}.` : `${version} can be published: add --publish.`);
  } finally {
    rmSync(into, { recursive: true, force: true });
  }
}

try {
  const { publish, help } = readReleaseOptions(process.argv.slice(2));
  if (help) say(RELEASE_HELP);
  else release(publish);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
