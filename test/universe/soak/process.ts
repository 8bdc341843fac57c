/** A worker as its parent sees it: a child process whose worlds have to come to their end in time. */
import { fork, type ChildProcess } from 'node:child_process';
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

export class Worker {
  private readonly child: ChildProcess;
  private readonly worldMs: number;
  private readonly listener: (answer: Answer) => void;
  private timer: NodeJS.Timeout | undefined;
  private seed: number | undefined;
  private isClosed = false;
  /** A world that never lets go would outlive its parent. */
  private readonly kill = (): void => void this.child.kill('SIGKILL');

  /** @param listener hears every answer; also `failed` and `done` of a worker that hangs or dies. */
  constructor({ bundle, worldMs = WORLD_MS }: WorkerOptions, listener: (answer: Answer) => void) {
    this.worldMs = worldMs;
    this.listener = listener;
    this.child = fork(join(import.meta.dirname, 'worker.ts'), [bundle], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    process.on('exit', this.kill);
    this.child.on('message', (answer: Answer) => this.hear(answer));
    this.child.on('exit', (code, signal) => {
      this.end(WORLD_BROKEN, `the process that ran it ended: ${signal ?? `exit code ${code}`}`);
    });
  }

  ask(request: Request): void {
    if (request.kind === 'plan') this.watch(request.plan.seed);
    if (this.child.connected) this.child.send(request);
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    process.off('exit', this.kill);
    this.kill();
  }

  private hear(answer: Answer): void {
    if (this.isClosed) return;
    if (answer.kind === 'began') this.watch(answer.seed);
    else if (answer.kind === 'done' || answer.kind === 'report') clearTimeout(this.timer);
    this.listener(answer);
  }

  private watch(seed: number): void {
    this.seed = seed;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.end(DOES_NOT_END, `it was not at its end after ${this.worldMs} ms of real time`);
    }, this.worldMs);
  }

  private end(promise: string, words: string): void {
    if (this.isClosed) return;
    this.close();
    const report: WorldReport = {
      violation: { promise, words },
      ...{ events: 0, virtualMs: 0, faults: [], deliveries: 0, rings: 0 },
    };
    this.listener({ kind: 'failed', seed: this.seed ?? Number.NaN, report });
    this.listener({ kind: 'done' });
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
