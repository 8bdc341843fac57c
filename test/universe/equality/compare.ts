/** One history on both Firestores. */
import { DIFFERENCES, type KnownDifference } from './differences.ts';
import {
  hasTurns,
  playOnEmulator,
  type Difference,
  type Manner,
  type RealSdk,
} from './emulator.ts';
import { playOnModel } from './model.ts';
import type { History } from './operations.ts';
import type { Database } from './place.ts';

export interface Compared {
  readonly manner: Manner;
  readonly isContended: boolean;
  readonly difference: Difference | undefined;
  /** Where the difference is one that is on purpose. */
  readonly known: KnownDifference | undefined;
}

/**
 * A quarter of the histories is played with pessimistic contention; half of those whose programs are not in one another's way turn by turn
 * on the emulator, too. In all others the programs come one after the other there, in the order that explains what came of their turns.
 *
 * @param prefix keeps the history apart from all others.
 */
export async function compare(
  history: History,
  sdk: RealSdk,
  db: Database,
  prefix: string,
): Promise<Compared> {
  const { seed } = history;
  const played = await playOnModel(history, seed % 4 === 3 ? 'pessimistic' : 'optimistic', prefix);
  const manner = seed % 2 === 1 && hasTurns(history, played) ? 'by turns' : 'in order';
  const difference = await playOnEmulator(history, played, { sdk, db, prefix }, manner);
  const known = difference && DIFFERENCES.find(({ isIt }) => isIt(difference));
  return { manner, isContended: played.isContended, difference, known };
}
