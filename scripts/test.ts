/**
 * The tests of `npm test`: those that need nothing, then, inside a stack on free ports, those of the kit with an app of their own,
 * then, in a stack of what is deployed, those of the sample.
 */

import { join } from 'node:path';

import { chromiumHere } from '../simulator/src/testing/chromium.ts';
import { PARTS } from './stack/options.ts';
import { createProgress } from './stack/progress.ts';
import { INTERRUPTED_EXIT_CODE, inStack, report } from './stack/session.ts';
import { runJest } from './testing/jest.ts';
import { add, ONE_FAILURE, summary } from './testing/results.ts';
import type { Session } from './stack/session.ts';
import type { JestRun } from './testing/jest.ts';
import type { Totals } from './testing/results.ts';

const OUTSIDE: readonly JestRun[] = [
  {
    name: 'unit',
    projects: ['kit', 'functions', 'simulator', 'scripts', 'package', 'bench', 'examples'],
  },
  // By itself: it begins a stack of its own.
  { name: 'readme', projects: ['readme'] },
];

/** What stands in the sample's place for the kit's tests. */
const APP = 'test/app';

const OF_THE_KIT: readonly JestRun[] = [
  // These wait for the emulator more than they compute; each worker has a project of its own there.
  {
    name: 'in-process',
    projects: ['rules', 'faults', 'lifecycle', 'outbox'],
    args: ['--maxWorkers=2'],
  },
  // One file after the other: each test has instances of its own, and some of them look at the time.
  { name: 'cloud', projects: ['cloud'], args: ['--runInBand'] },
  // One file after the other: they share one simulator and one set of functions.
  { name: 'e2e', projects: ['e2e'], args: ['--runInBand'] },
  // It reads what everything before has logged.
  { name: 'logs', projects: ['logs'] },
  // Last: with tens of thousands of users the emulator answers queries slowly.
  { name: 'large', projects: ['large'] },
];

const OF_THE_SAMPLE: readonly JestRun[] = [
  { name: 'sample', projects: ['sample'], args: ['--maxWorkers=2'] },
  { name: 'sample-logs', projects: ['logs'] },
];

const root = join(import.meta.dirname, '..');
const totals: Totals[] = [];

async function runTestsOutside(): Promise<void> {
  const progress = createProgress(process.stdout);
  for (const run of OUTSIDE) {
    progress.step(`running the ${run.name} tests`);
    const result = await runJest(root, run, {}, new AbortController().signal);
    totals.push(result);
    progress.done(`${run.name}: ${describe(result)}`);
  }
}

async function runTestsInStack(
  runs: readonly JestRun[],
  { stack, progress, signal }: Session,
): Promise<number> {
  progress.done(`The stack is up; logs in ${stack.logs}`);
  for (const run of runs) {
    progress.step(`running the tests of ${run.projects.join(' and ')}`);
    const result = await runJest(root, run, stack.env, signal);
    totals.push(result);
    progress.done(`${run.projects.join(' and ')}: ${describe(result)}`);
  }
  return 0;
}

/**
 * Runs them in a stack of their own; where it does not start, or a part of it dies, none of what was left to run has passed.
 *
 * @returns whether to go on: nobody pressed Ctrl-C.
 */
async function runInStack(runs: readonly JestRun[], options: { app?: string }): Promise<boolean> {
  const code = await inStack(root, { ports: 'free', parts: PARTS, ...options }, (session) =>
    runTestsInStack(runs, session),
  );
  if (code !== 0) totals.push(ONE_FAILURE);
  return code !== INTERRUPTED_EXIT_CODE;
}

function describe({ passed, failed, skipped }: Totals): string {
  const others = [failed > 0 && `${failed} failed`, skipped > 0 && `${skipped} skipped`];
  return [`${passed} passed`, ...others.filter(Boolean)].join(', ');
}

/** Why tests were skipped, and what to do, where a person looks last. */
function explainSkipped(): string {
  const found = chromiumHere();
  return 'missing' in found ? `Skipped were the tests that need a browser. ${found.missing}\n` : '';
}

try {
  await runTestsOutside();
  if (await runInStack(OF_THE_KIT, { app: APP })) await runInStack(OF_THE_SAMPLE, {});
} catch (error) {
  report(error);
  totals.push(ONE_FAILURE);
}
const all = add(totals);
if (all.skipped > 0) process.stdout.write(explainSkipped());
process.stdout.write(`${summary(all)}\n`);
process.exitCode = all.failed === 0 && all.passed > 0 ? 0 : 1;
