/**
 * An existing team's project in a folder of its own, and the commands that the team enters there.
 */
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { HOST, type Ports } from '../../scripts/stack/ports.ts';
import { INSTALLING, packKit, ROOT, run, runForAll } from '../package/commands.ts';
import { googleAt, serveGoogle } from './google.ts';
import { serveRegistry, type LoopbackServer } from './registry.ts';

export const PROJECT_ID = 'demo-team';
/** Where the team has its functions. */
export const REGION = 'europe-west1';

export const PACKAGE = '@firestore-push/push';
/** As somebody enters it who can be asked. */
export const INSTALL_ASKING = ['functions:kits:install', '--package', PACKAGE];
export const UNASKED = ['--non-interactive', '--force', '--no-configure'];
export const INSTALL = [...INSTALL_ASKING, ...UNASKED];

const CLI = join(ROOT, 'node_modules/firebase-tools/lib/bin/firebase.js');
/** Found, installed and built; or logged. */
const NOT_THE_TEAMS = ['**/node_modules/**', '**/lib/**', '**/*.log', 'function-kits/**'];

export interface Team {
  readonly folder: string;
  /** For logs. */
  readonly logs: string;
  /** Runs a command of the Firebase CLI and returns everything that it printed; throws when it fails. */
  firebase(...args: string[]): Promise<string>;
  /** The same with other variables besides. */
  firebaseWith(env: Readonly<Record<string, string>>, ...args: string[]): Promise<string>;
  /** Runs npm in a folder of the project. */
  npm(folder: string, ...args: string[]): Promise<string>;
  /** The same with other variables besides. */
  npmWith(
    env: Readonly<Record<string, string>>,
    folder: string,
    ...args: string[]
  ): Promise<string>;
  read(file: string): string;
  write(file: string, text: string): void;
  /** Nothing if there is no such file. */
  remove(file: string): void;
  /** The text of every file that the team wrote, by its path; firebase.json aside. */
  files(): Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Packs the kit, copies the team's project, installs and builds the team's own functions, and moves their emulators to these ports. */
export async function openTeam(ports: Ports): Promise<Team> {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'install-')));
  const folder = join(home, 'team');
  cpSync(join(__dirname, 'team'), folder, { recursive: true });
  const logs = join(home, 'logs');
  mkdirSync(logs);
  const config = join(folder, 'firebase.json');
  writeFileSync(config, withPorts(readFileSync(config, 'utf8'), ports));
  const servers: LoopbackServer[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.close()));
    rmSync(home, { recursive: true, force: true });
  };
  try {
    const registry = await serveRegistry([await packKit(home)], await configuredRegistry());
    const google = await serveGoogle();
    servers.push(registry, google);
    const env = environment(home, registry.url, google.url);
    const npmWith: Team['npmWith'] = (more, where, ...args) =>
      run(join(folder, where), 'npm', args, { ...env, ...more });
    const npm: Team['npm'] = (where, ...args) => npmWith({}, where, ...args);
    await npm('functions', 'install', ...INSTALLING);
    await npm('functions', 'run', 'build');
    const firebaseWith: Team['firebaseWith'] = async (more, ...args) => {
      const all = [CLI, ...args, '--project', PROJECT_ID];
      const { stdout, stderr } = await runForAll(folder, process.execPath, all, {
        ...env,
        ...more,
      });
      return stdout + stderr;
    };
    const read = (file: string) => readFileSync(join(folder, file), 'utf8');
    return {
      folder,
      logs,
      firebase: (...args) => firebaseWith({}, ...args),
      firebaseWith,
      npm,
      npmWith,
      read,
      write: (file, text) => writeFileSync(join(folder, file), text),
      remove: (file) => rmSync(join(folder, file), { force: true }),
      files: () =>
        Object.fromEntries(
          globSync('**/{*,.*}', { cwd: folder, exclude: NOT_THE_TEAMS, withFileTypes: true })
            .filter((entry) => entry.isFile())
            .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
            .filter((file) => file !== 'firebase.json')
            .sort()
            .map((file) => [file, read(file)]),
        ),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The team's own firebase.json, formatted as the CLI formats it. */
function withPorts(text: string, ports: Ports): string {
  const { emulators, ...rest } = JSON.parse(text) as { readonly emulators: object };
  const at = (port: number) => ({ host: HOST, port });
  const moved = {
    ...emulators,
    auth: at(ports.auth),
    firestore: { ...at(ports.firestore), websocketPort: ports['firestore-websocket'] },
    functions: at(ports.functions),
    tasks: at(ports.tasks),
    eventarc: at(ports.eventarc),
    hub: at(ports.hub),
    logging: at(ports.logging),
  };
  return `${JSON.stringify({ ...rest, emulators: moved }, null, 2)}\n`;
}

async function configuredRegistry(): Promise<string> {
  return (await run(ROOT, 'npm', ['config', 'get', 'registry'])).trim();
}

function environment(home: string, registry: string, google: string): Record<string, string> {
  return {
    ...googleAt(google),
    npm_config_registry: registry,
    npm_config_noproxy: '127.0.0.1',
    // As npm does by itself; this repository, from which the test may have been started by npm, wants it otherwise.
    npm_config_save_exact: 'false',
    // A CLI that nobody has used before: its settings are not those of whoever runs the test.
    XDG_CONFIG_HOME: join(home, 'config'),
    // Keeps firebase-tools from fetching its message of the day and from looking for updates.
    CI: 'true',
    NO_UPDATE_NOTIFIER: '1',
    NO_COLOR: '1',
    METADATA_SERVER_DETECTION: 'none',
  };
}
