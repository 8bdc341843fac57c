/** Runs one part of a measurement in a process of its own: fresh memory, no other's caches, and an end that is seen. */

import { fork } from 'node:child_process';

/** Characters of the end of what a child wrote to its standard error. */
const COMPLAINTS_KEPT = 2_000;

/**
 * The heap that V8 gives itself in an instance with the default `MEMORY_MIB` of 512: half of it, and a 128th of that half for new
 * objects (`Heap::HeapSizeFromPhysicalMemory`). On a large machine it would let garbage lie for long.
 */
export const INSTANCE_HEAP = ['--max-old-space-size=256', '--max-semi-space-size=2'];

export interface ChildOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly execArgv?: readonly string[];
  /** Milliseconds until it is killed; a peer may well hang. */
  readonly timeoutMs: number;
}

/**
 * Forks `script` (absolute path), gives it `input` and resolves with the one message it sends.
 *
 * @throws when it ends without an answer, or answers with an error.
 */
export async function runChild<Input extends object, Output>(
  script: string,
  input: Input,
  { env = {}, execArgv = [], timeoutMs }: ChildOptions,
): Promise<Output> {
  const child = fork(script, {
    env: { ...process.env, ...env },
    execArgv: [...execArgv],
    // What the functions log is not for the reader of a benchmark; what goes wrong is, when it does.
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let complaints = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    complaints = (complaints + chunk).slice(-COMPLAINTS_KEPT);
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  try {
    return await new Promise<Output>((resolve, reject) => {
      child.once('message', (message: Reply<Output>) => {
        if ('error' in message) reject(new Error(message.error));
        else resolve(message.value);
      });
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        reject(
          new Error(
            signal === 'SIGKILL'
              ? `no answer within ${timeoutMs / 1000} s`
              : `expected an answer, got exit code ${code} (${signal})\n${complaints}`,
          ),
        );
      });
      child.send(input);
    });
  } finally {
    clearTimeout(timer);
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    }
  }
}

type Reply<Output> = { readonly value: Output } | { readonly error: string };

/** The child's side: does the work with the input that comes, answers once, and ends. */
export function answerParent<Input, Output>(work: (input: Input) => Promise<Output>): void {
  process.once('message', (input: Input) => {
    work(input).then(
      (value) => reply({ value }),
      (error: unknown) => {
        reply({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
      },
    );
  });
}

function reply(message: Reply<unknown>): void {
  // The parent ends this process when it has the answer.
  process.send?.(message);
}
