/** Writes docs/cost.md from measured counts; pure. */

import {
  billOf,
  countsFrom,
  PRICES,
  type Assumptions,
  type Counts,
  type Workload,
} from './cost.ts';
import { number, table, type Column } from './markdown.ts';
import type { EngineResults, EngineRow, Results } from './results.ts';

/** The default instance of these functions, and a guess at the round trips of one event to Firestore and FCM. */
const ASSUMED: Omit<Assumptions, 'cpuSecondsPerAddress'> = {
  vcpus: 1,
  gib: 0.5,
  secondsPerInvocation: 0.3,
  atOnce: 1,
};

/** Invocations that share an instance in the second total. */
const SHARED_BY = 10;
/** Recipients of one task; also the largest audience that is sent to without tasks. */
const SHARD = 500;
const LARGEST_SMALL_AUDIENCE = SHARD;

interface Example extends Workload {
  readonly what: string;
}

const EXAMPLES: readonly Example[] = [
  example('10,000 likes a day', 10_000, 1),
  example('1,000,000 likes a day', 1_000_000, 1),
  example('100,000 chat messages a day to 10 people', 100_000, 10),
  example('1,000,000 chat messages a day to 10 people', 1_000_000, 10),
  example('a message a day to everyone of 100,000', 1, 100_000),
  example('a message a day to everyone of 1,000,000', 1, 1_000_000),
];

function example(what: string, eventsPerDay: number, recipientsPerEvent: number): Example {
  return { what, eventsPerDay, recipientsPerEvent, devicesPerRecipient: 1.5 };
}

export function costPage(results: Results, engine: EngineResults): string {
  const cpuSecondsPerAddress = cpuPerAddress(results);
  const assumed: Assumptions = { ...ASSUMED, cpuSecondsPerAddress };
  const ours = linesOf(engine, 'this project');
  const naive = linesOf(engine, 'naive sample');
  const bills = EXAMPLES.map((one) => {
    const which = one.recipientsPerEvent > LARGEST_SMALL_AUDIENCE ? 'large' : 'small';
    return {
      ...one,
      alone: billOf(one, ours[which], true, assumed),
      shared: billOf(one, ours[which], true, { ...assumed, atOnce: SHARED_BY }),
      naive: billOf(one, naive[which], false, assumed),
    };
  });
  type Row = (typeof bills)[number];
  const right = (head: string, cell: (row: Row) => string): Column<Row> => ({
    head,
    align: 'right',
    cell,
  });
  const operations = table<Row>(
    [
      { head: 'a month of', cell: ({ what }) => what },
      right('invocations', ({ alone }) => short(alone.invocations)),
      right('CPU seconds', ({ alone }) => short(alone.cpuSeconds)),
      right('reads', ({ alone }) => short(alone.reads)),
      right('writes', ({ alone }) => short(alone.writes)),
      right('deletes', ({ alone }) => short(alone.deletes)),
      right('task operations', ({ alone }) => short(alone.taskOperations)),
    ],
    bills,
  );
  const dollars = table<Row>(
    [
      { head: 'a month of', cell: ({ what }) => what },
      right('functions', ({ alone }) => money(alone.functions)),
      right('Firestore', ({ alone }) => money(alone.firestore)),
      right('Cloud Tasks', ({ alone }) => money(alone.tasks)),
      right('total', ({ alone }) => money(alone.total)),
      right(`total, ${SHARED_BY} at once`, ({ shared }) => money(shared.total)),
      right('naive sample', ({ naive: other }) => money(other.total)),
    ],
    bills,
  );
  return `# What it costs

A model: counts measured by \`npm run bench\` on ${results.date.slice(0, 10)}, times public list prices. \`npm run bench\`
writes this page anew; the model is [\`bench/cost.ts\`](../bench/cost.ts).

## What a month does

${EXAMPLES[0]?.devicesPerRecipient} devices a person. Further devices cost CPU only: a delivery reads one document per person, however many
devices that person has. Recipients that are the members of a collection cost two, their own document there and the person's.
A count of them, as \`npm run push\` asks for, costs one read per 1,000 people.

${operations}

## What that costs

US dollars a month, before free tiers.

${dollars}

- **total**: every event has an instance of its own for ${ASSUMED.secondsPerInvocation} s, which is a guess at the round trips to Firestore and FCM.
  That is the most it can be at that pace: instances take up to \`CONCURRENCY\` events at once, and are paid for once.
  **total, ${SHARED_BY} at once** is for an instance that works on ${SHARED_BY} of them on average.
- **naive sample**: get the user, \`sendEachForMulticast\`, one update per dead token; alone on its instance for as long.
  What is paid on top of it is the ledger: two writes per event, one more and one read for each further 250 people of a shard of ${number(SHARD)} people, and their deletion after \`LEDGER_DAYS\`.
- Not in it: an event that tells nobody and says why, which \`RECORD_NOBODY\` makes one write more, and one delete; and
  \`sweepDeliveries\`, which counts the backlog every five minutes: about 1,300 reads a day, and one more for each 1,000 deliveries that are open then.
- Nor: what limits whoever causes events, two reads for an event with an actor ([abuse](abuse.md#what-it-costs)).
- Nor: storage of the ledger, your app's own reads and writes, \`minInstances\`, network. FCM and APNs cost nothing.

## Prices

As published in ${PRICES.asOf} for us-central1; look them up before you rely on them.

| what                                | US dollars |
| ----------------------------------- | ---------: |
${priceRows()}

Sources: ${PRICES.sources.map((source) => source.replace(/^(\S+)/, '<$1>')).join(', ')}.
`;
}

/** Counts for audiences that are sent to at once, and for those that are spread over tasks. */
function linesOf(
  { rows }: EngineResults,
  by: EngineRow['by'],
): Readonly<Record<'small' | 'large', Counts>> {
  const at = (kind: string): EngineRow => {
    const found = rows.find((row) => row.by === by && row.kind === kind);
    if (found === undefined) throw new Error(`Expected "${kind}" by ${by} among the results.`);
    return found;
  };
  return {
    small: countsFrom(at('like'), at('chat of 10')),
    large: countsFrom(at('everyone of 10,000'), at('everyone of 100,000')),
  };
}

/** From the largest send to FCM that was measured; without one, further devices count as free. */
function cpuPerAddress({ throughput = [] }: Results): number {
  const runs = throughput.flatMap(({ peer, addresses, run }) =>
    peer === 'this project' && run !== undefined ? [{ addresses, run }] : [],
  );
  const largest = runs.sort((a, b) => b.addresses - a.addresses)[0];
  return largest === undefined ? 0 : largest.run.cpuSeconds / largest.addresses;
}

function priceRows(): string {
  const rows: [string, number][] = [
    ['1,000,000 invocations', PRICES.perMillionInvocations],
    ['1,000,000 vCPU-seconds', PRICES.perVcpuSecond * 1e6],
    ['1,000,000 GiB-seconds', PRICES.perGibSecond * 1e6],
    ['1,000,000 document reads', PRICES.perMillionReads],
    ['1,000,000 document writes', PRICES.perMillionWrites],
    ['1,000,000 document deletes', PRICES.perMillionDeletes],
    ['1,000,000 operations of Cloud Tasks', PRICES.perMillionTaskOperations],
  ];
  return rows
    .map(([what, price]) => `| ${what.padEnd(35)} | ${price.toFixed(2).padStart(10)} |`)
    .join('\n');
}

function money(dollars: number): string {
  return dollars >= 100 ? number(dollars) : dollars.toFixed(2);
}

/** `1.2 M`, `34.5 k`, `678`. */
function short(count: number): string {
  if (count >= 1e6) return `${number(count / 1e6)} M`;
  if (count >= 1e3) return `${number(count / 1e3)} k`;
  return number(count);
}
