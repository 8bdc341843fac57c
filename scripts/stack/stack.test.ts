import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { freePorts, isFree } from './ports.ts';
import { startStack } from './stack.ts';
import type { Ports } from './ports.ts';
import type { Progress } from './progress.ts';
import type { Stack } from './stack.ts';

const root = join(__dirname, '../..');
const silent: Progress = { step: () => undefined, done: () => undefined, clear: () => undefined };

function startSimulator(ports: Ports | 'free', signal: AbortSignal): Promise<Stack> {
  return startStack({ root, ports, parts: ['simulator'], progress: silent, signal });
}

/** The id of the simulator's process, by the port on its command line. */
async function processOf({ ports }: Stack): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-ww', '-A', '-o', 'pid=,command=']);
  const line = stdout.split('\n').find((text) => text.includes(`--port ${ports.simulator} `));
  return Number.parseInt(line ?? '', 10);
}

const never = new AbortController().signal;

test('resolves once the simulator answers, and gives its port back when it is stopped', async () => {
  const stack = await startSimulator('free', never);
  const { SIMULATOR_URL = '' } = stack.env;
  const response = await fetch(`${SIMULATOR_URL}/simulator/devices`);
  expect(await response.json()).toEqual([]);
  await stack.stop();
  expect(await isFree(stack.ports.simulator)).toBe(true);
});

test('tells that the simulator died in the middle', async () => {
  const stack = await startSimulator('free', never);
  process.kill(await processOf(stack), 'SIGKILL');
  expect((await stack.failed).message).toMatch(/^The simulator was killed by SIGKILL/);
  await stack.stop();
});

test('leaves nothing behind when it is interrupted before it is up', async () => {
  const ports = await freePorts();
  const interruption = new AbortController();
  const starting = startSimulator(ports, interruption.signal);
  interruption.abort();
  await expect(starting).rejects.toMatchObject({ code: 'interrupted' });
  expect(await isFree(ports.simulator)).toBe(true);
});
