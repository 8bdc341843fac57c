/** Plays the story on a running stack and prints it as it happens. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { waitUntil } from '../stack/condition.ts';
import { StackError } from '../stack/error.ts';
import { paint } from '../stack/progress.ts';
import { shownText } from '../stack/push-line.ts';
import { PROJECT_ID } from '../stack/suite.ts';
import { createArrivals } from './arrivals.ts';
import { createDevice } from './device.ts';
import { registrationToken } from './token.ts';
import type { Push } from '../stack/pushes.ts';
import type { Stack } from '../stack/stack.ts';
import type { Device } from './device.ts';
import type { Stage } from './scenario.ts';

/** The first push of a run waits for cold functions; the rest take a fraction of a second. */
export const PUSH_TIMEOUT_MS = 60_000;

export interface Theatre {
  stage: Stage;
  /** Takes in a push that has arrived, and prints it. */
  receive(push: Push): void;
  /**
   * To be called when the story is over.
   *
   * @throws StackError `push-unexpected` when a push has arrived that the story does not know.
   */
  requireNothingElse(): void;
  close(): Promise<void>;
}

/** @param out where the story is printed; colour only when it is a terminal. */
export function createTheatre(
  stack: Stack,
  simulatorUrl: string,
  out: NodeJS.WriteStream,
  random: () => number,
): Theatre {
  const arrivals = createArrivals();
  const devices: Device[] = [];
  const nameOf = (address: string): string =>
    devices.find((device) => device.token === address)?.name ?? 'a device nobody knows';
  const print = (line: string): void => {
    out.write(`${line}\n`);
  };
  const declare = async (device: Device, state: 'live' | 'unregistered'): Promise<void> => {
    const { token, platform } = device;
    const url = `${simulatorUrl}/simulator/devices/${encodeURIComponent(token)}`;
    const response = await fetch(url, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ platform, state }),
    });
    if (!response.ok) throw new Error(`PUT ${url}: ${response.status} ${await response.text()}`);
  };

  const stage: Stage = {
    async device(name, platform) {
      const token = registrationToken(random);
      const region = stack.env.FUNCTIONS_REGION ?? '';
      const device = createDevice(name, platform, token, PROJECT_ID, stack.ports, region);
      devices.push(device);
      await declare(device, 'live');
      return device;
    },
    chapter(title) {
      print(`\n${paint(out, 'bold', title)}`);
    },
    act(text, deed) {
      print(`  ${text}`);
      return deed();
    },
    arrives(recipients, title, body) {
      const expected = recipients.map(({ name, token }) => ({
        device: name,
        address: token,
        title,
        ...(body === undefined ? {} : { body }),
      }));
      return arrivals.expect(expected, PUSH_TIMEOUT_MS);
    },
    async staysSilent(functionName, text, deed) {
      const before = await runsOf(functionName, stack.logs);
      await deed();
      const ran = async (): Promise<boolean> => (await runsOf(functionName, stack.logs)) > before;
      if (!(await waitUntil(ran, PUSH_TIMEOUT_MS))) {
        throw new StackError(
          'push-missing',
          `Expected ${functionName} to run within ${PUSH_TIMEOUT_MS / 1000} s, but it did not.`,
        );
      }
      requireNothingElse();
      print(`  ${text}`);
    },
    async holds(text, condition) {
      if (!(await waitUntil(condition, PUSH_TIMEOUT_MS))) {
        throw new StackError(
          'push-missing',
          `Expected this within ${PUSH_TIMEOUT_MS / 1000} s, but it did not happen: ${text}`,
        );
      }
      print(`  ${paint(out, 'green', '✔')} ${text}`);
    },
    uninstall: (device) => declare(device, 'unregistered'),
  };

  const requireNothingElse = (): void => {
    const [push] = arrivals.unexpected();
    if (!push) return;
    throw new StackError(
      'push-unexpected',
      `Expected no further push, but ${nameOf(push.address)} got "${push.title ?? ''}".`,
    );
  };

  return {
    stage,
    receive(push) {
      print(`    ${paint(out, 'cyan', '→')} ${nameOf(push.address)}: ${describe(push)}`);
      arrivals.add(push);
    },
    requireNothingElse,
    async close() {
      await Promise.all(devices.map((device) => device.close()));
    },
  };
}

/** One line of what a device shows. */
function describe(push: Push): string {
  return push.image === undefined ? shownText(push) : `${shownText(push)} [picture]`;
}

/** How often a function has run to its end, by what the emulator has logged. */
async function runsOf(functionName: string, logs: string): Promise<number> {
  const log = await readFile(join(logs, 'emulators.log'), 'utf8');
  return log
    .split('\n')
    .filter((line) => line.includes('Finished "') && line.includes(`-${functionName}"`)).length;
}
