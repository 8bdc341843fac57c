/**
 * From a line that a function writes to the points that log-based metrics get from it; pure.
 */
import { labelFrom, numberFrom, parseExtractor } from './extractor.ts';
import type { LogMetric } from './files.ts';
import { matches, parseFilter } from './filter.ts';

/** The part of a LogEntry that the metrics see. */
export interface LogEntry {
  readonly severity: string;
  readonly trace?: string;
  readonly resource: {
    readonly type: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly jsonPayload: Readonly<Record<string, unknown>>;
}

/** What one log entry adds to one time series of a metric. */
export interface Point {
  readonly metric: { readonly type: string; readonly label: Readonly<Record<string, string>> };
  readonly resource: { readonly type: string; readonly label: Readonly<Record<string, string>> };
  readonly value: number;
}

/** What Cloud Run makes of a line on standard output: JSON becomes the payload, without its special fields. */
export function entryOf(line: string, service = 'service'): LogEntry | undefined {
  if (!line.startsWith('{')) return undefined;
  const {
    severity = 'DEFAULT',
    'logging.googleapis.com/trace': trace,
    ...jsonPayload
  } = JSON.parse(line) as Readonly<Record<string, unknown>>;
  return {
    severity: String(severity),
    ...(typeof trace === 'string' ? { trace } : {}),
    resource: { type: 'cloud_run_revision', labels: { service_name: service } },
    jsonPayload,
  };
}

/** The point of a metric that an entry makes; undefined if the metric does not select it, or finds no number in it. */
export function pointOf(metric: LogMetric, entry: LogEntry): Point | undefined {
  if (!matches(parseFilter(metric.filter), entry)) return undefined;
  const value =
    metric.valueExtractor === undefined
      ? 1
      : numberFrom(parseExtractor(metric.valueExtractor), entry);
  if (value === undefined) return undefined;
  const label = Object.fromEntries(
    Object.entries(metric.labelExtractors ?? {}).map(([key, text]) => [
      key,
      labelFrom(parseExtractor(text), entry),
    ]),
  );
  return {
    metric: { type: metricType(metric.name), label },
    resource: { type: entry.resource.type, label: entry.resource.labels },
    value,
  };
}

/** What Cloud Monitoring calls a log-based metric. */
export function metricType(name: string): string {
  return `logging.googleapis.com/user/${name}`;
}
