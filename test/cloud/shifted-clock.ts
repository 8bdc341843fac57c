/**
 * Loaded before anything else in an instance: `Date` tells the cloud's time, plus this machine's skew.
 *
 * The time is read from a file at every call, so that an instance that was stopped sees what has passed with the first line that
 * it runs. Timers and `performance.now()` stay real, as they are on a machine that was suspended.
 */
import { openSync, readSync } from 'node:fs';

const file = openSync(process.env['CLOUD_CLOCK'] as string, 'r');
const skewMs = Number(process.env['CLOUD_CLOCK_SKEW_MS']);
const offsetMs = new Float64Array(1);
const bytes = new Uint8Array(offsetMs.buffer);

const RealDate = Date;
const realNow = Date.now;

function now(): number {
  readSync(file, bytes, 0, bytes.length, 0);
  return Math.round(realNow() + (offsetMs[0] as number) + skewMs);
}

RealDate.now = now;
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as Date,
  apply: () => new RealDate(now()).toString(),
});
