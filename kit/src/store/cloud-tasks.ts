/**
 * Cloud Tasks, through the Admin SDK.
 */
import { adminApp } from './firestore';

/** What firebase-admin makes of Cloud Tasks' 409. */
const ALREADY_EXISTS = 'functions/task-already-exists';
/** And of what it answers where there is no such queue: 404, or 400 with FAILED_PRECONDITION. */
const NO_QUEUE: readonly unknown[] = ['functions/not-found', 'functions/failed-precondition'];

/** Enqueues for one function. */
export class CloudTasksQueue {
  private readonly region: string;
  private functionIds: readonly string[];

  /**
   * @param region where the function is.
   * @param functionIds the ids that it may have: the first for which there is a queue is kept.
   */
  constructor(region: string, functionIds: readonly string[]) {
    this.region = region;
    this.functionIds = functionIds;
  }

  /** An id that was used before counts as enqueued. `at`: ms since 1970; default: now. */
  async enqueueOnce(task: object, id: string, at?: number): Promise<void> {
    for (const functionId of this.functionIds) {
      try {
        await this.enqueue(functionId, task, id, at);
        this.functionIds = [functionId];
        return;
      } catch (error) {
        const { code } = error as { code?: unknown };
        // Enqueued before, by an earlier try of the same work.
        if (code === ALREADY_EXISTS) return;
        if (!NO_QUEUE.includes(code) || functionId === this.functionIds.at(-1)) throw error;
      }
    }
  }

  private async enqueue(functionId: string, task: object, id: string, at?: number): Promise<void> {
    // Loaded when first needed: most events never enqueue anything.
    const { getFunctions } = await import('firebase-admin/functions');
    // Within a kit's own scope the SDK would add the kit's prefix, and give the task a token that is no longer valid after an hour;
    // this way Cloud Tasks makes one when the task is due.
    const queue = getFunctions(adminApp()).taskQueue(
      `locations/${this.region}/functions/${functionId}`,
      { scope: 'global' },
    );
    await queue.enqueue(task, {
      id,
      ...(at === undefined ? {} : { scheduleTime: new Date(at) }),
    });
  }
}
