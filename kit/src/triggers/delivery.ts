/**
 * The engine's own functions: the task queue and the sweep.
 */
import { onSchedule } from 'firebase-functions/scheduler';
import { onTaskDispatched } from 'firebase-functions/tasks';
import { functionOptions } from '../config';
import { TIMEOUT_SECONDS } from '../delivery/deadline';
import { readGauges } from '../outbox/gauges';
import { collections, delivery } from '../push';
import { tasksAtOnce, tasksPerSecond } from '../settings';
import { deliveryTaskSchema } from '../delivery/tasks';

/** Entries that one sweep takes on; what is left comes next time. */
const SWEEP_LIMIT = 500;

/**
 * Works off shards of large audiences and retries.
 *
 * A task that throws comes again; a shard's own lease decides whether there is still something to do. The rate keeps the
 * project below FCM's quota, see `TASKS_PER_SECOND`.
 */
export const deliveryTasks = onTaskDispatched(
  {
    ...functionOptions,
    timeoutSeconds: TIMEOUT_SECONDS,
    retryConfig: { maxAttempts: 100, minBackoffSeconds: 10, maxBackoffSeconds: 600 },
    rateLimits: { maxDispatchesPerSecond: tasksPerSecond, maxConcurrentDispatches: tasksAtOnce },
  },
  async (request) => {
    await delivery().engine.run(deliveryTaskSchema().parse(request.data));
  },
);

/** Finds deliveries whose worker is gone (a crash, a lost task), has them resumed, and says how far behind everything is. */
export const sweepDeliveries = onSchedule(
  { ...functionOptions, schedule: 'every 5 minutes', timeoutSeconds: TIMEOUT_SECONDS },
  async () => {
    const { engine, log } = delivery();
    const swept = await engine.sweep(SWEEP_LIMIT);
    try {
      log.gauges({ ...swept, ...(await readGauges(collections(), Date.now())) });
    } catch (error) {
      // What had to be done is done; and a sweep that fails would only come again for this.
      log.gaugesUnread(error);
    }
  },
);
