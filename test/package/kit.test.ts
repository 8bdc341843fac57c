/**
 * The kit as npm would publish it: packed, installed into an empty folder, loaded, compiled against.
 */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import { INSTALLING, nodes, packKit, ROOT, run, type PackedKit } from './commands.ts';
import { checksOf } from '../../scripts/release/checks.ts';
import { reachableFrom, typedEntries } from '../../scripts/release/declarations.ts';
import { examplesOf, type Example } from './examples.ts';

const MAX_PACKED_BYTES = 450_000;
const MAX_UNPACKED_BYTES = 1_500_000;

jest.setTimeout(180_000);

const bin = (name: string) => join(ROOT, 'node_modules', '.bin', name);

/** The files of the console's page. */
const PAGE = 'lib/cli/console/page/';

/** Below the run's own folder: the tarball, and a team's project. */
const home = mkdtempSync(join(tmpdir(), 'kit-'));
const team = join(home, 'team');
const installed = join(team, 'node_modules/@firestore-push/push');
let packed: PackedKit;
let examples: readonly Example[];

/** Writes a file of the team's. */
function write(file: string, text: string): void {
  writeFileSync(join(team, file), text);
}

beforeAll(async () => {
  mkdirSync(join(team, 'examples'), { recursive: true });
  packed = await packKit(home);
  write('package.json', '{ "name": "team", "private": true }');
  await run(team, 'npm', ['install', ...INSTALLING, packed.tarball]);
  examples = examplesOf(installed);
}, 180_000);

afterAll(() => rmSync(home, { recursive: true, force: true }));

test('holds what is needed and nothing else', () => {
  const paths = packed.files.map(({ path }) => path);
  const modules = paths.filter((path) => path.endsWith('.js'));
  expect(paths.filter((path) => !path.startsWith('lib/')).sort()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'npm-shrinkwrap.json',
    'package.json',
  ]);
  const page = paths.filter((path) => path.startsWith(PAGE));
  const declarations = paths.filter((path) => path.endsWith('.d.ts'));
  expect(
    paths.filter(
      (path) => path.startsWith('lib/') && ![...page, ...modules, ...declarations].includes(path),
    ),
  ).toEqual([]);
  // Those that an import of the package loads; that none of them is missing is shown where it is compiled against.
  const loaded = [...reachableFrom(typedEntries(installed))];
  expect(declarations.sort()).toEqual(loaded.map((file) => relative(installed, file)).sort());
  // The command line is called, and never imported.
  expect(declarations.filter((path) => path.startsWith('lib/cli/'))).toEqual([]);
  // What the browser loads, as the sources have it.
  expect(page.sort()).toEqual(
    readdirSync(join(ROOT, 'kit/src', PAGE.slice('lib/'.length)))
      .filter((name) => /\.(mts|html|css|svg)$/.test(name))
      .map((name) => `${PAGE}${name.replace(/mts$/, 'mjs')}`)
      .sort(),
  );
  expect(paths.filter((path) => /\.test\.|^lib\/testing\//.test(path))).toEqual([]);
  expect(modules.filter((path) => /sourceMappingURL/.test(textOf(path)))).toEqual([]);
  expect(packed.size).toBeLessThan(MAX_PACKED_BYTES);
  expect(packed.unpackedSize).toBeLessThan(MAX_UNPACKED_BYTES);
  expect(textOf('LICENSE')).toBe(readFileSync(join(ROOT, 'LICENSE'), 'utf8'));
});

test('pins what it depends on, and leaves to the team what both share', () => {
  const { packages } = JSON.parse(textOf('npm-shrinkwrap.json')) as {
    readonly packages: Readonly<Record<string, { readonly version: string }>>;
  };
  const { dependencies, peerDependencies } = JSON.parse(textOf('package.json')) as {
    readonly dependencies: Readonly<Record<string, string>>;
    readonly peerDependencies: Readonly<Record<string, string>>;
  };
  for (const [name, version] of Object.entries(dependencies)) {
    expect(packages[`node_modules/${name}`]).toMatchObject({ version });
  }
  for (const name of Object.keys(peerDependencies)) {
    expect(packages).not.toHaveProperty([`node_modules/${name}`]);
    // One copy, which the team's code finds, too.
    expect(() => readFileSync(join(team, 'node_modules', name, 'package.json'))).not.toThrow();
    expect(() => readFileSync(join(installed, 'node_modules', name, 'package.json'))).toThrow();
  }
});

test('every entry is required and imported in Node 22 and 24', async () => {
  const print = `console.log(JSON.stringify([
    Object.keys(kit).includes('registerToken') && Object.keys(kit).includes('defineNotification'),
    typeof defineNotification, typeof rehearse, typeof preferencesOf, version,
  ]));`;
  write(
    'load.cjs',
    `const kit = require('@firestore-push/push');
     const { defineNotification } = require('@firestore-push/push/lib');
     const { rehearse } = require('@firestore-push/push/testing');
     const { preferencesOf } = require('@firestore-push/push/client');
     const { version } = require('@firestore-push/push/package.json');
     ${print}`,
  );
  write(
    'load.mjs',
    `import * as kit from '@firestore-push/push';
     import { defineNotification } from '@firestore-push/push/lib';
     import { rehearse } from '@firestore-push/push/testing';
     import { preferencesOf } from '@firestore-push/push/client';
     import manifest from '@firestore-push/push/package.json' with { type: 'json' };
     const { version } = manifest;
     ${print}`,
  );
  const { version } = JSON.parse(textOf('package.json')) as { readonly version: string };
  for (const [major, node] of await nodes()) {
    expect(await run(team, node, ['--version'])).toMatch(new RegExp(`^v${major}\\.`));
    for (const file of ['load.cjs', 'load.mjs']) {
      const said = await run(team, node, [file], { GCLOUD_PROJECT: 'demo-team' });
      expect([major, file, JSON.parse(said)]).toEqual([
        major,
        file,
        [true, 'function', 'function', 'function', version],
      ]);
    }
  }
});

test('what apps load needs nothing beside it', () => {
  const code = textOf('lib/client.js').replace(/\/\*\*.*?\*\//gs, '');
  expect(code).toContain('exports.preferencesOf');
  expect(code).not.toMatch(/\brequire\(|\bimport\b|\bprocess\b|\bBuffer\b/);
  expect(textOf('lib/client.d.ts')).not.toMatch(/^import /m);
});

/** How each command is used, as the first line of its help says. */
const USAGES = {
  backfill: 'npx @firestore-push/push backfill --project ID [options]',
  cancel: 'npx @firestore-push/push cancel --delivery ID [options]',
  console: 'npx @firestore-push/push console [options]',
  doctor: 'npx @firestore-push/push doctor [options]',
  indexes: 'npx @firestore-push/push indexes [options]',
  retry: 'npx @firestore-push/push retry (--delivery ID | --since TIME) [options]',
  rules: 'npx @firestore-push/push rules [options]',
  status: 'npx @firestore-push/push status [options]',
  why: 'npx @firestore-push/push why (--document PATH | --user UID | --kind NAME | --delivery ID) [options]',
};

test('every command of its command line says in Node 22 and 24 how it is used', async () => {
  const main = join(installed, 'lib/cli/main.js');
  for (const [major, node] of await nodes()) {
    const overview = await run(team, node, [main, '--help']);
    const listed = [...overview.matchAll(/^ {2}(\w+) /gm)].map(([, name]) => name);
    expect([major, listed]).toEqual([major, Object.keys(USAGES)]);
    for (const [command, usage] of Object.entries(USAGES)) {
      const [line] = (await run(team, node, [main, command, '--help'])).split('\n');
      expect([major, line]).toEqual([major, `Usage: ${usage}`]);
    }
  }
});

test('its types serve CommonJS, ES modules and bundlers, and its examples compile', async () => {
  const consumer = `
    import { registerToken, type RegistrationAnswer } from '@firestore-push/push';
    import { defineNotification, type Notification } from '@firestore-push/push/lib';
    import { rehearse } from '@firestore-push/push/testing';
    import { preferencesOf, type PreferencesCall } from '@firestore-push/push/client';
    import * as z from 'zod';

    export const notifyOrder = defineNotification({
      name: 'order',
      document: 'orders/{orderId}',
      schema: z.object({ customerId: z.string() }),
      compose: ({ params: { orderId }, document: { customerId } }): Notification => ({
        to: customerId, title: 'On its way', data: { orderId },
      }),
    });
    export const rehearsed = rehearse(notifyOrder, { path: 'orders/o1', document: {} });
    export const answer: (answer: RegistrationAnswer) => boolean = ({ takenOver }) => takenOver;
    export { registerToken };
    export const ways = (call: PreferencesCall) =>
      preferencesOf(call, call).choose('order', 'silent').then(({ kinds }) => kinds.map(({ way }) => way));
    // @ts-expect-error there is no such way
    export const never = (call: PreferencesCall) => preferencesOf(call, call).choose('order', 'email');
    // @ts-expect-error a notification names who is notified
    export const nobody: Notification = { title: 'On its way' };
    // @ts-expect-error the path has no such wildcard
    defineNotification({ name: 'a', document: 'a/{id}', schema: z.object({}), compose: ({ params }) => (params.other, null) });
  `;
  for (const ending of ['cts', 'mts', 'ts']) write(`consumer.${ending}`, consumer);
  examples.forEach(({ code }, index) => write(`examples/${index}.mts`, code));
  const compilerOptions = {
    strict: true,
    noEmit: true,
    target: 'es2023',
    lib: ['es2024', 'esnext.disposable'],
    types: ['node'],
    exactOptionalPropertyTypes: true,
  };
  const configs = {
    nodenext: {
      compilerOptions: { ...compilerOptions, module: 'nodenext' },
      include: ['consumer.cts', 'consumer.mts', 'examples'],
    },
    bundler: {
      // The declarations themselves are checked above.
      compilerOptions: {
        ...compilerOptions,
        module: 'esnext',
        moduleResolution: 'bundler',
        skipLibCheck: true,
      },
      include: ['consumer.ts'],
    },
  };
  for (const [name, config] of Object.entries(configs)) {
    write(`tsconfig.${name}.json`, JSON.stringify(config));
    await run(team, bin('tsc'), ['--project', `tsconfig.${name}.json`]);
  }
});

test('its examples do what they say', async () => {
  expect(examples.length).toBeGreaterThanOrEqual(10);
  expect(examples.filter(({ code }) => code.includes('assert.')).length).toBeGreaterThanOrEqual(6);
  examples.forEach(({ code }, index) => write(`examples/${index}.mts`, code));
  write(
    'run.mjs',
    `const failures = [];
     for (let index = 0; index < ${examples.length}; index += 1) {
       await import('./examples/' + index + '.mts').catch((error) => failures.push([index, String(error)]));
     }
     console.log(JSON.stringify(failures));`,
  );
  const said = await run(team, process.execPath, ['run.mjs'], { GCLOUD_PROJECT: 'demo-team' });
  const failures = JSON.parse(said) as [number, string][];
  expect(failures.map(([index, error]) => [examples[index]?.where, error])).toEqual([]);
});

test('publint, "are the types wrong" and its API report have nothing to say, each export is documented', async () => {
  for (const [file, ...args] of checksOf(ROOT, packed.tarball)) {
    await run(ROOT, file, args, { NO_COLOR: '1' });
  }
});

function textOf(path: string): string {
  return readFileSync(join(installed, path), 'utf8');
}
