/** This worker's own project in the Firestore emulator. */

import { Firestore } from '@google-cloud/firestore';

/** Workers run side by side, so each has a project of its own. */
export const PROJECT = `demo-world-${process.env['JEST_WORKER_ID'] ?? '1'}`;

// Jest runs each test file in a process or module registry of its own, one after the other in a worker.
let connection: Firestore | undefined;

/** One connection a test file: making one takes longer than most of these tests. */
export function firestore(): Firestore {
  connection ??= new Firestore({ projectId: PROJECT, ignoreUndefinedProperties: true });
  return connection;
}

/** Deletes every document. */
export async function emptyProject(): Promise<void> {
  const emulator = process.env['FIRESTORE_EMULATOR_HOST'];
  if (emulator === undefined) {
    throw new Error(
      'FIRESTORE_EMULATOR_HOST: expected the emulator; run these tests with `npm test`.',
    );
  }
  const documents = `projects/${PROJECT}/databases/(default)/documents`;
  await fetch(`http://${emulator}/emulator/v1/${documents}`, { method: 'DELETE' });
}

afterAll(() => connection?.terminate());
