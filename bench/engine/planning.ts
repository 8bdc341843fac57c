/** A million recipients from a collection that only exists as pages: how long planning and recording take, without the sending. */

import { built } from '../built.ts';
import { peakMiB, residentMiB, settleMemory } from '../memory.ts';
import { fcmAddress } from '../wire/addresses.ts';
import { userId } from './population.ts';
import { TaskRunner } from './queue.ts';
import type { Planning } from '../results.ts';
import type { EngineDeps } from '../../kit/src/delivery/deps.ts';
import type { DeliveryTask } from '../../kit/src/delivery/tasks.ts';
import type { RecipientRecord } from '../../kit/src/store/users.ts';

const ID = 'plan-bench';

export async function measurePlanning(recipients: number): Promise<Planning> {
  const { DeliveryEngine } = built('delivery/engine');
  const { delivery } = built('push');
  const { complete } = built('model/notification/complete');
  const { taskId } = built('delivery/tasks');

  const runner = new TaskRunner<DeliveryTask>((task) => engine.run(task));
  const deps = delivery().engine['deps'];
  const engine = new DeliveryEngine({
    ...deps,
    users: { readRange: pagesOf(recipients) } as unknown as EngineDeps['users'],
    providers: { fcm: { send: (_, addresses) => Promise.resolve(addresses.map(() => DELIVERED)) } },
    tasks: {
      enqueue: (task) => {
        runner.add(taskId(task), task);
        return Promise.resolve();
      },
    },
  });
  const composed = complete(
    { to: { everyone: true }, title: 'News' },
    { type: 'news', deliveryId: ID, eventTime: Date.now() },
  );

  settleMemory();
  const idleMiB = residentMiB();
  const cpu = process.cpuUsage();
  const begin = performance.now();
  await engine.deliver({ ...composed, id: ID });
  await runner.finished();
  const seconds = (performance.now() - begin) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const extraMiB = peakMiB() - idleMiB;

  const entry = await deps.ledger.read(ID);
  if (entry?.state !== 'done' || entry.counts.delivered !== recipients) {
    throw new Error(
      `Planning: expected ${recipients} delivered, got ${entry?.counts.delivered} and state ${entry?.state}.`,
    );
  }
  return { recipients, tasks: runner.count, seconds, cpuSeconds: (user + system) / 1e6, extraMiB };
}

const DELIVERED = { kind: 'delivered' } as const;

/** Pages of users who are made up as they are read. */
function pagesOf(recipients: number) {
  return (after: string, limit: number): Promise<RecipientRecord[]> => {
    const first = after === '' ? 0 : Number(after.slice(1)) + 1;
    const length = Math.max(0, Math.min(limit, recipients - first));
    return Promise.resolve(
      Array.from({ length }, (_, nth) => ({
        uid: userId(first + nth),
        exists: true,
        tokens: [fcmAddress(first + nth)],
        notificationSettings: undefined,
        locale: undefined,
        readAt: Date.now(),
      })),
    );
  };
}
