/**
 * Has the queue go on with an entry that waits.
 */
import type { EngineDeps, Said } from './deps';
import type { DeliveryTask } from './tasks';

/**
 * Enqueues what goes on with an entry at its time, and returns whether that went well. Never rejects: what was recorded stands, and the
 * sweep finds the entry overdue.
 */
export async function handOn(
  { tasks, log }: Pick<EngineDeps, 'tasks' | 'log'>,
  about: Said,
  task: DeliveryTask & { readonly dueAt: number },
): Promise<boolean> {
  try {
    await tasks.enqueue(task, task.dueAt);
    return true;
  } catch (error) {
    log.notEnqueued(about, error);
    return false;
  }
}
