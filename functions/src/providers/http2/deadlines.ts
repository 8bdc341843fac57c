/**
 * Time limits of many requests under one timer: all have the same length, so the oldest is always the next to end. A timer for
 * each was a tenth of a lone request's CPU.
 */

export interface Timed {
  /** ms of `performance.now()`; set when its time begins. */
  deadline: number;
  /** Called once, unless the time was stopped. */
  timeOut(): void;
}

export class Deadlines {
  /** Of every time limit. */
  readonly lengthMs: number;
  /** In the order in which they began, which is that of their ends. */
  private readonly running = new Set<Timed>();
  private timer: NodeJS.Timeout | undefined;

  constructor(lengthMs: number) {
    this.lengthMs = lengthMs;
  }

  begin(timed: Timed): void {
    timed.deadline = performance.now() + this.lengthMs;
    this.running.add(timed);
    // Left running when nobody waits any more: the next request most likely comes before it rings.
    if (this.timer === undefined) this.ringIn(this.lengthMs);
  }

  stop(timed: Timed): void {
    this.running.delete(timed);
  }

  private ringIn(ms: number): void {
    // Whoever waits holds the process by its connection.
    this.timer = setTimeout(() => this.ring(), ms).unref();
  }

  private ring(): void {
    const now = performance.now();
    for (const timed of this.running) {
      // Timers may ring a fraction of a millisecond early.
      if (timed.deadline > now) return this.ringIn(Math.ceil(timed.deadline - now));
      this.running.delete(timed);
      timed.timeOut();
    }
    this.timer = undefined;
  }
}
