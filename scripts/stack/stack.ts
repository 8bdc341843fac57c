/** Brings up the simulator and the Emulator Suite as one thing, ready to be used when it returns. */

import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { findRequirements } from '../machine/requirements.ts';
import { rejectOnAbort, within } from './condition.ts';
import { PROJECT_ID, startSuiteProcess } from './suite.ts';
import { StackError } from './error.ts';
import { HOST, freePorts, requireFree } from './ports.ts';
import { layOutRun } from './project.ts';
import { isAlive } from './processes.ts';
import { regionOfFunctions } from './region.ts';
import { createRun, tailOf } from './run.ts';
import { requireSimulator, startSimulator } from './simulator.ts';
import { saysEmulatorDied, saysFunctionsFailed, saysReady, stepOf } from './suite-output.ts';
import { requireWhole } from './options.ts';
import type { Requirements } from '../machine/requirements.ts';
import type { Part, StackOptions } from './options.ts';
import type { Ports, Service } from './ports.ts';
import type { Progress } from './progress.ts';
import type { Running } from './processes.ts';
import type { Member, Run } from './run.ts';

/** Downloading the emulator over a slow line is the longest thing that can happen in here. */
const START_TIMEOUT_MS = 300_000;

export interface Stack {
  ports: Ports;
  parts: readonly Part[];
  /** What a command inside the stack needs to know, by the names the Firebase SDKs read. */
  env: Record<string, string>;
  /** The directory of this run's logs: `emulators.log`, `simulator.log`, `firestore-debug.log`. */
  logs: string;
  /** Resolves, with what to tell, when a part dies while the stack should be up. */
  failed: Promise<StackError>;
  /** Takes everything down in order. */
  stop: () => Promise<void>;
}

export interface StartOptions {
  root: string;
  /** Where firebase.json, the rules and the built functions are, if not in the root. */
  project?: string | undefined;
  ports: StackOptions['ports'];
  parts: readonly Part[];
  /** Whether the caller starts the console: its port has to be free, too. */
  console?: boolean;
  /** What the Firestore emulator runs on, where the caller has looked for it already. */
  requirements?: Requirements | undefined;
  progress: Progress;
  /** Aborting it while the stack comes up takes down what is up already. */
  signal: AbortSignal;
}

/**
 * Starts the parts and resolves once every one of them answers.
 *
 * @throws StackError when functions would run without an emulator they use, Java is missing, a port is taken, the functions cannot be loaded, a part does not
 *   start or the signal is aborted; nothing is left running then.
 */
export async function startStack(options: StartOptions): Promise<Stack> {
  const { root, parts, progress, signal, project = root } = options;
  requireWhole(parts);
  if (parts.includes('functions')) requireBuilt(project);
  const region = parts.includes('functions') ? await regionOfFunctions(root) : undefined;
  const services = [...servicesOf(parts), ...(options.console === true ? CONSOLE : [])];
  const ports = options.ports === 'free' ? await freePorts() : options.ports;
  await requireFree(ports, services);

  const run = createRun(ports, services);
  const logs = await layOutRun(root, ports, parts, new Date(), isAlive, project);
  const temporary = await mkdtemp(join(tmpdir(), 'firestore-push-'));
  const takeDown = async (end: () => Promise<void>): Promise<void> => {
    await end();
    // What has just ended may still be writing there.
    await rm(temporary, { recursive: true, force: true, maxRetries: 5 });
  };

  try {
    await Promise.race([
      startParts({ ...options, ports, run, logs, temporary }),
      run.failed.then((error) => Promise.reject(error)),
      rejectOnAbort(signal, () => new StackError('interrupted', 'Interrupted while starting.')),
    ]);
  } catch (error) {
    progress.clear();
    await takeDown(run.kill);
    throw error;
  }
  return {
    ports,
    parts,
    env: {
      ...environmentOf(ports, parts, logs),
      // Where nobody asked for functions, tests that need them say so instead of running those of another app.
      ...(parts.includes('functions') || project !== root
        ? { FUNCTIONS_SOURCE: join(project, 'functions') }
        : {}),
      ...(region === undefined ? {} : { FUNCTIONS_REGION: region }),
    },
    logs,
    failed: run.failed,
    stop: () => takeDown(run.stop),
  };
}

interface Beginning extends StartOptions {
  ports: Ports;
  run: Run;
  logs: string;
  temporary: string;
}

async function startParts(options: Beginning): Promise<void> {
  const { parts, progress, ports, run, logs } = options;
  let simulator: Running | undefined;
  if (parts.includes('simulator')) {
    progress.step('starting the simulator');
    const log = join(logs, 'simulator.log');
    await run.add(async () => {
      simulator = await startSimulator(options.root, ports, log);
      return simulatorMember(simulator, log);
    });
    await requireSimulator(ports.simulator, log);
  }
  if (parts.some((part) => part !== 'simulator')) await startSuite(options, simulator?.pid);
}

function simulatorMember(process: Running, log: string): Member {
  return {
    name: 'The simulator',
    process,
    log,
    askToStop: () => {
      process.signal('SIGTERM');
    },
    kill: () => {
      process.signal('SIGKILL');
      return Promise.resolve();
    },
  };
}

async function startSuite(options: Beginning, simulatorId: number | undefined): Promise<void> {
  const { root, parts, progress, ports, run, logs, temporary } = options;
  const requirements = parts.includes('firestore')
    ? (options.requirements ?? (await findRequirements(root)))
    : undefined;

  progress.step('starting the emulators');
  const log = join(logs, 'emulators.log');
  const { promise: ready, resolve: markReady } = Promise.withResolvers<true>();
  let functionsFailed = false;
  let lastStep: string | undefined;
  const onLine = (line: string): void => {
    functionsFailed ||= saysFunctionsFailed(line);
    const step = stepOf(line);
    if (step && step !== lastStep) progress.step((lastStep = step));
    if (saysReady(line)) markReady(true);
    if (saysEmulatorDied(line)) run.fail(new StackError('part-died', `${line}\nMore is in ${log}`));
  };
  const env = parts.includes('simulator') ? simulatorHosts(ports) : {};
  await run.add(() =>
    startSuiteProcess({
      root,
      logs,
      log,
      temporary,
      java: requirements?.java,
      firestore: requirements?.firestore,
      parts,
      simulatorId,
      env,
      onLine,
    }),
  );

  if (!(await within(ready, START_TIMEOUT_MS))) {
    throw new StackError(
      'start-failed',
      `The emulators were not up within ${START_TIMEOUT_MS / 1000} s.\n${await tailOf(log)}`,
    );
  }
  if (functionsFailed) {
    throw new StackError('start-failed', `The functions cannot be loaded.\n${await tailOf(log)}`);
  }
}

const CONSOLE: readonly Service[] = ['console'];

/** Every part that was asked for, and what comes up with it, by the ports they take. */
function servicesOf(parts: readonly Part[]): Service[] {
  const services: Service[] = [];
  if (parts.includes('simulator')) services.push('simulator', 'simulator-apns');
  if (parts.includes('auth')) services.push('auth');
  if (parts.includes('firestore')) services.push('firestore', 'firestore-websocket');
  if (parts.includes('functions')) services.push('functions', 'tasks', 'eventarc');
  if (parts.some((part) => part !== 'simulator')) services.push('hub', 'logging');
  return services;
}

function requireBuilt(project: string): void {
  const entry = join(project, 'functions/lib/index.js');
  if (existsSync(entry)) return;
  throw new StackError(
    'start-failed',
    `The functions are not built: expected ${entry} to exist. Run: npm run build`,
  );
}

function environmentOf(ports: Ports, parts: readonly Part[], logs: string): Record<string, string> {
  const env: Record<string, string> = { GCLOUD_PROJECT: PROJECT_ID, STACK_LOGS: logs };
  if (parts.includes('auth')) env.FIREBASE_AUTH_EMULATOR_HOST = `${HOST}:${ports.auth}`;
  if (parts.includes('firestore')) env.FIRESTORE_EMULATOR_HOST = `${HOST}:${ports.firestore}`;
  if (parts.includes('functions')) {
    env.FUNCTIONS_EMULATOR_HOST = `${HOST}:${ports.functions}`;
    env.CLOUD_TASKS_EMULATOR_HOST = `${HOST}:${ports.tasks}`;
    env.FIREBASE_EMULATOR_HUB = `${HOST}:${ports.hub}`;
  }
  if (parts.includes('simulator')) {
    Object.assign(env, simulatorHosts(ports));
    env.SIMULATOR_URL = `http://${HOST}:${ports.simulator}`;
  }
  return env;
}

/** Where functions send their pushes instead of to Google and Apple. */
function simulatorHosts(ports: Ports): Record<string, string> {
  return {
    FCM_EMULATOR_HOST: `${HOST}:${ports.simulator}`,
    APNS_EMULATOR_HOST: `${HOST}:${ports['simulator-apns']}`,
  };
}
