/** The alert policies, their pages in the runbook, and the dashboard. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALERTS, METRICS, secondsIn, watchOf, type Condition } from './files.ts';
import { codesOf, anchorOf, rowsOf, sectionOf, titlesOf } from './markdown.ts';
import { parseFilter, fieldsOf } from './filter.ts';
import { metricType } from './points.ts';

const read = (file: string) => readFileSync(join(__dirname, '../..', file), 'utf8');
const RUNBOOK = read('docs/runbook.md');
const README = read('monitoring/README.md');
const QUESTIONS = 'What people ask';
const CONDITIONS = [...ALERTS].flatMap(([file, { conditions }]) =>
  conditions.map((condition) => [`${file}: ${condition.displayName}`, condition] as const),
);

function metricOf(condition: Condition) {
  const { filter } = watchOf(condition);
  const type = /^metric\.type="([^"]+)" AND resource\.type="cloud_run_revision"/.exec(filter)?.[1];
  return [...METRICS.values()].find(({ name }) => metricType(name) === type);
}

describe.each([...ALERTS])('the alert %s', (_, alert) => {
  const { displayName, documentation, userLabels, alertStrategy, conditions } = alert;
  const page = sectionOf(RUNBOOK, `## ${displayName}`);

  it('says what to do first, and links to its page in the runbook', () => {
    const [means = '', steps = '', link = ''] = documentation.content.split('\n\n');
    expect(means.length).toBeGreaterThan(40);
    expect(steps.split('\n').length).toBeGreaterThanOrEqual(3);
    expect(steps).toMatch(/^1\. /);
    expect(link).toBe(`[Runbook](docs/runbook.md#${anchorOf(displayName)})`);
    expect(documentation.mimeType).toBe('text/markdown');
    expect(documentation.content.length).toBeLessThan(8_192);
  });

  it('puts labels into its text only if its conditions are grouped by them', () => {
    const variables = [...documentation.content.matchAll(/\$\{([\w.]+)\}/g)].map(
      ([, name]) => name,
    );
    for (const condition of conditions) {
      const grouped = watchOf(condition).aggregations[0].groupByFields ?? [];
      expect(grouped).toEqual(expect.arrayContaining(variables));
    }
  });

  it('has labels that Google takes, and is not notified of by default', () => {
    expect(userLabels).toEqual({ app: 'firestore-push', runbook: anchorOf(displayName) });
    for (const text of Object.entries(userLabels).flat())
      expect(text).toMatch(/^[a-z][a-z0-9_-]{0,62}$/);
    expect(alert).not.toHaveProperty('notificationChannels');
    expect(['CRITICAL', 'ERROR', 'WARNING']).toContain(alert.severity);
  });

  it('closes its incidents after half an hour to seven days without data', () => {
    const seconds = secondsIn(alertStrategy.autoClose);
    expect(seconds).toBeGreaterThanOrEqual(30 * 60);
    expect(seconds).toBeLessThanOrEqual(7 * 24 * 60 * 60);
  });

  it('has a page with meaning, effect, first step, causes and how it ends', () => {
    const parts = ['What it means.', 'What users notice.', 'First.', 'Over when'];
    const at = parts.map((part) => page.indexOf(`**${part}**`));
    expect(at.every((index) => index >= 0)).toBe(true);
    expect(at).toEqual([...at].sort((a, b) => a - b));
    expect(rowsOf(page).length).toBeGreaterThanOrEqual(3);
    for (const row of rowsOf(page)) expect(row.every((cell) => cell !== '')).toBe(true);
  });

  it('is in the list of monitoring/README.md, with its severity', () => {
    const rows = rowsOf(sectionOf(README, '## The alerts'));
    expect(rows).toContainEqual([displayName, alert.severity, expect.any(String)]);
  });
});

describe.each(CONDITIONS)('the condition %s', (_, condition) => {
  const watch = watchOf(condition);
  const [aggregation, ...others] = watch.aggregations;
  const metric = metricOf(condition);

  it('watches a metric that there is, by labels that it has', () => {
    expect(metric).toBeDefined();
    const labels = (metric?.metricDescriptor.labels ?? []).map(({ key }) => `metric.label.${key}`);
    const known = [...labels, 'metric.type', 'resource.type', 'resource.label.service_name'];
    const asked = [...fieldsOf(parseFilter(watch.filter)), ...(aggregation.groupByFields ?? [])];
    expect(known).toEqual(expect.arrayContaining(asked));
    expect(others).toEqual([]);
  });

  it('has durations that Google takes', () => {
    const { conditionThreshold, conditionAbsent } = condition;
    const period = secondsIn(aggregation.alignmentPeriod);
    const duration = secondsIn(watch.duration);
    expect([period % 60, duration % 60]).toEqual([0, 0]);
    expect(period).toBeGreaterThanOrEqual(60);
    expect(period).toBeLessThanOrEqual(90_000);
    expect(duration).toBeLessThanOrEqual(23.5 * 60 * 60);
    if (conditionAbsent !== undefined) expect(duration).toBeGreaterThanOrEqual(120);
    if (conditionThreshold?.evaluationMissingData !== undefined) {
      expect(duration).toBeGreaterThanOrEqual(60);
    }
  });

  it('reduces its metric as the type of its values allows', () => {
    expect(aggregation.perSeriesAligner).toBe('ALIGN_DELTA');
    const reducers =
      metric?.metricDescriptor.valueType === 'DISTRIBUTION'
        ? ['REDUCE_MEAN', 'REDUCE_PERCENTILE_95']
        : ['REDUCE_SUM'];
    expect(reducers).toContain(aggregation.crossSeriesReducer);
  });
});

it('sees every run of the sweep where it is about the gauges', () => {
  const ofGauges = CONDITIONS.filter(([, condition]) =>
    metricOf(condition)?.filter.includes('"gauges"'),
  );
  const periods = ofGauges.map(([, condition]) =>
    secondsIn(watchOf(condition).aggregations[0].alignmentPeriod),
  );
  expect(periods.length).toBeGreaterThanOrEqual(4);
  expect(Math.min(...periods)).toBeGreaterThanOrEqual(300);
});

it('has names that differ', () => {
  const names = [...ALERTS.values()].map(({ displayName }) => displayName);
  expect(names.length).toBeGreaterThanOrEqual(12);
  expect(new Set(names).size).toBe(names.length);
});

it('has a page in the runbook for each alert, and no other', () => {
  const names = [...ALERTS.values()].map(({ displayName }) => displayName);
  expect(titlesOf(RUNBOOK, 2).sort()).toEqual([...names, QUESTIONS].sort());
});

it('has no more alerts and metrics in monitoring/README.md than there are', () => {
  expect(rowsOf(sectionOf(README, '## The alerts'))).toHaveLength(ALERTS.size);
  const counts = rowsOf(README).map(([, , count]) => count);
  expect(counts).toEqual([String(METRICS.size), String(ALERTS.size), '1', '']);
});

it('links within the runbook to headings that are there', () => {
  const anchors = [...RUNBOOK.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);
  expect(anchors.length).toBeGreaterThan(10);
  expect(titlesOf(RUNBOOK, 2).map(anchorOf)).toEqual(expect.arrayContaining([...new Set(anchors)]));
});

it('answers what people ask by a cause, what why shows, and what to do', () => {
  const rows = rowsOf(sectionOf(RUNBOOK, `## ${QUESTIONS}`));
  expect(rows.length).toBeGreaterThanOrEqual(20);
  for (const row of rows) expect(row.every((cell) => cell !== '')).toBe(true);
  const shown = rows.flatMap(([, shows = '']) => codesOf(shows));
  expect(shown).toEqual(
    expect.arrayContaining(['no-user', 'no-address', 'muted', 'is-actor', 'expired']),
  );
});

it('takes over in Terraform every field of the files', () => {
  const terraform = read('monitoring/main.tf');
  const keys = new Set([...METRICS.values(), ...ALERTS.values()].flatMap(keysOf));
  expect(keys.size).toBeGreaterThan(20);
  expect(
    [...keys].filter(
      (key) => !terraform.includes(`.value.${key}`) && !terraform.includes(`.${key}`),
    ),
  ).toEqual([]);
});

/** Keys of an object and of what is in it; those of maps are not fields. */
function keysOf(value: object): string[] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => [
    ...(Array.isArray(value) ? [] : [key]),
    ...(typeof inner === 'object' &&
    inner !== null &&
    !['labelExtractors', 'userLabels'].includes(key)
      ? keysOf(inner)
      : []),
  ]);
}
