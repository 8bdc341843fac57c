/**
 * How a delivery went, in numbers; pure.
 */

/** How the addresses and recipients of a delivery ended, in numbers. */
export interface Counts {
  readonly recipients: number;
  readonly addresses: number;
  readonly delivered: number;
  readonly unregistered: number;
  readonly rejected: number;
  readonly failed: number;
  readonly expired: number;
  /** Recipients who were not notified because they have no address, or no user document. */
  readonly unreachable: number;
  /** Recipients who were left out: the actor, and whoever muted this type. */
  readonly skipped: number;
}

export const NO_COUNTS: Counts = {
  recipients: 0,
  addresses: 0,
  delivered: 0,
  unregistered: 0,
  rejected: 0,
  failed: 0,
  expired: 0,
  unreachable: 0,
  skipped: 0,
};

/** Adds counts up. */
export function sumCounts(all: Iterable<Partial<Counts>>): Counts {
  const sum: Record<keyof Counts, number> = { ...NO_COUNTS };
  for (const counts of all) {
    for (const key of Object.keys(sum) as (keyof Counts)[]) sum[key] += counts[key] ?? 0;
  }
  return sum;
}
