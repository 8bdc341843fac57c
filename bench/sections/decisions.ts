/** Section 6: decisions about one event for people who say little or much, in one process. */

import { join } from 'node:path';
import { INSTANCE_HEAP, runChild } from '../child.ts';
import type { DecisionsInput } from '../children/decisions.ts';
import type { DecisionRow } from '../results.ts';

const CHILD = join(import.meta.dirname, '../children/decisions.ts');
const TIMEOUT_MS = 120_000;

export function measureDecisions(quick: boolean): Promise<DecisionRow[]> {
  return runChild<DecisionsInput, DecisionRow[]>(
    CHILD,
    { rounds: quick ? 3 : 25, decisions: 7_200 },
    { execArgv: INSTANCE_HEAP, timeoutMs: TIMEOUT_MS },
  );
}
