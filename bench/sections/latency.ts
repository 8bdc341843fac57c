/** Section 1: latency and CPU of one event to 1, 3 and 10 addresses. */

import { join } from 'node:path';
import { INSTANCE_HEAP, runChild } from '../child.ts';
import { FCM_STREAMS, withProvider } from '../wire/provider.ts';
import type { LatencyCase, LatencyInput } from '../children/latency.ts';
import type { LatencyRow } from '../results.ts';

const CHILD = join(import.meta.dirname, '../children/latency.ts');
const TIMEOUT_MS = 300_000;
const DELAYS_MS = [0, 30];
const ADDRESSES = [1, 3, 10];

export function measureLatency(quick: boolean): Promise<LatencyRow[]> {
  const cases = DELAYS_MS.flatMap((delayMs) =>
    ADDRESSES.map((addresses): LatencyCase => {
      const rounds = quick ? 5 : delayMs === 0 ? 40 : 8;
      return { delayMs, addresses, rounds, events: quick ? 3 : 10 };
    }),
  );
  return withProvider(FCM_STREAMS, (server) =>
    runChild<LatencyInput, LatencyRow[]>(
      CHILD,
      { server, cases, compileRounds: quick ? 5 : 40 },
      { execArgv: INSTANCE_HEAP, timeoutMs: TIMEOUT_MS },
    ),
  );
}
