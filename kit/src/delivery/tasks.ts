/**
 * The work that is handed to Cloud Tasks, and under which id, so that nothing is enqueued twice.
 */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { once } from '../model/once';

export const deliveryTaskSchema = once(() =>
  z.discriminatedUnion('kind', [
    /** One page of a collection, and the task for the next page. `attempt`: which try of the delivery enqueued it. */
    z.object({
      kind: z.literal('page'),
      delivery: z.string(),
      attempt: z.int().min(1),
      shard: z.int().min(0),
      after: z.string(),
    }),
    /** What a delivery or shard still has to do: to try again, to go on with, or, as round 0 of a shard that was prepared, to begin. */
    z.object({
      kind: z.literal('retry'),
      delivery: z.string(),
      round: z.int().min(0),
      /** ms since 1970; the task must not begin before, even where the queue ignores its schedule. */
      dueAt: z.number(),
    }),
    /** The retries of many small deliveries that are due together, in order of id after `after`. */
    z.object({ kind: z.literal('due'), dueAt: z.number(), after: z.string() }),
    /** An entry whose worker is gone. `window`: which stretch of time it was found in; absent in tasks of earlier versions. */
    z.object({
      kind: z.literal('resume'),
      delivery: z.string(),
      lease: z.number(),
      window: z.int().optional(),
    }),
  ]),
);

export type DeliveryTask = z.infer<ReturnType<typeof deliveryTaskSchema>>;

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
  const { kind } = task;
  const nth = numberOf(task);
  const subject = kind === 'due' ? task.after : task.delivery;
  const hash = createHash('sha256').update(`${subject}/${kind}/${nth}`).digest('hex');
  return `${hash.slice(0, 32)}-${kind}-${nth}`;
}

/** Retries whose time comes within so long of each other are made by one task, ms. */
const TOGETHER_MS = 5_000;
/** A task for retries that are due together must be in the queue before its time, ms: its name is not taken a second time. */
const ENQUEUE_MS = 2_000;

/** The task that makes a small delivery's retry together with others, not before `retryAt`; times in ms since 1970. */
export function dueTogether(retryAt: number, now: number): Extract<DeliveryTask, { kind: 'due' }> {
  const earliest = Math.max(retryAt, now + ENQUEUE_MS);
  return { kind: 'due', dueAt: Math.ceil(earliest / TOGETHER_MS) * TOGETHER_MS, after: '' };
}

function numberOf(task: DeliveryTask): string {
  switch (task.kind) {
    case 'page':
      return `${task.attempt}-${task.shard}`;
    case 'retry':
      return String(task.round);
    case 'due':
      return String(task.dueAt);
    case 'resume':
      return task.window === undefined ? String(task.lease) : `${task.lease}-${task.window}`;
  }
}
