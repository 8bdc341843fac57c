/**
 * Cloud Tasks: a task a name, names that are not taken a second time for long after, dispatched at least once, again while it fails,
 * so many at a time.
 */
import type { Scheduler } from '../time/scheduler.ts';
import type { Random } from '../time/random.ts';

/** gRPC's, as the Admin SDK says them. */
const ALREADY_EXISTS = 'functions/task-already-exists';

/** The functions' `retryConfig`. */
const MAX_ATTEMPTS = 100;
const FIRST_WAIT_MS = 10_000;
const LONGEST_WAIT_MS = 600_000;

/** What may befall one call that enqueues. */
export type TaskTrouble =
  /** The queue takes nothing. */
  | { readonly what: 'refused' }
  /** It was taken, and the answer was lost. */
  | { readonly what: 'answer-lost' }
  /** It was taken, and is never dispatched. */
  | { readonly what: 'lost' }
  | { readonly what: 'twice'; readonly afterMs: number }
  | { readonly what: 'late'; readonly byMs: number }
  /** Clocks of queue and functions differ. */
  | { readonly what: 'early'; readonly byMs: number };

export interface QueueOptions {
  readonly scheduler: Scheduler;
  readonly random: Random;
  /** Tasks dispatched at once. */
  readonly atOnce: number;
  readonly run: (task: unknown, onEnd: (isDone: boolean) => void) => void;
  readonly onGivenUp: () => void;
}

interface Waiting {
  readonly task: unknown;
  readonly failures: number;
}

export class CloudTasksModel {
  private readonly options: QueueOptions;
  /** Names that were ever taken. They come free after a time that Google does not promise; never, here, is the harshest. */
  private readonly names = new Set<string>();
  private readonly ready: Waiting[] = [];
  private dispatched = 0;
  /** Tasks that are still to be dispatched, or are. */
  open = 0;

  constructor(options: QueueOptions) {
    this.options = options;
  }

  /**
   * At the queue: takes a task.
   *
   * @param at ms since 1970.
   * @throws as the Admin SDK does for a name that was taken before.
   */
  take(task: unknown, name: string, at: number, trouble?: TaskTrouble): void {
    if (this.names.has(name)) {
      throw Object.assign(new Error('A task with this name existed recently.'), {
        code: ALREADY_EXISTS,
      });
    }
    this.names.add(name);
    if (trouble?.what === 'lost') return;
    const late = trouble?.what === 'late' ? trouble.byMs : 0;
    const early = trouble?.what === 'early' ? trouble.byMs : 0;
    this.plan(task, at + late - early);
    if (trouble?.what === 'twice') this.plan(task, at + trouble.afterMs);
  }

  private plan(task: unknown, at: number): void {
    const { scheduler, random } = this.options;
    this.open += 1;
    const when = Math.max(at, scheduler.now) + random.skewed(5, 1_000);
    scheduler.at(when, () => this.queue({ task, failures: 0 }));
  }

  private queue(waiting: Waiting): void {
    this.ready.push(waiting);
    this.pump();
  }

  private pump(): void {
    const { atOnce, run } = this.options;
    while (this.dispatched < atOnce && this.ready.length > 0) {
      const next = this.ready.shift() as Waiting;
      this.dispatched += 1;
      run(next.task, (isDone) => {
        this.dispatched -= 1;
        if (isDone) this.open -= 1;
        else this.again(next);
        this.pump();
      });
    }
  }

  private again({ task, failures }: Waiting): void {
    const { scheduler, random, onGivenUp } = this.options;
    if (failures + 1 >= MAX_ATTEMPTS) {
      this.open -= 1;
      onGivenUp();
      return;
    }
    const wait = Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS);
    scheduler.after(wait * (0.9 + 0.2 * random.next()), () =>
      this.queue({ task, failures: failures + 1 }),
    );
  }
}

/** Whether a queue said that it has a task of this name, or had. */
export function isKnownTask(error: unknown): boolean {
  return (error as { code?: unknown }).code === ALREADY_EXISTS;
}
