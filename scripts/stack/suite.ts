/**
 * Runs the Firebase Emulator Suite through firebase-tools; it ends with this process, however that ends:
 * the emulators run for as long as a one-line shell script inside them can read from our end of a pipe.
 */

import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

import { HOW_TO_GET_THE_EMULATOR } from '../machine/firestore-emulator.ts';
import { kill, recordedIds, runsWith, start } from './processes.ts';
import { READY } from './suite-output.ts';
import type { FirestoreEmulator } from '../machine/firestore-emulator.ts';
import type { Java } from '../machine/java.ts';
import type { Part } from './options.ts';
import type { Running } from './processes.ts';
import type { Member } from './run.ts';

/** `demo-` in front tells firebase-tools and the SDKs that nothing real stands behind the project. */
export const PROJECT_ID = 'demo-firestore-push';

/** What firebase-tools calls each part; the tasks and events of functions come up with them. */
const SUITE: Readonly<Record<Part, readonly string[]>> = {
  simulator: [],
  auth: ['auth'],
  firestore: ['firestore'],
  functions: ['functions', 'tasks', 'eventarc'],
};

/** Loading the functions takes seconds where two cores are shared; firebase-tools gives up after ten. */
const DISCOVERY_TIMEOUT_SECONDS = '120';

export interface SuiteOptions {
  root: string;
  /** Our own project if left out. */
  projectId?: string;
  /** The run's directory: every log goes there. */
  logs: string;
  /** The firebase.json to read; the one in the run's directory if left out. */
  config?: string;
  /** The file for what firebase-tools and the functions print. */
  log: string;
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

/** Starts it and returns at once; a line of its output says when it is ready. */
export async function startSuiteProcess(options: SuiteOptions): Promise<Member> {
  const { root, projectId = PROJECT_ID, logs, log, java } = options;
  const { config = join(logs, 'firebase.json') } = options;
  const bin = join(logs, 'bin');
  const javaIds = join(logs, 'java.ids');
  if (java) await writeJavaShim(bin, java, javaIds);

  const cli = await start(
    process.execPath,
    [
      join(root, 'node_modules/firebase-tools/lib/bin/firebase.js'),
      'emulators:exec',
      ...['--config', config, '--project', projectId],
      ...['--only', options.parts.flatMap((part) => SUITE[part]).join(',')],
      holdScript(options.simulatorId),
    ],
    { cwd: logs, env: suiteEnvironment(options, bin), log, onLine: options.onLine },
  );
  return {
    name: 'The Emulator Suite',
    process: cli,
    log,
    ...(options.firestore?.source === 'download' && { advice: HOW_TO_GET_THE_EMULATOR }),
    askToStop: () => {
      cli.tell('stop');
    },
    kill: () => killAll(cli, javaIds),
  };
}

/**
 * Runs inside the emulators: says that they are up, then reads. A line means "stop, all is in order"; an end
 * of input means that our process is gone, and with it whoever would have stopped the simulator.
 */
function holdScript(simulatorId: number | undefined): string {
  const lastOneOut = simulatorId === undefined ? 'true' : `kill -9 ${simulatorId} 2>/dev/null`;
  return `echo '${READY}'; read -r _ || ${lastOneOut}; true`;
}

function suiteEnvironment(options: SuiteOptions, bin: string): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    ...options.env,
    PATH: [bin, process.env.PATH].join(delimiter),
    TMPDIR: options.temporary,
    // Keeps firebase-tools from asking, from fetching its message of the day and from looking for updates.
    CI: 'true',
    NO_UPDATE_NOTIFIER: '1',
    // At each load of the functions firebase-tools asks npm for their SDK's latest version: without a network that is ten seconds.
    npm_config_offline: 'true',
    NO_COLOR: '1',
    // No Google machine is asked who we are.
    METADATA_SERVER_DETECTION: 'none',
    // Functions are asked for by a process that writes them down and ends; the one that serves them is waited for, ten seconds long.
    FIREBASE_FUNCTIONS_DISCOVERY_OUTPUT_PATH: 'true',
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
