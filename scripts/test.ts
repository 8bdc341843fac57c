/** The tests of `npm test`: those that need nothing, then, inside a stack on free ports, those that need it. */

import { join } from 'node:path';

import { chromiumHere } from '../simulator/src/testing/chromium.ts';
import { PARTS } from './stack/options.ts';
import { createProgress } from './stack/progress.ts';
import { inStack, report } from './stack/session.ts';
import { runJest } from './testing/jest.ts';
import { add, ONE_FAILURE, summary } from './testing/results.ts';
import type { Session } from './stack/session.ts';
import type { JestRun } from './testing/jest.ts';
import type { Totals } from './testing/results.ts';

const UNIT: JestRun = {
  name: 'unit',
  projects: ['kit', 'functions', 'simulator', 'scripts', 'package', 'bench', 'examples'],
};

const IN_STACK: readonly JestRun[] = [
  // These wait for the emulator more than they compute; each worker has a project of its own there.
  {
    name: 'in-process',
    projects: ['rules', 'faults', 'lifecycle', 'outbox', 'sample'],
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

const root = join(import.meta.dirname, '..');
const totals: Totals[] = [];

async function runUnitTests(): Promise<void> {
  const progress = createProgress(process.stdout);
  progress.step('running the unit tests');
  const result = await runJest(root, UNIT, {}, new AbortController().signal);
  totals.push(result);
  progress.done(`unit: ${describe(result)}`);
}

async function runTestsInStack({ stack, progress, signal }: Session): Promise<number> {
  progress.done(`The stack is up; logs in ${stack.logs}`);
  for (const run of IN_STACK) {
    progress.step(`running the tests of ${run.projects.join(' and ')}`);
    const result = await runJest(root, run, stack.env, signal);
    totals.push(result);
    progress.done(`${run.projects.join(' and ')}: ${describe(result)}`);
  }
  return 0;
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
  await runUnitTests();
  const code = await inStack(root, { ports: 'free', parts: PARTS }, runTestsInStack);
  // The stack did not start, or a part of it died: none of what was left to run has passed.
  if (code !== 0) totals.push(ONE_FAILURE);
} catch (error) {
  report(error);
  totals.push(ONE_FAILURE);
}
const all = add(totals);
if (all.skipped > 0) process.stdout.write(explainSkipped());
process.stdout.write(`${summary(all)}\n`);
process.exitCode = all.failed === 0 && all.passed > 0 ? 0 : 1;
