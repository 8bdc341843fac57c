/** Results that no machine ever gave, for the tests of what is made of results. */

import type { BulkRun, Results } from './results.ts';

/** Nothing was measured. */
export const EMPTY: Results = {
  date: '2026-01-02T03:04:05.000Z',
  machine: { cpu: 'a CPU', cores: 2, memoryGiB: 8, system: 'linux', node: '24.0.0' },
  versions: { 'firebase-admin': '14.5.1' },
};

export const RUN: BulkRun = {
  seconds: 2,
  cpuSeconds: 1,
  providerCpuSeconds: 1,
  idleMiB: 100,
  extraMiB: 30,
};
