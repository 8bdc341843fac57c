/** Asks before many real people are sent to: what has been pushed cannot be taken back. */

import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';

import { printable } from '../terminal/printable.ts';
import type { PushFields, SendCommand, Target } from './options.ts';
import { recipients } from './show.ts';
import { inBothZones } from './time.ts';
import { UsageError } from './usage-error.ts';

/** How a command is agreed to, with everything that a test replaces. */
export interface Confirmation {
  readonly input: NodeJS.ReadableStream & { isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
  /** How many people there are now; undefined where nobody can say. */
  readonly count: (to: unknown) => Promise<number | undefined>;
}

/**
 * Whether a push has to be agreed to: it reaches people of a real project who are not named one by one on the command line.
 * Neither the emulator nor a dry run reaches anybody.
 */
export function needsConfirmation({ emulator, fields, yes }: Target & SendCommand): boolean {
  const { to, validateOnly } = fields;
  if (emulator !== undefined || validateOnly === true || yes) return false;
  return !(typeof to === 'string' || Array.isArray(to) || isNamed(to));
}

function isNamed(to: unknown): boolean {
  return typeof to === 'object' && to !== null && 'addresses' in to;
}

/**
 * Asks, where {@link needsConfirmation} says so.
 *
 * @returns whether to go on.
 * @throws UsageError where there is nobody to ask.
 */
export async function confirm(
  command: Target & SendCommand,
  { input, output, count }: Confirmation,
): Promise<boolean> {
  if (!needsConfirmation(command)) return true;
  const { project, fields } = command;
  if (input.isTTY !== true) {
    throw new UsageError(
      `Expected --yes to send to ${printable(recipients(fields.to))} of the project ${printable(project)}, because there is no terminal to ask on. ` +
        '--dry-run sends nothing.',
    );
  }
  const people = await count(fields.to);
  const lines = createInterface({ input, output });
  try {
    // Closed without an answer, by Ctrl-C or Ctrl-D, is a no.
    const closed = once(lines, 'close').then(() => '');
    const answer = await Promise.race([lines.question(question(project, fields, people)), closed]);
    return answer.trim().toLowerCase() === 'yes';
  } finally {
    lines.close();
  }
}

/** What is about to happen, and how to agree to it. */
export function question(project: string, fields: PushFields, people: number | undefined): string {
  const who = printable(recipients(fields.to));
  const many =
    people === undefined ? 'it is not known how many people that is' : `now ${people} people`;
  const text = fields['title'] ?? fields['body'] ?? 'a push without a text';
  const what = printable(typeof text === 'string' ? text : JSON.stringify(text));
  const when = fields.sendAt === undefined ? 'at once' : `at ${inBothZones(fields.sendAt)}`;
  return (
    `Project: ${printable(project)}\nTo: ${who} (${many})\nWhen: ${when}\nText: ${what}\n` +
    'It cannot be undone. Type yes to send: '
  );
}
