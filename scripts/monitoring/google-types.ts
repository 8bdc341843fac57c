/**
 * The types of what is in `monitoring/`, as Google publishes them with its client libraries.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import protobuf, { type INamespace, type Type } from 'protobufjs';

const LIBRARIES = join(__dirname, '../../node_modules/@google-cloud');

function typeOf(library: string, name: string): Type {
  const file = join(LIBRARIES, library, 'build/protos/protos.json');
  const description = JSON.parse(readFileSync(file, 'utf8')) as INamespace;
  return protobuf.Root.fromJSON(description).resolveAll().lookupType(name);
}

export const LOG_METRIC = typeOf('logging-api', 'google.logging.v2.LogMetric');
export const ALERT_POLICY = typeOf('monitoring', 'google.monitoring.v3.AlertPolicy');
export const DASHBOARD = typeOf(
  'monitoring-dashboards',
  'google.monitoring.dashboard.v1.Dashboard',
);
