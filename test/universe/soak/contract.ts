/** What a bundle of a world gives to whoever runs it; see test/universe/world/index.ts. */
import { createRequire } from 'node:module';
import type { WorldReport } from '../world/index.ts';

export type { WorldReport } from '../world/index.ts';

/** Everything that happens in a world, as plain JSON. */
export interface Plan {
  readonly seed: number;
  readonly people: readonly unknown[];
  readonly actions: readonly unknown[];
  readonly troubles: readonly unknown[];
}

export interface World {
  planOf(seed: number): Plan;
  runWorld(
    plan: Plan,
    options?: { readonly onEvent?: (line: string) => void },
  ): Promise<WorldReport>;
  /** Every kind of fault that there is, where the world says so. */
  readonly FAULT_KINDS?: readonly string[];
}

/** Loads a bundle into this process. */
export function loadWorld(bundle: string): World {
  return createRequire(import.meta.url)(bundle) as World;
}

/** What is said of a world that rejects: the simulation is wrong, not the kit. */
export const WORLD_BROKEN = 'the world itself is broken';
/** What is said of a world that takes longer than any may, in real time. */
export const DOES_NOT_END = 'does not end';

/** The report on a plan; a world that rejects is reported, too. */
export async function reportOn(
  world: World,
  plan: Plan,
  onEvent?: (line: string) => void,
): Promise<WorldReport> {
  try {
    return await world.runWorld(plan, onEvent === undefined ? {} : { onEvent });
  } catch (error) {
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return {
      violation: { promise: WORLD_BROKEN, words },
      ...{ events: 0, virtualMs: 0, faults: [], deliveries: 0, rings: 0 },
    };
  }
}

/** A promise that breaks where nobody waits for it has been noted by its world, and is no reason to end the process; all else is. */
export function outliveBrokenPromises(): void {
  process.on('unhandledRejection', (error) => {
    const isNoted = typeof error === 'object' && error !== null && 'violation' in error;
    if (!isNoted) throw error as Error;
  });
}
