/**
 * One instance of the functions: its clock, its waits, and what becomes of them when it freezes or dies.
 *
 * Whatever it waits for reaches it through {@link Instance.later}: nothing while it is frozen, nothing ever again once it is dead.
 */
import type { Scheduler } from '../time/scheduler.ts';

export class Instance {
  readonly id: number;
  isDead = false;
  private frozenUntil = 0;
  private readonly scheduler: Scheduler;
  private readonly skew: number;

  /** @param skew how far its clock is ahead of the true time, ms. */
  constructor(id: number, scheduler: Scheduler, skew: number) {
    this.id = id;
    this.scheduler = scheduler;
    this.skew = skew;
  }

  /** Its own clock: ms since 1970. */
  readonly now = (): number => Math.floor(this.scheduler.now + this.skew);

  readonly sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => this.later(ms, resolve));

  /** Has something happen here after `delay` ms, or when it thaws. */
  later(delay: number, run: () => void): void {
    this.scheduler.after(delay, () => {
      if (this.isDead) return;
      if (this.frozenUntil > this.scheduler.now) this.scheduler.at(this.frozenUntil, () => this.later(0, run));
      else run();
    });
  }

  get isFrozen(): boolean {
    return this.frozenUntil > this.scheduler.now;
  }

  freeze(ms: number): void {
    this.frozenUntil = Math.max(this.frozenUntil, this.scheduler.now + ms);
  }

  die(): void {
    this.isDead = true;
  }
}
