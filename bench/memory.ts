/** How much memory this process holds, and the most it held since a moment of our choice. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const STATUS = '/proc/self/status';
/** Writing 5 there resets the peak to what is resident now (proc(5)). */
const CLEAR_REFS = '/proc/self/clear_refs';
const MIB = 1024 * 1024;

export function residentMiB(): number {
  return process.memoryUsage.rss() / MIB;
}

/** Collects garbage, if node was started with --expose-gc, and begins to watch for a new peak. */
export function settleMemory(): void {
  globalThis.gc?.();
  if (existsSync(CLEAR_REFS)) writeFileSync(CLEAR_REFS, '5');
}

/** The most memory held: since {@link settleMemory} on Linux, elsewhere since the process began. */
export function peakMiB(): number {
  if (!existsSync(STATUS)) return process.resourceUsage().maxRSS / 1024;
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(STATUS, 'utf8'))?.[1];
  if (peak === undefined) throw new Error(`Expected VmHWM in ${STATUS}, found none.`);
  return Number(peak) / 1024;
}
