/** `npm test` after the build: checks and tests that need nothing, then, inside a stack on free ports, those that need it. */

import { join } from 'node:path';

import { chromiumHere } from '../simulator/src/testing/chromium.ts';
import { PARTS } from './stack/options.ts';
import { createProgress } from './stack/progress.ts';
import { inStack, report } from './stack/session.ts';
import { runJest } from './testing/jest.ts';
import { runScript } from './testing/npm-script.ts';
import { add, ONE_FAILURE, summary } from './testing/results.ts';
import type { Progress } from './stack/progress.ts';
import type { Session } from './stack/session.ts';
import type { JestRun } from './testing/jest.ts';
import type { Totals } from './testing/results.ts';

/**
 * Beside the unit tests, which take one core or all but one: the checks take the other, one after the other, and then the
 * tests of `npm start`, which mostly wait for a stack of their own.
 */
const CHECKS = ['typecheck', 'lint'];
const UNIT: JestRun = {
  name: 'unit',
  projects: ['kit', 'functions', 'simulator', 'scripts', 'bench', 'examples'],
};
const START: JestRun = { name: 'start', projects: ['start'] };

/** One step after the other; the runs of a step go side by side. */
const IN_STACK: readonly (readonly JestRun[])[] = [
  // These wait for the emulator more than they compute; each worker has a project of its own there.
  [
    {
      name: 'in-process',
      projects: ['rules', 'faults', 'lifecycle', 'outbox', 'sample'],
      args: ['--maxWorkers=2'],
    },
  ],
  [
    // One file after the other: each test has instances of its own, and some of them look at the time, with half a minute to spare.
    { name: 'cloud', projects: ['cloud'], args: ['--runInBand'] },
    // One file after the other: they share one simulator and one set of functions, which the tests above do not use.
    { name: 'e2e', projects: ['e2e'], args: ['--runInBand'] },
  ],
  // It reads what everything before has logged.
  [{ name: 'logs', projects: ['logs'] }],
  // Last and alone: with tens of thousands of users the emulator answers queries slowly.
  [{ name: 'large', projects: ['large'] }],
];

const root = join(import.meta.dirname, '..');
const totals: Totals[] = [];

const never = new AbortController().signal;

/** @returns whether everything passed: otherwise the tests in the stack are not worth their minutes. */
async function runWithoutStack(): Promise<boolean> {
  const progress = createProgress(process.stdout);
  progress.step(`running the unit tests beside ${CHECKS.join(', ')} and the tests of npm start`);
  await Promise.all([
    runTests(UNIT, {}, never, progress),
    (async () => {
      for (const check of CHECKS) {
        const passed = await runScript(root, check);
        if (!passed) totals.push(ONE_FAILURE);
        progress.done(`${check}: ${passed ? 'passed' : 'failed'}`);
      }
      await runTests(START, {}, never, progress);
    })(),
  ]);
  return add(totals).failed === 0;
}

async function runInStack({ stack, progress, signal }: Session): Promise<number> {
  progress.done(`The stack is up; logs in ${stack.logs}`);
  for (const runs of IN_STACK) {
    progress.step(`running the tests of ${namesOf(runs.flatMap(({ projects }) => projects))}`);
    await Promise.all(runs.map((run) => runTests(run, stack.env, signal, progress)));
  }
  return 0;
}

async function runTests(
  run: JestRun,
  env: Record<string, string>,
  signal: AbortSignal,
  progress: Progress,
): Promise<void> {
  const startedAt = performance.now();
  const result = await runJest(root, run, env, signal);
  totals.push(result);
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  progress.done(`${namesOf(run.projects)}: ${describe(result)} (${seconds} s)`);
}

const namesOf = (projects: readonly string[]): string => projects.join(' and ');

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
  if (await runWithoutStack()) {
    const code = await inStack(root, { ports: 'free', parts: PARTS }, runInStack);
    // The stack did not start, or a part of it died: none of what was left to run has passed.
    if (code !== 0) totals.push(ONE_FAILURE);
  }
} catch (error) {
  report(error);
  totals.push(ONE_FAILURE);
}
const all = add(totals);
if (all.skipped > 0) process.stdout.write(explainSkipped());
process.stdout.write(`${summary(all)}\n`);
process.exitCode = all.failed === 0 && all.passed > 0 ? 0 : 1;
