/** Lays out one run's directory: a firebase.json with this run's ports, and what it names. */

import {
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';

import { HOST } from './ports.ts';
import { isAlive } from './processes.ts';
import type { Part } from './options.ts';
import type { Ports } from './ports.ts';

/** The logs of so many earlier runs are kept. */
const RUNS_KEPT = 8;

/** In the name, so that a run has an owner from its first moment: `<time>-<process id>-<six characters>`. */
const OWNER_IN_NAME = /-(\d+)-\w{6}$/;

export interface FirebaseConfig {
  firestore?: { rules?: string; indexes?: string };
  functions?: { source: string }[];
  emulators?: Record<string, unknown>;
}

/** The project's own configuration with this run's ports; sources stay where they are named. */
export function configFor(
  project: FirebaseConfig,
  ports: Ports,
  parts: readonly Part[],
): FirebaseConfig {
  const at = (port: number): { host: string; port: number } => ({ host: HOST, port });
  const emulators: Record<string, unknown> = {
    hub: at(ports.hub),
    logging: at(ports.logging),
    ui: { enabled: false },
    singleProjectMode: project.emulators?.singleProjectMode ?? true,
  };
  if (parts.includes('auth')) emulators.auth = at(ports.auth);
  if (parts.includes('firestore')) {
    emulators.firestore = { ...at(ports.firestore), websocketPort: ports['firestore-websocket'] };
  }
  const config: FirebaseConfig = { emulators };
  if (project.firestore) config.firestore = project.firestore;
  if (parts.includes('functions')) {
    emulators.functions = at(ports.functions);
    // Both come up with the functions whether they are named or not, so their ports are fixed here.
    emulators.tasks = at(ports.tasks);
    emulators.eventarc = at(ports.eventarc);
    if (project.functions) config.functions = project.functions;
  }
  return config;
}

/** The files that the project's configuration names. */
function filesNamedBy({ firestore }: FirebaseConfig): string[] {
  return [firestore?.rules, firestore?.indexes].filter((path) => path !== undefined);
}

/**
 * Makes `.cache/runs/<time>-<process id>-…`, where firebase-tools finds its configuration and leaves its logs.
 * firebase-tools takes no path outside its configuration's directory; a link is inside.
 *
 * @param isGoingOn whether the process that a run belongs to is still there; such a run is never taken away.
 * @param project where the configuration and what it names are, if not in the root.
 */
export async function layOutRun(
  root: string,
  ports: Ports,
  parts: readonly Part[],
  now: Date,
  isGoingOn: (owner: number) => boolean = isAlive,
  project: string = root,
): Promise<string> {
  const runs = join(root, '.cache', 'runs');
  await mkdir(runs, { recursive: true });
  await forgetOldRuns(runs, isGoingOn);
  const stamp = now.toISOString().replaceAll(':', '').replace(/\..*/, '');
  const run = await mkdtemp(join(runs, `${stamp}-${process.pid}-`));

  const text = await readFile(join(project, 'firebase.json'), 'utf8');
  const config = configFor(JSON.parse(text) as FirebaseConfig, ports, parts);
  await writeFile(join(run, 'firebase.json'), JSON.stringify(config, null, 2));
  for (const { source } of config.functions ?? [])
    await symlink(join(project, source), join(run, source));
  // Copies: firebase-tools watches the rules, and would put wrong ones in force while they are being edited.
  for (const path of filesNamedBy(config)) await copyFile(join(project, path), join(run, path));
  return run;
}

/** Takes away the oldest, but none that is still going on: its functions are loaded through its links. */
async function forgetOldRuns(runs: string, isGoingOn: (owner: number) => boolean): Promise<void> {
  const names = (await readdir(runs)).sort();
  for (const name of names.slice(0, Math.max(0, names.length - RUNS_KEPT))) {
    const owner = OWNER_IN_NAME.exec(name)?.[1];
    if (owner !== undefined && isGoingOn(Number(owner))) continue;
    // Another process may be at the same one.
    await rm(join(runs, name), { recursive: true, force: true, maxRetries: 5 });
  }
}
