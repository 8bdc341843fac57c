/**
 * Makes retries when they are due: those of many deliveries in one task, each a ledger entry that waits for its next round. When a
 * retry is due, and whether there is one, says `providers/retry-policy.ts`.
 */
import { forEachBounded } from '../model/concurrency';
import type { EngineDeps } from './deps';
import type { WaitingEntry } from './ledger';
import { taskId, type DeliveryTask } from './tasks';

/** Retries that one task makes, and how many of them at once: a few addresses each. */
const DUE_TOGETHER = 200;
const DUE_AT_ONCE = 20;
/** An emulated queue dispatches at once and the task waits here; a real one never comes this early. */
const MAX_EARLY_MS = 5 * 60_000;

/** A task came long before its time, which a real queue never does: it has to come again. */
class TooEarlyError extends Error {
  constructor(id: string, dueAt: number) {
    super(`Delivery ${id} is due at ${new Date(dueAt).toISOString()}; try again then.`);
    this.name = 'TooEarlyError';
  }
}

/**
 * Waits for a task that came somewhat early.
 *
 * @throws {TooEarlyError} where it came minutes early.
 */
export async function untilDue(
  { clock }: Pick<EngineDeps, 'clock'>,
  { delivery, dueAt }: { readonly delivery: string; readonly dueAt: number },
): Promise<void> {
  const early = dueAt - clock.now();
  if (early > MAX_EARLY_MS) throw new TooEarlyError(delivery, dueAt);
  if (early > 0) await clock.sleep(early);
}

/**
 * Makes the retries that are due together, some at once and the newest of them first; what is more than a few hundred goes to a
 * further task, and what is not begun by `until` (ms since 1970) to tasks of their own.
 *
 * @param retry makes one of them.
 */
export async function retryTogether(
  { ledger, tasks, clock }: Pick<EngineDeps, 'ledger' | 'tasks' | 'clock'>,
  task: Extract<DeliveryTask, { kind: 'due' }>,
  until: number,
  retry: (entry: WaitingEntry) => Promise<void>,
): Promise<void> {
  const due = taskId({ ...task, after: '' });
  const waiting = await ledger.dueTogether(due, task.after, DUE_TOGETHER);
  const last = waiting.at(-1);
  if (last !== undefined && waiting.length === DUE_TOGETHER) {
    await tasks.enqueue({ ...task, after: last.id });
  }
  const newestFirst = waiting.toSorted((one, other) => other.createdAt - one.createdAt);
  let failure: unknown;
  let begun = 0;
  await forEachBounded(newestFirst.length, DUE_AT_ONCE, async (index) => {
    // The first in any case: it records that its time is over.
    if (index > 0 && clock.now() >= until) return;
    begun = index + 1;
    try {
      await retry(newestFirst[index] as WaitingEntry);
    } catch (error) {
      // One delivery's trouble is not the others'.
      failure ??= error;
    }
  });
  // The time of this function is over.
  const left = newestFirst.slice(begun);
  await forEachBounded(left.length, DUE_AT_ONCE, async (index) => {
    const { id: delivery, round } = left[index] as WaitingEntry;
    await tasks.enqueue({ kind: 'retry', delivery, round, dueAt: task.dueAt });
  });
  if (failure !== undefined) throw failure as Error;
}
