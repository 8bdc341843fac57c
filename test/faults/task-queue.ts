/** A queue as Cloud Tasks keeps it, whose time the test moves: a task id is taken once, and what failed comes again later. */

import { deliveryTaskSchema, taskId, type DeliveryTask } from '../../kit/src/delivery/tasks.ts';

export interface QueuedTask {
  readonly task: DeliveryTask;
  /** ms since 1970. */
  readonly at: number;
  /** Dispatches that failed. */
  readonly failures: number;
}

export class TaskQueue {
  /** Every task id ever enqueued, as Cloud Tasks remembers them. */
  readonly ids = new Set<string>();
  private queued: QueuedTask[] = [];

  get tasks(): readonly QueuedTask[] {
    return this.queued;
  }

  enqueue(task: DeliveryTask, at: number): void {
    const id = taskId(task);
    if (this.ids.has(id)) return;
    this.ids.add(id);
    // As the function takes it: what that refuses would be dispatched in vain.
    const dispatched = deliveryTaskSchema().parse(JSON.parse(JSON.stringify(task)));
    this.put({ task: dispatched, at, failures: 0 });
  }

  /** Puts a task back that was taken. */
  put(queued: QueuedTask): void {
    this.queued.push(queued);
  }

  /** Takes the task whose time comes first. */
  takeNext(): QueuedTask | undefined {
    this.queued.sort((a, b) => a.at - b.at);
    return this.queued.shift();
  }

  /** Takes the tasks that somebody else is to dispatch. */
  take(isWanted: (task: DeliveryTask) => boolean): DeliveryTask[] {
    const taken = this.queued.filter(({ task }) => isWanted(task));
    this.queued = this.queued.filter(({ task }) => !isWanted(task));
    return taken.map(({ task }) => task);
  }

  clear(): void {
    this.queued = [];
  }
}
