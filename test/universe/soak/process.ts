/** A worker as its parent sees it: a child process whose worlds have to come to their end in time. */
import { fork, type ChildProcess } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DOES_NOT_END, WORLD_BROKEN, type Plan, type WorldReport } from './contract.ts';
import type { Answer, Request } from './worker.ts';

/** Real time that one world may take, ms: they take a few hundredths of a second. */
export const WORLD_MS = 10_000;

export interface WorkerOptions {
  readonly bundle: string;
  /** Default: {@link WORLD_MS}. */
  readonly worldMs?: number;
}

let made = 0;

export class Worker {
  private readonly child: ChildProcess;
  /** The file in which the child says where it is. */
  private readonly at: string;
  private readonly worldMs: number;
  private readonly listener: (answer: Answer) => void;
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;
  /** A world that never lets go would outlive its parent. */
  private readonly kill = (): void => void this.child.kill('SIGKILL');

  /** @param listener hears every answer; also `failed` and `done` of a worker that hangs or dies. */
  constructor({ bundle, worldMs = WORLD_MS }: WorkerOptions, listener: (answer: Answer) => void) {
    this.worldMs = worldMs;
    this.listener = listener;
    made += 1;
    this.at = `${bundle}.${process.pid}-${made}.seed`;
    this.child = fork(join(import.meta.dirname, 'worker.ts'), [bundle, this.at], {
      // There is a worker for each core: none has threads to spare.
      execArgv: ['--disable-warning=ExperimentalWarning', '--single-threaded'],
    });
    process.on('exit', this.kill);
    this.child.on('message', (answer: Answer) => this.hear(answer));
    this.child.on('exit', (code, signal) => {
      this.end(WORLD_BROKEN, `the process that ran it ended: ${signal ?? `exit code ${code}`}`);
    });
  }

  ask(request: Request): void {
    if (request.kind !== 'end') this.watch();
    if (this.child.connected) this.child.send(request);
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    process.off('exit', this.kill);
    this.kill();
    rmSync(this.at, { force: true });
  }

  private hear(answer: Answer): void {
    if (this.isClosed) return;
    if (answer.kind === 'done' || answer.kind === 'report') clearTimeout(this.timer);
    else this.watch();
    this.listener(answer);
  }

  /** Its totals come more often than that, unless a world does not end. */
  private watch(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.end(DOES_NOT_END, `it was not at its end after ${this.worldMs} ms of real time`);
    }, this.worldMs);
  }

  private end(promise: string, words: string): void {
    if (this.isClosed) return;
    const seed = this.seed();
    this.close();
    const report: WorldReport = {
      violation: { promise, words },
      ...{ events: 0, virtualMs: 0, faults: [], deliveries: 0, rings: 0 },
    };
    this.listener({ kind: 'failed', seed, report });
    this.listener({ kind: 'done' });
  }

  /** NaN: it never came to a world. */
  private seed(): number {
    try {
      return readFileSync(this.at).readDoubleLE();
    } catch {
      return Number.NaN;
    }
  }
}

/** Runs plans one by one in a process of their own, which is made anew where one does not end. */
export class PlanRunner {
  private readonly options: WorkerOptions;
  private worker: Worker | undefined;
  private settle: ((report: WorldReport) => void) | undefined;

  constructor(options: WorkerOptions) {
    this.options = options;
  }

  /** One at a time. */
  run(plan: Plan): Promise<WorldReport> {
    return new Promise((resolve) => {
      this.settle = resolve;
      this.worker ??= new Worker(this.options, (answer) => this.hear(answer));
      this.worker.ask({ kind: 'plan', plan });
    });
  }

  close(): void {
    this.worker?.close();
  }

  private hear(answer: Answer): void {
    if (answer.kind === 'failed') this.worker = undefined;
    if (answer.kind === 'failed' || answer.kind === 'report') this.settle?.(answer.report);
  }
}
