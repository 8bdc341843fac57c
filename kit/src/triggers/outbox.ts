/**
 * The outbox's functions: the trigger on `pushes/{pushId}`, the queue of scheduled pushes, and the sweep.
 */
import { onSchedule } from 'firebase-functions/scheduler';
import { onTaskDispatched } from 'firebase-functions/tasks';
import { DOCUMENTS, functionOptions } from '../config';
import { TIMEOUT_SECONDS } from '../delivery/deadline';
import { outbox } from '../push';
import { idOf, onWritten } from './firestore';
import { pushTaskSchema } from '../outbox/tasks';

/** Pushes that one sweep takes on; what is left comes next time. */
const SWEEP_LIMIT = 500;
/** Scheduled pushes that begin, or wait under the emulator, at once. */
const AT_ONCE = 100;

/** Sends what a push document asks for, or schedules it, and writes back what became of it; see docs/outbox.md. */
export const sendPush = onWritten(
  { ...functionOptions, document: DOCUMENTS.push, retry: true, timeoutSeconds: TIMEOUT_SECONDS },
  async ({ paths, isComplete, after }) => {
    // An event without its document can mean one of several: to look at one that was not written changes nothing.
    for (const id of paths.map(idOf)) {
      await (isComplete ? outbox().onWritten(id, after?.data()) : outbox().onWrittenUnseen(id));
    }
  },
);

/** Begins scheduled pushes when they are due. */
export const pushTasks = onTaskDispatched(
  {
    ...functionOptions,
    timeoutSeconds: TIMEOUT_SECONDS,
    retryConfig: { maxAttempts: 100, minBackoffSeconds: 10, maxBackoffSeconds: 600 },
    rateLimits: { maxConcurrentDispatches: AT_ONCE },
  },
  async (request) => {
    const task = pushTaskSchema().parse(request.data);
    await outbox().run(task);
  },
);

/** Finds pushes that did not get on (a lost task, a crash) and has them processed again. */
export const sweepPushes = onSchedule(
  { ...functionOptions, schedule: 'every 5 minutes', timeoutSeconds: TIMEOUT_SECONDS },
  async () => {
    await outbox().sweep(SWEEP_LIMIT);
  },
);
