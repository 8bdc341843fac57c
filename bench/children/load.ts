/** A fresh process that loads modules, once, and says how long that took and what it left in memory. */

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { FUNCTIONS } from '../built.ts';
import { answerParent } from '../child.ts';
import type { Load } from '../results.ts';

export interface LoadInput {
  /** As the functions would ask for them. */
  readonly modules: readonly string[];
}

const MIB = 1024 * 1024;

answerParent(({ modules }: LoadInput): Promise<Load> => {
  const load = createRequire(join(FUNCTIONS, 'package.json'));
  const cpu = process.cpuUsage();
  const begin = performance.now();
  for (const name of modules) load(name);
  const ms = performance.now() - begin;
  const { user, system } = process.cpuUsage(cpu);
  const { rss, heapUsed } = process.memoryUsage();
  return Promise.resolve({
    ms,
    cpuMs: (user + system) / 1000,
    rssMiB: rss / MIB,
    heapMiB: heapUsed / MIB,
  });
});
