/** The cloud's time: real time plus an offset that tests move, for the platform's imitations and, through a file, for instances. */
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Timers of Node overflow beyond. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

interface Appointment {
  /** ms since 1970. */
  readonly at: number;
  readonly run: () => void;
}

export class Clock {
  /** For instances: the offset, as one float of 8 bytes. */
  readonly file: string;
  private readonly folder = mkdtempSync(join(tmpdir(), 'cloud-clock-'));
  private readonly handle: number;
  private readonly appointments = new Set<Appointment>();
  private offsetMs = 0;
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor() {
    this.file = join(this.folder, 'offset');
    this.handle = openSync(this.file, 'w');
    this.write();
  }

  /** ms since 1970. */
  now(): number {
    return Date.now() + this.offsetMs;
  }

  /** Moves time forward; what became due meanwhile runs, in its order, when the caller next waits. */
  advance(ms: number): void {
    if (ms <= 0) return;
    this.offsetMs += ms;
    this.write();
    this.setTimer();
  }

  /** Runs at a time, be it now; returns what cancels it. */
  at(time: number, run: () => void): () => void {
    if (this.isClosed) return () => undefined;
    const appointment = { at: time, run };
    this.appointments.add(appointment);
    this.setTimer();
    return () => {
      this.appointments.delete(appointment);
    };
  }

  /** When the next appointment is, ms since 1970; Infinity if there is none. */
  next(): number {
    return Math.min(Infinity, ...[...this.appointments].map(({ at }) => at));
  }

  /** Nothing runs any more; the file stays until {@link remove}. */
  close(): void {
    this.isClosed = true;
    this.appointments.clear();
    clearTimeout(this.timer);
  }

  remove(): void {
    closeSync(this.handle);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private setTimer(): void {
    clearTimeout(this.timer);
    if (this.appointments.size === 0) return;
    const ms = Math.max(0, this.next() - this.now());
    this.timer = setTimeout(() => this.ring(), Math.min(ms, LONGEST_TIMER_MS));
  }

  private ring(): void {
    const due = [...this.appointments].filter(({ at }) => at <= this.now());
    for (const appointment of due.sort((one, other) => one.at - other.at)) {
      // An earlier one may have cancelled it.
      if (this.appointments.delete(appointment)) appointment.run();
    }
    this.setTimer();
  }

  private write(): void {
    writeSync(this.handle, new Uint8Array(new Float64Array([this.offsetMs]).buffer), 0, 8, 0);
  }
}
