/**
 * The queue of scheduled pushes: what a task says, under which id, and when it is to come again; pure.
 */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { once } from '../model/once';

export const pushTaskSchema = once(() =>
  z.object({
    push: z.string(),
    /** When the push is due, ms since 1970, and at which of its revisions: a task of an earlier one is void. */
    dueAt: z.number(),
    revision: z.int(),
    /** Tells tasks of the same revision apart: 0, 1, … as it is handed on, or the time of the sweep that found it overdue. */
    hop: z.int().min(0),
    /** When the task itself is to run, ms since 1970: not later than the queue's horizon. */
    at: z.number(),
  }),
);

export type PushTask = z.infer<ReturnType<typeof pushTaskSchema>>;

export interface PushQueue {
  /** Enqueues once, for `task.at`: a task whose id was used before counts as enqueued. */
  enqueue(task: PushTask): Promise<void>;
}

/** Cloud Tasks takes 30 days (its quotas); a day less leaves room for clocks that differ. */
export const HORIZON_MS = 29 * 24 * 60 * 60_000;
/**
 * An emulated queue dispatches at once, whatever the schedule. A task waits so long in it, and goes to its end again: that keeps
 * no place in the queue from others, and is below the emulator's limit of a minute. A real queue never dispatches early.
 */
export const LONGEST_WAIT_MS = 20_000;

/** The task for a push that is due at `dueAt`, as near to that as the queue allows. */
export function taskFor(
  push: string,
  due: { readonly dueAt: number; readonly revision: number },
  hop: number,
  now: number,
): PushTask {
  const { dueAt, revision } = due;
  return { push, dueAt, revision, hop, at: Math.min(Math.max(dueAt, now), now + HORIZON_MS) };
}

/** How long a task that was dispatched before its time waits, ms; 0 if it was not. */
export function waitOf(task: PushTask, now: number): number {
  return Math.min(Math.max(task.at - now, 0), LONGEST_WAIT_MS);
}

/** The task's id, the same for the same work; hashed, because Cloud Tasks slows down for ids that share a prefix. */
export function pushTaskId({ push, dueAt, revision, hop }: PushTask): string {
  const hash = createHash('sha256').update(`${push}/${revision}/${dueAt}/${hop}`).digest('hex');
  return `${hash.slice(0, 32)}-push-${hop}`;
}
