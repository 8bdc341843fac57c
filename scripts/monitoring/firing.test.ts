/** When an alert policy opens an incident. */
import type { AlertPolicy, Condition } from './files.ts';
import { isFiring, type TimedPoint } from './firing.ts';

const MINUTE_MS = 60_000;
const NOW = 100 * MINUTE_MS;

function policy(...conditions: Condition[]): AlertPolicy {
  return { conditions } as unknown as AlertPolicy;
}

function watch(reducer: string, period: string, duration: string) {
  return {
    filter: 'metric.type="m" AND metric.label.code!="CANCELLED"',
    duration,
    aggregations: [
      {
        alignmentPeriod: period,
        perSeriesAligner: 'ALIGN_DELTA',
        crossSeriesReducer: reducer,
        groupByFields: ['metric.label.kind'],
      },
    ],
  } as const;
}

function over(
  thresholdValue: number,
  reducer: string,
  period: string,
  duration = '0s',
): AlertPolicy {
  const conditionThreshold = {
    ...watch(reducer, period, duration),
    comparison: 'COMPARISON_GT',
    thresholdValue,
  } as const;
  return policy({ displayName: 'over', conditionThreshold });
}

/** A point so many minutes ago. */
function point(minutesAgo: number, value = 1, label: Partial<TimedPoint['metric']['label']> = {}) {
  return {
    metric: { type: 'm', label: { kind: 'wave', code: 'X', ...label } },
    resource: { type: 'cloud_run_revision', label: {} },
    value,
    at: NOW - minutesAgo * MINUTE_MS,
  } as TimedPoint;
}

describe('a count', () => {
  it.each<[what: string, points: TimedPoint[], fires: boolean]>([
    ['nothing', [], false],
    ['two within its window', [point(1), point(4)], false],
    ['three within its window', [point(1), point(2), point(4)], true],
    ['three, but one before its window', [point(1), point(2), point(5)], false],
    ['three of different kinds', [point(1), point(2), point(3, 1, { kind: 'chat' })], false],
    [
      'three, but one that is left out',
      [point(1), point(2), point(3, 1, { code: 'CANCELLED' })],
      false,
    ],
    ['three, but one still to come', [point(1), point(2), point(-1)], false],
  ])('of %s: %#', (_, points, fires) => {
    expect(isFiring(over(2, 'REDUCE_SUM', '300s'), points, NOW)).toBe(fires);
  });
});

describe('a gauge that has to last', () => {
  const fifteen = over(10, 'REDUCE_MEAN', '300s', '600s');
  it.each<[what: string, points: TimedPoint[], fires: boolean]>([
    ['high for long enough', [point(1, 11), point(5, 11), point(10, 11), point(14, 11)], true],
    ['high for a moment', [point(1, 11)], false],
    ['low in between', [point(1, 11), point(5, 9), point(10, 11), point(14, 11)], false],
    [
      'high on average',
      [point(1, 13), point(2, 9), point(5, 12), point(10, 12), point(14, 12)],
      true,
    ],
  ])('%s: %#', (_, points, fires) => {
    expect(isFiring(fifteen, points, NOW)).toBe(fires);
  });
});

it('takes the 95th of a hundred values', () => {
  const latencies = Array.from({ length: 100 }, (_, nth) => point(1, nth + 1));
  expect(isFiring(over(94, 'REDUCE_PERCENTILE_95', '300s'), latencies, NOW)).toBe(true);
  expect(isFiring(over(95, 'REDUCE_PERCENTILE_95', '300s'), latencies, NOW)).toBe(false);
});

describe('an absence', () => {
  const absent = policy({
    displayName: 'absent',
    conditionAbsent: watch('REDUCE_SUM', '300s', '1200s'),
  });
  const none = policy({
    displayName: 'none',
    conditionThreshold: {
      ...watch('REDUCE_SUM', '1200s', '0s'),
      comparison: 'COMPARISON_LT',
      thresholdValue: 1,
    },
  });

  it.each<[what: string, points: TimedPoint[], fires: boolean]>([
    ['there never was anything', [], false],
    ['the last is too long ago', [point(30), point(21)], true],
    ['there is something', [point(30), point(19)], false],
    [
      'of one kind there is something, of another not',
      [point(19), point(30, 1, { kind: 'b' })],
      true,
    ],
  ])('%s: %#', (_, points, fires) => {
    expect(isFiring(absent, points, NOW)).toBe(fires);
    expect(isFiring(none, points, NOW)).toBe(fires);
  });
});

it('opens an incident when one of its conditions is met', () => {
  const [first, second] = [over(2, 'REDUCE_SUM', '300s'), over(0, 'REDUCE_SUM', '300s')];
  const both = policy(...first.conditions, ...second.conditions);
  expect(isFiring(both, [point(1)], NOW)).toBe(true);
  expect(isFiring(first, [point(1)], NOW)).toBe(false);
});
