/** A world of a few numbers for the tests of what surrounds worlds; its one kit module can be mutated. */
import { breakerTrips } from '../../../../kit/src/delivery/breaker.ts';
import type { Plan, WorldReport } from '../contract.ts';

/** Seeds from here on end up badly, each in a way of its own. */
export const BREAKS_AT = 50;
export const REJECTS_AT = 1_000;
export const HANGS_AT = 2_000;
export const DIES_AT = 3_000;

export const FAULT_KINDS = ['early', 'late', 'odd'];

export function planOf(seed: number): Plan {
  const actions = Array.from({ length: 8 }, (_, index) => seed + index);
  return { seed, people: ['ola', 'leo'], actions, troubles: [{ afterMs: 12_345 }] };
}

export async function runWorld(
  { seed, actions }: Plan,
  { onEvent }: { readonly onEvent?: (line: string) => void } = {},
): Promise<WorldReport> {
  for (const action of actions) onEvent?.(`does ${String(action)}`);
  if (seed >= DIES_AT) process.exit(3);
  while (seed >= HANGS_AT) await Promise.resolve();
  if (seed >= REJECTS_AT) throw new Error('no such world');
  const isBroken =
    seed >= BREAKS_AT || breakerTrips([{ sent: 3, dead: 3 }]) || !breakerTrips(crowd());
  return {
    violation: isBroken ? { promise: 'small seeds', words: `${seed} is too large` } : undefined,
    ...{ events: 10, virtualMs: 3_600_000, deliveries: 2, rings: 3 },
    faults: seed % 2 === 0 ? ['early', 'late', 'late'] : ['odd'],
  };
}

function crowd(): { sent: number; dead: number }[] {
  return Array.from({ length: 30 }, () => ({ sent: 1, dead: 1 }));
}
