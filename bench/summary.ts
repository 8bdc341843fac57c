/** The README's table: each measurement in one line, this project beside the others; pure. */

import { duration, number, percent, table, times, type Column } from './markdown.ts';
import type { BulkRow, LatencyRow, Results } from './results.ts';

interface Line {
  readonly what: string;
  readonly ours: string;
  readonly others: string;
  readonly floor: string;
}

/** The short form of what was measured, as Markdown, with the date and the machine. */
export function summaryOf(results: Results): string {
  const { date, machine } = results;
  const columns: Column<Line>[] = [
    { head: 'measured', cell: ({ what }) => what },
    { head: 'this project', cell: ({ ours }) => ours },
    { head: 'instead', cell: ({ others }) => others },
    { head: 'bare `node:http2`', cell: ({ floor }) => floor },
  ];
  const lines = [
    ...latencyLines(results.latency ?? []),
    ...throughputLines(results.throughput ?? []),
    ...apnsLines(results.apns ?? []),
    ...otherLines(results),
  ];
  return `${table(columns, lines)}

Measured on ${date.slice(0, 10)}: Node ${machine.node}, ${machine.cores} cores of ${machine.cpu}, ${machine.memoryGiB} GiB; TLS on loopback, all senders by
turns in one run, medians. In brackets: how many times ours. \`npm run bench\` measures again, \`node bench/render.ts --all\` shows everything.
`;
}

function latencyLines(rows: readonly LatencyRow[]): Line[] {
  const atOnce = rows.filter(({ delayMs }) => delayMs === 0);
  return [...new Set(atOnce.map(({ addresses }) => addresses))].flatMap((addresses) => {
    const of = (name: LatencyRow['peer']) =>
      atOnce.find(({ peer, addresses: count }) => peer === name && count === addresses);
    const ours = of('this project');
    const admin = of('firebase-admin');
    const floor = of('bare node:http2');
    if (ours === undefined || admin === undefined || floor === undefined) return [];
    const line = (what: string, key: 'latencyMs' | 'cpuMs'): Line => ({
      what,
      ours: `${number(ours[key])} ms`,
      others: `${number(admin[key])} ms (${times(admin[key] / ours[key])})`,
      floor: `${number(floor[key])} ms (${times(floor[key] / ours[key])})`,
    });
    const event = `an event to ${devices(addresses)}`;
    return [line(`${event}, latency`, 'latencyMs'), line(`${event}, CPU`, 'cpuMs')];
  });
}

function throughputLines(rows: readonly BulkRow[]): Line[] {
  return sizesOf(rows).flatMap((size) => {
    const of = finder(rows, size);
    const { addresses, delayMs, heap } = size;
    const unlimited = heap === 'unlimited' ? ', any heap' : '';
    const what = `${devices(addresses)}, FCM answers in ${delayMs} ms${unlimited}`;
    const others = of('firebase-admin');
    return linesOf(what, of('this project'), [['', others]], of('bare node:http2'));
  });
}

function apnsLines(rows: readonly BulkRow[]): Line[] {
  return sizesOf(rows).flatMap((size) => {
    const of = finder(rows, size);
    const others: [string, BulkRow | undefined][] = [
      ['node-apn', of('node-apn')],
      ['node-apn by 500', of('node-apn, 500 a call')],
      ['apns2', of('apns2')],
    ];
    return linesOf(`${devices(size.addresses)} over APNs`, of('this project'), others);
  });
}

function otherLines({ engine, ...results }: Results): Line[] {
  const lines: Line[] = [];
  const like = (by: string) =>
    engine?.rows.find((row) => row.kind === 'like' && row.by === by)?.operations;
  const ours = like('this project');
  const naive = like('naive sample');
  if (ours !== undefined && naive !== undefined) {
    lines.push({
      what: 'a like in Firestore, everything included',
      ours: `${number(ours.reads)} reads, ${number(ours.writes)} writes`,
      others: `naive sample: ${number(naive.reads)} reads, ${number(naive.writes)} writes`,
      floor: '',
    });
  }
  const cold = results['cold-start'];
  if (cold !== undefined) {
    lines.push({
      what: 'loading the functions',
      ours: `${number(cold.functions.ms)} ms, ${number(cold.functions.rssMiB)} MiB`,
      others:
        `the SDK alone: ${number(cold.sdk.ms)} ms, ${number(cold.sdk.rssMiB)} MiB ` +
        `(ours: ${percent(cold.functions.ms / cold.sdk.ms)}, ${percent(cold.functions.rssMiB / cold.sdk.rssMiB)})`,
      floor: '',
    });
  }
  return lines;
}

/** One line: time and memory of each, and how many times ours the time is. */
function linesOf(
  what: string,
  ours: BulkRow | undefined,
  others: readonly (readonly [string, BulkRow | undefined])[],
  floor?: BulkRow,
): Line[] {
  const own = ours?.run;
  if (own === undefined) return [];
  const cell = (row: BulkRow | undefined): string => {
    if (row === undefined) return '';
    if (row.run === undefined) return 'fails';
    const { seconds, extraMiB } = row.run;
    return `${duration(seconds)}, +${number(extraMiB)} MiB (${times(seconds / own.seconds)})`;
  };
  const named = others.flatMap(([name, row]) =>
    row === undefined ? [] : [[name, cell(row)].filter(Boolean).join(' ')],
  );
  return [
    {
      what,
      ours: `${duration(own.seconds)}, +${number(own.extraMiB)} MiB`,
      others: named.join('; '),
      floor: cell(floor),
    },
  ];
}

function devices(count: number): string {
  return `${number(count)} ${count === 1 ? 'device' : 'devices'}`;
}

type Size = Pick<BulkRow, 'addresses' | 'delayMs' | 'heap'>;

function sizesOf(rows: readonly BulkRow[]): Size[] {
  return rows.filter(({ peer }) => peer === 'this project');
}

function finder(rows: readonly BulkRow[], { addresses, delayMs, heap }: Size) {
  return (name: BulkRow['peer']): BulkRow | undefined =>
    rows.find(
      (row) =>
        row.peer === name &&
        row.addresses === addresses &&
        row.delayMs === delayMs &&
        row.heap === heap,
    );
}
