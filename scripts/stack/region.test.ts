import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { regionOfFunctions } from './region.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'region-'));
  await mkdir(join(root, 'kit/lib/model'), { recursive: true });
  await mkdir(join(root, 'functions'));
  await writeFile(join(root, 'kit/package.json'), '{}');
  // As the build leaves it: what is asked here is which file's value it is given.
  const built =
    "exports.functionRegion = (location) => (location === 'eur3' ? 'europe-west1' : location);";
  await writeFile(join(root, 'kit/lib/model/region.js'), built);
});
afterEach(() => rm(root, { recursive: true }));

const write = (name: string, text: string) => writeFile(join(root, 'functions', name), text);

test('is the default where nothing is set', async () => {
  expect(await regionOfFunctions(root)).toBe('us-central1');
});

test('is what functions/.env says, read as the functions read it', async () => {
  await write('.env', '# Region\nREGION=eur3\nMEMORY_MIB=512\n');
  expect(await regionOfFunctions(root)).toBe('europe-west1');
});

test('is that of the emulators’ project, or of this machine, where they have their own', async () => {
  await write('.env', 'REGION=us-east1\n');
  await write('.env.demo-firestore-push', 'REGION=europe-west3\n');
  expect(await regionOfFunctions(root)).toBe('europe-west3');
  await write('.env.local', 'REGION="asia-east1"\n');
  expect(await regionOfFunctions(root)).toBe('asia-east1');
});
