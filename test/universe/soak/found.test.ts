/** What worlds once found stays found: each of them is played again. */
import { FOUND } from '../found.ts';
import { bundle } from './bundle.ts';
import { loadWorld } from './contract.ts';
import { PlanRunner } from './process.ts';

it('no promise is broken in the worlds in which one once was', async () => {
  const path = await bundle();
  const world = loadWorld(path);
  const runner = new PlanRunner({ bundle: path });
  const broken: string[] = [];
  for (const found of FOUND) {
    const plan = 'plan' in found ? found.plan : world.planOf(found.seed);
    const { violation } = await runner.run(plan);
    if (violation !== undefined) broken.push(`${found.what}: ${violation.words}`);
  }
  runner.close();
  expect(broken).toEqual([]);
}, 300_000);
