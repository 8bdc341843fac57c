/** Runs worlds on every core until one fails, the time is over, or there are enough of them. */
import { availableParallelism } from 'node:os';
import type { WorldReport } from './contract.ts';
import { Worker, type WorkerOptions } from './process.ts';
import { addTotals, noTotals, type Totals } from './totals.ts';

export interface PoolOptions extends WorkerOptions {
  readonly first: number;
  /** Worlds at most. */
  readonly count?: number;
  /** Ends it early; what was found until then counts. */
  readonly signal?: AbortSignal;
  /** Default: one a core. */
  readonly workers?: number;
  /** Called as totals come in. */
  readonly onTotals?: (totals: Totals) => void;
}

/** A world in which a promise was broken. */
export interface Failure {
  readonly seed: number;
  readonly report: WorldReport;
}

export interface PoolResult {
  readonly totals: Totals;
  /** Of the lowest seed that failed: the same whichever worker was quicker. */
  readonly failure: Failure | undefined;
}

/** Resolves when all workers have come to their end; none is left then. */
export async function runPool({
  first,
  count = Infinity,
  signal,
  workers: number = availableParallelism(),
  onTotals,
  ...options
}: PoolOptions): Promise<PoolResult> {
  const totals = noTotals();
  const workers: Worker[] = [];
  let failure: Failure | undefined;
  const endAt = (end: number): void => {
    for (const worker of workers) worker.ask({ kind: 'end', end });
  };
  const stop = (): void => endAt(Number.MIN_SAFE_INTEGER);
  signal?.addEventListener('abort', stop);
  const last = first + count;
  await Promise.all(
    Array.from({ length: number }, async (_, index) => {
      await new Promise<void>((resolve) => {
        const worker = new Worker(options, (answer) => {
          switch (answer.kind) {
            case 'ready': {
              const end = signal?.aborted === true ? first : Math.min(last, failure?.seed ?? last);
              worker.ask({
                kind: 'seeds',
                ...{ first: first + index, step: number },
                ...(end === Infinity ? {} : { end }),
              });
              break;
            }
            case 'totals':
              addTotals(totals, answer.totals);
              onTotals?.(totals);
              break;
            case 'failed':
              if (failure === undefined || !(failure.seed < answer.seed)) failure = answer;
              // Whoever is behind may find an earlier one.
              endAt(failure.seed);
              break;
            case 'done':
              worker.close();
              resolve();
              break;
            case 'report':
              break;
          }
        });
        workers.push(worker);
      });
    }),
  );
  signal?.removeEventListener('abort', stop);
  return { totals, failure };
}
