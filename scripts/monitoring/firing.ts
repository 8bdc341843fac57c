/**
 * Whether an alert policy would open an incident, from the points of its metrics; pure. As Cloud Monitoring evaluates: every
 * minute, over a window that ends then.
 */
import { secondsIn, type AlertPolicy, type Condition, type Threshold } from './files.ts';
import { fieldIn, matches, parseFilter } from './filter.ts';
import type { Point } from './points.ts';

export interface TimedPoint extends Point {
  /** ms since 1970. */
  readonly at: number;
}

const MINUTE_MS = 60_000;
/** What the policies reduce the points of a window to. */
const REDUCERS: Readonly<Record<string, (values: readonly number[]) => number>> = {
  REDUCE_SUM: sum,
  REDUCE_MEAN: (values) => sum(values) / values.length,
  REDUCE_PERCENTILE_95: (values) =>
    [...values].sort((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1] as number,
};

/** Whether one of its conditions is met at a time, ms since 1970. */
export function isFiring(policy: AlertPolicy, points: readonly TimedPoint[], now: number): boolean {
  return policy.conditions.some((condition) => isMet(condition, points, now));
}

function isMet(
  { conditionThreshold, conditionAbsent }: Condition,
  all: readonly TimedPoint[],
  now: number,
): boolean {
  const watch = conditionThreshold ?? conditionAbsent;
  if (watch === undefined) throw new Error('Expected a threshold or an absence.');
  const filter = parseFilter(watch.filter);
  const points = all.filter((point) => point.at <= now && matches(filter, point));
  const durationMs = secondsIn(watch.duration) * 1000;
  return seriesOf(points, watch.aggregations[0].groupByFields ?? []).some((series) =>
    conditionThreshold === undefined
      ? series.every(({ at }) => at <= now - durationMs)
      : ticks(now - durationMs, now).every((tick) => isOver(conditionThreshold, series, tick)),
  );
}

/** The points of each time series that is left after the grouping. */
function seriesOf(points: readonly TimedPoint[], by: readonly string[]): TimedPoint[][] {
  const key = (point: TimedPoint) => JSON.stringify(by.map((field) => fieldIn(point, field)));
  return [...Map.groupBy(points, key).values()];
}

function isOver(threshold: Threshold, series: readonly TimedPoint[], now: number): boolean {
  const { alignmentPeriod, crossSeriesReducer } = threshold.aggregations[0];
  const began = now - secondsIn(alignmentPeriod) * 1000;
  const values = series.filter(({ at }) => at > began && at <= now).map(({ value }) => value);
  const isLess = threshold.comparison === 'COMPARISON_LT';
  // Without a point a count is 0, and of anything else nothing is known.
  if (values.length === 0) return isLess && threshold.thresholdValue > 0;
  const reduced = (REDUCERS[crossSeriesReducer] as (typeof REDUCERS)[string])(values);
  return isLess ? reduced < threshold.thresholdValue : reduced > threshold.thresholdValue;
}

function ticks(from: number, until: number): number[] {
  const count = Math.floor((until - from) / MINUTE_MS);
  return Array.from({ length: count + 1 }, (_, nth) => until - nth * MINUTE_MS);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
