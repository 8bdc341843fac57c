/**
 * Runs the Firebase Emulator Suite through firebase-tools; it ends with this process, however that ends:
 * the emulators run for as long as a one-line shell script inside them can read from our end of a pipe.
 */

import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

import { kill, recordedIds, runsWith, start } from './processes.ts';
import type { FirestoreEmulator } from '../machine/firestore-emulator.ts';
import type { Java } from '../machine/java.ts';
import type { Part } from './options.ts';
import type { Running } from './processes.ts';

/** `demo-` in front tells firebase-tools and the SDKs that nothing real stands behind the project. */
export const PROJECT_ID = 'demo-firestore-push';

/** What firebase-tools calls each part; the tasks and events of functions come up with them. */
const SUITE: Readonly<Record<Part, readonly string[]>> = {
  simulator: [],
  auth: ['auth'],
  firestore: ['firestore'],
  functions: ['functions', 'tasks', 'eventarc'],
};

/** What the script inside prints once every emulator is up and the functions are loaded. */
const READY = 'firestore-push: the emulators are up';

/** Loading the functions takes seconds where two cores are shared; firebase-tools gives up after ten. */
const DISCOVERY_TIMEOUT_SECONDS = '120';

export interface Emulators {
  process: Running;
  /** Resolves when all emulators are up; never when they die first. */
  ready: Promise<void>;
  /** Kills firebase-tools, the functions and every Java. */
  kill(): Promise<void>;
}

export interface EmulatorsOptions {
  root: string;
  /** The run's directory: its firebase.json is read, and every log goes there. */
  run: string;
  /** For sockets and other short-lived files; its path must be short, as socket paths are. */
  temporary: string;
  /** What the Firestore emulator runs on, and where it is; both undefined when it is not started. */
  java: Java | undefined;
  firestore: FirestoreEmulator | undefined;
  parts: readonly Part[];
  /** Process id of the simulator, which must not outlive us either. */
  simulatorId: number | undefined;
  /** Variables for the functions. */
  env: NodeJS.ProcessEnv;
  onLine: (line: string) => void;
}

export async function startEmulators(options: EmulatorsOptions): Promise<Emulators> {
  const { root, run } = options;
  const bin = join(run, 'bin');
  const javaIds = join(run, 'java.ids');
  if (options.java) await writeJavaShim(bin, options.java, javaIds);

  let markReady: () => void;
  const ready = new Promise<void>((resolve) => {
    markReady = resolve;
  });
  const suite = options.parts.flatMap((part) => SUITE[part]);
  const cli = await start(
    process.execPath,
    [
      join(root, 'node_modules/firebase-tools/lib/bin/firebase.js'),
      'emulators:exec',
      ...['--config', join(run, 'firebase.json'), '--project', PROJECT_ID],
      ...['--only', suite.join(',')],
      holdScript(options.simulatorId),
    ],
    {
      cwd: run,
      env: emulatorEnvironment(options, bin),
      log: join(run, 'emulators.log'),
      onLine: (line) => {
        if (line.trim() === READY) markReady();
        else options.onLine(line);
      },
    },
  );
  return { process: cli, ready, kill: () => killAll(cli, javaIds) };
}

/**
 * Runs inside the emulators: says that they are up, then reads. A line means "stop, all is in order"; an end
 * of input means that our process is gone, and with it whoever would have stopped the simulator.
 */
function holdScript(simulatorId: number | undefined): string {
  const lastOneOut = simulatorId === undefined ? 'true' : `kill -9 ${simulatorId} 2>/dev/null`;
  return `echo '${READY}'; read -r _ || ${lastOneOut}; true`;
}

function emulatorEnvironment(options: EmulatorsOptions, bin: string): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    ...options.env,
    PATH: [bin, process.env.PATH].join(delimiter),
    TMPDIR: options.temporary,
    // Keeps firebase-tools from asking, from fetching its message of the day and from looking for updates.
    CI: 'true',
    NO_UPDATE_NOTIFIER: '1',
    NO_COLOR: '1',
    // No Google machine is asked who we are.
    METADATA_SERVER_DETECTION: 'none',
    NO_PROXY: [process.env.NO_PROXY, '127.0.0.1,localhost'].filter(Boolean).join(','),
    FUNCTIONS_DISCOVERY_TIMEOUT: DISCOVERY_TIMEOUT_SECONDS,
  };
  if (options.firestore?.jar) env.FIRESTORE_EMULATOR_BINARY_PATH = options.firestore.jar;
  // Nothing that runs here may reach a real project, not even by mistake.
  delete env.GOOGLE_APPLICATION_CREDENTIALS;
  delete env.FORCE_COLOR;
  return env;
}

/**
 * A `java` that notes the process id of each emulator and then becomes the Java that was found.
 * firebase-tools starts emulators in groups of their own, where they would outlive it if it were killed.
 */
async function writeJavaShim(bin: string, java: Java, ids: string): Promise<void> {
  await mkdir(bin, { recursive: true });
  const shim = join(bin, 'java');
  const script = [
    '#!/bin/sh',
    `case " $* " in *" -jar "*) echo $$ >> ${quote(ids)} ;; esac`,
    `exec ${quote(java.binary)} "$@"`,
  ];
  await writeFile(shim, `${script.join('\n')}\n`);
  await chmod(shim, 0o755);
}

/** Quotes a text for `sh`. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

async function killAll(cli: Running, javaIds: string): Promise<void> {
  cli.signal('SIGKILL');
  for (const id of await recordedIds(javaIds)) {
    if (await runsWith(id, ' -jar ')) kill(id, 'SIGKILL');
  }
}
