/** `npm run test:without-sample`: the whole check in a copy of the project that has another app than the sample. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { report } from './stack/session.ts';
import { copyWithoutSample } from './without-sample/copy.ts';

const HELP = `Usage: npm run test:without-sample [-- command …]

Copies the project into a temporary folder, puts the app of test/app where the sample was, deletes the sample's tests,
and runs the command there. Without a command: the build, the checks and all other tests, which takes as long as
\`npm run test:all\`. Exits with the command's code.
`;

const APP = 'test/app';
const ALL = 'npm run build && node scripts/test.ts --all';

const root = join(import.meta.dirname, '..');

/** Runs it in a shell; its exit code. */
async function runIn(folder: string, command: string): Promise<number> {
  const child = spawn('sh', ['-c', command], { cwd: folder, stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

/** So that Ctrl-C ends the command, and this script then tidies up. */
process.on('SIGINT', () => undefined);

const args = process.argv.slice(2);
if (args.includes('--help')) process.stdout.write(HELP);
else {
  const copy = await copyWithoutSample(root, APP);
  try {
    process.exitCode = await runIn(copy, args.length > 0 ? args.join(' ') : ALL);
  } catch (error) {
    report(error);
    process.exitCode = 1;
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}
