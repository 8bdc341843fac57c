/**
 * One instance of the functions: its clock, its waits, and what becomes of them when it freezes or dies.
 *
 * Whatever it waits for reaches it through {@link Instance.later}: nothing while it is frozen, nothing ever again once it is dead.
 */
import type { Scheduler } from '../time/scheduler.ts';

export class Instance {
  readonly id: number;
  isDead = false;
  /** Functions that it is running. */
  running = 0;
  private frozenUntil = 0;
  private readonly scheduler: Scheduler;
  private readonly skewMs: number;

  /** @param skewMs how far its clock is ahead of the true time. */
  constructor(id: number, scheduler: Scheduler, skewMs: number) {
    this.id = id;
    this.scheduler = scheduler;
    this.skewMs = skewMs;
  }

  /** Its own clock: ms since 1970. */
  readonly now = (): number => Math.floor(this.scheduler.now + this.skewMs);

  readonly sleep = (ms: number): Promise<void> => new Promise((resolve) => this.later(ms, resolve));

  /** Has something happen here after `delay` ms, or when it thaws. */
  later(delay: number, run: () => void): void {
    this.scheduler.after(delay, () => this.onceAwake(run));
  }

  /** At once, or when it thaws; never if it is dead. */
  onceAwake(run: () => void): void {
    if (this.isDead) return;
    if (this.frozenUntil <= this.scheduler.now) return run();
    this.scheduler.at(this.frozenUntil, () => this.onceAwake(run));
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
