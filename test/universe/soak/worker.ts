/**
 * A child process that runs worlds one after the other, and tells its parent how they went: begun by process.ts.
 *
 * One after the other: a world is busy all the time, so that two at once would only take turns.
 */
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
  | { readonly kind: 'began'; readonly seed: number }
  | { readonly kind: 'totals'; readonly totals: Totals }
  | { readonly kind: 'failed'; readonly seed: number; readonly report: WorldReport }
  | { readonly kind: 'done' }
  | { readonly kind: 'report'; readonly report: WorldReport };

const REPORT_EVERY_MS = 1_000;

let end = Infinity;

function tell(answer: Answer): void {
  process.send?.(answer);
}

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
    tell({ kind: 'began', seed });
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

const [bundle] = process.argv.slice(2);
if (bundle === undefined) throw new Error('Expected the path of a bundle.');
// Thousands of errors are part of the game, and nobody reads where they were made.
Error.stackTraceLimit = 0;
outliveBrokenPromises();
const world = loadWorld(bundle);
process.on('message', (request: Request) => {
  if (request.kind === 'end') end = Math.min(end, request.end);
  else if (request.kind === 'seeds') void runSeeds(world, request);
  else {
    void reportOn(world, request.plan).then((report) => tell({ kind: 'report', report }));
  }
});
// The terminal's Ctrl-C is the parent's to answer.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit());
tell({ kind: 'ready' });
