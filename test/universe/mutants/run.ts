/** Puts each mutant into the engine and plays worlds until one of them notices, or the time is over. */
import { bundle } from '../soak/bundle.ts';
import { WORLD_BROKEN } from '../soak/contract.ts';
import { UsageError } from '../soak/options.ts';
import { runPool } from '../soak/pool.ts';
import type { Output } from '../soak/soak.ts';
import { progressLine, shown } from '../soak/words.ts';
import { MUTANTS } from './all.ts';
import { changesOf, type Mutant } from './mutant.ts';

/** Real time in which a mutant has to be noticed, ms. */
const MUTANT_MS = 60_000;
/** The same worlds for each mutant and each time: what is noticed once is noticed again. */
const FIRST_SEED = 1;

/** Whether all were noticed. @param names only these; none: all. */
export async function runMutants(
  names: readonly string[],
  { print, progress }: Output,
  signal: AbortSignal,
): Promise<boolean> {
  const chosen = named(names);
  const missed: Mutant[] = [];
  let caught = 0;
  for (const mutant of chosen) {
    if (signal.aborted) break;
    const { name, area } = mutant;
    let path: string;
    try {
      path = await bundle({ replacements: changesOf(mutant) });
    } catch (error) {
      missed.push(mutant);
      print(`MISSED ${name} (${area}): ${(error as Error).message}`);
      continue;
    }
    const began = performance.now();
    const seconds = (): number => (performance.now() - began) / 1000;
    const { totals, failure } = await runPool({
      bundle: path,
      first: FIRST_SEED,
      signal: AbortSignal.any([signal, AbortSignal.timeout(MUTANT_MS)]),
      onTotals: (sofar) => progress(`${name}: ${progressLine(sofar, seconds())}`),
    });
    const promise = failure?.report.violation?.promise;
    const spent = `${shown(seconds())} s, ${shown(totals.worlds)} worlds`;
    if (promise === undefined || failure === undefined) {
      missed.push(mutant);
      print(`MISSED ${name} (${area}): ${spent}`);
    } else {
      caught += 1;
      print(`caught ${name} (${area}): ${spent}, seed ${failure.seed}: ${promise}`);
      // Noticed all the same, but not by a promise.
      if (promise === WORLD_BROKEN) print(`  ${failure.report.violation?.words}`);
    }
  }
  print('');
  print(`${caught} of ${chosen.length} mutants were caught.`);
  for (const { name, breaks } of missed) print(`missed: ${name}: ${breaks}`);
  return caught === chosen.length;
}

function named(names: readonly string[]): readonly Mutant[] {
  if (names.length === 0) return MUTANTS;
  return names.map((wanted) => {
    const mutant = MUTANTS.find(({ name }) => name === wanted);
    if (mutant !== undefined) return mutant;
    throw new UsageError(`--mutants: there is no ${wanted}.`);
  });
}
