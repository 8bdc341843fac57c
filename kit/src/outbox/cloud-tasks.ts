/**
 * Cloud Tasks as the outbox's queue: the function `pushTasks` takes what is enqueued here.
 */
import { enqueueOnce } from '../store/cloud-tasks';
import { pushTaskId, type PushQueue } from './tasks';

/** The name under which `index.ts` exports the queue function. */
export const PUSH_QUEUE_FUNCTION = 'pushTasks';

export function cloudPushTasks(region: string): PushQueue {
  return {
    enqueue: (task) => enqueueOnce(region, PUSH_QUEUE_FUNCTION, task, pushTaskId(task), task.at),
  };
}
