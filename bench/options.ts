/** Reads the benchmark's command line; pure. */

import { parseArgs } from 'node:util';

export const SECTIONS = [
  'latency',
  'throughput',
  'apns',
  'engine',
  'cold-start',
  'decisions',
] as const;
export type Section = (typeof SECTIONS)[number];

export interface BenchOptions {
  /** Smaller sizes and fewer rounds: shows that everything works, not how fast it is. */
  readonly quick: boolean;
  readonly sections: readonly Section[];
  readonly help: boolean;
}

export const HELP = `Usage: npm run bench -- [options]

Builds the functions, measures them and what people would use instead on the same work, side by side, prints the tables and
writes bench/results.json and docs/cost.md. About ten minutes; the machine should have nothing else to do.

Options:
  --quick        smaller sizes and fewer rounds, about a minute; writes .cache/bench.quick.json and no docs
  --only A,B     only these of: ${SECTIONS.join(', ')}; the others keep their results
  --help         this text
`;

/** @throws naming what was not understood. */
export function readBenchOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const wanted = values.only?.split(',') ?? SECTIONS;
  const unknown = wanted.filter((name) => !(SECTIONS as readonly string[]).includes(name));
  if (unknown.length > 0) {
    throw new Error(`--only: expected any of ${SECTIONS.join(', ')}, got ${unknown.join(', ')}.`);
  }
  return {
    quick: values.quick,
    // In the table's order, whatever the order they were asked for in.
    sections: SECTIONS.filter((section) => wanted.includes(section)),
    help: values.help,
  };
}
