/**
 * Virtual time: everything that happens in a world is an event in one queue, and happens alone.
 *
 * Between two events every promise that can go on does; what happens at the same moment happens in an order that the seed decides.
 */
import type { Random } from './random.ts';

interface Event {
  /** ms since 1970. */
  at: number;
  /** Among those of one moment. */
  readonly order: number;
  /** Undefined once it was called off. */
  run: (() => void) | undefined;
}

/** Something that is to happen. */
export interface Planned {
  /** It does not happen after all. */
  cancel(): void;
}

export class Scheduler {
  now: number;
  /** Events so far. */
  steps = 0;
  private readonly random: Random;
  private readonly heap: Event[] = [];

  /** @param now ms since 1970. */
  constructor(now: number, random: Random) {
    this.now = now;
    this.random = random;
  }

  /** `delay`: ms. */
  after(delay: number, run: () => void): void {
    this.push({ at: this.now + Math.max(0, delay), order: this.random.next(), run });
  }

  /** The same, of what may be called off. */
  plan(delay: number, run: () => void): Planned {
    const event: Event = { at: this.now + Math.max(0, delay), order: this.random.next(), run };
    this.push(event);
    return {
      cancel: () => {
        event.run = undefined;
      },
    };
  }

  at(time: number, run: () => void): void {
    this.after(time - this.now, run);
  }

  get isIdle(): boolean {
    return this.heap.length === 0;
  }

  /** Has the next event happen, past those that were called off. */
  step(): void {
    for (let event = this.pop(); event !== undefined; event = this.pop()) {
      if (event.run === undefined) continue;
      this.now = event.at;
      this.steps += 1;
      event.run();
      return;
    }
  }

  private push(event: Event): void {
    const { heap } = this;
    let index = heap.length;
    heap.push(event);
    while (index > 0) {
      const above = (index - 1) >> 1;
      const other = heap[above] as Event;
      if (!isBefore(event, other)) break;
      heap[index] = other;
      index = above;
    }
    heap[index] = event;
  }

  private pop(): Event | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      let below = 2 * index + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && isBefore(heap[below + 1] as Event, heap[below] as Event))
        below += 1;
      const other = heap[below] as Event;
      if (!isBefore(other, last)) break;
      heap[index] = other;
      index = below;
    }
    heap[index] = last;
    return first;
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.at === b.at ? a.order < b.order : a.at < b.at;
}

/** Has events happen, promises going on in between, until `isOver`. */
export async function play(scheduler: Scheduler, isOver: () => boolean): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const turn = (): void => {
      try {
        if (scheduler.isIdle || isOver()) return resolve();
        scheduler.step();
      } catch (error) {
        return reject(error instanceof Error ? error : new Error(String(error)));
      }
      // A tick comes once no promise can go on, and sooner than `setImmediate`, which asks the system for news each time.
      queueMicrotask(() => process.nextTick(turn));
    };
    turn();
  });
}
