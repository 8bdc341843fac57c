/** A test file's own project in the Firestore emulator. */

import { Firestore } from '@google-cloud/firestore';

export interface EmulatedProject {
  readonly id: string;
  /** One connection a test file: making one takes longer than most tests. */
  firestore(): Firestore;
  /** Deletes every document. */
  empty(): Promise<void>;
}

/** `demo-{name}-{worker}`: workers run side by side, so each has a project of its own. Its connection ends with the test file. */
export function emulatedProject(name: string): EmulatedProject {
  const id = `demo-${name}-${process.env['JEST_WORKER_ID'] ?? '1'}`;
  let connection: Firestore | undefined;
  afterAll(() => connection?.terminate());
  return {
    id,
    firestore: () =>
      (connection ??= new Firestore({ projectId: id, ignoreUndefinedProperties: true })),
    empty: async () => {
      const emulator = process.env['FIRESTORE_EMULATOR_HOST'];
      if (emulator === undefined) {
        throw new Error(
          'FIRESTORE_EMULATOR_HOST: expected the emulator; run these tests with `npm test`.',
        );
      }
      const documents = `projects/${id}/databases/(default)/documents`;
      await fetch(`http://${emulator}/emulator/v1/${documents}`, { method: 'DELETE' });
    },
  };
}
