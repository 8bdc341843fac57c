/** Looks for what the emulators run on, before anything that takes long: whoever lacks something hears of it at once. */

import { join } from 'node:path';

import { StackError } from '../stack/error.ts';
import {
  downloadUrl,
  findFirestoreEmulator,
  HOW_TO_GET_THE_EMULATOR,
  type FirestoreEmulator,
} from './firestore-emulator.ts';
import { findJava, type Java } from './java.ts';

/** An answer takes a fraction of a second; what is not there by then will not be there for 130 MB. */
const ANSWER_TIMEOUT_MS = 5_000;

/** What the Firestore emulator runs on. */
export interface Requirements {
  readonly java: Java;
  readonly firestore: FirestoreEmulator;
}

/**
 * Finds Java and the Firestore emulator; where the emulator has to be downloaded, sees that it can be.
 *
 * @param root the project's root.
 * @throws StackError `java-missing` or `emulator-missing`, with the command that helps.
 */
export async function findRequirements(
  root: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Requirements> {
  const java = await findJava(env);
  const firestore = await findFirestoreEmulator(root, join(root, '.cache'), env);
  if (firestore.source === 'download') await requireDownload(await downloadUrl(root), env);
  return { java, firestore };
}

/** What a person should know about the emulator before they wait for it; undefined when it is there. */
export function announceDownload({ firestore }: Requirements): string | undefined {
  return firestore.source === 'download'
    ? 'The Firestore emulator is not on this machine yet: about 130 MB are downloaded now, once.'
    : undefined;
}

/** @throws StackError `emulator-missing` when nothing answers at `url`. */
export async function requireDownload(url: string, env: NodeJS.ProcessEnv): Promise<void> {
  // firebase-tools goes through a proxy and fetch does not, so that nothing can be said here.
  if (env.HTTPS_PROXY ?? env.https_proxy) return;
  try {
    await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
  } catch (error) {
    throw new StackError(
      'emulator-missing',
      `${HOW_TO_GET_THE_EMULATOR}\nThe network is not available: ${new URL(url).host} does not answer ` +
        `(${reasonOf(error)}).`,
    );
  }
}

/** `fetch` says why in what caused its error. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error & { cause?: { code?: string } };
  return cause?.code ?? message;
}
