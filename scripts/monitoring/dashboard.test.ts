/** The dashboard: its tiles, and the metrics in its charts. */
import { ALERTS, DASHBOARD_FILE, METRICS, type Tile } from './files.ts';
import { fieldsOf, parseFilter } from './filter.ts';
import { metricType } from './points.ts';

const { columns, tiles } = DASHBOARD_FILE.mosaicLayout;

interface Query {
  readonly prometheusQuery?: string;
  readonly timeSeriesFilter?: {
    readonly filter: string;
    readonly aggregation: {
      readonly crossSeriesReducer: string;
      readonly groupByFields?: string[];
    };
  };
}

/** Every object under a key of that name, wherever it stands. */
function allUnder<T>(value: unknown, name: string): T[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    key === name ? [inner as T] : allUnder<T>(inner, name),
  );
}

const QUERIES = tiles.flatMap(({ widget }) =>
  allUnder<Query>(widget, 'timeSeriesQuery').map((query) => [widget.title ?? '', query] as const),
);

function cellsOf({ xPos = 0, yPos = 0, width, height }: Tile): string[] {
  return Array.from(
    { length: width * height },
    (_, nth) => `${xPos + (nth % width)},${yPos + Math.floor(nth / width)}`,
  );
}

it('covers each cell of its grid once', () => {
  const cells = tiles.flatMap(cellsOf);
  const rows = Math.max(...tiles.map(({ yPos = 0, height }) => yPos + height));
  expect(columns).toBe(12);
  expect(tiles.every(({ xPos = 0, width }) => xPos + width <= columns)).toBe(true);
  expect(new Set(cells).size).toBe(cells.length);
  expect(cells).toHaveLength(columns * rows);
});

it('gives each tile a title of its own', () => {
  const titles = tiles.map(({ widget }) => widget.title);
  expect(titles).not.toContain(undefined);
  expect(new Set(titles).size).toBe(titles.length);
});

it('shows metrics that there are, by labels that they have', () => {
  expect(QUERIES.length).toBeGreaterThan(20);
  const types = new Map([...METRICS.values()].map((metric) => [metricType(metric.name), metric]));
  for (const [, { timeSeriesFilter, prometheusQuery }] of QUERIES) {
    if (timeSeriesFilter === undefined) {
      const [, name = ''] = /googleapis_com:user_(\w+)_sum\{/.exec(prometheusQuery ?? '') ?? [];
      expect(METRICS.get(name)?.metricDescriptor.valueType).toBe('DISTRIBUTION');
      continue;
    }
    const { filter, aggregation } = timeSeriesFilter;
    const metric = types.get(/^metric\.type="([^"]+)"/.exec(filter)?.[1] ?? '');
    expect(metric?.name).toBeDefined();
    const labels = (metric?.metricDescriptor.labels ?? []).map(({ key }) => `metric.label.${key}`);
    const asked = [...fieldsOf(parseFilter(filter)), ...(aggregation.groupByFields ?? [])];
    expect(['metric.type', 'resource.type', ...labels]).toEqual(expect.arrayContaining(asked));
    const isCounter = metric?.metricDescriptor.valueType === 'INT64';
    expect(aggregation.crossSeriesReducer === 'REDUCE_SUM').toBe(isCounter);
  }
});

it('puts into legends only labels that the chart is grouped by', () => {
  const sets = tiles.flatMap(({ widget }) =>
    allUnder<{ legendTemplate?: string; timeSeriesQuery: Query }[]>(widget, 'dataSets').flat(),
  );
  const named = sets.filter(({ legendTemplate }) => legendTemplate?.includes('${'));
  expect(named.length).toBeGreaterThan(5);
  for (const { legendTemplate = '', timeSeriesQuery } of named) {
    const [, label = ''] = /\$\{metric\.labels\.(\w+)\}/.exec(legendTemplate) ?? [];
    expect(timeSeriesQuery.timeSeriesFilter?.aggregation.groupByFields).toEqual([
      `metric.label.${label}`,
    ]);
  }
});

it('has thresholds as Google takes them: with a colour on a number, without one on a chart', () => {
  const scores = allUnder<{ thresholds?: object[] }>(DASHBOARD_FILE, 'scorecard');
  const charts = allUnder<{ thresholds?: object[] }>(DASHBOARD_FILE, 'xyChart');
  expect(scores.length).toBeGreaterThan(3);
  for (const threshold of scores.flatMap(({ thresholds = [] }) => thresholds)) {
    expect(Object.keys(threshold).sort()).toEqual(['color', 'direction', 'value']);
  }
  for (const threshold of charts.flatMap(({ thresholds = [] }) => thresholds)) {
    expect(Object.keys(threshold).sort()).toEqual(['label', 'targetAxis', 'value']);
  }
});

it('draws the thresholds of the alerts', () => {
  const drawn = allUnder<{ label?: string; value: number }[]>(DASHBOARD_FILE, 'thresholds').flat();
  const values = drawn.filter(({ label }) => label?.startsWith('alert')).map(({ value }) => value);
  const alerting = ['latency', 'backlog-age', 'stuck'].map(
    (file) => ALERTS.get(file)?.conditions[0]?.conditionThreshold?.thresholdValue,
  );
  expect(values).toEqual(alerting);
});

it('has a log panel of warnings and errors, in words that are understood', () => {
  const [panel] = allUnder<{ filter: string }>(DASHBOARD_FILE, 'logsPanel');
  expect(fieldsOf(parseFilter(panel?.filter ?? ''))).toEqual([
    'resource.type',
    'jsonPayload.schema',
    'severity',
  ]);
});
