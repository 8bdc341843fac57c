/**
 * The work that is handed to Cloud Tasks, and under which id, so that nothing is enqueued twice.
 */
import { createHash } from 'node:crypto';
import * as z from 'zod';

export const deliveryTaskSchema = z.discriminatedUnion('kind', [
  /** One list of a large audience's recipients. */
  z.object({
    kind: z.literal('list'),
    delivery: z.string(),
    shard: z.int().min(0),
    uids: z.array(z.string()),
  }),
  /** One page of a collection, and the task for the next page. */
  z.object({
    kind: z.literal('page'),
    delivery: z.string(),
    shard: z.int().min(0),
    after: z.string(),
  }),
  /** What a delivery or shard still has to try again. */
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
 * The task's id, the same for the same work: `kind-hash-number`.
 *
 * Hashed, because Cloud Tasks slows down for ids that share a prefix (google-cloud tasks docs, "Reference: task names").
 */
export function taskId(task: DeliveryTask): string {
  const nth = task.kind === 'retry' ? task.round : task.kind === 'resume' ? task.lease : task.shard;
  const hash = createHash('sha256').update(`${task.delivery}/${task.kind}/${nth}`).digest('hex');
  return `${hash.slice(0, 32)}-${task.kind}-${nth}`;
}

/** The ledger id of a shard. */
export function shardId(delivery: string, shard: number): string {
  return `${delivery}.${shard}`;
}
