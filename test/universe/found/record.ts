/**
 * Finds a world for every finding, as small as it gets, and keeps it: `node test/universe/found/record.ts [NAME…]`, to be run where the
 * worlds have changed so much that one does not show its finding any more.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle } from '../soak/bundle.ts';
import { loadWorld, reportOn, type Plan } from '../soak/contract.ts';
import { shrink } from '../soak/shrink.ts';
import { FINDINGS } from './findings.ts';

const MOST_WORLDS = 400_000;

const wanted = process.argv.slice(2);
// Nobody reads where thousands of errors were made.
Error.stackTraceLimit = 0;
const good = loadWorld(await bundle());
for (const { name, without } of FINDINGS) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const bad = loadWorld(await bundle({ replacements: without }));
  const isFound = async (plan: Plan): Promise<boolean> =>
    (await reportOn(bad, plan)).violation !== undefined &&
    (await reportOn(good, plan)).violation === undefined;
  let seed = 1;
  while (seed <= MOST_WORLDS && !(await isFound(bad.planOf(seed)))) seed += 1;
  if (seed > MOST_WORLDS)
    throw new Error(`${name}: expected a world that shows it, among ${MOST_WORLDS} there is none.`);
  const plan = await shrink(bad.planOf(seed), { fails: isFound });
  const path = join(import.meta.dirname, `${name}.json`);
  await writeFile(path, `${JSON.stringify(plan, undefined, 2)}\n`);
  process.stdout.write(`${name}: seed ${seed}, ${(await reportOn(bad, plan)).violation?.words}\n`);
}
