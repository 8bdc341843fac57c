/** Makes running emulators take what was edited; what they hold stays. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { StackError } from '../stack/error.ts';
import { HOST } from '../stack/ports.ts';
import { PROJECT_ID } from '../stack/suite.ts';
import { saysFunctionsFailed } from '../stack/suite-output.ts';
import type { Stack } from '../stack/stack.ts';

/** So many lines of a log stand under an error. */
const LINES_TOLD = 20;

/**
 * Loads the functions anew, with their settings. By the emulators' hub, not by the watch of firebase-tools, which overlooks
 * everything below a folder whose name begins with a dot, and tells nobody when it has loaded.
 *
 * @throws StackError `start-failed` when they cannot be loaded; running instances then stay as they are.
 */
export async function reloadFunctions({ ports, logs }: Stack): Promise<void> {
  const log = join(logs, 'emulators.log');
  const before = (await readFile(log)).length;
  const url = `http://${HOST}:${ports.hub}/functions/enableBackgroundTriggers`;
  const response = await fetch(url, { method: 'PUT' });
  const lines = (await readFile(log)).subarray(before).toString('utf8').trimEnd().split('\n');
  // The hub says that all is well in either case.
  if (response.ok && !lines.some(saysFunctionsFailed)) return;
  throw new StackError(
    'start-failed',
    `The functions cannot be loaded:\n${lines.slice(-LINES_TOLD).join('\n')}\nMore is in ${log}`,
  );
}

/**
 * Gives the Firestore emulator other rules.
 *
 * @param name of the file, for errors.
 * @throws StackError `build-failed`, with file and line, when the rules are wrong; those of before then stay.
 */
export async function loadRules({ ports }: Stack, name: string, content: string): Promise<void> {
  const url = `http://${HOST}:${ports.firestore}/emulator/v1/projects/${PROJECT_ID}:securityRules`;
  const response = await fetch(url, {
    method: 'PUT',
    headers: { authorization: 'Bearer owner', 'content-type': 'application/json' },
    body: JSON.stringify({ rules: { files: [{ name, content }] } }),
  });
  if (response.ok) return;
  throw new StackError('build-failed', rulesErrors(name, await response.text()));
}

/** What the emulator says of rules, with each `L12:3` as a place that a terminal makes a link of; pure. */
export function rulesErrors(name: string, answer: string): string {
  try {
    const { error } = JSON.parse(answer) as { error: { message: string } };
    return error.message.replace(/^L(\d+):(\d+) /gm, `${name}:$1:$2 - `);
  } catch {
    // Not the emulator's usual answer: it is told as it is.
    return answer;
  }
}
