/** Which branches of the engine a sample of worlds runs through. */
import type { UniverseOptions } from './options.ts';
import type { Output } from './soak.ts';

export async function coverage(
  _options: Extract<UniverseOptions, { kind: 'coverage' }>,
  _output: Output,
  _signal: AbortSignal,
): Promise<boolean> {
  return Promise.resolve(true);
}
