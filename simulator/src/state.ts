/** All that the simulator remembers, and the clock and timers it goes by. */
import { Devices, type Platform } from './devices.ts';
import { Events } from './events.ts';
import { Faults } from './faults.ts';
import { Inboxes } from './inbox.ts';
import { RequestLog } from './request-log.ts';

/** What the state is made of. */
export interface StateOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  readonly requestLogSize: number;
  readonly inboxSize: number;
  readonly totalInboxSize: number;
  readonly maxDevices: number;
  readonly defaultPlatform: Platform;
}

/** Devices, inboxes, faults, the request log and who listens; shared by every provider. */
export class SimulatorState {
  readonly now: () => number;
  readonly devices: Devices;
  readonly inboxes: Inboxes;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly events = new Events();
  readonly #timers = new Set<NodeJS.Timeout>();
  #items = 0;

  constructor(options: StateOptions) {
    this.now = options.now;
    this.devices = new Devices({
      capacity: options.maxDevices,
      defaultPlatform: options.defaultPlatform,
    });
    this.inboxes = new Inboxes({ perDevice: options.inboxSize, total: options.totalInboxSize });
    this.faults = new Faults(options.random);
    this.log = new RequestLog(options.requestLogSize);
  }

  nextItemId(): string {
    this.#items += 1;
    return `i${this.#items}`;
  }

  /** Calls `then` after `delayMs`, unless the simulator is closed first. */
  later(delayMs: number, then: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      then();
    }, delayMs);
    this.#timers.add(timer);
  }

  /** Drops every delayed answer. */
  stopTimers(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /** Forgets everything; whoever listens stays. */
  reset(): void {
    this.devices.clear();
    this.inboxes.clear();
    this.faults.clear();
    this.log.clear();
    this.events.emit({ type: 'reset' });
  }
}
