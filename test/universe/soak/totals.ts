/** What many worlds come to, in numbers; pure but for the sums themselves. */
import type { WorldReport } from './contract.ts';

export interface Totals {
  worlds: number;
  events: number;
  virtualMs: number;
  deliveries: number;
  rings: number;
  /** How often each kind of fault took effect. */
  readonly faults: Record<string, number>;
  /** Worlds in which two kinds took effect, by {@link pairOf}. */
  readonly pairs: Record<string, number>;
}

export function noTotals(): Totals {
  const record = (): Record<string, number> => Object.create(null) as Record<string, number>;
  return {
    ...{ worlds: 0, events: 0, virtualMs: 0, deliveries: 0, rings: 0 },
    ...{ faults: record(), pairs: record() },
  };
}

/** A name for two kinds of faults, in whichever order. */
export function pairOf(one: string, other: string): string {
  return one < other ? `${one} + ${other}` : `${other} + ${one}`;
}

export function addReport(totals: Totals, report: WorldReport): void {
  totals.worlds += 1;
  totals.events += report.events;
  totals.virtualMs += report.virtualMs;
  totals.deliveries += report.deliveries;
  totals.rings += report.rings;
  for (const fault of report.faults) count(totals.faults, fault, 1);
  const kinds = [...new Set(report.faults)].sort();
  kinds.forEach((one, index) => {
    for (const other of kinds.slice(index + 1)) count(totals.pairs, pairOf(one, other), 1);
  });
}

export function addTotals(totals: Totals, more: Totals): void {
  totals.worlds += more.worlds;
  totals.events += more.events;
  totals.virtualMs += more.virtualMs;
  totals.deliveries += more.deliveries;
  totals.rings += more.rings;
  for (const [fault, times] of Object.entries(more.faults)) count(totals.faults, fault, times);
  for (const [pair, times] of Object.entries(more.pairs)) count(totals.pairs, pair, times);
}

/** Pairs of fault kinds that could occur together, and those of them that never did. */
export function pairsCovered(
  totals: Totals,
  kinds: readonly string[] = Object.keys(totals.faults),
): { readonly covered: number; readonly possible: number; readonly missing: readonly string[] } {
  const sorted = [...kinds].sort();
  const all = sorted.flatMap((one, index) =>
    sorted.slice(index + 1).map((other) => pairOf(one, other)),
  );
  const missing = all.filter((pair) => !Object.hasOwn(totals.pairs, pair));
  return { covered: all.length - missing.length, possible: all.length, missing };
}

function count(record: Record<string, number>, name: string, times: number): void {
  record[name] = (record[name] ?? 0) + times;
}
