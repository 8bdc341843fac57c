/**
 * Cloud Tasks, through the Admin SDK.
 */
import { adminApp } from './firestore';

/** What firebase-admin makes of Cloud Tasks' 409. */
const ALREADY_EXISTS = 'functions/task-already-exists';

/** Enqueues for a function of ours; an id that was used before counts as enqueued. `at`: ms since 1970; default: now. */
export async function enqueueOnce(
  region: string,
  queueFunction: string,
  task: object,
  id: string,
  at?: number,
): Promise<void> {
  // Loaded when first needed: most events never enqueue anything.
  const { getFunctions } = await import('firebase-admin/functions');
  const queue = getFunctions(adminApp()).taskQueue(
    `locations/${region}/functions/${queueFunction}`,
  );
  try {
    await queue.enqueue(task, {
      id,
      ...(at === undefined ? {} : { scheduleTime: new Date(at) }),
    });
  } catch (error) {
    // Enqueued before, by an earlier try of the same work.
    if ((error as { code?: unknown }).code !== ALREADY_EXISTS) throw error;
  }
}
