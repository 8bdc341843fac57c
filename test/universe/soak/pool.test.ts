import { bundle } from './bundle.ts';
import { DOES_NOT_END, loadWorld, WORLD_BROKEN } from './contract.ts';
import { runPool, type PoolOptions, type PoolResult } from './pool.ts';
import { PlanRunner } from './process.ts';
import { BREAKS_AT, DIES_AT, HANGS_AT, REJECTS_AT } from './testing/fake-world.ts';
import { FAKE_WORLD } from './testing/fake.ts';

let path: string;
beforeAll(async () => {
  path = await bundle({ entry: FAKE_WORLD });
});

const run = (options: Omit<PoolOptions, 'bundle' | 'workers'>): Promise<PoolResult> =>
  runPool({ bundle: path, workers: 2, worldMs: 2_000, ...options });

it('so many worlds are played, each once, and add up', async () => {
  const { totals, failure } = await run({ first: 0, count: 10 });
  expect(failure).toBeUndefined();
  expect(totals).toMatchObject({ worlds: 10, events: 100, deliveries: 20, rings: 30 });
  expect({ ...totals.faults }).toEqual({ early: 5, late: 10, odd: 5 });
  expect({ ...totals.pairs }).toEqual({ 'early + late': 5 });
});

it('the lowest seed that fails is found, whichever worker is quicker', async () => {
  const { failure } = await run({ first: BREAKS_AT - 9 });
  expect(failure).toMatchObject({
    seed: BREAKS_AT,
    report: { violation: { promise: 'small seeds' } },
  });
});

it.each([
  ['a world that rejects is broken itself', REJECTS_AT, WORLD_BROKEN],
  ['a world that takes its process along is broken itself', DIES_AT, WORLD_BROKEN],
  ['a world that takes too long does not end', HANGS_AT, DOES_NOT_END],
])('%s', async (_what, first, promise) => {
  const { failure } = await run({ first, count: 1 });
  expect(failure).toMatchObject({ seed: first, report: { violation: { promise } } });
});

it('worlds end when they are told to', async () => {
  const controller = new AbortController();
  const { totals } = await run({
    first: -1_000_000_000,
    signal: controller.signal,
    onTotals: () => controller.abort(),
  });
  expect(totals.worlds).toBeGreaterThan(0);
});

it('a plan is run again in a process of its own after one that did not end', async () => {
  const world = loadWorld(path);
  const runner = new PlanRunner({ bundle: path, worldMs: 500 });
  const reports = [];
  for (const seed of [1, HANGS_AT, BREAKS_AT]) reports.push(await runner.run(world.planOf(seed)));
  runner.close();
  expect(reports.map(({ violation }) => violation?.promise)).toEqual([
    undefined,
    DOES_NOT_END,
    'small seeds',
  ]);
});
