/** Runs some of jest's projects and reads the report; what jest prints is shown only when it fails. */

import { spawn } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { once } from 'node:events';

import { totalsOf } from './results.ts';
import type { JestReport, Totals } from './results.ts';

export interface JestRun {
  /** Names the report's file. */
  name: string;
  /** Projects of jest.config.js; one without test files counts for nothing. */
  projects: readonly string[];
  args?: readonly string[];
}

/** Google's client libraries look for a metadata server, which an emulator has not, and say so. */
const QUIET = { METADATA_SERVER_DETECTION: 'none' };

/** What takes longer hangs: it fails alone, and what comes after it still runs. The longest takes five minutes on two cores. */
const LONGEST_RUN_MS = 20 * 60_000;

/**
 * @param env added to the environment of the tests.
 * @param signal ends jest, as does a run that takes longer than any should; the run then counts as failed.
 */
export async function runJest(
  root: string,
  { name, projects, args = [] }: JestRun,
  env: Record<string, string>,
  signal: AbortSignal,
): Promise<Totals> {
  const reports = join(root, '.cache', 'tests');
  const report = join(reports, `${name}.json`);
  await mkdir(reports, { recursive: true });
  await rm(report, { force: true });

  const limit = AbortSignal.timeout(LONGEST_RUN_MS);
  const jest = spawn(
    process.execPath,
    [
      join(root, 'node_modules/jest/bin/jest.js'),
      ...['--passWithNoTests', '--json', '--outputFile', report, ...args],
      ...['--selectProjects', ...projects],
    ],
    {
      cwd: root,
      env: { ...process.env, ...QUIET, ...env },
      signal: AbortSignal.any([signal, limit]),
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let output = '';
  jest.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  const code = await exitCode(jest);

  const totals = totalsOf(await readReport(report));
  const failed = code === 0 ? totals.failed : Math.max(totals.failed, 1);
  if (limit.aborted) output += `\n${name} did not end within ${LONGEST_RUN_MS / 60_000} minutes.`;
  if (failed > 0) process.stderr.write(`\n${output}\n`);
  return { ...totals, failed };
}

/** Null when the process was ended by a signal or could not be started. */
async function exitCode(child: ReturnType<typeof spawn>): Promise<number | null> {
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return code;
  } catch (error) {
    if ((error as Error).name === 'AbortError') return null;
    throw error;
  }
}

async function readReport(file: string): Promise<JestReport | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as JestReport;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
