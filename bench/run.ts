/** `npm run bench`: measures this project and its peers side by side, writes the results and prints the tables. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildFunctions } from '../scripts/stack/build.ts';
import { createProgress } from '../scripts/stack/progress.ts';
import { report } from '../scripts/stack/session.ts';
import { ROOT } from './built.ts';
import { costPage } from './cost-page.ts';
import { machine, versions } from './machine.ts';
import { HELP, readBenchOptions, type BenchOptions, type Section } from './options.ts';
import { readResults, writeResults } from './results-file.ts';
import { measureApns, measureThroughput, type Announce } from './sections/bulk.ts';
import { measureColdStart } from './sections/cold-start.ts';
import { measureDecisions } from './sections/decisions.ts';
import { measureEngine } from './sections/engine.ts';
import { measureLatency } from './sections/latency.ts';
import { tablesOf } from './tables.ts';
import type { Results } from './results.ts';

const MEASURE: Readonly<
  Record<Section, (quick: boolean, announce: Announce) => Promise<Partial<Results>>>
> = {
  latency: async (quick) => ({ latency: await measureLatency(quick) }),
  throughput: async (quick, announce) => ({ throughput: await measureThroughput(quick, announce) }),
  apns: async (quick, announce) => ({ apns: await measureApns(quick, announce) }),
  engine: async (quick) => ({ engine: await measureEngine(quick) }),
  'cold-start': async (quick) => ({ 'cold-start': await measureColdStart(quick) }),
  decisions: async (quick) => ({ decisions: await measureDecisions(quick) }),
};

async function run({ quick, sections }: BenchOptions): Promise<void> {
  const progress = createProgress(process.stdout);
  progress.step('building the functions');
  await buildFunctions(ROOT, new AbortController().signal);

  const file = quick
    ? join(ROOT, '.cache', 'bench.quick.json')
    : join(import.meta.dirname, 'results.json');
  let results: Results = {
    ...(await readResults(file)),
    date: new Date().toISOString(),
    machine: machine(),
    versions: versions(),
  };
  for (const section of sections) {
    const begin = performance.now();
    progress.step(`measuring: ${section}`);
    const measured = await MEASURE[section](quick, (step) => progress.step(step));
    results = { ...results, ...measured };
    // Kept as it comes: a later section may fail.
    await writeResults(file, results);
    progress.done(`measured: ${section} (${Math.round((performance.now() - begin) / 1000)} s)`);
  }
  process.stdout.write(`\n${tablesOf(results)}`);
  if (quick || results.engine === undefined) return;
  await writeFile(join(ROOT, 'docs', 'cost.md'), costPage(results, results.engine));
}

try {
  const options = readBenchOptions(process.argv.slice(2));
  if (options.help) process.stdout.write(HELP);
  else await run(options);
} catch (error) {
  report(error);
  process.exitCode = 1;
}
