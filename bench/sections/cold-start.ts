/** Section 5: what an instance pays before its first event: loading our code, against loading the SDK modules that it uses. */

import { join } from 'node:path';
import { runChild } from '../child.ts';
import { mediansOf, rotated } from '../statistics.ts';
import type { LoadInput } from '../children/load.ts';
import type { ColdStart, Load } from '../results.ts';

const CHILD = join(import.meta.dirname, '../children/load.ts');
const TRACE = join(import.meta.dirname, '../children/trace.ts');
/** What the platform tells an instance, as far as loading looks at it. */
const ENVIRONMENT = { GCLOUD_PROJECT: 'demo-bench', FIREBASE_CONFIG: '{"projectId":"demo-bench"}' };
const OPTIONS = { env: ENVIRONMENT, timeoutMs: 60_000 };

export async function measureColdStart(quick: boolean): Promise<ColdStart> {
  const runs = quick ? 3 : 25;
  // What is loaded later, when it is first used, is on neither side.
  const modules = await runChild<object, string[]>(TRACE, {}, OPTIONS);
  const contenders = [
    { modules, loads: [] as Load[] },
    { modules: ['./lib/index.js'], loads: [] as Load[] },
  ];
  // One round more than is counted: it fills the disk cache.
  for (let round = 0; round <= runs; round += 1) {
    for (const { modules: names, loads } of rotated(contenders, round)) {
      const load = await runChild<LoadInput, Load>(CHILD, { modules: names }, OPTIONS);
      if (round > 0) loads.push(load);
    }
  }
  const [sdk, functions] = contenders.map(({ loads }) => mediansOf<keyof Load>(loads));
  return { runs, modules, sdk: sdk as Load, functions: functions as Load };
}
