/**
 * The emulators of a team's project, started as the team would start them, with this repository's simulator in FCM's place.
 */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { findRequirements } from '../../scripts/machine/requirements.ts';
import { within } from '../../scripts/stack/condition.ts';
import { HOST, SERVICES, type Ports } from '../../scripts/stack/ports.ts';
import { createRun, tailOf, type Run } from '../../scripts/stack/run.ts';
import { requireSimulator, startSimulator } from '../../scripts/stack/simulator.ts';
import { saysFunctionsFailed, saysReady } from '../../scripts/stack/suite-output.ts';
import { startSuiteProcess } from '../../scripts/stack/suite.ts';
import { ROOT } from '../package/commands.ts';
import { PROJECT_ID, REGION, type Team } from './team.ts';

/** Two codebases are loaded one after the other, on a machine that does other things besides. */
const START_TIMEOUT_MS = 180_000;

export interface Emulators {
  /** How often a function has been called, by the id that it is deployed by. */
  begun(id: string): number;
  stop(): Promise<void>;
}

/** Starts everything and returns when all functions are loaded; throws, with nothing left running, when one cannot be. */
export async function startEmulators(team: Team, ports: Ports): Promise<Emulators> {
  const run = createRun(ports, SERVICES);
  const temporary = await mkdtemp(join(tmpdir(), 'team-'));
  const logs = await mkdtemp(join(team.logs, 'run-'));
  const log = join(logs, 'emulators.log');
  const stop = async (): Promise<void> => {
    await run.stop();
    await rm(temporary, { recursive: true, force: true });
  };
  try {
    await Promise.race([
      start(team, ports, { run, logs, log, temporary }),
      run.failed.then((error) => Promise.reject(error)),
    ]);
  } catch (error) {
    await stop();
    throw error;
  }
  const begun = (id: string): number =>
    readFileSync(log, 'utf8').split(`Beginning execution of "${REGION}-${id}"`).length - 1;
  return { begun, stop };
}

interface Beginning {
  readonly run: Run;
  readonly logs: string;
  readonly log: string;
  readonly temporary: string;
}

async function start(
  team: Team,
  ports: Ports,
  { run, logs, log, temporary }: Beginning,
): Promise<void> {
  const { java, firestore } = await findRequirements(ROOT);
  const simulatorId = await addSimulator(run, ports, join(logs, 'simulator.log'));
  const { promise: ready, resolve: markReady } = Promise.withResolvers<true>();
  let failed = false;
  await run.add(() =>
    startSuiteProcess({
      root: ROOT,
      projectId: PROJECT_ID,
      logs,
      config: join(team.folder, 'firebase.json'),
      log,
      temporary,
      java,
      firestore,
      parts: ['auth', 'firestore', 'functions'],
      simulatorId,
      env: {
        FCM_EMULATOR_HOST: `${HOST}:${ports.simulator}`,
        APNS_EMULATOR_HOST: `${HOST}:${ports['simulator-apns']}`,
      },
      onLine: (line) => {
        failed ||= saysFunctionsFailed(line);
        if (saysReady(line)) markReady(true);
      },
    }),
  );
  const isReady = await within(ready, START_TIMEOUT_MS);
  if (!isReady) throw new Error(`The emulators did not start.\n${await tailOf(log)}`);
  if (failed) throw new Error(`Functions cannot be loaded.\n${readFileSync(log, 'utf8')}`);
}

/** @returns its process id. */
async function addSimulator(run: Run, ports: Ports, log: string): Promise<number> {
  const simulator = await startSimulator(ROOT, ports, log);
  await run.add(() =>
    Promise.resolve({
      name: 'The simulator',
      process: simulator,
      log,
      askToStop: () => simulator.signal('SIGTERM'),
      kill: () => Promise.resolve(simulator.signal('SIGKILL')),
    }),
  );
  await requireSimulator(ports.simulator, log);
  return simulator.pid;
}
