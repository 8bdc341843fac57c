/** Starts the stack's processes in groups of their own and ends them by id, so that none outlives its run. */

import { execFile, spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import type { ChildProcess } from 'node:child_process';

import { followLines } from './follow.ts';

export interface ProcessOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** File that everything the process prints goes to. */
  log: string;
  /** Called with each line printed, on either stream, without its line end, a fraction of a second later. */
  onLine?: (line: string) => void;
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface Running {
  pid: number;
  /** Resolves when the process has exited; never rejects. */
  exited: Promise<Exit>;
  hasExited(): boolean;
  /** Writes one line to the process's standard input. */
  tell(line: string): void;
  /** Sends a signal to the process and everything in its group. */
  signal(signal: NodeJS.Signals): void;
}

/**
 * Starts a process as the leader of its own group: a Ctrl-C in the terminal reaches this script alone,
 * which then ends the others in order. What it prints goes straight to the file, not through this process,
 * so that it can still print, and end in order, when this process has been killed.
 *
 * @throws when the binary cannot be started.
 */
export async function start(
  binary: string,
  args: readonly string[],
  { cwd, env, log, onLine }: ProcessOptions,
): Promise<Running> {
  const file = await open(log, 'a');
  try {
    const child = spawn(binary, args, {
      cwd,
      env,
      detached: true,
      stdio: ['pipe', file.fd, file.fd],
    });
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('spawn', resolve);
    });
    if (onLine) {
      const stop = followLines(log, onLine);
      child.once('exit', stop);
    }
    return running(child);
  } finally {
    await file.close();
  }
}

function running(child: ChildProcess): Running {
  const pid = child.pid;
  if (pid === undefined) throw new Error('a spawned process has no id');
  // The other end closing first is how it goes when a process dies: its exit is what matters.
  child.stdin?.on('error', () => undefined);
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => {
      resolve({ code, signal });
    });
  });
  return {
    pid,
    exited,
    hasExited: () => child.exitCode !== null || child.signalCode !== null,
    tell: (line) => child.stdin?.write(`${line}\n`),
    signal: (signal) => {
      kill(-pid, signal);
    },
  };
}

/** Sends a signal to a process, or with a negative id to its group; one that is gone already is fine. */
export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Whether there is a process of this id. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: there is one, and it is somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The process ids in a file that has one a line; none when there is no such file. */
export async function recordedIds(file: string): Promise<number[]> {
  try {
    return (await readFile(file, 'utf8')).split('\n').filter(Boolean).map(Number);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Whether the process still runs and its command line contains `marker`: ids are used again by others. */
export function runsWith(pid: number, marker: string): Promise<boolean> {
  return new Promise((resolve) => {
    execFile('ps', ['-ww', '-o', 'command=', '-p', String(pid)], (error, stdout) => {
      resolve(!error && stdout.includes(marker));
    });
  });
}
