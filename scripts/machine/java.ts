/** Finds a Java that the Firestore emulator runs on, or says exactly what to install. */

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

import { StackError } from '../stack/error.ts';

/** firebase-tools 15 refuses to start the Firestore emulator on anything older. */
export const OLDEST_JAVA = 21;

/** `java -version` answers in well under a second; a stub that opens a dialog never does. */
const VERSION_TIMEOUT_MS = 15_000;

export interface Java {
  /** Absolute path of the `java` binary. */
  binary: string;
  /** Major version: 21 for `21.0.2`, 8 for `1.8.0_292`. */
  major: number;
  /** Where it was found; `system` is one of the system's JVM directories. */
  source: 'JAVA_HOME' | 'PATH' | 'system';
}

/** Reads the major version out of what `java -version` prints; undefined when there is none. */
export function parseJavaMajor(output: string): number | undefined {
  const match = /version "(?:1\.)?(\d+)/.exec(output);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

/**
 * Takes `JAVA_HOME`'s if it is new enough, else the one on `PATH`, else the newest of the system's.
 * Returns undefined when none is {@link OLDEST_JAVA} or newer.
 */
export function chooseJava(found: readonly Java[]): Java | undefined {
  const usable = found.filter((java) => java.major >= OLDEST_JAVA);
  const newest = usable
    .filter((java) => java.source === 'system')
    .sort((a, b) => b.major - a.major)[0];
  return (
    usable.find((java) => java.source === 'JAVA_HOME') ??
    usable.find((java) => java.source === 'PATH') ??
    newest
  );
}

/** Says what was looked for, what was found and what to install on this platform. */
export function explainMissingJava(found: readonly Java[], platform: NodeJS.Platform): string {
  const got =
    found.length === 0
      ? 'no Java was found'
      : `only ${found.map((java) => `Java ${java.major} (${java.binary})`).join(', ')} was found`;
  const install =
    platform === 'darwin'
      ? 'Install one with: brew install --cask temurin@21'
      : 'Install one with, on Debian or Ubuntu: sudo apt-get install openjdk-21-jre-headless ' +
        '(or any JDK from https://adoptium.net)';
  return (
    `The Firestore emulator needs Java ${OLDEST_JAVA} or newer, but ${got}.\n${install}\n` +
    'If there is one already, point JAVA_HOME at its directory.'
  );
}

/**
 * Looks in `JAVA_HOME`, on `PATH` and in the system's JVM directories, in this order.
 *
 * @throws StackError `java-missing` when none is new enough.
 */
export async function findJava(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): Promise<Java> {
  const places: { source: Java['source']; binary: string }[] = [];
  if (env.JAVA_HOME) {
    places.push({ source: 'JAVA_HOME', binary: join(env.JAVA_HOME, 'bin', 'java') });
  }
  for (const directory of (env.PATH ?? '').split(delimiter).filter(Boolean)) {
    places.push({ source: 'PATH', binary: join(directory, 'java') });
  }
  const preferred = await versionsOf(places);
  const early = chooseJava(preferred);
  if (early) return early;

  const system = await versionsOf(
    (await systemHomes(platform)).map((home) => ({
      source: 'system',
      binary: join(home, 'bin', 'java'),
    })),
  );
  const found = [...preferred, ...system];
  const java = chooseJava(found);
  if (!java) throw new StackError('java-missing', explainMissingJava(found, platform));
  return java;
}

async function versionsOf(places: { source: Java['source']; binary: string }[]): Promise<Java[]> {
  const found = await Promise.all(
    places
      .filter(({ binary }) => existsSync(binary))
      .map(async (place): Promise<Java | undefined> => {
        const major = await majorOf(place.binary);
        return major === undefined ? undefined : { ...place, major };
      }),
  );
  return found.filter((java) => java !== undefined);
}

/** Undefined when the binary does not run, or names no version (macOS has such a stub). */
function majorOf(binary: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    execFile(binary, ['-version'], { timeout: VERSION_TIMEOUT_MS }, (error, stdout, stderr) => {
      resolve(error ? undefined : parseJavaMajor(stdout + stderr));
    });
  });
}

async function systemHomes(platform: NodeJS.Platform): Promise<string[]> {
  const sdkman = join(homedir(), '.sdkman', 'candidates', 'java');
  if (platform === 'darwin') {
    const machines = await directoriesIn('/Library/Java/JavaVirtualMachines');
    const brewed = await directoriesIn('/opt/homebrew/opt');
    return [
      ...machines.map((directory) => join(directory, 'Contents', 'Home')),
      ...brewed.filter((directory) => directory.includes('/openjdk')),
      ...(await directoriesIn(sdkman)),
    ];
  }
  return [...(await directoriesIn('/usr/lib/jvm')), ...(await directoriesIn(sdkman))];
}

async function directoriesIn(parent: string): Promise<string[]> {
  try {
    return (await readdir(parent)).map((name) => join(parent, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
