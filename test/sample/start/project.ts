/** A copy of the project with `npm start` running in it: tests edit files there, never in the working tree. */

import { spawn } from 'node:child_process';
import { readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { waitUntil } from '../../../scripts/stack/condition.ts';
import { copyProject } from '../../../scripts/stack/copy.ts';

const root = join(__dirname, '../../..');

/** Building and starting everything on a shared machine. */
const TIMEOUT_MS = 240_000;

export interface RunningProject {
  /** `host:port` of a part, by its name in what `npm start` prints. */
  at: (part: string) => string;
  /** Everything printed so far. */
  output: () => string;
  /** Saves a file as editors do: another file takes its name. Returns what was printed before. */
  edit: (file: string, change: (text: string) => string) => Promise<string>;
  /** Waits until something is printed after `before`. */
  prints: (pattern: RegExp, before?: string) => Promise<void>;
  /** Ctrl-C, and everything is taken away; resolves to the exit code. */
  stop: () => Promise<number | null>;
}

export async function startProject(...args: string[]): Promise<RunningProject> {
  const project = await realpath(await copyProject(root, 'npm-start'));
  let printed = '';
  const child = spawn(process.execPath, ['scripts/start.ts', '--free-ports', ...args], {
    cwd: project,
    env: environment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
  }
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));

  const prints = async (pattern: RegExp, before = ''): Promise<void> => {
    const isPrinted = (): boolean => pattern.test(printed.slice(before.length));
    const isOver = (): boolean => child.exitCode !== null;
    await waitUntil(() => isPrinted() || isOver(), TIMEOUT_MS);
    if (!isPrinted())
      throw new Error(`Expected ${String(pattern)} to be printed, got:\n${printed}`);
  };
  const stop = async (): Promise<number | null> => {
    child.kill('SIGINT');
    const code = await exited;
    // Where it does not end as it should, what it said is all there is to go by.
    if (code !== 0) process.stderr.write(`npm start ended with ${code}:\n${printed}\n`);
    await rm(project, { recursive: true, force: true });
    return code;
  };
  try {
    await prints(/Logs +\S+\n/);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    at: (part) => {
      const place = new RegExp(`^ *${part} +(\\S+)$`, 'm').exec(printed)?.[1];
      if (place === undefined) throw new Error(`Expected a place of ${part} in:\n${printed}`);
      return place;
    },
    output: () => printed,
    edit: async (file, change) => {
      const before = printed;
      const path = join(project, file);
      await writeFile(`${path}~`, change(await readFile(path, 'utf8')));
      await rename(`${path}~`, path);
      return before;
    },
    prints,
    stop,
  };
}

/** Without the addresses of a stack that the test itself may run in. */
function environment(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(
    ([name]) => !/_EMULATOR_|^GCLOUD_PROJECT$/.test(name),
  );
  return { ...Object.fromEntries(entries), NO_COLOR: '1' };
}
