/** A thousand worlds and more, the same each time: `npm run universe` plays new ones. */
import { bundle } from './bundle.ts';
import { loadWorld, reportOn } from './contract.ts';
import { runPool, type PoolResult } from './pool.ts';

const FIXED_SEED = 1;
const FAR_SEED = 2_000_000_000;

let path: string;
beforeAll(async () => {
  path = await bundle();
});

/** With the words and the command by which whoever reads this sees it again. */
function failureOf({ failure }: PoolResult): string | undefined {
  if (failure === undefined) return undefined;
  const { promise, words } = failure.report.violation ?? {};
  return `${promise}: ${words} (npm run universe -- --replay ${failure.seed})`;
}

it('no promise is broken in a thousand worlds', async () => {
  const result = await runPool({ bundle: path, first: FIXED_SEED, count: 1_000 });
  expect(failureOf(result)).toBeUndefined();
  expect(result.totals.worlds).toBe(1_000);
}, 300_000);

it('no promise is broken in worlds of seeds that are far from those', async () => {
  const result = await runPool({ bundle: path, first: FAR_SEED, count: 500 });
  expect(failureOf(result)).toBeUndefined();
}, 300_000);

it('a world is the same in another process, and after others', async () => {
  const world = loadWorld(path);
  const count = 20;
  const alone = await runPool({ bundle: path, first: FIXED_SEED + count, count, workers: 1 });
  for (let seed = FIXED_SEED; seed < FIXED_SEED + count; seed += 1) {
    await reportOn(world, world.planOf(seed));
  }
  let events = 0;
  for (let seed = FIXED_SEED + count; seed < FIXED_SEED + 2 * count; seed += 1) {
    events += (await reportOn(world, world.planOf(seed))).events;
  }
  expect(alone.totals.events).toBe(events);
}, 60_000);
