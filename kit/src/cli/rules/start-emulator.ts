/**
 * Starts a Firestore emulator by the Firebase CLI where none runs, and stops it.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { UsageError } from '../command';
import { foldersFrom } from '../installation';

export interface Emulator {
  /** `host:port` */
  readonly host: string;
  readonly stop: () => Promise<void>;
}

interface StartOptions {
  /** The project's folder, whose `node_modules` may have a Firebase CLI. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

const ON_WINDOWS = process.platform === 'win32';
const POLL_MS = 200;
/** The first time, the CLI downloads the emulator. */
const START_LIMIT_MS = 300_000;
/** Past this it is ended by force. */
const STOP_LIMIT_MS = 20_000;
const NONE =
  'Expected a Firestore emulator at FIRESTORE_EMULATOR_HOST, or a Firebase CLI that starts one (npm install --save-dev ' +
  'firebase-tools, and Java 21 or newer)';

/** @throws {UsageError} where none can be started, with what the Firebase CLI said. */
export async function startEmulator(options: StartOptions): Promise<Emulator> {
  // The CLI writes its logs to where it is called.
  const folder = mkdtempSync(join(tmpdir(), 'push-rules-'));
  const tidy = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const port = await freePort();
    writeFileSync(join(folder, 'firebase.json'), JSON.stringify(configFor(port)));
    const { child, output } = run(options, folder);
    const host = `127.0.0.1:${port}`;
    await untilUp(host, child, output);
    return { host, stop: () => stop(child).finally(tidy) };
  } catch (error) {
    tidy();
    throw error;
  }
}

function configFor(port: number): object {
  return {
    emulators: {
      firestore: { host: '127.0.0.1', port },
      ui: { enabled: false },
      // The check uses a project of its own.
      singleProjectMode: false,
    },
  };
}

function run({ folder: project, env }: StartOptions, cwd: string) {
  const [program, ...before] = firebaseCommand(project, env);
  const hold = [process.execPath, require.resolve('./hold')].map((each) => `"${each}"`).join(' ');
  const args = [
    ...[...before, 'emulators:exec', '--only', 'firestore', '--project', 'demo-rules'],
    ...['--config', join(cwd, 'firebase.json'), hold],
  ];
  const child = spawn(program, ON_WINDOWS ? args.map(quoted) : args, {
    ...{ cwd, stdio: 'pipe', shell: ON_WINDOWS },
    // `CI` keeps it from asking.
    env: { CI: 'true', NO_UPDATE_NOTIFIER: '1', ...env },
  });
  const output: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => output.push(text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => output.push(text));
  child.on('error', (error) => output.push(error.message));
  // It may have ended already.
  child.stdin.on('error', () => undefined);
  return { child, output };
}

/** On Windows the CLI is a script, which takes a shell: its own quotes are doubled there. */
function quoted(arg: string): string {
  return /[\s"]/.test(arg) ? `"${arg.replaceAll('"', '""')}"` : arg;
}

/** The Firebase CLI of the project, the one on the `PATH`, or the one that npx gets. */
function firebaseCommand(
  folder: string,
  env: NodeJS.ProcessEnv,
): readonly [program: string, ...args: string[]] {
  const own = foldersFrom(folder).map((each) => join(each, 'node_modules', '.bin'));
  const onPath = (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter((each) => each !== '');
  const name = ON_WINDOWS ? 'firebase.cmd' : 'firebase';
  const found = [...own, ...onPath].map((each) => join(each, name)).find(isProgram);
  if (found !== undefined) return [found];
  return [ON_WINDOWS ? 'npx.cmd' : 'npx', '--yes', 'firebase-tools'];
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function untilUp(
  host: string,
  child: ChildProcess,
  output: readonly string[],
): Promise<void> {
  const ended = new Promise<true>((resolve) => {
    child.once('exit', () => resolve(true)).once('error', () => resolve(true));
  });
  const deadline = Date.now() + START_LIMIT_MS;
  while (Date.now() < deadline) {
    if (await answers(host)) return;
    if ((await Promise.race([ended, wait(POLL_MS, false)])) === true) {
      throw new UsageError(`${NONE}, and this one did not:\n${lastLines(output)}`);
    }
  }
  child.kill('SIGTERM');
  throw new UsageError(`${NONE}, and it was not up after ${START_LIMIT_MS / 1000} seconds.`);
}

function lastLines(output: readonly string[]): string {
  const lines = output.join('').split(/\r?\n/);
  return lines
    .filter((line) => line.trim() !== '')
    .slice(-8)
    .join('\n');
}

async function answers(host: string): Promise<boolean> {
  try {
    return (await fetch(`http://${host}/`)).ok;
  } catch {
    return false;
  }
}

/** The end of its input ends what holds the emulator, and the CLI then stops it. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.stdin?.end();
  const late = new AbortController();
  const byForce = wait(STOP_LIMIT_MS, undefined, { signal: late.signal }).then(
    () => child.kill('SIGTERM'),
    () => undefined,
  );
  await Promise.race([ended, byForce.then(() => ended)]);
  late.abort();
}
