/**
 * A team with an app of its own installs the kit with the Firebase CLI, adds a notification, installs it a second time beside the
 * first, and takes it away again.
 */
import { cpSync, existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { Firestore, Timestamp } from '@google-cloud/firestore';

import { FUNCTIONS } from '../../kit/src/cli/doctor/expected.ts';
import type { Device } from '../../scripts/demo/device.ts';
import { follow, stepsOf } from '../../scripts/docs/steps.ts';
import { freePorts, HOST, type Ports } from '../../scripts/stack/ports.ts';
import { ROOT } from '../package/commands.ts';
import { startEmulators, type Emulators } from './emulators.ts';
import { People, until } from './people.ts';
import { reportIn, reportOf } from './report.ts';
import {
  INSTALL,
  INSTALL_ASKING,
  openTeam,
  PACKAGE,
  PROJECT_ID,
  REGION,
  UNASKED,
  type Team,
} from './team.ts';

jest.setTimeout(400_000);

const KIT = 'function-kits/push';
const SOURCE = `${KIT}/source`;
const SETTINGS = `${KIT}/config-push`;
/** What the names of its functions begin with. */
const PREFIX = 'kit-push';
const BUILD = ['run', 'build'];
const OF_PROJECT = ['--project', PROJECT_ID];
const GUIDE = readFileSync(join(ROOT, 'docs/adopt.md'), 'utf8');
/** The codebase with a prefix has a database of its own, and collections that are not at the top. */
const ACMES_DATABASE = 'acme-data';

interface FirebaseConfig {
  readonly functions: readonly {
    readonly source: string;
    readonly kit?: string;
    readonly instances?: Readonly<Record<string, string>>;
  }[];
}

let ports: Ports;
let team: Team;
/** The team's own, before anything was installed. */
let files: Readonly<Record<string, string>>;
let config: FirebaseConfig;
/** When the team began to install the kit. */
let installing: number;
/** What the CLI printed then. */
let said: string;

beforeAll(async () => {
  ports = await freePorts();
  team = await openTeam(ports);
  files = team.files();
  config = readConfig();
  installing = performance.now();
  said = await team.firebase(...INSTALL);
  tellSeconds('install', installing);
});
afterAll(() => team.close());

function readConfig(): FirebaseConfig {
  return JSON.parse(team.read('firebase.json')) as FirebaseConfig;
}

/** firebase.json as the CLI writes it. */
function formatted(changed: FirebaseConfig): string {
  return `${JSON.stringify(changed, null, 2)}\n`;
}

/** Prints a measurement for whoever reads it; no test depends on it. */
function tellSeconds(what: string, since: number): void {
  process.stdout.write(`${what}: ${((performance.now() - since) / 1000).toFixed(1)} s\n`);
}

/** Where an installation has its settings for a project. */
function settingsFile(folder: string): string {
  return `${folder}/.env.${PROJECT_ID}`;
}

/** Sets the settings of one installation. */
function configure(folder: string, settings: Readonly<Record<string, string>>): void {
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  // The emulator has written every setting that it did not find into this file, which goes before the other one from then on.
  team.remove(`${folder}/.env.local`);
  team.write(settingsFile(folder), lines.join(''));
}

/** Settings by which an installation shares no document with another one. */
function collectionsOf(name: string): Record<string, string> {
  return {
    USERS_COLLECTION: `${name}Users`,
    DEVICES_COLLECTION: `${name}Devices`,
    DELIVERIES_COLLECTION: `${name}Deliveries`,
    PUSHES_COLLECTION: `${name}Pushes`,
  };
}

/** Runs the installed command line in the folder of the kit; fails when it exits with anything but 0. */
function commandLine(env: Readonly<Record<string, string>>, ...args: string[]): Promise<string> {
  return team.npmWith(env, SOURCE, 'exec', PACKAGE, '--', ...args);
}

describe('docs/adopt.md', () => {
  /** The lines of its commands, for the project of this test. */
  const commands = [...GUIDE.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block = '']) =>
    block.replaceAll('my-project', PROJECT_ID).split('\n'),
  );

  it.each(
    [
      ['firebase', ...INSTALL_ASKING],
      ['npm', '--prefix', SOURCE, ...BUILD],
      ['cd', SOURCE],
      ['npx', PACKAGE, 'indexes', ...OF_PROJECT],
      ['npx', PACKAGE, 'rules', ...OF_PROJECT],
      ['npx', PACKAGE, 'rules', '--check', ...OF_PROJECT],
      ['npx', PACKAGE, 'doctor', ...OF_PROJECT],
    ].map((words) => words.join(' ')),
  )('has the command that is entered here: %s', (command) => {
    expect(commands).toContain(command);
  });

  it.each([
    `\`${UNASKED.join(' ')}\``,
    ` ${settingsFile(SETTINGS)}\n`,
    '`FUNCTION_DEFAULT_REGION`',
    ...Object.keys(collectionsOf('push')).map((name) => `\`${name}\``),
    `const REGION = '${REGION}';`,
    `'${PREFIX}-registerToken'`,
  ])('names what is used here: %j', (words) => {
    expect(GUIDE).toContain(words);
  });
});

describe('install', () => {
  it('runs no scripts of the package', () => {
    expect(said).toContain(
      'Running npm install @firestore-push/push --save-prefix=^ --ignore-scripts',
    );
  });

  it('warns of nothing but of what it always does', () => {
    const warnings = said.split('\n').filter((line) => /⚠|npm warn|deprecated/i.test(line));
    expect(warnings).toEqual([
      // How this test signs in.
      expect.stringContaining('Authenticating with `FIREBASE_TOKEN` is deprecated'),
      expect.stringContaining('is a third-party kit'),
      expect.stringContaining('Please review the changes above.'),
    ]);
  });

  it('reports every function, queue, API and role of the kit', () => {
    expect(reportIn(said)).toEqual(reportOf('push'));
  });

  it('brings the versions that the kit was tested with', () => {
    const installed = join(team.folder, KIT, 'source/node_modules/@firestore-push/push');
    expect(existsSync(join(installed, 'npm-shrinkwrap.json'))).toBe(true);
  });

  it('leaves the team’s functions, rules and indexes as they were, and adds itself to firebase.json', () => {
    expect(team.files()).toEqual(files);
    const entry = {
      kit: 'push',
      sourcePackage: { name: '@firestore-push/push' },
      source: SOURCE,
      instances: { push: SETTINGS },
      predeploy: ['npm --prefix "$RESOURCE_DIR" run build'],
    };
    const expected = { ...config, functions: [...config.functions, entry] };
    expect(team.read('firebase.json')).toBe(formatted(expected));
  });
});

describe('a notification of the team’s', () => {
  let emulators: Emulators | undefined;
  let people: People;
  beforeAll(() => (people = new People(ports)));
  afterAll(async () => {
    await people.close();
    await emulators?.stop();
  });

  it('reaches the owner of a post that somebody likes, beside the team’s own functions', async () => {
    await addLike();
    configure(SETTINGS, { FUNCTION_DEFAULT_REGION: REGION });
    await team.npm(SOURCE, ...BUILD);
    emulators = await startEmulators(team, ports);

    const [ola, lia] = [await people.registered('Ola', PREFIX), await people.signedIn('Lia')];
    await ola.create('posts/p1', { ownerId: ola.uid(), text: 'Snow' });
    await lia.create(`posts/p1/likes/${lia.uid()}`, {});
    await people.shows(ola, 'Somebody likes your post');
    tellSeconds('installed to first push', installing);

    await until('the team’s own function to count the post', async () => {
      const { posts } = (await lia.call('postsOf', { uid: ola.uid() })) as { posts: number };
      return posts === 1;
    });
    expect(await people.titles(ola)).toHaveLength(1);
    expect(await people.titles(lia)).toEqual([]);
  });

  /** As docs/adopt.md says. */
  async function addLike(): Promise<void> {
    for (const step of stepsOf(GUIDE, '2. A notification')) await follow(team.folder, step);
  }

  describe('and the command line, while the emulators run', () => {
    /** Where they are, as `firebase emulators:exec` says it. */
    const emulated = () => ({
      FIREBASE_EMULATOR_HUB: `${HOST}:${ports.hub}`,
      FIRESTORE_EMULATOR_HOST: `${HOST}:${ports.firestore}`,
      FUNCTIONS_EMULATOR_HOST: `${HOST}:${ports.functions}`,
      FCM_EMULATOR_HOST: `${HOST}:${ports.simulator}`,
    });

    it('says by doctor that the functions are loaded, and that nothing is wrong', async () => {
      const report = await commandLine(emulated(), 'doctor', '--emulators', ...OF_PROJECT);
      expect(report).toContain(`All ${FUNCTIONS.length} functions are loaded.`);
      expect(report).toContain(`answers at ${HOST}:${ports.simulator}.`);
      expect(report).toMatch(/\nNo problem\.\n$/);
    });

    it('finds nothing wrong with the team’s rules once what it prints is pasted into them', async () => {
      const place = 'match /databases/{database}/documents {\n';
      const own = team.read('firestore.rules');
      expect(own).toContain(place);
      const block = await commandLine({}, 'rules', ...OF_PROJECT);
      const file = 'pasted.rules';
      team.write(
        file,
        own.replace(place, () => place + block),
      );
      const path = join(team.folder, file);
      const report = await commandLine(emulated(), 'rules', '--check', path, ...OF_PROJECT);
      expect(report).toMatch(/^\d{3} attempts: no findings\./);
      team.remove(file);
    });
  });
});

describe('the command line, in the folder of the kit', () => {
  const push = (...args: string[]) => commandLine({}, ...args);

  it('adds to the team’s indexes what is missing, once, and prints rules with the team’s names', async () => {
    configure(SETTINGS, { ...collectionsOf('push'), FUNCTION_DEFAULT_REGION: REGION });
    expect(await push('indexes', ...OF_PROJECT)).toContain('pushDeliveries');
    expect(await push('indexes', '--check', ...OF_PROJECT)).toContain(
      'has everything that the functions need',
    );
    const { indexes } = JSON.parse(team.read('firestore.indexes.json')) as { indexes: unknown[] };
    const own = JSON.parse(files['firestore.indexes.json'] ?? '') as { indexes: unknown[] };
    expect(indexes).toEqual(expect.arrayContaining(own.indexes));
    expect(await push('rules', ...OF_PROJECT)).toContain('match /pushUsers/{uid} {');
    team.write('firestore.indexes.json', files['firestore.indexes.json'] ?? '');
  });
});

describe('three installations side by side', () => {
  let emulators: Emulators | undefined;
  let people: People;
  let db: Firestore;
  let acmes: Firestore;

  beforeAll(async () => {
    await installAgain();
    await addCodebase();
    const region = { FUNCTION_DEFAULT_REGION: REGION };
    configure(SETTINGS, { ...region, ...collectionsOf('push') });
    configure(`${KIT}/config-chat`, { ...region, ...collectionsOf('chat'), SHARD_SIZE: '1' });
    configure('acme', { REGION, DATABASE: ACMES_DATABASE, ...collectionsOf('apps/acme/') });
    emulators = await startEmulators(team, ports);
    people = new People(ports);
    process.env['METADATA_SERVER_DETECTION'] = 'none';
    process.env['FIRESTORE_EMULATOR_HOST'] = `${HOST}:${ports.firestore}`;
    db = new Firestore({ projectId: PROJECT_ID });
    acmes = new Firestore({ projectId: PROJECT_ID, databaseId: ACMES_DATABASE });
  });
  afterAll(async () => {
    await people?.close();
    await Promise.all([db?.terminate(), acmes?.terminate()]);
    await emulators?.stop();
  });

  /** The CLI has no option for an instance's name: without a person to ask, it makes one up. The team gives it another, as docs/adopt.md says. */
  async function installAgain(): Promise<void> {
    await team.firebase(...INSTALL);
    const { functions, ...others } = readConfig();
    const chat = `${KIT}/config-chat`;
    const renamed = functions.map((entry) => {
      const { push, ...more } = entry.instances ?? {};
      const [made] = Object.values(more);
      if (push === undefined || made === undefined) return entry;
      renameSync(join(team.folder, made), join(team.folder, chat));
      return { ...entry, instances: { push, chat } };
    });
    team.write('firebase.json', formatted({ ...others, functions: renamed }));
  }

  /** A codebase with a prefix does without kits. */
  async function addCodebase(): Promise<void> {
    cpSync(join(__dirname, 'added/acme'), join(team.folder, 'acme'), { recursive: true });
    await team.npm('acme', 'install', '--ignore-scripts');
    const acme = { source: 'acme', codebase: 'acme', prefix: 'acme' };
    const { functions, ...others } = readConfig();
    team.write('firebase.json', formatted({ ...others, functions: [...functions, acme] }));
  }

  /** Writes into the outbox of one installation. */
  function push(name: string, fields: object): Promise<unknown> {
    if (name === 'acme') return acmes.collection('apps/acme/Pushes').add(fields);
    return db.collection(`${name}Pushes`).add(fields);
  }

  it('send scheduled pushes through a queue of their own, and see none of each other', async () => {
    const prefixes = Object.entries({ push: 'kit-push', chat: 'kit-chat', acme: 'acme' });
    const phones: Device[] = [];
    for (const [name, prefix] of prefixes) {
      const phone = await people.registered('Ola', prefix);
      await push(name, { to: phone.uid(), title: `Now from ${name}` });
      phones.push(phone);
    }
    for (const [index, [name]] of prefixes.entries()) {
      await people.shows(phones[index] as Device, `Now from ${name}`);
    }
    // The functions run by now, so that each push is scheduled before it is due: what is due needs no queue.
    const sendAt = Timestamp.fromMillis(Date.now() + 15_000);
    for (const [index, [name]] of prefixes.entries()) {
      const to = phones[index]?.uid();
      await push(name, { to, title: `Later from ${name}`, sendAt });
    }
    for (const [index, [name, prefix]] of prefixes.entries()) {
      await people.shows(phones[index] as Device, `Later from ${name}`);
      expect(emulators?.begun(`${prefix}-pushTasks`)).toBe(1);
    }
    const shown = await Promise.all(phones.map((phone) => people.titles(phone)));
    expect(shown.map((titles) => [...titles].sort())).toEqual(
      prefixes.map(([name]) => [`Later from ${name}`, `Now from ${name}`]),
    );
  });

  it('share out a large audience through a queue of their own, to their own devices', async () => {
    const elsewhere = await people.registered('Lia', 'kit-push');
    const phones = [
      await people.registered('Lia', 'kit-chat'),
      await people.registered('Bo', 'kit-chat'),
    ];
    const to = phones.map((phone) => phone.uid());
    await push('chat', { to, title: 'To all' });
    for (const phone of phones) await people.shows(phone, 'To all');
    await until('both shards to begin', () =>
      Promise.resolve((emulators?.begun('kit-chat-deliveryTasks') ?? 0) >= 2),
    );
    expect(await people.titles(elsewhere)).toEqual([]);
    expect(emulators?.begun('kit-push-deliveryTasks')).toBe(0);
    expect(emulators?.begun('acme-deliveryTasks')).toBe(0);
  });
});

describe('uninstall', () => {
  it('takes the kit away and leaves the rest', async () => {
    const { functions, ...others } = readConfig();
    const rest = { ...others, functions: functions.filter(({ kit }) => kit === undefined) };
    await team.firebase(
      'functions:kits:uninstall',
      '--kit',
      'push',
      '--force',
      '--non-interactive',
    );
    expect(existsSync(join(team.folder, KIT))).toBe(false);
    expect(team.files()).toMatchObject(files);
    expect(team.read('firebase.json')).toBe(formatted(rest));
  });

  it('leaves functions that run', async () => {
    // Without the codebase that a test above has added.
    team.write('firebase.json', formatted(config));
    const emulators = await startEmulators(team, ports);
    const people = new People(ports);
    try {
      const ola = await people.signedIn('Ola');
      await ola.create('posts/p1', { ownerId: ola.uid(), text: 'Snow' });
      await until('the post to be counted', async () => {
        const { posts } = (await ola.call('postsOf', { uid: ola.uid() })) as { posts: number };
        return posts === 1;
      });
    } finally {
      await people.close();
      await emulators.stop();
    }
  });
});
