/**
 * Time limits of many requests under one timer: all have the same length, so the oldest is always the next to end. A timer for
 * each was a tenth of a lone request's CPU.
 */

/** One request's limit; `over` is called once, unless `delete` comes first. */
export interface Deadline {
  /** ms of `performance.now()`. */
  readonly at: number;
  readonly over: () => void;
}

export class Deadlines {
  private readonly lengthMs: number;
  /** In the order in which they were added, which is that of their ends. */
  private readonly pending = new Set<Deadline>();
  private timer: NodeJS.Timeout | undefined;

  /** `lengthMs`: of every deadline. */
  constructor(lengthMs: number) {
    this.lengthMs = lengthMs;
  }

  add(over: () => void): Deadline {
    const deadline = { at: performance.now() + this.lengthMs, over };
    this.pending.add(deadline);
    // Left running when nobody waits any more: the next request most likely comes before it rings.
    if (this.timer === undefined) this.ringIn(this.lengthMs);
    return deadline;
  }

  delete(deadline: Deadline): void {
    this.pending.delete(deadline);
  }

  private ringIn(ms: number): void {
    // Whoever waits holds the process by its connection.
    this.timer = setTimeout(() => this.ring(), ms).unref();
  }

  private ring(): void {
    const now = performance.now();
    for (const deadline of this.pending) {
      // Timers may ring a fraction of a millisecond early.
      if (deadline.at > now) return this.ringIn(Math.ceil(deadline.at - now));
      this.pending.delete(deadline);
      deadline.over();
    }
    this.timer = undefined;
  }
}
