/**
 * Time limits of many requests under one timer: all have the same length, so the oldest is always the next to end. A timer for
 * each was a tenth of a lone request's CPU.
 */

import { afterReading } from './after-reading';

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
    if (this.dueAt(now) === 0) this.ringForNext(now);
    else this.readFirst(now);
  }

  /** Reads on for as long as that answers any of those that are due. */
  private readFirst(now: number): void {
    const due = this.dueAt(now);
    afterReading(() => {
      if (this.dueAt(now) < due) this.readFirst(now);
      else this.end(now);
    });
  }

  private end(now: number): void {
    for (const timed of this.running) {
      if (timed.deadline > now) break;
      this.running.delete(timed);
      timed.timeOut();
    }
    this.ringForNext(performance.now());
  }

  private ringForNext(now: number): void {
    const [next] = this.running;
    // Timers may ring a fraction of a millisecond early.
    if (next === undefined) this.timer = undefined;
    else this.ringIn(Math.max(0, Math.ceil(next.deadline - now)));
  }

  private dueAt(now: number): number {
    let due = 0;
    for (const timed of this.running) {
      if (timed.deadline > now) break;
      due += 1;
    }
    return due;
  }
}
