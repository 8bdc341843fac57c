/**
 * What is in `monitoring/`, with the parts that the tests of this repository use.
 */
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

export interface LogMetric {
  readonly name: string;
  readonly description: string;
  readonly filter: string;
  readonly metricDescriptor: {
    readonly metricKind: 'DELTA';
    readonly valueType: 'INT64' | 'DISTRIBUTION';
    readonly labels?: readonly { readonly key: string }[];
  };
  readonly valueExtractor?: string;
  readonly labelExtractors?: Readonly<Record<string, string>>;
  readonly bucketOptions?: object;
}

export interface Aggregation {
  readonly alignmentPeriod: string;
  readonly perSeriesAligner: string;
  readonly crossSeriesReducer: string;
  readonly groupByFields?: readonly string[];
}

interface Watch {
  readonly filter: string;
  readonly duration: string;
  readonly aggregations: readonly [Aggregation];
}

export interface Threshold extends Watch {
  readonly comparison: 'COMPARISON_GT' | 'COMPARISON_LT';
  readonly thresholdValue: number;
  readonly evaluationMissingData?: string;
}

export interface Condition {
  readonly displayName: string;
  readonly conditionThreshold?: Threshold;
  readonly conditionAbsent?: Watch;
}

export interface AlertPolicy {
  readonly displayName: string;
  readonly documentation: { readonly content: string; readonly mimeType: string };
  readonly userLabels: Readonly<Record<string, string>>;
  readonly combiner: string;
  readonly severity: string;
  readonly conditions: readonly Condition[];
  readonly alertStrategy: { readonly autoClose: string };
}

export interface Dashboard {
  readonly displayName: string;
  readonly mosaicLayout: { readonly columns: number; readonly tiles: readonly Tile[] };
}

export interface Tile {
  readonly xPos?: number;
  readonly yPos?: number;
  readonly width: number;
  readonly height: number;
  readonly widget: Readonly<Record<string, unknown>> & { readonly title?: string };
}

const FOLDER = join(__dirname, '../../monitoring');

/** Files of a folder by their names without `.json`. */
function filesIn<T>(pattern: string): ReadonlyMap<string, T> {
  const files = globSync(pattern, { cwd: FOLDER }).sort();
  return new Map(files.map((file) => [basename(file, '.json'), jsonIn<T>(file)]));
}

function jsonIn<T>(file: string): T {
  return JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as T;
}

/** By file name, which is the metric's. */
export const METRICS = filesIn<LogMetric>('metrics/*.json');
/** By file name. */
export const ALERTS = filesIn<AlertPolicy>('alerts/*.json');
export const DASHBOARD_FILE = jsonIn<Dashboard>('dashboard.json');

/** What a condition watches, whatever its kind. */
export function watchOf({ conditionThreshold, conditionAbsent }: Condition): Watch {
  const watch = conditionThreshold ?? conditionAbsent;
  if (watch === undefined) throw new Error('Expected a threshold or an absence.');
  return watch;
}

/** `600s` → 600. */
export function secondsIn(duration: string): number {
  const [, seconds] = /^(\d+)s$/.exec(duration) ?? [];
  if (seconds === undefined) throw new Error(`Expected whole seconds, got ${duration}.`);
  return Number(seconds);
}
