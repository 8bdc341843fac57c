/** Plays worlds for a while and prints what came of them. */
import { bundle } from './bundle.ts';
import { loadWorld } from './contract.ts';
import { tellFailure } from './failure.ts';
import type { UniverseOptions } from './options.ts';
import { runPool } from './pool.ts';
import { progressLine, summaryLines } from './words.ts';

export interface Output {
  /** A line that stays. */
  readonly print: (line: string) => void;
  /** How far it is; the next one may replace it. */
  readonly progress: (line: string) => void;
}

/** Whether every promise was kept. `signal`: ends it early. */
export async function soak(
  { first, minutes, worlds }: Extract<UniverseOptions, { kind: 'soak' }>,
  { print, progress }: Output,
  signal: AbortSignal,
): Promise<boolean> {
  const path = await bundle();
  const seed = first ?? Date.now();
  print(`First seed: ${seed}`);
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1000;
  const time = minutes === Infinity ? [] : [AbortSignal.timeout(minutes * 60_000)];
  const { totals, failure } = await runPool({
    bundle: path,
    first: seed,
    ...(worlds === undefined ? {} : { count: worlds }),
    signal: AbortSignal.any([signal, ...time]),
    onTotals: (sofar) => progress(progressLine(sofar, seconds())),
  });
  for (const line of summaryLines(totals, seconds(), loadWorld(path).FAULT_KINDS)) print(line);
  if (failure === undefined) return true;
  await tellFailure(path, failure, print);
  return false;
}
