/** Runs something inside a stack and ends the stack afterwards, whether by its end, by Ctrl-C or by an error. */

import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { announceDownload, findRequirements } from '../machine/requirements.ts';
import { printableLines } from '../terminal/printable.ts';
import { layOutApp } from './app.ts';
import { buildFunctions } from './build.ts';
import { rejectOnAbort, within } from './condition.ts';
import { StackError } from './error.ts';
import { createProgress, paint } from './progress.ts';
import { startStack } from './stack.ts';
import { requireWhole } from './options.ts';
import type { Requirements } from '../machine/requirements.ts';
import type { StackOptions } from './options.ts';
import type { Progress } from './progress.ts';
import type { Stack } from './stack.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** As a shell would report it: 128 and the number of SIGINT. */
export const INTERRUPTED_EXIT_CODE = 130;

/** A process that has died is noticed within a few milliseconds; its broken connections even sooner. */
const ECHO_MS = 1_000;

export interface Session {
  stack: Stack;
  progress: Progress;
  /** Aborted when the session should end: somebody pressed Ctrl-C, or a part died. */
  signal: AbortSignal;
}

export interface SessionOptions extends Pick<StackOptions, 'ports' | 'parts' | 'app'> {
  /** Whether the functions are compiled first, and the kit for the console. */
  build?: boolean;
  /** Whether the work starts the console. */
  console?: boolean;
}

/**
 * Starts the stack, does the work, stops the stack.
 *
 * @param work resolves with the exit code; its result counts for nothing once a part has died.
 * @returns the exit code: the work's, 1 for a failure (printed to standard error), 130 after Ctrl-C.
 */
export async function inStack(
  root: string,
  options: SessionOptions,
  work: (session: Session) => Promise<number>,
): Promise<number> {
  const interruption = new AbortController();
  const progress = createProgress(process.stdout);
  const interrupt = (): void => {
    // The second time changes nothing: stopping is bounded, and going at once would leave Java behind.
    if (!interruption.signal.aborted) process.stderr.write('\nStopping …\n');
    interruption.abort();
  };
  for (const signal of SIGNALS) process.on(signal, interrupt);

  let stack: Stack | undefined;
  let project: string | undefined;
  try {
    requireWhole(options.parts);
    let requirements: Requirements | undefined;
    if (options.parts.includes('firestore')) {
      progress.step('looking for Java and the Firestore emulator');
      requirements = await findRequirements(root);
      const download = announceDownload(requirements);
      if (download !== undefined) progress.done(download);
    }
    if (options.app !== undefined) {
      progress.step(`building the functions with ${options.app}`);
      project = await layOutApp(root, join(root, options.app), interruption.signal);
    } else if (options.build && options.parts.includes('functions')) {
      progress.step('building the functions');
      await buildFunctions(root, interruption.signal);
    } else if (options.build && options.console) {
      progress.step('building the kit');
      await buildFunctions(join(root, 'kit'), interruption.signal);
    }
    stack = await startStack({
      root,
      project,
      ...options,
      requirements,
      progress,
      signal: interruption.signal,
    });
    return await workIn(stack, progress, interruption, work);
  } catch (error) {
    progress.clear();
    if (interruption.signal.aborted && isInterruption(error)) return INTERRUPTED_EXIT_CODE;
    report(error);
    if (stack) process.stderr.write(`The logs are in ${stack.logs}\n`);
    return 1;
  } finally {
    await stack?.stop();
    if (project !== undefined) await rm(project, { recursive: true, force: true });
    for (const signal of SIGNALS) process.off(signal, interrupt);
  }
}

async function workIn(
  stack: Stack,
  progress: Progress,
  interruption: AbortController,
  work: (session: Session) => Promise<number>,
): Promise<number> {
  const failure = new AbortController();
  const died = stack.failed.then((error) => {
    failure.abort();
    throw error;
  });
  const interrupted = rejectOnAbort(
    interruption.signal,
    () => new StackError('interrupted', 'Interrupted.'),
  );
  const signal = AbortSignal.any([interruption.signal, failure.signal]);
  const worked = work({ stack, progress, signal }).catch(async (error: unknown) => {
    // A refused connection is often only the echo of a part's death, which is the thing to tell.
    throw (await within(stack.failed, ECHO_MS)) ?? error;
  });
  return Promise.race([worked, died, interrupted]);
}

function isInterruption(error: unknown): boolean {
  return error instanceof StackError && error.code === 'interrupted';
}

/** Prints a problem to standard error: a known one by its message, anything else with its stack. */
export function report(error: unknown): void {
  const text =
    error instanceof StackError
      ? error.message
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error);
  // Errors quote logs and pushes.
  process.stderr.write(`${paint(process.stderr, 'red', 'Error:')} ${printableLines(text)}\n`);
}
