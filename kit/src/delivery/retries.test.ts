import type { WaitingEntry } from './ledger';
import { retryTogether } from './retries';
import type { DeliveryTask } from './tasks';

const DUE = { kind: 'due', dueAt: 1_000, after: '' } as const;

/** Entries of which the last is the oldest, in order of id. */
function entries(count: number): WaitingEntry[] {
  return Array.from({ length: count }, (_, nth) => ({
    ...{ id: `order-e${String(nth).padStart(3, '0')}`, round: 1 },
    createdAt: (nth * 7) % count,
  }));
}

async function made(waiting: readonly WaitingEntry[], msEach: number, until: number) {
  let now = 1_000;
  const tasks: DeliveryTask[] = [];
  const begun: number[] = [];
  const deps = {
    ledger: { dueTogether: () => Promise.resolve([...waiting]) },
    tasks: { enqueue: (task: DeliveryTask) => Promise.resolve(void tasks.push(task)) },
    clock: { now: () => now, sleep: () => Promise.resolve() },
  };
  await retryTogether(deps as never, DUE, until, (entry) => {
    begun.push(entry.createdAt);
    now += msEach;
    return Promise.resolve();
  });
  return { begun, tasks };
}

it('of the retries that are due together the newest begin first', async () => {
  const { begun, tasks } = await made(entries(10), 0, Infinity);
  expect(begun).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
  expect(tasks).toEqual([]);
});

it('those whose turn does not come in time get a task each', async () => {
  const { begun, tasks } = await made(entries(30), 100, 2_000);
  expect(begun).toHaveLength(10);
  expect(tasks).toHaveLength(20);
  expect(new Set(tasks.map((task) => task.kind))).toEqual(new Set(['retry']));
});

it('what is more than one task makes is found by a further one, after the last id', async () => {
  const { tasks } = await made(entries(200), 0, Infinity);
  expect(tasks).toEqual([{ ...DUE, after: 'order-e199' }]);
});
