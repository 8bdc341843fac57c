import { join } from 'node:path';
import { KIT, projectFolder, removeProjectFolders } from '../testing/project-folder';
import { UsageError } from './command';
import { chooseInstallation, localProject } from './installation';

afterAll(removeProjectFolders);

const PACKAGE = { '@firestore-push/push': '0.1.0' };
const uses = { dependencies: PACKAGE };

type Files = Parameters<typeof projectFolder>[0];

/** What is found, with paths from the project's folder. */
function found(files: Files, project?: string) {
  const folder = projectFolder(files);
  const { projectId, installations } = localProject({ cwd: folder, project });
  return {
    projectId,
    installations: installations.map(({ source, settingsFolder, ...each }) => ({
      ...each,
      source: source.slice(folder.length + 1),
      settingsFolder: settingsFolder.slice(folder.length + 1),
    })),
  };
}

const ids = (files: Files): string[] => found(files).installations.map(({ id }) => id);

it('finds a kit, with its prefix and its settings', () => {
  const files = {
    'firebase.json': { functions: [KIT] },
    'function-kits/push/config/.env':
      'REGION=europe-west1\n# A comment\nSITE_URL="https://a.example"\n',
  };
  expect(found(files).installations).toEqual([
    {
      ...{ id: 'push', kind: 'kit', prefix: 'kit-push-', source: 'function-kits/push/source' },
      settingsFolder: 'function-kits/push/config',
      settings: { REGION: 'europe-west1', SITE_URL: 'https://a.example' },
    },
  ]);
});

it('finds every instance of a kit', () => {
  const instances = { push: 'config/push', second: 'config/second' };
  const { installations } = found({
    'firebase.json': { functions: [{ ...KIT, instances }] },
    'config/second/.env': 'PUSHES_COLLECTION=outbox',
  });
  expect(installations.map(({ id, prefix, settings }) => [id, prefix, settings])).toEqual([
    ['push', 'kit-push-', {}],
    ['second', 'kit-second-', { PUSHES_COLLECTION: 'outbox' }],
  ]);
});

it.each([
  ['without a name', {}, { id: 'default', prefix: '', settingsFolder: 'functions' }],
  ['with a name', { codebase: 'push' }, { id: 'push', prefix: '' }],
  ['with a prefix', { codebase: 'push', prefix: 'acme' }, { id: 'push', prefix: 'acme-' }],
  ['with an empty prefix', { prefix: '' }, { prefix: '' }],
  ['with a folder for its settings', { configDir: 'env' }, { settingsFolder: 'env' }],
])('finds a codebase %s', (_name, entry, expected) => {
  const files = {
    'firebase.json': { functions: { source: 'functions', ...entry } },
    'functions/package.json': uses,
  };
  expect(found(files).installations).toEqual([
    expect.objectContaining({ kind: 'codebase', source: 'functions', ...expected }),
  ]);
});

it.each([
  ['one object', { source: 'a' }, ['default']],
  [
    'a list',
    [
      { source: 'a', codebase: 'x' },
      { source: 'b', codebase: 'y' },
    ],
    ['x'],
  ],
  ['nothing', undefined, []],
  ['what is no codebase', [7, null, 'a', {}], []],
  ['a kit of another package', { ...KIT, sourcePackage: { name: 'other' }, source: 'b' }, []],
  ['a kit without instances', { ...KIT, instances: undefined }, []],
])('reads functions that are %s', (_name, functions, expected) => {
  const files = {
    'firebase.json': { functions },
    'a/package.json': { devDependencies: PACKAGE },
    'b/package.json': { dependencies: { constructor: '1' } },
  };
  expect(ids(files)).toEqual(expected);
});

it('reads comments and trailing commas', () => {
  const files = {
    'firebase.json': '// Ours\n{ "functions": [ { "source": "a", }, ], /* end */ }',
    'a/package.json': uses,
  };
  expect(ids(files)).toEqual(['default']);
});

describe('settings of a project', () => {
  const files = {
    'firebase.json': { functions: { source: 'f' } },
    '.firebaserc': { projects: { default: 'acme-dev', staging: 'acme-1', prod: 'acme-2' } },
    'f/package.json': uses,
    'f/.env': 'A=all\nB=all\nC=all',
    'f/.env.staging': 'B=alias\nC=alias',
    'f/.env.acme-1': 'C=id',
    'f/.env.acme-dev': 'B=dev',
    'f/.env.default': 'A=never',
  };

  it.each([
    [undefined, 'acme-dev', { A: 'all', B: 'dev', C: 'all' }],
    ['staging', 'acme-1', { A: 'all', B: 'alias', C: 'id' }],
    ['acme-1', 'acme-1', { A: 'all', B: 'alias', C: 'id' }],
    ['prod', 'acme-2', { A: 'all', B: 'all', C: 'all' }],
    ['another', 'another', { A: 'all', B: 'all', C: 'all' }],
  ])('of %s are those of %s', (project, projectId, settings) => {
    const { installations, projectId: got } = found(files, project);
    expect([got, installations[0]?.settings]).toEqual([projectId, settings]);
  });

  it('has no project where nothing names one', () => {
    const { projectId } = found({ 'firebase.json': {}, '.firebaserc': {} });
    expect(projectId).toBeUndefined();
  });
});

it('looks for firebase.json upwards', () => {
  const folder = projectFolder({ 'firebase.json': {}, 'a/b/c.txt': '' });
  expect(localProject({ cwd: join(folder, 'a/b') }).folder).toBe(folder);
});

it.each([
  ['no firebase.json', {}, /Expected a firebase.json in .*found none/],
  [
    'a broken one',
    { 'firebase.json': '{ "functions": ' },
    /Expected a JSON object in .*firebase.json: /,
  ],
  ['one that is a list', { 'firebase.json': '[]x' }, /Expected a JSON object in .*firebase.json/],
  ['an empty one', { 'firebase.json': '' }, /Expected a JSON object in .*firebase.json/],
  ['a broken .firebaserc', { 'firebase.json': {}, '.firebaserc': 'no' }, /\.firebaserc/],
  [
    'a broken package.json',
    { 'firebase.json': { functions: { source: 'f' } }, 'f/package.json': '{' },
    /f\/package\.json/,
  ],
])('refuses %s', (_name, files, message) => {
  const cwd = projectFolder(files);
  expect(() => localProject({ cwd })).toThrow(UsageError);
  expect(() => localProject({ cwd })).toThrow(message);
});

describe('chooseInstallation', () => {
  const project = (instances: object) =>
    localProject({
      cwd: projectFolder({ 'firebase.json': { functions: [{ ...KIT, instances }] } }),
    });
  const two = { push: 'a', second: 'b' };

  it('takes the only one, or the one named', () => {
    expect(chooseInstallation(project({ push: 'a' })).id).toBe('push');
    expect(chooseInstallation(project(two), 'second').id).toBe('second');
  });

  it.each([
    [
      'none is there',
      {},
      undefined,
      /found none\. Install them with: firebase functions:kits:install/,
    ],
    ['several are', two, undefined, /Expected --instance with one of: push, second\./],
    ['another is named', two, 'third', /expected one of .*\(push, second\), got "third"/],
    ['one is named where none is', {}, 'push', /\(none\), got "push"/],
  ])('says what there is where %s', (_name, instances, id, message) => {
    expect(() => chooseInstallation(project(instances), id)).toThrow(message);
  });
});
