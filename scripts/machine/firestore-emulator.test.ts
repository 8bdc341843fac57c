import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

import { findFirestoreEmulator } from './firestore-emulator.ts';

let directory: string;
let root: string;
let cache: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'emulator-'));
  root = join(directory, 'project');
  cache = join(directory, 'cache');
  await write(
    join(root, 'node_modules/firebase-tools/lib/emulator/downloadableEmulatorInfo.json'),
    JSON.stringify({ firestore: { downloadPathRelativeToCacheDir: 'emulator-v9.jar' } }),
  );
});
afterEach(() => rm(directory, { recursive: true }));

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

/** A PATH whose gcloud answers with this root of the Cloud SDK. */
async function pathWithGcloud(sdk: string): Promise<string> {
  const gcloud = join(directory, 'bin', 'gcloud');
  await write(gcloud, `#!/bin/sh\necho '${sdk}'\n`);
  await chmod(gcloud, 0o755);
  return [dirname(gcloud), process.env.PATH].join(delimiter);
}

const nothingElse = () => ({ FIREBASE_EMULATORS_PATH: join(directory, 'none'), PATH: '' });

test('takes the jar that the environment names before any other', async () => {
  const env = { ...nothingElse(), FIRESTORE_EMULATOR_BINARY_PATH: '/some/emulator.jar' };
  expect(await findFirestoreEmulator(root, cache, env)).toEqual({
    source: 'environment',
    jar: '/some/emulator.jar',
  });
});

test('leaves it to firebase-tools when it has downloaded the very version it wants', async () => {
  const downloads = join(directory, 'downloads');
  await write(join(downloads, 'emulator-v9.jar'), '');
  const env = { PATH: '', FIREBASE_EMULATORS_PATH: downloads };
  expect(await findFirestoreEmulator(root, cache, env)).toEqual({ source: 'firebase-tools' });
});

test("wraps the Cloud SDK's jar", async () => {
  const sdk = join(directory, 'sdk');
  await write(join(sdk, 'platform/cloud-firestore-emulator/cloud-firestore-emulator.jar'), '');
  const env = { ...nothingElse(), PATH: await pathWithGcloud(sdk) };
  const { source, jar } = await findFirestoreEmulator(root, cache, env);
  expect(source).toBe('cloud-sdk');
  const manifest = (await readFile(jar ?? '', 'latin1')).replaceAll('\r\n ', '');
  expect(manifest).toContain('Main-Class: com.google.cloud.datastore.emulator.firestore');
  expect(manifest).toContain(`Class-Path: file://`);
});

test('lets it be downloaded when the Cloud SDK has no emulator, or is not there', async () => {
  const withoutEmulator = { ...nothingElse(), PATH: await pathWithGcloud(directory) };
  expect(await findFirestoreEmulator(root, cache, withoutEmulator)).toEqual({ source: 'download' });
  expect(await findFirestoreEmulator(root, cache, nothingElse())).toEqual({ source: 'download' });
});
