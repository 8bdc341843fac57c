/** Tells of a world in which a promise was broken: which, how to see it again, and the smallest plan that breaks it. */
import { loadWorld } from './contract.ts';
import type { Failure } from './pool.ts';
import { PlanRunner } from './process.ts';
import { replay } from './replay.ts';
import { shrink } from './shrink.ts';
import { DOES_NOT_END } from './contract.ts';

/** Real time that shrinking may take, ms. */
const SHRINK_MS = 60_000;
/** Events of the smallest plan that are printed, the last ones. */
const MAX_TRACE = 400;

/** Prints all there is to say, and shrinks in between. */
export async function tellFailure(
  bundle: string,
  { seed, report }: Failure,
  print: (line: string) => void,
): Promise<void> {
  const promise = report.violation?.promise ?? '';
  print('');
  print(`A promise was broken in the world of seed ${seed}: ${promise}`);
  print(report.violation?.words ?? '');
  print(`Play it again: npm run universe -- --replay ${seed}`);
  print('');
  print('Shrinking its plan …');
  const world = loadWorld(bundle);
  const runner = new PlanRunner({ bundle });
  const until = performance.now() + SHRINK_MS;
  let tries = 0;
  try {
    const plan = await shrink(world.planOf(seed), {
      fails: async (candidate) => {
        tries += 1;
        return (await runner.run(candidate)).violation?.promise === promise;
      },
      goesOn: () => performance.now() < until,
    });
    print(`The smallest plan of ${tries} that still breaks it:`);
    print(JSON.stringify(plan, undefined, 2));
    if (promise === DOES_NOT_END) return;
    const { report: last, trace, difference } = await replay(world, plan);
    print('');
    print(
      `Its events${trace.length > MAX_TRACE ? ` (the last ${MAX_TRACE} of ${trace.length})` : ''}:`,
    );
    for (const line of trace.slice(-MAX_TRACE)) print(line);
    print('');
    print(last.violation === undefined ? 'No promise was broken!' : last.violation.words);
    if (difference !== undefined) print(`THE WORLD IS NOT THE SAME TWICE: ${difference}`);
  } finally {
    runner.close();
  }
}
