/** Starts the simulator as a process of its own and knows when it listens. */

import { dirname, join } from 'node:path';

import { StackError } from './error.ts';
import { HOST } from './ports.ts';
import { start } from './processes.ts';
import { waitUntil } from './condition.ts';
import type { Ports } from './ports.ts';
import type { Running } from './processes.ts';

/** Node needs a fraction of a second to start it; a shared machine gets half a minute. */
const START_TIMEOUT_MS = 30_000;

/** Starts it; {@link requireSimulator} waits for it. */
export function startSimulator(root: string, ports: Ports, log: string): Promise<Running> {
  const args = ['--port', String(ports.simulator), '--apns-port', String(ports['simulator-apns'])];
  return start(process.execPath, [join(root, 'simulator/src/cli.ts'), ...args], {
    cwd: dirname(log),
    env: process.env,
    log,
  });
}

/** @throws StackError `start-failed` when the simulator does not answer in time. */
export async function requireSimulator(port: number, log: string): Promise<void> {
  const url = `http://${HOST}:${port}/simulator/devices`;
  if (await waitUntil(() => answers(url), START_TIMEOUT_MS)) return;
  throw new StackError(
    'start-failed',
    `The simulator did not start: expected ${url} to answer.\nWhat it printed is in ${log}`,
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
