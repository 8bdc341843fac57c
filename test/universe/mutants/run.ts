/** Puts each mutant into the engine and plays worlds until one of them notices, or the time is over. */
import { bundle, discard } from '../soak/bundle.ts';
import { loadWorld } from '../soak/contract.ts';
import { UsageError } from '../soak/options.ts';
import { runPool } from '../soak/pool.ts';
import { PlanRunner } from '../soak/process.ts';
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
  const sound = new PlanRunner({ bundle: await bundle() });
  for (const mutant of chosen) {
    if (signal.aborted) break;
    const { name, area } = mutant;
    const lines = await tried(mutant, sound, signal, (line) => progress(`${name}: ${line}`));
    if (!lines.isCaught) missed.push(mutant);
    print(`${lines.isCaught ? 'caught' : 'MISSED'} ${name} (${area}): ${lines.words}`);
  }
  sound.close();
  print('');
  print(`${chosen.length - missed.length} of ${chosen.length} mutants were caught.`);
  for (const { name, breaks } of missed) print(`missed: ${name}: ${breaks}`);
  return missed.length === 0 && !signal.aborted;
}

interface Trial {
  readonly isCaught: boolean;
  readonly words: string;
}

/** Plays worlds with a mutant until one fails that does not fail without it. */
async function tried(
  mutant: Mutant,
  sound: PlanRunner,
  signal: AbortSignal,
  progress: (line: string) => void,
): Promise<Trial> {
  let path: string;
  try {
    path = await bundle({ replacements: changesOf(mutant) });
  } catch (error) {
    return { isCaught: false, words: (error as Error).message };
  }
  try {
    return await played(path, sound, signal, progress);
  } finally {
    await discard(path);
  }
}

async function played(
  path: string,
  sound: PlanRunner,
  signal: AbortSignal,
  progress: (line: string) => void,
): Promise<Trial> {
  const world = loadWorld(path);
  const time = AbortSignal.timeout(MUTANT_MS);
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1000;
  let worlds = 0;
  for (let first = FIRST_SEED; ;) {
    const { totals, failure } = await runPool({
      bundle: path,
      first,
      signal: AbortSignal.any([signal, time]),
      onTotals: (sofar) => progress(progressLine(sofar, seconds())),
    });
    worlds += totals.worlds;
    const spent = `${shown(seconds())} s, ${shown(worlds)} worlds`;
    if (failure === undefined) return { isCaught: false, words: spent };
    const { seed, report } = failure;
    const promise = report.violation?.promise;
    const without = await sound.run(world.planOf(seed));
    if (without.violation?.promise !== promise) {
      return { isCaught: true, words: `${spent}, seed ${seed}: ${promise}` };
    }
    first = seed + 1;
  }
}

function named(names: readonly string[]): readonly Mutant[] {
  if (names.length === 0) return MUTANTS;
  return names.map((wanted) => {
    const mutant = MUTANTS.find(({ name }) => name === wanted);
    if (mutant !== undefined) return mutant;
    const all = MUTANTS.map(({ name }) => name).join(', ');
    throw new UsageError(`--mutants: there is no ${wanted}. There are ${all}.`);
  });
}
