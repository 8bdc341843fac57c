/** Lays out one run's directory: a firebase.json with this run's ports, and links to the project's sources. */

import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { HOST } from './ports.ts';
import { isAlive, recordedIds } from './processes.ts';
import type { Part } from './options.ts';
import type { Ports } from './ports.ts';

/** The logs of so many earlier runs are kept. */
const RUNS_KEPT = 8;

/** Holds the id of the process that a run belongs to. */
const OWNER_FILE = 'owner.id';

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

/** Everything the project's configuration names by path, so that the run's directory can link to it. */
export function pathsNamedBy(config: FirebaseConfig): string[] {
  return [
    config.firestore?.rules,
    config.firestore?.indexes,
    ...(config.functions ?? []).map((codebase) => codebase.source),
  ].filter((path) => path !== undefined);
}

/**
 * Makes `.cache/runs/<time>-…`, where firebase-tools finds its configuration and leaves its logs.
 * firebase-tools takes no path outside its configuration's directory; a link is inside.
 */
export async function layOutRun(
  root: string,
  ports: Ports,
  parts: readonly Part[],
  now: Date,
): Promise<string> {
  const runs = join(root, '.cache', 'runs');
  await mkdir(runs, { recursive: true });
  await forgetOldRuns(runs);
  const stamp = now.toISOString().replaceAll(':', '').replace(/\..*/, '');
  const run = await mkdtemp(join(runs, `${stamp}-`));

  await writeFile(join(run, OWNER_FILE), `${process.pid}\n`);

  const project = JSON.parse(await readFile(join(root, 'firebase.json'), 'utf8')) as FirebaseConfig;
  const config = configFor(project, ports, parts);
  await writeFile(join(run, 'firebase.json'), JSON.stringify(config, null, 2));
  for (const path of pathsNamedBy(config)) await symlink(join(root, path), join(run, path));
  return run;
}

/** Takes away the oldest, but none that is still going on: its functions are loaded through its links. */
async function forgetOldRuns(runs: string): Promise<void> {
  const names = (await readdir(runs)).sort();
  for (const name of names.slice(0, Math.max(0, names.length - RUNS_KEPT))) {
    const run = join(runs, name);
    const [owner] = await recordedIds(join(run, OWNER_FILE));
    if (owner === undefined || owner === process.pid || !isAlive(owner)) {
      await rm(run, { recursive: true, force: true });
    }
  }
}
