/** Section 4: the whole way from event to inbox against the Firestore emulator, with its reads and writes counted. */

import { join } from 'node:path';
import { ROOT } from '../built.ts';
import { runChild } from '../child.ts';
import { FCM_STREAMS, withProvider } from '../wire/provider.ts';
import { inStack } from '../../scripts/stack/session.ts';
import type { EngineInput } from '../children/engine.ts';
import type { EngineResults } from '../results.ts';

const CHILD = join(import.meta.dirname, '../children/engine.ts');
const TIMEOUT_MS = 600_000;

/** @throws when the emulator does not come up or a delivery did not end as it must. */
export async function measureEngine(quick: boolean): Promise<EngineResults> {
  let results: EngineResults | undefined;
  await inStack(ROOT, { ports: 'free', parts: ['firestore'] }, async ({ stack, progress }) => {
    progress.done('the Firestore emulator is up');
    results = await withProvider(FCM_STREAMS, (server) =>
      runChild<EngineInput, EngineResults>(
        CHILD,
        { server, firestoreHost: stack.env['FIRESTORE_EMULATOR_HOST'] ?? '', quick },
        { timeoutMs: TIMEOUT_MS },
      ),
    );
    return 0;
  });
  if (results === undefined) throw new Error('The engine could not be measured: see above.');
  return results;
}
