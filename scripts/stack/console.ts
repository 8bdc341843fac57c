/** The console of the running stack: in a thread of this process, so that it ends with it, however that ends. */

import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import { PROJECT_ID } from './suite.ts';
import type { Stack } from './stack.ts';

export interface ConsoleOptions {
  root: string;
  /** The command line of the kit; the built one in the root if left out. */
  command?: string;
  stack: Pick<Stack, 'env' | 'ports'>;
  /** Ends it. */
  signal: AbortSignal;
}

/** Where it is, or why it is not; a stack is good for something without it. */
export type StartedConsole = { readonly url: string } | { readonly problem: string };

/** As the command says it. */
const PLACE = /^Console +(http:\S+)$/m;

/** Starts it and resolves once it answers, or has ended. */
export async function startConsole(options: ConsoleOptions): Promise<StartedConsole> {
  const { root, stack, signal } = options;
  const { command = join(root, 'kit/lib/cli/main.js') } = options;
  const thread = new Worker(command, {
    argv: ['console', '--port', String(stack.ports.console), '--project', PROJECT_ID],
    env: { ...process.env, ...stack.env },
    stdout: true,
    stderr: true,
  });
  signal.addEventListener('abort', () => void thread.terminate());
  let said = '';
  const begun = new Promise<string>((resolve) => {
    for (const stream of [thread.stdout, thread.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        const [, url] = PLACE.exec(said) ?? [];
        if (url !== undefined) resolve(url);
      });
    }
  });
  // Rejected with what was thrown there, such as that the file is not to be found.
  const ended = once(thread, 'exit').catch((error: unknown) => {
    said += error instanceof Error ? error.message : String(error);
  });
  const url = await Promise.race([begun, ended.then(() => undefined)]);
  return url === undefined ? { problem: said.trim() || 'It ended without a word.' } : { url };
}
