/** Turns results into the tables of the README and the terminal; pure. */

import { duration, number, percent, table, times, type Column } from './markdown.ts';
import type {
  BulkRow,
  ColdStart,
  DecisionRow,
  EngineResults,
  EngineRow,
  LatencyRow,
  Results,
} from './results.ts';

const OURS = 'this project';

/** Everything that was measured, as Markdown. */
export function tablesOf(results: Results): string {
  const { machine, versions, date } = results;
  const parts = [
    `Measured on ${date.slice(0, 10)} with Node ${machine.node} on ${machine.cores} cores of ${machine.cpu}, ` +
      `${machine.memoryGiB} GiB, ${machine.system}; ` +
      `${Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(', ')}.`,
  ];
  if (results.latency) parts.push(...latency(results.latency));
  if (results.throughput) parts.push(...throughput(results.throughput));
  if (results.apns) parts.push(...apns(results.apns));
  if (results.engine) parts.push(...engine(results.engine));
  if (results['cold-start']) parts.push(...coldStart(results['cold-start']));
  if (results.decisions) parts.push(...decisions(results.decisions));
  return `${parts.join('\n\n')}\n`;
}

function latency(rows: readonly LatencyRow[]): string[] {
  const ourOf = (row: LatencyRow): LatencyRow => {
    const ours = rows.find(
      ({ peer, delayMs, addresses }) =>
        peer === OURS && delayMs === row.delayMs && addresses === row.addresses,
    );
    return ours ?? row;
  };
  const columns: Column<LatencyRow>[] = [
    { head: 'provider answers in', cell: ({ delayMs }) => `${delayMs} ms` },
    right('addresses', ({ addresses }) => number(addresses)),
    { head: 'sender', cell: ({ peer }) => peer },
    right('latency', ({ latencyMs }) => `${number(latencyMs)} ms`),
    right('CPU', ({ cpuMs }) => `${number(cpuMs)} ms`),
    right('latency ÷ ours', (row) => times(row.latencyMs / ourOf(row).latencyMs)),
    right('CPU ÷ ours', (row) => times(row.cpuMs / ourOf(row).cpuMs)),
  ];
  return ['**One event, a few devices** (FCM)', table(columns, rows)];
}

function throughput(rows: readonly BulkRow[]): string[] {
  return ['**One event, many devices** (FCM)', bulkTable(rows)];
}

function apns(rows: readonly BulkRow[]): string[] {
  return ['**Straight to Apple** (APNs)', bulkTable(rows)];
}

function bulkTable(rows: readonly BulkRow[]): string {
  const ourOf = (row: BulkRow) =>
    rows.find(
      ({ peer, delayMs, addresses, heap }) =>
        peer === OURS &&
        delayMs === row.delayMs &&
        addresses === row.addresses &&
        heap === row.heap,
    )?.run;
  const ratio = (row: BulkRow, of: (run: NonNullable<BulkRow['run']>) => number): string => {
    const ours = ourOf(row);
    return row.run === undefined || ours === undefined ? '' : times(of(row.run) / of(ours));
  };
  const columns: Column<BulkRow>[] = [
    right('addresses', ({ addresses }) => number(addresses)),
    right('answers in', ({ delayMs }) => `${delayMs} ms`),
    { head: 'heap', cell: ({ heap }) => heap },
    { head: 'sender', cell: ({ peer }) => peer },
    right('a second', ({ run, addresses }) =>
      run === undefined ? 'failed' : number(addresses / run.seconds),
    ),
    right('CPU', ({ run }) => (run === undefined ? '' : duration(run.cpuSeconds))),
    right('memory', ({ run }) => (run === undefined ? '' : `+${number(run.extraMiB)} MiB`)),
    right('time ÷ ours', (row) => ratio(row, ({ seconds }) => seconds)),
    right('CPU ÷ ours', (row) => ratio(row, ({ cpuSeconds }) => cpuSeconds)),
  ];
  const failures = rows.flatMap(({ peer, addresses, failure }) =>
    failure === undefined ? [] : [`${peer} at ${number(addresses)}: ${failure}.`],
  );
  const notes = failures.length === 0 ? '' : `\n\nFailed: ${failures.join(' ')}`;
  return `${table(columns, rows)}${notes}`;
}

function engine({ rows, planning }: EngineResults): string[] {
  const columns: Column<EngineRow>[] = [
    { head: 'event', cell: ({ kind }) => kind },
    { head: 'by', cell: ({ by }) => by },
    right('events a second', ({ eventsPerSecond }) => number(eventsPerSecond)),
    right('CPU', ({ cpuMsPerEvent }) => `${number(cpuMsPerEvent)} ms`),
    right('reads', ({ operations }) => number(operations.reads)),
    right('writes', ({ operations }) => number(operations.writes)),
    right('deletes', ({ operations }) => number(operations.deletes)),
    right('tasks', ({ tasks }) => number(tasks)),
  ];
  return [
    '**From the event to the ledger’s last word** (Firestore emulator)',
    table(columns, rows),
    'The emulator looks through the whole collection for each page of 500, which is what takes long for large audiences there; ' +
      'Firestore itself begins a page where the last one ended. Reads and writes are what either is billed for.',
    `${number(planning.recipients)} recipients are planned and recorded as ${number(planning.tasks)} tasks in ` +
      `${number(planning.seconds)} s (${number(planning.cpuSeconds)} s of CPU), with ${number(planning.extraMiB)} MiB above the ` +
      'idle process.',
  ];
}

function coldStart({ runs, sdk, functions }: ColdStart): string[] {
  const measures = [
    { what: 'time to load', of: ({ ms }: ColdStart['sdk']) => ms, unit: 'ms' },
    { what: 'CPU', of: ({ cpuMs }: ColdStart['sdk']) => cpuMs, unit: 'ms' },
    { what: 'resident memory', of: ({ rssMiB }: ColdStart['sdk']) => rssMiB, unit: 'MiB' },
  ];
  const columns: Column<(typeof measures)[number]>[] = [
    { head: 'cold start', cell: ({ what }) => what },
    right('the SDK modules alone', ({ of, unit }) => `${number(of(sdk))} ${unit}`),
    right('these functions', ({ of, unit }) => `${number(of(functions))} ${unit}`),
    right('more', ({ of }) => percent(of(functions) / of(sdk))),
  ];
  return [`**Cold start** (medians of ${runs} processes)`, table(columns, measures)];
}

function decisions(rows: readonly DecisionRow[]): string[] {
  const least = Math.min(...rows.map(({ cpuMicroseconds }) => cpuMicroseconds));
  const columns: Column<DecisionRow>[] = [
    { head: 'the person says', cell: ({ says }) => says },
    right('decisions a second of CPU', ({ cpuMicroseconds }) => number(1e6 / cpuMicroseconds)),
    right('CPU', ({ cpuMicroseconds }) => `${number(cpuMicroseconds)} µs`),
    right('CPU ÷ the least', ({ cpuMicroseconds }) => times(cpuMicroseconds / least)),
    right('held', ({ held }) => `${number(held * 100)} %`),
  ];
  return ['**What one person gets of one event, decided** (one process)', table(columns, rows)];
}

function right<Row>(head: string, cell: (row: Row) => string): Column<Row> {
  return { head, align: 'right', cell };
}
