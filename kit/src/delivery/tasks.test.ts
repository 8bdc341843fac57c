import fc from 'fast-check';
import { deliveryTaskSchema, dueTogether, taskId, type DeliveryTask } from './tasks';

const TASKS: DeliveryTask[] = [
  { kind: 'page', delivery: 'like-e1', attempt: 1, shard: 0, after: '' },
  // The same work, after a task of it was lost: the queue refuses a name that it had before.
  { kind: 'page', delivery: 'like-e1', attempt: 2, shard: 0, after: '' },
  { kind: 'page', delivery: 'like-e1', attempt: 1, shard: 10, after: '' },
  { kind: 'page', delivery: 'like-e1', attempt: 11, shard: 0, after: '' },
  // A shard that nobody has begun.
  { kind: 'retry', delivery: 'like-e1~0', round: 0, dueAt: 1 },
  { kind: 'retry', delivery: 'like-e1', round: 1, dueAt: 1 },
  { kind: 'retry', delivery: 'like-e2', round: 1, dueAt: 1 },
  { kind: 'resume', delivery: 'like-e1', lease: 1 },
  { kind: 'due', dueAt: 5_000, after: '' },
  { kind: 'due', dueAt: 10_000, after: '' },
  { kind: 'due', dueAt: 5_000, after: 'like-e1' },
];

describe('taskId', () => {
  it('differs for different work', () => {
    expect(new Set(TASKS.map(taskId)).size).toBe(TASKS.length);
  });

  it('is the same for the same work, whatever the task carries', () => {
    const [first] = TASKS;
    expect(taskId({ ...first, after: 'other' } as DeliveryTask)).toBe(taskId(first!));
  });

  it('is one that Cloud Tasks takes, for any delivery id', () => {
    for (const delivery of ['like-ü', 'x'.repeat(1500), 'a b/c']) {
      expect(taskId({ ...TASKS[0], delivery } as DeliveryTask)).toMatch(/^[\w-]{1,500}$/);
    }
  });
});

describe('deliveryTaskSchema', () => {
  it('takes every task through JSON unchanged', () => {
    for (const task of TASKS) {
      expect(deliveryTaskSchema().parse(JSON.parse(JSON.stringify(task)))).toEqual(task);
    }
  });

  it('refuses what it does not know', () => {
    expect(() => deliveryTaskSchema().parse({ kind: 'party' })).toThrow();
  });
});

describe('dueTogether', () => {
  it('is never before the retry, nor so soon that its task may come too late, and hardly after it', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.nat(1_000_000), (retryAt, now) => {
        const { dueAt } = dueTogether(retryAt, now);
        expect(dueAt).toBeGreaterThanOrEqual(Math.max(retryAt, now + 2_000));
        expect(dueAt).toBeLessThan(Math.max(retryAt, now + 2_000) + 5_000);
      }),
    );
  });

  it('is one task for all whose time is about the same', () => {
    const ids = Array.from({ length: 600 }, (_, nth) => taskId(dueTogether(20_001 + nth * 8, 0)));
    expect(new Set(ids).size).toBe(1);
  });
});
