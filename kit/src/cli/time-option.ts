/** Times on the command line: ages such as `2h`, and ISO times; pure. */
import { DAY_MS, HOUR_MS } from '../model/durations';
import { UsageError } from './command';

const UNITS = new Map([
  ['m', 60_000],
  ['h', HOUR_MS],
  ['d', DAY_MS],
]);

function timeOf(option: string, given: string, now: number): number {
  const [, count, unit = ''] = /^(\d{1,6})([mhd])$/.exec(given) ?? [];
  // Nothing is older than 1970, and Firestore has no time before the year 1.
  if (count !== undefined) return Math.max(0, now - Number(count) * (UNITS.get(unit) ?? 0));
  // What Date.parse takes besides differs by language and place.
  const time = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}.*)?$/.test(given) ? Date.parse(given) : NaN;
  if (!Number.isNaN(time)) return Math.max(0, time);
  throw new UsageError(
    `${option}: expected 30m, 2h, 3d or an ISO time such as 2026-11-28T08:00:00Z, got "${given}".`,
  );
}

/**
 * The times that `--since` and `--until` name, ms since 1970.
 *
 * @param now ms since 1970: ages count back from it.
 * @throws {UsageError} where one is no time, or they are the wrong way round.
 */
export function timesOf(
  { since, until }: { readonly since?: string | undefined; readonly until?: string | undefined },
  now: number,
): { readonly since?: number; readonly until?: number } {
  const from = since === undefined ? undefined : timeOf('--since', since, now);
  const to = until === undefined ? undefined : timeOf('--until', until, now);
  if (from !== undefined && to !== undefined && from > to) {
    throw new UsageError('--since: expected a time before --until.');
  }
  return {
    ...(from === undefined ? {} : { since: from }),
    ...(to === undefined ? {} : { until: to }),
  };
}
