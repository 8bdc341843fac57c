/**
 * The platform that runs the functions: instances come and go, each runs some invocations at a time, and an invocation that takes too
 * long, or whose instance dies, has failed as far as whoever sent it can tell.
 */
import type { Scheduler } from '../time/scheduler.ts';
import type { Random } from '../time/random.ts';
import { Instance } from './instance.ts';

/** As `TIMEOUT_SECONDS` of the functions. */
const TIMEOUT_MS = 300_000;
/** Invocations that one instance runs at a time. */
const CONCURRENCY = 20;

/** An instance with the app's code loaded. */
export interface Host<App> {
  readonly instance: Instance;
  readonly app: App;
}

export interface FleetOptions<App> {
  readonly scheduler: Scheduler;
  readonly random: Random;
  /** Instances at most. */
  readonly size: number;
  /** How far each one's clock is ahead, ms, in turn. */
  readonly skewsMs: readonly number[];
  readonly load: (instance: Instance) => App;
  readonly onTimeout: () => void;
}

export class Fleet<App> {
  private readonly options: FleetOptions<App>;
  private hosts: Host<App>[] = [];
  private made = 0;

  constructor(options: FleetOptions<App>) {
    this.options = options;
  }

  /** Runs a function on some instance; says how it ended, once, to whoever is still there to hear it. */
  invoke(handler: (app: App) => Promise<void>, onEnd: (isDone: boolean) => void): void {
    const host = this.choose();
    const { instance, app } = host;
    instance.running += 1;
    let isOver = false;
    const end = (isDone: boolean): void => {
      if (isOver) return;
      isOver = true;
      timeout.cancel();
      instance.running -= 1;
      onEnd(isDone);
    };
    // The front end watches the clock and the connection.
    const { scheduler, onTimeout } = this.options;
    const timeout = scheduler.plan(TIMEOUT_MS, () => {
      onTimeout();
      end(false);
    });
    this.onDeath.set(end, instance);
    handler(app).then(
      () => instance.onceAwake(() => this.settle(end, true)),
      () => instance.onceAwake(() => this.settle(end, false)),
    );
  }

  /** Ends an instance at once, with whatever runs there. */
  kill(instance: Instance): void {
    instance.die();
    this.hosts = this.hosts.filter((host) => host.instance !== instance);
    for (const [end, where] of this.onDeath) {
      if (where !== instance) continue;
      this.onDeath.delete(end);
      // The front end notices a little later.
      this.options.scheduler.after(5, () => end(false));
    }
  }

  /** A deploy: what runs goes on, what comes next comes to new instances. */
  replaceAll(): void {
    this.hosts = [];
  }

  private readonly onDeath = new Map<(isDone: boolean) => void, Instance>();

  private settle(end: (isDone: boolean) => void, isDone: boolean): void {
    this.onDeath.delete(end);
    end(isDone);
  }

  private choose(): Host<App> {
    const { random, size, skewsMs, scheduler, load } = this.options;
    const free = this.hosts.filter(
      ({ instance }) => !instance.isFrozen && instance.running < CONCURRENCY,
    );
    if (free.length > 0 && (free.length >= size || random.chance(0.6))) return random.pick(free);
    const skewMs = skewsMs[this.made % skewsMs.length] ?? 0;
    const instance = new Instance(this.made, scheduler, skewMs);
    this.made += 1;
    const host = { instance, app: load(instance) };
    this.hosts.push(host);
    return host;
  }
}
