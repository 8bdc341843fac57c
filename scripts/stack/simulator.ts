/** Starts the simulator as a process of its own and knows when it listens. */

import { join } from 'node:path';

import { StackError } from './error.ts';
import { HOST } from './ports.ts';
import { start } from './processes.ts';
import { waitUntil } from './condition.ts';
import type { Running } from './processes.ts';

/** Node needs a fraction of a second to start it; a shared machine gets half a minute. */
const START_TIMEOUT_MS = 30_000;

/** @throws StackError `start-failed` when it exits or does not answer in time. */
export async function startSimulator(root: string, port: number, run: string): Promise<Running> {
  const log = join(run, 'simulator.log');
  const simulator = await start(
    process.execPath,
    [join(root, 'simulator/src/cli.ts'), '--port', String(port)],
    { cwd: run, env: process.env, log },
  );
  const url = `http://${HOST}:${port}/simulator/devices`;
  const up = await waitUntil(
    async () => simulator.hasExited() || (await answers(url)),
    START_TIMEOUT_MS,
  );
  if (up && !simulator.hasExited()) return simulator;
  simulator.signal('SIGKILL');
  throw new StackError(
    'start-failed',
    `The simulator did not start on port ${port}: expected ${url} to answer.\nWhat it printed is in ${log}`,
  );
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(1_000) })).ok;
  } catch {
    // Not listening yet: the caller asks again, and gives up by its own clock.
    return false;
  }
}
