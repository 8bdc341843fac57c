/**
 * `node test/universe/equality/run.ts [--histories N] [--seed N] [--parallel N]`, within the Firestore emulator: plays histories on it and
 * in memory, and says whether the same came of them.
 */
import { parseArgs } from 'node:util';
import { compare } from './compare.ts';
import { DIFFERENCES } from './differences.ts';
import { described, openRealSdk, type Difference } from './emulator.ts';
import { historyOf } from './histories.ts';
import type { History } from './operations.ts';
import { shrunk } from './shrink.ts';
import { isCount, number, UsageError } from '../soak/options.ts';

const USAGE = `Usage: node test/universe/equality/run.ts [options]

Within the Firestore emulator: node scripts/stack.ts --free-ports --only firestore -- node test/universe/equality/run.ts

  --histories N   play so many (default: 100000)
  --seed FIRST    the first seed (default: 0)
  --parallel N    play so many at once (default: 200)
  --help`;

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        histories: { type: 'string' },
        seed: { type: 'string' },
        parallel: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
    if (values.help === true) return undefined;
    if (process.env.FIRESTORE_EMULATOR_HOST === undefined) {
      throw new UsageError('FIRESTORE_EMULATOR_HOST: expected the emulator.');
    }
    return {
      count: number('histories', values.histories, isCount) ?? 100_000,
      first: number('seed', values.seed, Number.isSafeInteger) ?? 0,
      parallel: number('parallel', values.parallel, isCount) ?? 200,
    };
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`);
    process.exit(2);
  }
}

const options = readOptions();
if (options === undefined) {
  console.log(USAGE);
  process.exit(0);
}
const { count, first, parallel } = options;

/** Histories that share one of the emulator's projects: it gets slow with many documents in one. */
const PER_PROJECT = 5_000;
const MAX_SHOWN = 8;
const EACH_SAID = 10_000;

const { sdk, open } = openRealSdk();
const started = performance.now();
const totals = { histories: 0, operations: 0, equal: 0, contended: 0, byTurns: 0 };
const known = new Map(DIFFERENCES.map(({ what }) => [what, 0]));
const differing: { readonly history: History; readonly difference: Difference }[] = [];
let next = 0;

async function lane(): Promise<void> {
  while (next < count && differing.length < MAX_SHOWN) {
    const nth = next;
    next += 1;
    const history = historyOf(first + nth);
    const db = open(`equality-${Math.floor(nth / PER_PROJECT)}`);
    const compared = await compare(history, sdk, db, `h${history.seed}x`);
    totals.histories += 1;
    totals.operations += history.schedule.length;
    if (compared.isContended) totals.contended += 1;
    if (compared.manner === 'by turns') totals.byTurns += 1;
    const { difference } = compared;
    if (difference === undefined) totals.equal += 1;
    else if (compared.known === undefined) differing.push({ history, difference });
    else known.set(compared.known.what, (known.get(compared.known.what) ?? 0) + 1);
    if (totals.histories % EACH_SAID === 0) say();
  }
}

function say(): void {
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const { histories, operations, equal, contended, byTurns } = totals;
  console.log(
    `${histories} histories, ${operations} operations in ${seconds} s: ${equal} equal (${contended} with contention, ` +
      `${byTurns} turn by turn on both), ${histories - equal - differing.length} differ on purpose, ${differing.length} differ`,
  );
}

await Promise.all(Array.from({ length: parallel }, lane));
say();
for (const [what, times] of known) console.log(`on purpose, ${times} times: ${what}`);
for (const { history, difference } of differing) {
  console.log(`\nseed ${history.seed}: ${described(difference)}`);
  let tries = 0;
  const smallest = await shrunk(history, async (smaller) => {
    tries += 1;
    const db = open('equality-shrink');
    const compared = await compare(smaller, sdk, db, `s${history.seed}x${tries}x`);
    return compared.difference !== undefined && compared.known === undefined;
  });
  console.log(`the smallest that differs: ${JSON.stringify(smallest, null, 1)}`);
}
process.exit(differing.length > 0 ? 1 : 0);
