/**
 * Tells what a line of waiting requests waits for: the peer, so that another connection helps, or this process's own CPU,
 * which another connection would only burden (measured: a sixth more CPU for each request over four connections than over one).
 */
import { isWithin } from '../elapsed';
import { performance, type EventLoopUtilization } from 'node:perf_hooks';

/** An event loop that works for more than this part of the time is the bottleneck itself. */
const BUSY = 0.6;

export interface CongestionOptions {
  /** The line is watched for this long before it is worth another connection; 0: it is at once. */
  readonly congestionMs: number;
  readonly now: () => number;
  /** How busy this process is, since an earlier moment if one is given. */
  readonly eventLoop?: (since?: EventLoopUtilization) => EventLoopUtilization;
}

export class Congestion {
  private readonly options: CongestionOptions;
  private readonly lookAgain: () => void;
  private since: { readonly at: number; readonly loop: EventLoopUtilization } | undefined;
  private timer: NodeJS.Timeout | undefined;

  /** `lookAgain` is called when the time to watch is over: a peer that answers nothing at all causes no other look. */
  constructor(options: CongestionOptions, lookAgain: () => void) {
    this.options = options;
    this.lookAgain = lookAgain;
  }

  /** To be asked while requests wait and no connection has room: whether another one is worth its handshake. */
  isWorthAnother(): boolean {
    const { congestionMs, now } = this.options;
    if (congestionMs === 0) return true;
    if (this.since === undefined) {
      this.watch();
      return false;
    }
    if (isWithin(congestionMs, this.since.at, now())) return false;
    const { utilization } = this.loop(this.since.loop);
    this.over();
    if (utilization > BUSY) {
      this.watch();
      return false;
    }
    return true;
  }

  /** Nobody waits any more. */
  over(): void {
    this.since = undefined;
    clearTimeout(this.timer);
  }

  private watch(): void {
    const { congestionMs, now } = this.options;
    this.since = { at: now(), loop: this.loop() };
    // Timers and clocks differ by up to a millisecond; looking too early would be looking in vain.
    this.timer = setTimeout(this.lookAgain, congestionMs + 1).unref();
  }

  private loop(since?: EventLoopUtilization): EventLoopUtilization {
    const { eventLoop = (earlier) => performance.eventLoopUtilization(earlier) } = this.options;
    return eventLoop(since);
  }
}
