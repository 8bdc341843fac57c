/**
 * Cloud Tasks as the engine's queue: the function `deliveryTasks` takes what is enqueued here.
 */
import type { TaskQueue } from './tasks';
import { taskId } from './tasks';
import { adminApp } from '../store/firestore';

/** The name under which `index.ts` exports the queue function. */
export const QUEUE_FUNCTION = 'deliveryTasks';

/** What firebase-admin makes of Cloud Tasks' 409. */
const ALREADY_EXISTS = 'functions/task-already-exists';

export function cloudTasks(region: string): TaskQueue {
  return {
    async enqueue(task, at) {
      // Loaded when first needed: most events never enqueue anything.
      const { getFunctions } = await import('firebase-admin/functions');
      const queue = getFunctions(adminApp()).taskQueue(
        `locations/${region}/functions/${QUEUE_FUNCTION}`,
      );
      try {
        await queue.enqueue(task, {
          id: taskId(task),
          ...(at === undefined ? {} : { scheduleTime: new Date(at) }),
        });
      } catch (error) {
        // Enqueued before, by an earlier try of the same work.
        if ((error as { code?: unknown }).code !== ALREADY_EXISTS) throw error;
      }
    },
  };
}
