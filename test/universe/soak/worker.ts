/**
 * A child process that runs worlds one after the other, and tells its parent how they went: begun by process.ts.
 *
 * One after the other: a world is busy all the time, so that two at once would only take turns.
 */
import { openSync, writeSync } from 'node:fs';
import {
  loadWorld,
  outliveBrokenPromises,
  reportOn,
  type Plan,
  type World,
  type WorldReport,
} from './contract.ts';
import { addReport, noTotals, type Totals } from './totals.ts';

/** What the parent asks for. */
export type Request =
  /** Worlds of the seeds `first`, `first + step` … that are below `end`, until told to stop. */
  | {
      readonly kind: 'seeds';
      readonly first: number;
      readonly step: number;
      /** Not included; absent: without end. */
      readonly end?: number;
    }
  /** From now on no seed from here on. */
  | { readonly kind: 'end'; readonly end: number }
  /** One world. */
  | { readonly kind: 'plan'; readonly plan: Plan };

export type Answer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'totals'; readonly totals: Totals }
  | { readonly kind: 'failed'; readonly seed: number; readonly report: WorldReport }
  | { readonly kind: 'done' }
  | { readonly kind: 'report'; readonly report: WorldReport };

const REPORT_EVERY_MS = 1_000;

let end = Infinity;

function tell(answer: Answer): void {
  process.send?.(answer);
}

/** Says which world is played, for when it does not end: in a file, because a message for each would be a part of the work. */
function begin(seed: number): void {
  here.writeDoubleLE(seed);
  writeSync(file, here, 0, here.length, 0);
}

const here = Buffer.alloc(8);

async function runSeeds(
  world: World,
  { first, step, end: last = Infinity }: Extract<Request, { kind: 'seeds' }>,
): Promise<void> {
  end = Math.min(end, last);
  let totals = noTotals();
  let toldAt = performance.now();
  const tellTotals = (): void => {
    tell({ kind: 'totals', totals });
    totals = noTotals();
    toldAt = performance.now();
  };
  for (let seed = first; seed < end; seed += step) {
    begin(seed);
    const report = await reportOn(world, world.planOf(seed));
    addReport(totals, report);
    if (report.violation !== undefined) {
      tellTotals();
      tell({ kind: 'failed', seed, report });
      break;
    }
    if (performance.now() - toldAt > REPORT_EVERY_MS) tellTotals();
    // The parent's words come in between.
    await new Promise((resolve) => setImmediate(resolve));
  }
  tellTotals();
  tell({ kind: 'done' });
}

const [bundle, place] = process.argv.slice(2);
if (bundle === undefined || place === undefined) {
  throw new Error('Expected the paths of a bundle and of a file that says which world is played.');
}
const file = openSync(place, 'w');
// Thousands of errors are part of the game, and nobody reads where they were made.
Error.stackTraceLimit = 0;
outliveBrokenPromises();
const world = loadWorld(bundle);
process.on('message', (request: Request) => {
  if (request.kind === 'end') end = Math.min(end, request.end);
  else if (request.kind === 'seeds') void runSeeds(world, request);
  else {
    begin(request.plan.seed);
    void reportOn(world, request.plan).then((report) => tell({ kind: 'report', report }));
  }
});
// The terminal's Ctrl-C is the parent's to answer.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit());
tell({ kind: 'ready' });
