/** Cloud Scheduler: calls every function that has a schedule, each time the cloud's clock passes it. */
import type { Clock } from './clock.ts';
import type { Fleet } from './fleet.ts';

const UNITS_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000 };

/** The period of `every 5 minutes`, ms. */
function periodOf(schedule: string): number {
  const [, count, unit] = /^every (\d+) (minute|hour)s?$/.exec(schedule) ?? [];
  if (count === undefined || unit === undefined) {
    throw new Error(`Expected a schedule like "every 5 minutes", got "${schedule}".`);
  }
  return Number(count) * (UNITS_MS[unit] as number);
}

/** Begins to call what has a schedule; the first time after one period. */
export function runSchedules(clock: Clock, fleet: Fleet, paused: ReadonlySet<string>): void {
  for (const [name, { scheduleTrigger }] of Object.entries(fleet.endpoints)) {
    if (scheduleTrigger === undefined) continue;
    const period = periodOf(scheduleTrigger.schedule);
    const tick = (at: number): void => {
      clock.at(at, () => {
        const headers = {
          'content-type': 'application/json',
          'x-cloudscheduler-jobname': name,
          'x-cloudscheduler-scheduletime': new Date(at).toISOString(),
        };
        if (!paused.has(name)) void fleet.call(name, { headers, body: Buffer.from('{}') });
        tick(Math.max(at, clock.now()) + period);
      });
    };
    tick(clock.now() + period);
  }
}
