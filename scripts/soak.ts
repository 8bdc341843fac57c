/**
 * `npm run soak`: thousands of offers while the provider fails; exits 0 if nothing was lost, shown twice or wrongly pruned. With
 * `--cloud` the long tests of test/cloud, which give the same answer about instances that die and sleep.
 */

import { join } from 'node:path';

import { check } from './soak/check.ts';
import { createSoak } from './soak/drive.ts';
import { SOAK_HELP, readSoakOptions } from './soak/options.ts';
import { planSoak } from './soak/plan.ts';
import { PARTS } from './stack/options.ts';
import { inStack, report } from './stack/session.ts';
import { printable } from './terminal/printable.ts';
import { runJest } from './testing/jest.ts';
import { summary } from './testing/results.ts';
import type { Findings } from './soak/check.ts';
import type { SoakOptions } from './soak/options.ts';
import type { Session } from './stack/session.ts';

/** Findings of a kind that are printed; the rest only as a number. */
const PRINTED = 10;

/** The app that the kit is tested with. */
const APP = 'test/app';

const root = join(import.meta.dirname, '..');

async function soak(options: SoakOptions, session: Session): Promise<number> {
  const { progress, stack } = session;
  const plan = planSoak(options);
  const { events, users, faultRate, seed } = options;
  progress.done(
    `${events} offers among ${users} users, ${faultRate * 100} % faults, seed ${seed}; logs in ${stack.logs}`,
  );
  const run = createSoak(root, plan, session);
  try {
    const began = performance.now();
    progress.step('preparing the data');
    await run.setTheScene();
    progress.step('writing offers');
    await run.writeOffers();
    await run.waitForTheEnd();
    const findings = check(plan, await run.observe());
    const seconds = Math.round((performance.now() - began) / 1000);
    progress.done(`${events} events finished after ${seconds} s`);
    return tell(findings);
  } finally {
    await run.close();
  }
}

/** The long tests of test/cloud; 0 if all passed, else 1. */
async function soakCloud({ progress, stack, signal }: Session): Promise<number> {
  progress.step('running the long tests of test/cloud');
  const run = { name: 'cloud-soak', projects: ['cloud-soak'], args: ['--runInBand'] };
  const totals = await runJest(root, run, stack.env, signal);
  progress.done(summary(totals));
  return totals.failed === 0 && totals.passed > 0 ? 0 : 1;
}

/** Prints the findings; 0 if there are none, else 1. */
function tell(findings: Findings): number {
  const kinds: readonly (readonly [string, readonly string[]])[] = [
    ['lost', findings.lost],
    ['duplicated', findings.duplicated],
    ['wrongly pruned', findings.wronglyPruned],
    ['dead and not pruned', findings.notPruned],
    ['ledger incomplete', findings.ledger],
  ];
  let isClean = true;
  for (const [name, found] of kinds) {
    process.stdout.write(`${name.padEnd(20)}${found.length}\n`);
    for (const line of found.slice(0, PRINTED)) process.stdout.write(`  ${printable(line)}\n`);
    isClean &&= found.length === 0;
  }
  return isClean ? 0 : 1;
}

try {
  const options = readSoakOptions(process.argv.slice(2));
  if (options.help) process.stdout.write(SOAK_HELP);
  else if (options.cloud) {
    process.exitCode = await inStack(
      root,
      { ports: 'free', parts: ['firestore'], app: APP },
      soakCloud,
    );
  } else {
    process.exitCode = await inStack(root, { ports: 'free', parts: PARTS, app: APP }, (session) =>
      soak(options, session),
    );
  }
} catch (error) {
  report(error);
  process.exitCode = 1;
}
