/** Every fault that the simulation has found stays found: its world holds, and does not without what mended it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from '../soak/bundle.ts';
import type { Plan } from '../soak/contract.ts';
import { PlanRunner } from '../soak/process.ts';
import { FINDINGS } from './findings.ts';

let good: PlanRunner;

beforeAll(async () => {
  good = new PlanRunner({ bundle: await bundle() });
});

afterAll(() => good.close());

it.each(FINDINGS)('$what', async ({ name, without }) => {
  const plan = JSON.parse(readFileSync(join(import.meta.dirname, `${name}.json`), 'utf8')) as Plan;
  const bad = new PlanRunner({ bundle: await bundle({ replacements: without }) });
  try {
    expect((await good.run(plan)).violation).toBeUndefined();
    expect((await bad.run(plan)).violation).toBeDefined();
  } finally {
    bad.close();
  }
});
