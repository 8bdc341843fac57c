/** What Google's APIs would refuse is refused here, too. */
import { ALERTS, DASHBOARD_FILE, METRICS } from './files.ts';
import { ALERT_POLICY, DASHBOARD, LOG_METRIC } from './google-types.ts';
import { problemsOf } from './strict-json.ts';

const ALERT = {
  displayName: 'Anything',
  combiner: 'OR',
  conditions: [
    {
      displayName: 'A condition',
      conditionThreshold: {
        filter: 'metric.type="x"',
        comparison: 'COMPARISON_GT',
        thresholdValue: 1,
        duration: '60s',
        trigger: { count: 1 },
      },
    },
  ],
  userLabels: { app: 'push' },
};
const METRIC = {
  name: 'a',
  filter: 'severity>="ERROR"',
  metricDescriptor: { metricKind: 'DELTA', labels: [{ key: 'kind' }] },
  bucketOptions: { exponentialBuckets: { numFiniteBuckets: 2, growthFactor: 2, scale: 1 } },
};
const BOARD = { displayName: 'A board', gridLayout: { columns: '2', widgets: [{ text: {} }] } };

/** A copy in which what stands at the path is something else, or not there. */
function spoilt(value: object, path: readonly (string | number)[], by: unknown): unknown {
  const copy = structuredClone(value);
  let at = copy as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>;
  const last = path.at(-1) as string | number;
  if (by === undefined) delete at[last];
  else at[last] = by;
  return copy;
}

const THRESHOLD = ['conditions', 0, 'conditionThreshold'];

describe('a message that is right', () => {
  it.each([
    [ALERT_POLICY, ALERT],
    [LOG_METRIC, METRIC],
    [DASHBOARD, BOARD],
  ])('has no problem: %s', (type, message) => {
    expect(problemsOf(type, message)).toEqual([]);
  });
});

describe('refuses', () => {
  it.each<[what: string, path: (string | number)[], by: unknown, problem: string]>([
    ['an unknown field', ['displayname'], 'x', 'AlertPolicy.displayname: unknown field'],
    ['a field as the proto file spells it', ['display_name'], 'x', 'display_name: unknown field'],
    ['an unknown field deep inside', [...THRESHOLD, 'period'], '60s', '.period: unknown field'],
    [
      'a number where a text belongs',
      ['displayName'],
      1,
      'AlertPolicy.displayName: expected string',
    ],
    ['a text where a number belongs', [...THRESHOLD, 'thresholdValue'], '1', 'expected double'],
    ['an unknown name', ['severity'], 'FATAL', 'expected a name of .google.monitoring.v3'],
    ['a number in place of a name', ['combiner'], 2, 'AlertPolicy.combiner: expected a name'],
    ['a name that every object has', ['combiner'], 'toString', 'combiner: expected a name'],
    ['a duration without its unit', [...THRESHOLD, 'duration'], '60', 'protobuf.Duration'],
    ['a duration in minutes', [...THRESHOLD, 'duration'], '1m', 'protobuf.Duration'],
    ['an object in place of a list', ['conditions'], {}, 'conditions: expected an array'],
    ['a list in place of an object', ['documentation'], [], 'documentation: expected an object'],
    ['null', ['documentation'], null, 'documentation: expected an object'],
    ['a fraction where whole numbers belong', [...THRESHOLD, 'trigger', 'count'], 1.5, 'int32'],
    ['a map value of another type', ['userLabels', 'app'], true, 'userLabels.app: expected string'],
    [
      'two conditions in one',
      ['conditions', 0, 'conditionAbsent'],
      { filter: 'x' },
      'expected one',
    ],
    ['no filter', [...THRESHOLD, 'filter'], undefined, 'conditionThreshold.filter: required'],
  ])('%s in an alert policy', (_, path, by, problem) => {
    const problems = problemsOf(ALERT_POLICY, spoilt(ALERT, path, by));
    expect(problems).toEqual([expect.stringContaining(problem)]);
  });

  it.each<[what: string, path: (string | number)[], by: unknown, problem: string]>([
    ['what only Google sets', ['createTime'], '2026-01-01T00:00:00Z', 'set by Google only'],
    ['another metric kind', ['metricDescriptor', 'metricKind'], 'COUNTER', 'expected a name'],
    [
      'a text for a number of buckets',
      ['bucketOptions', 'exponentialBuckets', 'scale'],
      '1',
      'double',
    ],
    ['a metric without filter', ['filter'], undefined, 'LogMetric.filter: required'],
  ])('%s in a metric', (_, path, by, problem) => {
    const problems = problemsOf(LOG_METRIC, spoilt(METRIC, path, by));
    expect(problems).toEqual([expect.stringContaining(problem)]);
  });

  it.each<[what: string, path: (string | number)[], by: unknown, problem: string]>([
    ['a long number that is none', ['gridLayout', 'columns'], 'two', 'expected int64'],
    ['two layouts', ['mosaicLayout'], {}, 'expected one of gridLayout, mosaicLayout'],
    ['a board without a name', ['displayName'], undefined, 'Dashboard.displayName: required'],
  ])('%s in a dashboard', (_, path, by, problem) => {
    const problems = problemsOf(DASHBOARD, spoilt(BOARD, path, by));
    expect(problems).toEqual([expect.stringContaining(problem)]);
  });
});

describe('what is in monitoring/ is as Google’s APIs take it:', () => {
  it.each([...METRICS])('the metric %s', (_, metric) => {
    expect(problemsOf(LOG_METRIC, metric)).toEqual([]);
  });

  it.each([...ALERTS])('the alert %s', (_, alert) => {
    expect(problemsOf(ALERT_POLICY, alert)).toEqual([]);
  });

  it('the dashboard', () => {
    expect(problemsOf(DASHBOARD, DASHBOARD_FILE)).toEqual([]);
  });
});
