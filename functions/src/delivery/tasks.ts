/**
 * The work that is handed to Cloud Tasks, and under which id, so that nothing is enqueued twice.
 */
import { createHash } from 'node:crypto';
import * as z from 'zod';

export const deliveryTaskSchema = z.discriminatedUnion('kind', [
  /** One list of a large audience's recipients. `attempt`: which try of the delivery enqueued it. */
  z.object({
    kind: z.literal('list'),
    delivery: z.string(),
    attempt: z.int().min(1),
    shard: z.int().min(0),
    uids: z.array(z.string()),
  }),
  /** One page of a collection, and the task for the next page. */
  z.object({
    kind: z.literal('page'),
    delivery: z.string(),
    attempt: z.int().min(1),
    shard: z.int().min(0),
    after: z.string(),
  }),
  /** What a delivery or shard still has to do: to try again, or to go on with. */
  z.object({
    kind: z.literal('retry'),
    delivery: z.string(),
    round: z.int().min(1),
    /** ms since 1970; the task must not begin before, even where the queue ignores its schedule. */
    dueAt: z.number(),
  }),
  /** An entry whose worker is gone. */
  z.object({ kind: z.literal('resume'), delivery: z.string(), lease: z.number() }),
]);

export type DeliveryTask = z.infer<typeof deliveryTaskSchema>;

export interface TaskQueue {
  /** Enqueues once: a task whose id was used before counts as enqueued. `at`: ms since 1970; default: now. */
  enqueue(task: DeliveryTask, at?: number): Promise<void>;
}

/**
 * The task's id, the same for the same work: `kind-hash-number`. Work that is done anew has an id of its own, since Cloud Tasks
 * takes an id that was used before for hours afterwards as enqueued, whether its task is still there or not.
 *
 * Hashed, because Cloud Tasks slows down for ids that share a prefix (google-cloud tasks docs, "Reference: task names").
 */
export function taskId(task: DeliveryTask): string {
  const { delivery, kind } = task;
  const nth = numberOf(task);
  const hash = createHash('sha256').update(`${delivery}/${kind}/${nth}`).digest('hex');
  return `${hash.slice(0, 32)}-${kind}-${nth}`;
}

function numberOf(task: DeliveryTask): string {
  switch (task.kind) {
    case 'list':
    case 'page':
      return `${task.attempt}-${task.shard}`;
    case 'retry':
      return String(task.round);
    case 'resume':
      return String(task.lease);
  }
}

/** The ledger id of a shard. No other delivery's id holds a tilde followed by nothing but digits. */
export function shardId(delivery: string, shard: number): string {
  return `${delivery}~${shard}`;
}
