/**
 * What the lines of the log that other programs rely on are called; docs/signals.md lists them with their fields.
 */

/** Version of the field names. */
const SCHEMA = 1;

/** What a line with a version is about. */
export type SignalEvent =
  | 'delivery'
  | 'shard'
  | 'nobody'
  | 'compose_failed'
  | 'event_unusable'
  | 'retry'
  | 'breaker'
  | 'refused'
  | 'rejected'
  | 'pruned'
  | 'prune_failed'
  | 'not_recorded'
  | 'not_enqueued'
  | 'gauges'
  | 'call_failed'
  | 'call_limited';

/** What makes a line one of these. */
export function signal(event: SignalEvent) {
  return { event, schema: SCHEMA };
}
