/** functions/ as `firebase deploy` uploads it: it stands alone, wherever it is unpacked. */
import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import { INSTALLING, nodes, ROOT, run } from './commands.ts';

const SOURCE = join(ROOT, 'functions');
/** The functions of the kit, as the codebase exports them. */
const KIT = ['registerToken', 'sendPush', 'deliveryTasks', 'pushTasks', 'claimTokens'];

interface Codebase {
  readonly source: string;
  readonly codebase: string;
  readonly ignore: string[];
  readonly predeploy: readonly string[];
}
const [codebase] = (
  JSON.parse(readFileSync(join(ROOT, 'firebase.json'), 'utf8')) as {
    readonly functions: [Codebase];
  }
).functions;

/** The very look that the Firebase CLI takes. */
const { readdirRecursive } = jest.requireActual<{
  readdirRecursive(options: {
    readonly path: string;
    readonly ignoreStrings: readonly string[];
  }): Promise<readonly { readonly name: string }[]>;
}>(join(ROOT, 'node_modules/firebase-tools/lib/fsAsync.js'));

const upload = mkdtempSync(join(tmpdir(), 'functions-'));
let files: readonly string[];

beforeAll(async () => {
  if (!existsSync(join(SOURCE, 'lib/index.js'))) {
    throw new Error('functions/lib/index.js is missing: npm run build');
  }
  const found = await readdirRecursive({ path: SOURCE, ignoreStrings: codebase.ignore });
  files = found.map(({ name }) => relative(SOURCE, name));
  for (const file of files) cpSync(join(SOURCE, file), join(upload, file));
  await run(upload, 'npm', ['ci', '--omit=dev', ...INSTALLING]);
}, 180_000);

afterAll(() => rmSync(upload, { recursive: true, force: true }));

test('is uploaded as one file with its settings', () => {
  expect(files.filter((file) => !/^\.env\b/.test(file)).sort()).toEqual([
    'lib/index.js',
    'package-lock.json',
    'package.json',
  ]);
});

test('loads in Node 22 and 24 with nothing of this repository beside it', async () => {
  const list = `console.log(JSON.stringify(Object.keys(require('./lib/index.js')).sort()))`;
  const lists = [];
  for (const [, node] of await nodes()) {
    const said = await run(upload, node, ['-e', list], { GCLOUD_PROJECT: 'demo-upload' });
    lists.push(JSON.parse(said) as string[]);
  }
  expect(lists[0]).toEqual(expect.arrayContaining(KIT));
  expect(lists[1]).toEqual(lists[0]);
  // The app's own notifications are among them.
  const own = globSync('src/notifications/*.ts', { cwd: SOURCE })
    .flatMap((file) => [
      ...readFileSync(join(SOURCE, file), 'utf8').matchAll(
        /^export const (\w+) = defineNotification/gm,
      ),
    ])
    .map(([, name]) => name);
  expect(own.length).toBeGreaterThan(0);
  expect(lists[0]).toEqual(expect.arrayContaining(own));
});

test('names nothing outside its folder', () => {
  const { dependencies } = JSON.parse(readFileSync(join(upload, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  for (const version of Object.values(dependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  const lock = readFileSync(join(upload, 'package-lock.json'), 'utf8');
  expect(lock).not.toMatch(/"(?:resolved|version)": "(?:file|link):|"link": true|"\.\.\//);
});

test('deploys as a codebase with a name of its own, after a build and no more', () => {
  // A deploy deletes the functions of its codebase that the source lacks; `default` is where a team's own ones are.
  expect(codebase).toMatchObject({
    source: 'functions',
    codebase: 'push',
    predeploy: ['npm run build'],
  });
});
