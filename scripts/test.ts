/**
 * `npm test` after the build: checks and tests that bring what they need; then, in a stack on free ports, the kit's tests with an app
 * of their own; then, in a stack of what is deployed, the sample's. With `--all`, as CI runs it, also those that take minutes each:
 * installations, the kit's functions behind imitations of Google's services, tens of thousands of users.
 */

import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { chromiumHere } from '../simulator/src/testing/chromium.ts';
import { PARTS } from './stack/options.ts';
import { createProgress } from './stack/progress.ts';
import { INTERRUPTED_EXIT_CODE, inStack, report } from './stack/session.ts';
import { runJest } from './testing/jest.ts';
import { runScript } from './testing/npm-script.ts';
import { add, ONE_FAILURE, summary } from './testing/results.ts';
import type { Progress } from './stack/progress.ts';
import type { JestRun } from './testing/jest.ts';
import type { Totals } from './testing/results.ts';

/** A script of package.json that passes or fails; or tests. `isLong`: only with `--all`. */
type Run = ({ readonly script: string } | JestRun) & { readonly isLong?: true };

/** Runs one after the other. */
type Lane = readonly Run[];

/** Lanes that go side by side. */
type Step = readonly Lane[];

const inOneLane = (run: Run): Step => [[run]];

/** Side by side: the unit tests compute, and most of the others wait for an installation or a stack of their own. */
const WITHOUT_STACK: Step = [
  [
    {
      name: 'unit',
      projects: ['kit', 'functions', 'simulator', 'scripts', 'bench', 'examples', 'universe'],
    },
    { name: 'package', projects: ['package'], isLong: true },
    // After `package`: each builds the kit anew in its own folder.
    { name: 'install', projects: ['install'], isLong: true },
  ],
  [
    { script: 'typecheck' },
    { script: 'lint' },
    { name: 'readme', projects: ['readme'], isLong: true },
    { name: 'start', projects: ['start'], isLong: true },
  ],
];

const STACKS: readonly { readonly app?: string; readonly steps: readonly Step[] }[] = [
  {
    // What stands in the sample's place for the kit's tests.
    app: 'test/app',
    steps: [
      // These wait for the emulator more than they compute; each worker has a project of its own there.
      inOneLane({
        name: 'in-process',
        projects: ['rules', 'faults', 'lifecycle', 'outbox', 'upgrade', 'equality'],
        args: ['--maxWorkers=2'],
      }),
      // One file after the other: each test has instances of its own, and some of them look at the time. Node, which has closed
      // hundreds of HTTP/2 connections by then, sometimes turns in circles for ever while it cleans up at its end (24.21).
      inOneLane({
        ...{ name: 'cloud', projects: ['cloud'], args: ['--runInBand', '--forceExit'] },
        isLong: true,
      }),
      // One file after the other: they share one simulator and one set of functions.
      inOneLane({ name: 'e2e', projects: ['e2e'], args: ['--runInBand'], isLong: true }),
      // It reads what everything before has logged.
      inOneLane({ name: 'logs', projects: ['logs'], isLong: true }),
      // Last and alone: with tens of thousands of users the emulator answers queries slowly.
      inOneLane({ name: 'large', projects: ['large'], isLong: true }),
    ],
  },
  {
    steps: [
      inOneLane({ name: 'sample', projects: ['sample'], args: ['--maxWorkers=2'] }),
      inOneLane({ name: 'sample-logs', projects: ['logs'] }),
    ],
  },
];

const root = join(import.meta.dirname, '..');
/** An argument that is not understood ends this before anything is run. */
const { all: isAll } = parseArgs({ options: { all: { type: 'boolean', default: false } } }).values;
const isWanted = ({ isLong }: Run): boolean => isAll || isLong !== true;
const totals: Totals[] = [];

/** Where and for how long a step is run. */
interface Surroundings {
  readonly env: Record<string, string>;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

async function runStep(step: Step, surroundings: Surroundings): Promise<void> {
  const lanes = step.map((lane) => lane.filter(isWanted));
  const runs = lanes.flat();
  if (runs.length === 0) return;
  surroundings.progress.step(`running ${runs.map(nameOf).join(', ')}`);
  await Promise.all(
    lanes.map(async (lane) => {
      for (const run of lane) await runOne(run, surroundings);
    }),
  );
}

async function runOne(run: Run, { env, signal, progress }: Surroundings): Promise<void> {
  const startedAt = performance.now();
  let result: string;
  if ('script' in run) {
    const passed = await runScript(root, run.script);
    if (!passed) totals.push(ONE_FAILURE);
    result = passed ? 'passed' : 'failed';
  } else {
    const found = await runJest(root, run, env, signal);
    totals.push(found);
    result = describe(found);
  }
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  progress.done(`${nameOf(run)}: ${result} (${seconds} s)`);
}

function nameOf(run: Run): string {
  return 'script' in run ? run.script : run.name;
}

/**
 * Runs the steps in a stack of their own; where it does not start, or a part of it dies, none of what was left to run has passed.
 *
 * @returns whether to go on: nobody pressed Ctrl-C.
 */
async function runInStack({ app, steps }: (typeof STACKS)[number]): Promise<boolean> {
  const options = { ports: 'free', parts: PARTS, ...(app === undefined ? {} : { app }) } as const;
  const code = await inStack(root, options, async ({ stack, progress, signal }) => {
    progress.done(`The stack is up; logs in ${stack.logs}`);
    for (const step of steps) await runStep(step, { env: stack.env, signal, progress });
    return 0;
  });
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
  await runStep(WITHOUT_STACK, {
    env: {},
    signal: new AbortController().signal,
    progress: createProgress(process.stdout),
  });
  for (const stack of STACKS) if (!(await runInStack(stack))) break;
} catch (error) {
  report(error);
  totals.push(ONE_FAILURE);
}
const all = add(totals);
if (all.skipped > 0) process.stdout.write(explainSkipped());
process.stdout.write(`${summary(all)}\n`);
process.exitCode = all.failed === 0 && all.passed > 0 ? 0 : 1;
