/** What a bundle of this folder and the kit gives to whoever plays worlds. */
import { Random } from '../time/random.ts';
import { play } from '../time/scheduler.ts';
import { judgeEnd } from './ends.ts';
import { People } from './people.ts';
import { planOf as drawn } from './draw.ts';
import type { Plan } from './plan.ts';
import { BrokenPromise, type Violation } from './broken-promise.ts';
import { World } from './world.ts';

export type { Plan } from './plan.ts';

export interface WorldReport {
  /** The first promise that was broken. */
  readonly violation: Violation | undefined;
  readonly events: number;
  readonly virtualMs: number;
  /** Kinds of faults that took effect. */
  readonly faults: readonly string[];
  readonly deliveries: number;
  readonly rings: number;
}

/** Nothing that is asked for takes so many events. */
const MOST_EVENTS = 60_000;

export function planOf(seed: number): Plan {
  return drawn(seed, new Random(seed));
}

/** Plays a world to its end, or to the first promise that is broken. Rejects only where the simulation itself is at fault. */
export async function runWorld(
  plan: Plan,
  { onEvent }: { readonly onEvent?: (line: string) => void } = {},
): Promise<WorldReport> {
  const world = new World(plan, onEvent);
  world.enter();
  const { scheduler, witness } = world;
  try {
    const people = new People(world);
    const isOver = (): boolean =>
      witness.broken !== undefined || world.brokenBy !== undefined || scheduler.steps > MOST_EVENTS;
    await play(scheduler, isOver);
    if (world.brokenBy !== undefined) throw world.brokenBy as Error;
    if (witness.broken === undefined && !scheduler.isIdle) {
      witness.fail('ends', `after ${MOST_EVENTS} events the world still has something to do`);
    }
    if (witness.broken === undefined) judgeEnd(world, people);
  } catch (error) {
    if (!(error instanceof BrokenPromise)) throw error;
  }
  return {
    violation: witness.broken,
    events: scheduler.steps,
    virtualMs: scheduler.now - plan.startAt,
    faults: [...world.faults],
    deliveries: witness.asked.size,
    rings: witness.rings,
  };
}
