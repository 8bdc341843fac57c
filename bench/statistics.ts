/** Medians, ratios and rounding: a median shrugs off the rounds in which the machine was busy with something else. */

/** @throws when there is nothing to take the median of. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1];
  if (upper === undefined) throw new Error('Expected at least one value, got none.');
  const lower = sorted[(sorted.length - 1) >> 1] as number;
  return (lower + upper) / 2;
}

/** The median of each key over many records of the same keys. */
export function mediansOf<Key extends string>(
  records: readonly Readonly<Record<Key, number>>[],
): Record<Key, number> {
  const [first] = records;
  if (first === undefined) throw new Error('Expected at least one record, got none.');
  const keys = Object.keys(first) as Key[];
  return Object.fromEntries(
    keys.map((key) => [key, median(records.map((record) => record[key]))]),
  ) as Record<Key, number>;
}

/** Rounded to so many significant digits, so that results.json does not pretend. */
export function significant(value: number, digits = 4): number {
  return Number(value.toPrecision(digits));
}

/** A copy of the list that begins at `start`: whoever went first in one round does not in the next. */
export function rotated<T>(list: readonly T[], start: number): T[] {
  const at = list.length === 0 ? 0 : start % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}
