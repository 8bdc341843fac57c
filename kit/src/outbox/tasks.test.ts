import { HORIZON_MS, LONGEST_WAIT_MS, pushTaskId, taskFor, waitOf } from './tasks';

const NOW = 1_800_000_000_000;
const due = (dueAt: number) => ({ dueAt, revision: 1 });

it('a task runs when its push is due', () => {
  expect(taskFor('p', due(NOW + 5000), 0, NOW).at).toBe(NOW + 5000);
});

it('a task for what lies beyond the horizon runs at the horizon, to be handed on', () => {
  expect(taskFor('p', due(NOW + 2 * HORIZON_MS), 0, NOW).at).toBe(NOW + HORIZON_MS);
});

it('a task for what is overdue runs now', () => {
  expect(taskFor('p', due(NOW - 5000), 0, NOW).at).toBe(NOW);
});

it('a task that an emulated queue dispatched early waits, but keeps no place in the queue for long', () => {
  const task = taskFor('p', due(NOW + 3_600_000), 0, NOW);
  expect(waitOf(task, NOW)).toBe(LONGEST_WAIT_MS);
  expect(waitOf(task, NOW + 3_599_000)).toBe(1000);
  expect(waitOf(task, NOW + 3_700_000)).toBe(0);
});

it('ids are the same for the same work, and differ for other times, revisions and hops', () => {
  const task = taskFor('p', due(NOW), 0, NOW);
  expect(pushTaskId({ ...task, at: 1 })).toBe(pushTaskId(task));
  const others = [
    { ...task, revision: 2 },
    { ...task, dueAt: 1 },
    { ...task, hop: 1 },
    { ...task, push: 'q' },
  ];
  expect(new Set([task, ...others].map(pushTaskId)).size).toBe(5);
  expect(pushTaskId(task)).toMatch(/^[0-9a-f]{32}-push-0$/);
});
