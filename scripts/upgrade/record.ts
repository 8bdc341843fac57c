/** `npm run record-fixtures -- --out DIR`: records what this release leaves in the middle of its work, for later ones to take over. */

import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { inStack, report } from '../stack/session.ts';
import { runJest } from '../testing/jest.ts';

const HELP = `Usage: npm run record-fixtures -- --out DIR

Plays the scenes of test/upgrade/scenes/ with the present code against the Firestore emulator, and writes the documents and tasks
of each into DIR: test/upgrade/fixtures/{version} for a release. Recorded again with the same code, the files are the same.
`;

const root = join(import.meta.dirname, '../..');

async function record(folder: string): Promise<number> {
  const options = { ports: 'free', parts: ['firestore'] } as const;
  return inStack(root, options, async ({ stack, progress, signal }) => {
    progress.step('recording');
    const run = { name: 'record-fixtures', projects: ['upgrade-record'] };
    const env = { ...stack.env, RECORD_INTO: folder };
    const { passed, failed } = await runJest(root, run, env, signal);
    if (failed === 0) progress.done(`${passed} fixtures are in ${folder}`);
    return failed === 0 ? 0 : 1;
  });
}

try {
  const { out, help } = parseArgs({
    options: { out: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  }).values;
  if (help) process.stdout.write(HELP);
  else if (out === undefined) throw new Error(`--out: expected a folder.\n\n${HELP}`);
  // npm starts scripts in the package's folder; a relative path is the caller's.
  else process.exitCode = await record(resolve(process.env.INIT_CWD ?? '.', out));
} catch (error) {
  report(error);
  process.exitCode = 1;
}
