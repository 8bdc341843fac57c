/**
 * Cloud Tasks as the outbox's queue: the function `pushTasks` takes what is enqueued here.
 */
import { adminApp } from '../store/firestore';
import { pushTaskId, type PushQueue } from './tasks';

/** The name under which `index.ts` exports the queue function. */
export const PUSH_QUEUE_FUNCTION = 'pushTasks';

/** What firebase-admin makes of Cloud Tasks' 409. */
const ALREADY_EXISTS = 'functions/task-already-exists';

export function cloudPushTasks(region: string): PushQueue {
  return {
    async enqueue(task) {
      // Loaded when first needed: a push that is sent at once enqueues nothing.
      const { getFunctions } = await import('firebase-admin/functions');
      const queue = getFunctions(adminApp()).taskQueue(
        `locations/${region}/functions/${PUSH_QUEUE_FUNCTION}`,
      );
      try {
        await queue.enqueue(task, { id: pushTaskId(task), scheduleTime: new Date(task.at) });
      } catch (error) {
        // Enqueued before, by an earlier try of the same work.
        if ((error as { code?: unknown }).code !== ALREADY_EXISTS) throw error;
      }
    },
  };
}
