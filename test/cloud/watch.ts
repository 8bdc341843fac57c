/**
 * Google's monitoring for a cloud: makes points of what the instances log, as the metrics of `monitoring/` say, and knows which alerts
 * would open an incident.
 */
import { ALERTS, METRICS } from '../../scripts/monitoring/files.ts';
import { isFiring, type TimedPoint } from '../../scripts/monitoring/firing.ts';
import { entryOf, pointOf, type LogEntry } from '../../scripts/monitoring/points.ts';
import type { Cloud } from './cloud.ts';
import type { Instance } from './fleet.ts';

const MINUTE_MS = 60_000;

export class Watch {
  /** What was logged since the watch began, in order. */
  readonly entries: LogEntry[] = [];
  readonly points: TimedPoint[] = [];
  /** Names of the alerts that would have opened an incident at any minute since. */
  readonly fired = new Set<string>();
  private readonly cloud: Cloud;
  private readonly read = new Map<Instance, number>();

  constructor(cloud: Cloud) {
    this.cloud = cloud;
  }

  /** Names of the alerts whose condition is met now. */
  get firing(): string[] {
    const now = this.cloud.clock.now();
    return [...ALERTS].flatMap(([name, alert]) =>
      isFiring(alert, this.points, now) ? [name] : [],
    );
  }

  /** Takes in what was logged; a line is as old as the look at it. */
  look(): void {
    const at = this.cloud.clock.now();
    for (const instance of this.cloud.fleet.instances) {
      const lines = instance.log.slice(this.read.get(instance) ?? 0);
      this.read.set(instance, instance.log.length);
      for (const line of lines) this.take(line, at);
    }
    for (const name of this.firing) this.fired.add(name);
  }

  /** Lets so many minutes pass, and looks after each. */
  async pass(minutes: number): Promise<void> {
    for (let minute = 0; minute < minutes; minute += 1) {
      await this.cloud.pass(MINUTE_MS);
      this.look();
    }
  }

  /** Waits, in real time, until the alert has fired. */
  async untilFired(name: string): Promise<void> {
    await this.cloud.until(() => {
      this.look();
      return this.fired.has(name);
    }, `the alert ${name} fired`);
  }

  private take(line: string, at: number): void {
    const entry = entryOf(line);
    if (entry === undefined) return;
    this.entries.push(entry);
    for (const metric of METRICS.values()) {
      const point = pointOf(metric, entry);
      if (point !== undefined) this.points.push({ ...point, at });
    }
  }
}
