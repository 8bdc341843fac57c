import { mkdir, mkdtemp, readFile, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { PARTS } from './options.ts';
import { DEFAULT_PORTS } from './ports.ts';
import { configFor, layOutRun } from './project.ts';

const PROJECT = {
  firestore: { rules: 'firestore.rules', indexes: 'firestore.indexes.json' },
  functions: [{ source: 'functions' }],
  emulators: { auth: { port: 1 }, singleProjectMode: false },
};

test('gives every emulator the port of this run on loopback, and leaves the UI out', () => {
  const { emulators } = configFor(PROJECT, { ...DEFAULT_PORTS, auth: 7777 }, PARTS);
  expect(emulators).toMatchObject({
    auth: { host: '127.0.0.1', port: 7777 },
    firestore: { port: 8080, websocketPort: 9150 },
    functions: { port: 5001 },
    tasks: { port: 9499 },
    eventarc: { port: 9299 },
    hub: { port: 4400 },
    logging: { port: 4500 },
    ui: { enabled: false },
    singleProjectMode: false,
  });
});

test('names no functions when they are not started', () => {
  const config = configFor(PROJECT, DEFAULT_PORTS, ['auth', 'firestore']);
  expect(config.functions).toBeUndefined();
  expect(config.emulators).not.toHaveProperty('functions');
});

describe('a run directory', () => {
  let root: string;
  const at = new Date('2030-01-02T03:04:05Z');
  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'project-')));
    await mkdir(join(root, 'functions'));
    await writeFile(join(root, 'firestore.rules'), 'the rules');
    await writeFile(join(root, 'firestore.indexes.json'), '{}');
    await writeFile(join(root, 'firebase.json'), JSON.stringify(PROJECT));
  });
  afterEach(() => rm(root, { recursive: true }));

  test('holds a configuration, a link to the functions and the rules as they are now', async () => {
    const run = await layOutRun(root, DEFAULT_PORTS, PARTS, at);
    expect(run).toMatch(/2030-01-02T030405-/);
    expect(await readFile(join(run, 'firestore.rules'), 'utf8')).toBe('the rules');
    expect(await realpath(join(run, 'functions'))).toBe(join(root, 'functions'));
    await writeFile(join(root, 'firestore.rules'), 'half an edit');
    expect(await readFile(join(run, 'firestore.rules'), 'utf8')).toBe('the rules');
  });

  test('links to another project where one is given, and stands with the other runs all the same', async () => {
    const other = await realpath(await mkdtemp(join(tmpdir(), 'other-')));
    await mkdir(join(other, 'functions'));
    await writeFile(join(other, 'firestore.rules'), 'other rules');
    await writeFile(join(other, 'firestore.indexes.json'), '{}');
    await writeFile(join(other, 'firebase.json'), JSON.stringify(PROJECT));
    const run = await layOutRun(root, DEFAULT_PORTS, PARTS, at, () => true, other);
    expect(run).toMatch(join(root, '.cache', 'runs'));
    expect(await readFile(join(run, 'firestore.rules'), 'utf8')).toBe('other rules');
    expect(await realpath(join(run, 'functions'))).toBe(join(other, 'functions'));
    await rm(other, { recursive: true });
  });

  const runs = async (): Promise<string[]> => (await readdir(join(root, '.cache', 'runs'))).sort();
  const layOutMany = async (count: number, isGoingOn: () => boolean): Promise<void> => {
    for (let minute = 0; minute < count; minute += 1) {
      const later = new Date(at.getTime() + minute * 60_000);
      await layOutRun(root, DEFAULT_PORTS, PARTS, later, isGoingOn);
    }
  };

  test('takes the place of the oldest once there are many', async () => {
    await layOutMany(12, () => false);
    expect((await runs()).length).toBeLessThan(12);
    expect((await runs())[0]).not.toMatch(/030405/);
    expect((await runs()).at(-1)).toMatch(/031505/);
  });

  test('leaves runs alone that are still going on, however old and many', async () => {
    await layOutMany(12, () => true);
    expect(await runs()).toHaveLength(12);
  });

  test('belongs to this process, by its name', async () => {
    const owners: number[] = [];
    await layOutMany(12, () => false);
    await layOutRun(root, DEFAULT_PORTS, PARTS, at, (owner) => owners.push(owner) > 0);
    expect(new Set(owners)).toEqual(new Set([process.pid]));
  });
});
