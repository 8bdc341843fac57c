/**
 * Eventarc: every event at least once, in no order, again for 24 hours while it fails.
 */
import type { Scheduler } from '../time/scheduler.ts';
import type { Random } from '../time/random.ts';

/** Waits between two tries of one event, ms, as the platform has them. */
const FIRST_WAIT_MS = 10_000;
const LONGEST_WAIT_MS = 600_000;
const GIVEN_UP_AFTER_MS = 24 * 60 * 60_000;

/** What may befall one event, besides a handler that fails. */
export interface EventTrouble {
  /** Further copies, and how long after the first each of them comes, ms. */
  readonly copies?: readonly number[];
  /** How much later than usual it comes, ms. */
  readonly lateMs?: number;
}

export interface EventarcOptions {
  readonly scheduler: Scheduler;
  readonly random: Random;
  /** How long an event usually takes at most, ms. */
  readonly lagMs: number;
  /** An event that failed for a day. */
  readonly onGivenUp: () => void;
}

export class Eventarc {
  private readonly options: EventarcOptions;
  /** Deliveries under way or to come. */
  open = 0;

  constructor(options: EventarcOptions) {
    this.options = options;
  }

  /** @param run runs the function, and says whether it succeeded. */
  publish(
    run: (onEnd: (isDone: boolean) => void) => void,
    { copies = [], lateMs = 0 }: EventTrouble = {},
  ): void {
    const { scheduler, random, lagMs } = this.options;
    const delay = lateMs + random.skewed(5, lagMs);
    const until = scheduler.now + GIVEN_UP_AFTER_MS;
    for (const after of [0, ...copies]) {
      this.open += 1;
      scheduler.after(delay + after, () => this.attempt(run, until, 0));
    }
  }

  private attempt(
    run: (onEnd: (isDone: boolean) => void) => void,
    until: number,
    failures: number,
  ): void {
    const { scheduler, random, onGivenUp } = this.options;
    run((isDone) => {
      if (isDone) {
        this.open -= 1;
        return;
      }
      if (scheduler.now > until) {
        this.open -= 1;
        onGivenUp();
        return;
      }
      const wait = Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS);
      scheduler.after(wait * (0.8 + 0.4 * random.next()), () =>
        this.attempt(run, until, failures + 1),
      );
    });
  }
}
