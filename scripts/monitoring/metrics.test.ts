/** The log-based metrics, and what they take from the log lines. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseExtractor } from './extractor.ts';
import { ALERTS, DASHBOARD_FILE, METRICS, type LogMetric } from './files.ts';
import { fieldsOf, parseFilter } from './filter.ts';
import { codesOf, rowsOf, sectionOf } from './markdown.ts';
import { entryOf, metricType, pointOf } from './points.ts';

const SIGNALS = readFileSync(join(__dirname, '../../docs/signals.md'), 'utf8');

/** Of each event, the fields that its line may have. */
const LINES = new Map(
  rowsOf(sectionOf(SIGNALS, '## The lines')).map(([event = '', , , fields = '']) => [
    codesOf(event)[0],
    codesOf(fields),
  ]),
);
const COMMON = ['event', 'schema', 'delivery', 'type'];
const FIELDS = rowsOf(sectionOf(SIGNALS, '## The fields')).flatMap(([name = '']) => codesOf(name));

/** A line as the docs have it, with a number in every field that is one there. */
function lineOf(event: string, more: object = {}): string {
  const fields = { type: 'wave', code: 'UNAVAILABLE', errorCode: 'INVALID_INPUT', function: 'f' };
  return JSON.stringify({ severity: 'INFO', event, schema: 1, ...fields, ...more });
}

function points(line: string) {
  const entry = entryOf(line);
  if (entry === undefined) throw new Error('Expected JSON.');
  return Object.fromEntries(
    [...METRICS.values()].flatMap((metric) => {
      const point = pointOf(metric, entry);
      return point === undefined ? [] : [[metric.name, [point.value, point.metric.label]]];
    }),
  );
}

function extractorsOf({ valueExtractor, labelExtractors }: LogMetric): string[] {
  return [
    ...(valueExtractor === undefined ? [] : [valueExtractor]),
    ...Object.values(labelExtractors ?? {}),
  ];
}

describe.each([...METRICS])('%s', (file, metric) => {
  const { name, filter, metricDescriptor, valueExtractor, labelExtractors, bucketOptions } = metric;

  it('has the name of its file, of characters that gcloud needs no quotes for', () => {
    expect(name).toBe(file);
    expect(name).toMatch(/^push_[a-z_]{1,95}$/);
  });

  it('counts lines of this schema from 2nd-generation functions only', () => {
    expect(filter.split(' AND ').slice(0, 2)).toEqual([
      'resource.type="cloud_run_revision"',
      'jsonPayload.schema=1',
    ]);
    expect(filter).toMatch(/jsonPayload\.event="/);
  });

  it('asks for fields that the lines of its events have', () => {
    const events = [...filter.matchAll(/jsonPayload\.event="(\w+)"/g)].map(([, event]) => event);
    const asked = [
      ...fieldsOf(parseFilter(filter)),
      ...extractorsOf(metric).map((text) => parseExtractor(text).field),
    ].filter((field) => field !== 'resource.type');
    expect(events.length).toBeGreaterThan(0);
    for (const event of events) {
      const there = [...COMMON, ...(LINES.get(event) ?? [])].map((field) => `jsonPayload.${field}`);
      expect(there).toEqual(expect.arrayContaining(asked));
    }
  });

  it('has an extractor for each label, and a value with buckets where it is a distribution', () => {
    const labels = (metricDescriptor.labels ?? []).map(({ key }) => key);
    expect(Object.keys(labelExtractors ?? {}).sort()).toEqual([...labels].sort());
    expect(labels.length).toBeLessThanOrEqual(10);
    const isDistribution = metricDescriptor.valueType === 'DISTRIBUTION';
    expect(valueExtractor !== undefined).toBe(isDistribution);
    expect(bucketOptions !== undefined).toBe(isDistribution);
    expect(metricDescriptor.metricKind).toBe('DELTA');
  });

  it('has no label that is a person, a document or a device', () => {
    const fields = Object.values(labelExtractors ?? {}).map((text) => parseExtractor(text).field);
    expect(
      ['type', 'state', 'errorCode', 'code', 'function'].map((field) => `jsonPayload.${field}`),
    ).toEqual(expect.arrayContaining(fields));
  });

  it('is used by an alert or the dashboard', () => {
    const users = JSON.stringify([[...ALERTS.values()], DASHBOARD_FILE]);
    const isUsed =
      users.includes(`${metricType(name)}\\"`) || users.includes(`googleapis_com:user_${name}_sum`);
    expect(isUsed).toBe(true);
  });

  it('is in the table of docs/signals.md, with its labels', () => {
    const rows = rowsOf(sectionOf(SIGNALS, '## The metrics'));
    const row = rows.find(([cell = '']) => codesOf(cell)[0] === name);
    const [, what = '', line = '', labels = ''] = row ?? [];
    expect(what).toMatch(valueExtractor === undefined ? /^counter/ : /^distribution/);
    expect(codesOf(labels)).toEqual((metricDescriptor.labels ?? []).map(({ key }) => key));
    expect(filter).toContain(`jsonPayload.event="${codesOf(line)[0]}"`);
  });
});

it('has as many metrics as docs/signals.md lists', () => {
  expect(rowsOf(sectionOf(SIGNALS, '## The metrics'))).toHaveLength(METRICS.size);
});

it('explains in docs/signals.md every field of every line, and no other', () => {
  const inLines = new Set([...COMMON, ...[...LINES.values()].flat()]);
  expect(LINES.size).toBeGreaterThan(10);
  expect([...inLines].sort()).toEqual([...FIELDS].sort());
});

describe('the points that a line makes:', () => {
  const done = {
    state: 'done',
    delivered: 2,
    unregistered: 0,
    failed: 0,
    expired: 0,
    latencyMs: 412,
  };

  it('a delivery that went well', () => {
    expect(points(lineOf('delivery', done))).toEqual({
      push_deliveries: [1, { kind: 'wave', state: 'done' }],
      push_delivery_latency: [412, { kind: 'wave' }],
      push_addresses_delivered: [2, { kind: 'wave' }],
    });
  });

  it.each(['failed', 'expired'])('a delivery of which some addresses %s', (what) => {
    const line = lineOf('delivery', { ...done, [what]: 3 });
    expect(points(line)).toMatchObject({ push_deliveries_incomplete: [1, { kind: 'wave' }] });
  });

  it('a delivery that failed as a whole', () => {
    const line = lineOf('delivery', { ...done, state: 'failed', delivered: 0 });
    expect(points(line)).toEqual({
      push_deliveries: [1, { kind: 'wave', state: 'failed' }],
      push_deliveries_failed: [1, { kind: 'wave', error_code: 'INVALID_INPUT' }],
    });
  });

  it('a shard: nothing that its delivery counts', () => {
    expect(points(lineOf('shard', done))).toEqual({});
    expect(points(lineOf('shard', { ...done, state: 'failed' }))).toEqual({
      push_deliveries_failed: [1, { kind: 'wave', error_code: 'INVALID_INPUT' }],
    });
  });

  it('the gauges', () => {
    const gauges = {
      open: 3,
      oldestOpenMs: 60_000,
      waiting: 2,
      overdue: 1,
      overdueMs: 9,
      scheduled: 0,
    };
    expect(points(lineOf('gauges', gauges))).toEqual({
      push_sweeps: [1, {}],
      push_open: [3, {}],
      push_oldest_open: [60_000, {}],
      push_waiting: [2, {}],
      push_overdue: [9, {}],
      push_scheduled: [0, {}],
    });
  });

  it.each([
    ['retry', 'push_retries', { kind: 'wave', code: 'UNAVAILABLE' }],
    ['refused', 'push_refused', { kind: 'wave', code: 'UNAVAILABLE' }],
    ['rejected', 'push_rejected', { kind: 'wave', code: 'UNAVAILABLE' }],
    ['compose_failed', 'push_compose_failures', { kind: 'wave' }],
    ['event_unusable', 'push_events_unusable', { kind: 'wave', error_code: 'INVALID_INPUT' }],
    ['breaker', 'push_breaker', { kind: 'wave' }],
    ['prune_failed', 'push_prune_failures', { kind: 'wave' }],
    ['not_recorded', 'push_not_recorded', { kind: 'wave' }],
    ['not_enqueued', 'push_not_enqueued', { kind: 'wave' }],
    ['call_failed', 'push_calls_failed', { function: 'f' }],
    ['call_limited', 'push_calls_limited', {}],
  ])('%s', (event, metric, labels) => {
    expect(points(lineOf(event))).toEqual({ [metric]: [1, labels] });
  });

  it('a line of another schema, of another event, or that is not JSON: none', () => {
    expect(points(lineOf('delivery', { ...done, schema: 2 }))).toEqual({});
    expect(points(lineOf('pruned'))).toEqual({});
    expect(entryOf('Listening on 8080')).toBeUndefined();
  });
});
