/** Finds the Firestore emulator's jar on this machine, so that nothing is downloaded that is there already. */

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { wrapperJar } from './wrapper-jar.ts';

/** The Cloud SDK's jar names no main class in its manifest; this is the one its own start script runs. */
const MAIN_CLASS = 'com.google.cloud.datastore.emulator.firestore.CloudFirestore';

/** `gcloud info` takes about a second; a machine under load gets thirty. */
const GCLOUD_TIMEOUT_MS = 30_000;

export interface FirestoreEmulator {
  /** `environment`, `firebase-tools` (its own download, there already), `cloud-sdk`, or `download` (not there yet). */
  source: 'environment' | 'firebase-tools' | 'cloud-sdk' | 'download';
  /** What firebase-tools is told by `FIRESTORE_EMULATOR_BINARY_PATH`; undefined leaves it to its own cache. */
  jar?: string;
}

/** What to do when the emulator is neither on the machine nor to be had from the network. */
export const HOW_TO_GET_THE_EMULATOR =
  'The Firestore emulator is not on this machine, so firebase-tools has to download it (about 130 MB, once).\n' +
  'To get it without a network now, use one of these: `npx firebase setup:emulators:firestore` while online,\n' +
  '`gcloud components install cloud-firestore-emulator`, or set FIRESTORE_EMULATOR_BINARY_PATH to its jar.';

/**
 * Looks in `FIRESTORE_EMULATOR_BINARY_PATH`, firebase-tools' cache and the Google Cloud SDK, in this order.
 *
 * @param root the project's root, whose `node_modules` holds firebase-tools.
 * @param cache a directory of ours that may be created; the wrapper jar goes there.
 */
export async function findFirestoreEmulator(
  root: string,
  cache: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<FirestoreEmulator> {
  if (env.FIRESTORE_EMULATOR_BINARY_PATH) {
    return { source: 'environment', jar: env.FIRESTORE_EMULATOR_BINARY_PATH };
  }
  if (existsSync(await downloadedJar(root, env))) return { source: 'firebase-tools' };

  const sdk = await cloudSdkRoot(env);
  const jar =
    sdk && join(sdk, 'platform', 'cloud-firestore-emulator', 'cloud-firestore-emulator.jar');
  if (!jar || !existsSync(jar)) return { source: 'download' };

  await mkdir(cache, { recursive: true });
  const wrapper = join(cache, 'cloud-firestore-emulator.jar');
  await writeFile(wrapper, wrapperJar(MAIN_CLASS, pathToFileURL(jar).href));
  return { source: 'cloud-sdk', jar: wrapper };
}

/** Where the installed firebase-tools keeps the very version it asks for. */
async function downloadedJar(root: string, env: NodeJS.ProcessEnv): Promise<string> {
  const { downloadPathRelativeToCacheDir } = await emulatorInfo(root);
  const cache = env.FIREBASE_EMULATORS_PATH ?? join(homedir(), '.cache', 'firebase', 'emulators');
  return join(cache, downloadPathRelativeToCacheDir);
}

/** From where the installed firebase-tools downloads it. */
export async function downloadUrl(root: string): Promise<string> {
  return (await emulatorInfo(root)).remoteUrl;
}

interface EmulatorInfo {
  downloadPathRelativeToCacheDir: string;
  remoteUrl: string;
}

async function emulatorInfo(root: string): Promise<EmulatorInfo> {
  const table = join(
    root,
    'node_modules/firebase-tools/lib/emulator/downloadableEmulatorInfo.json',
  );
  const info = JSON.parse(await readFile(table, 'utf8')) as { firestore: EmulatorInfo };
  return info.firestore;
}

/** Undefined when there is no Cloud SDK on the `PATH`. */
function cloudSdkRoot(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(
      'gcloud',
      ['info', '--format=value(installation.sdk_root)'],
      { timeout: GCLOUD_TIMEOUT_MS, env },
      (error, stdout) => {
        resolve(error ? undefined : stdout.trim() || undefined);
      },
    );
  });
}
