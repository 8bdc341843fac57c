import { forEachBounded } from './concurrency';

it.each([
  [0, 5],
  [1, 5],
  [7, 3],
  [100, 10],
  [5, 100],
  [3, 0],
])('takes %d steps once each, at most %d at a time', async (count, limit) => {
  const taken: number[] = [];
  let now = 0;
  let most = 0;
  await forEachBounded(count, limit, async (index) => {
    taken.push(index);
    now += 1;
    most = Math.max(most, now);
    await Promise.resolve();
    now -= 1;
  });
  expect(taken).toEqual(Array.from({ length: count }, (_, index) => index));
  expect(most).toBe(Math.min(count, Math.max(limit, 1)));
});

it('follows a limit that changes while it runs', async () => {
  let limit = 1;
  let now = 0;
  const seen: number[] = [];
  await forEachBounded(
    20,
    () => limit,
    async (index) => {
      now += 1;
      seen.push(now);
      if (index === 4) limit = 5;
      await Promise.resolve();
      now -= 1;
    },
  );
  expect(seen.slice(0, 5)).toEqual([1, 1, 1, 1, 1]);
  expect(Math.max(...seen.slice(5))).toBe(5);
});

it('begins no step after one has failed, and rejects with the first error', async () => {
  const begun: number[] = [];
  const steps = forEachBounded(100, 2, async (index) => {
    begun.push(index);
    await Promise.resolve();
    throw new Error(`step ${index}`);
  });
  await expect(steps).rejects.toThrow('step 0');
  expect(begun).toEqual([0, 1]);
});

it('rejects when a step throws before it waits', async () => {
  const steps = forEachBounded(3, 1, () => {
    throw new Error('at once');
  });
  await expect(steps).rejects.toThrow('at once');
});
