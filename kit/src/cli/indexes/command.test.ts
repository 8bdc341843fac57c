import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  KIT,
  projectFolder,
  recordedSurroundings,
  removeProjectFolders,
} from '../../testing/project-folder';
import { main } from '../main';

afterAll(removeProjectFolders);

async function indexes(folder: string, ...args: string[]) {
  const { written, surroundings } = recordedSurroundings(folder);
  const code = await main(['indexes', ...args], surroundings);
  return { code, ...written };
}

const NAMED = { firestore: { indexes: 'firestore.indexes.json' }, functions: [KIT] };
const read = (folder: string, file = 'firestore.indexes.json'): string =>
  readFileSync(join(folder, file), 'utf8');
const groupsIn = (text: string): string[] => [
  ...new Set([...text.matchAll(/"collectionGroup": "([^"]+)"/g)].map(([, name = '']) => name)),
];

it('shows what it adds, adds it, and then has nothing to add', async () => {
  const theirs = '{\n  // ours\n  "indexes": []\n}\n';
  const folder = projectFolder({ 'firebase.json': NAMED, 'firestore.indexes.json': theirs });
  expect(await indexes(folder, '--check')).toMatchObject({ code: 1 });
  const dry = await indexes(folder, '--dry-run');
  expect(dry).toMatchObject({ code: 0, err: '' });
  expect(dry.out).toMatch(/^-{3} firestore.indexes.json\n\+{3} firestore.indexes.json\n@@/m);
  expect(dry.out).toMatch(/^\+ +"collectionGroup": "deliveries",$/m);
  expect(read(folder)).toBe(theirs);

  const { code, out } = await indexes(folder);
  expect([code, out.startsWith(dry.out)]).toEqual([0, true]);
  expect(out).toContain('firebase deploy --only firestore:indexes');
  expect(read(folder)).toContain('// ours');
  const done = 'firestore.indexes.json has everything that the functions need.\n';
  expect(await indexes(folder, '--check')).toEqual({ code: 0, out: done, err: '' });
  expect(await indexes(folder)).toEqual({ code: 0, out: done, err: '' });
});

it.each([
  ['no firestore', { functions: [KIT] }, '"firestore": {"indexes":"firestore.indexes.json"}'],
  [
    'no indexes',
    { functions: [KIT], firestore: { rules: 'firestore.rules' } },
    'to "firestore": "indexes": "firestore.indexes.json"',
  ],
  [
    'other databases only',
    { functions: [KIT], firestore: [{ database: 'shop', indexes: 'x.json' }] },
    '{"database":"(default)","indexes":"firestore.indexes.json"}',
  ],
])('makes a file where firebase.json names none, and says so: %s', async (_name, config, line) => {
  const folder = projectFolder({ 'firebase.json': config });
  const { code, out } = await indexes(folder);
  expect([code, out.includes(line)]).toEqual([0, true]);
  expect(out).toContain('--- /dev/null');
  expect(groupsIn(read(folder))).toEqual(['deliveries', 'digestItems', 'devices', 'pushes']);
  // Nothing is deployed before firebase.json names it.
  expect(await indexes(folder, '--check')).toMatchObject({ code: 1 });
});

it('makes the file that firebase.json names and nobody wrote', async () => {
  const config = { functions: [KIT], firestore: { indexes: 'config/indexes.json' } };
  const folder = projectFolder({ 'firebase.json': config });
  expect(await indexes(folder)).toMatchObject({ code: 0 });
  expect(groupsIn(read(folder, 'config/indexes.json'))).toHaveLength(4);
});

const env = 'function-kits/push/config/.env';

it.each([
  ['by its id', { database: 'shop', indexes: 'shop.json' }, {}],
  [
    'by a target',
    { target: 'main', indexes: 'shop.json' },
    { projects: { default: 'acme' }, targets: { acme: { firestore: { main: ['shop'] } } } },
  ],
])('takes the file of the database, which firebase.json names %s', async (_name, entry, rc) => {
  const folder = projectFolder({
    'firebase.json': {
      functions: KIT,
      firestore: [{ database: '(default)', indexes: 'd.json' }, entry],
    },
    '.firebaserc': rc,
    [env]: 'DATABASE=shop\nDELIVERIES_COLLECTION=apps/shop/parcels\n',
  });
  expect(await indexes(folder)).toMatchObject({ code: 0 });
  expect(groupsIn(read(folder, 'shop.json'))).toEqual([
    'parcels',
    'digestItems',
    'devices',
    'pushes',
  ]);
  expect(existsSync(join(folder, 'd.json'))).toBe(false);
});

const twice = {
  'firebase.json': {
    ...NAMED,
    functions: [{ ...KIT, instances: { push: 'config/a', second: 'config/b' } }],
  },
  'config/b/.env': 'DELIVERIES_COLLECTION=parcels\n',
};

it('adds what all installations want, or one', async () => {
  const both = projectFolder(twice);
  expect(await indexes(both)).toMatchObject({ code: 0 });
  expect(groupsIn(read(both))).toEqual([
    'deliveries',
    'digestItems',
    'devices',
    'parcels',
    'pushes',
  ]);
  expect(await indexes(both, '--check', '--instance', 'second')).toMatchObject({ code: 0 });
  const one = projectFolder(twice);
  expect(await indexes(one, '--instance', 'second')).toMatchObject({ code: 0 });
  expect(groupsIn(read(one))).toEqual(['parcels', 'digestItems', 'devices', 'pushes']);
  expect(await indexes(one, '--check')).toMatchObject({ code: 1 });
});

it('takes the settings of a project by its alias', async () => {
  const folder = projectFolder({
    'firebase.json': NAMED,
    '.firebaserc': { projects: { default: 'acme', staging: 'acme-staging' } },
    [`${env}.staging`]: 'PUSHES_COLLECTION=outbox\n',
  });
  expect(await indexes(folder, '--project', 'staging')).toMatchObject({ code: 0 });
  expect(groupsIn(read(folder))).toContain('outbox');
});

it('fails a check where an override of theirs breaks a search, and says how to change it', async () => {
  const folder = projectFolder({ 'firebase.json': NAMED, 'firestore.indexes.json': '{}' });
  await indexes(folder);
  const users = { collectionGroup: 'users', fieldPath: 'tokens', indexes: [] };
  const content = JSON.parse(read(folder)) as { fieldOverrides: object[] };
  content.fieldOverrides.push(users);
  const broken = projectFolder({ 'firebase.json': NAMED, 'firestore.indexes.json': content });
  const { code, out } = await indexes(broken, '--check');
  expect([code, out]).toEqual([1, expect.stringContaining('users.tokens: your override')]);
});

it.each([
  [
    '{ "indexes": [',
    /firestore.indexes.json: expected a JSON object.* at line 1.*Nothing was written/,
  ],
  ['<html>', /expected a JSON object/],
  ['{ "indexes": {} }', /"indexes" is no list/],
])('writes nothing where a file is no JSON: %s', async (text, message) => {
  const folder = projectFolder({ 'firebase.json': NAMED, 'firestore.indexes.json': text });
  expect(await indexes(folder)).toEqual({
    code: 2,
    out: '',
    err: expect.stringMatching(message) as string,
  });
  expect(read(folder)).toBe(text);
});

it.each([
  [['--instance', 'x'], /--instance: expected one of/],
  [['--nonsense'], /--nonsense/],
  [['more'], /more/],
])('refuses %p', async (args, message) => {
  const folder = projectFolder({ 'firebase.json': NAMED });
  expect(await indexes(folder, ...args)).toMatchObject({
    code: 2,
    err: expect.stringMatching(message) as string,
  });
  expect(existsSync(join(folder, 'firestore.indexes.json'))).toBe(false);
});

it('refuses a project that does not use the package', async () => {
  const folder = projectFolder({ 'firebase.json': {} });
  expect(await indexes(folder)).toMatchObject({
    code: 2,
    err: expect.stringMatching(/kits:install/) as string,
  });
});
