/** How runs of worlds read in a terminal: plain lines; pure. */
import { pairsCovered, type Totals } from './totals.ts';

/** Pairs that are named one by one when they are missing. */
const FEW_PAIRS = 12;
const HOUR_MS = 3_600_000;

/** @param kinds every kind of fault that there is; default: those that took effect. */
export function summaryLines(
  totals: Totals,
  seconds: number,
  kinds: readonly string[] | undefined,
): string[] {
  const hours = totals.virtualMs / HOUR_MS;
  const perSecond = (value: number): string => shown(value / Math.max(seconds, 0.001));
  const faults = Object.entries(totals.faults).sort(([, a], [, b]) => b - a);
  const never = (kinds ?? []).filter((kind) => !Object.hasOwn(totals.faults, kind));
  const { covered, possible, missing } = pairsCovered(totals, kinds);
  return [
    `${shown(totals.worlds)} worlds in ${shown(seconds)} s: ${perSecond(totals.worlds)} a second`,
    `simulated: ${shown(hours)} hours, ${perSecond(hours)} for each real second`,
    `events: ${shown(totals.events)}, ${perSecond(totals.events)} a second`,
    `deliveries: ${shown(totals.deliveries)}; phones rang ${shown(totals.rings)} times`,
    `faults that took effect: ${shown(faults.reduce((sum, [, times]) => sum + times, 0))} of ${faults.length} kinds`,
    ...faults.map(([kind, times]) => `  ${kind}: ${shown(times)}`),
    ...(never.length === 0 ? [] : [`faults that never took effect: ${never.join(', ')}`]),
    `pairs of faults that met in one world: ${covered} of ${possible}`,
    ...(missing.length === 0 || missing.length > FEW_PAIRS
      ? []
      : [`  never: ${missing.join('; ')}`]),
  ];
}

/** One line on how far a run is. */
export function progressLine(totals: Totals, seconds: number): string {
  const rate = shown(totals.worlds / Math.max(seconds, 0.001));
  return `${shown(totals.worlds)} worlds, ${rate} a second`;
}

/** A number as people read it. */
export function shown(value: number): string {
  const isSmall = Math.abs(value) < 10 && !Number.isInteger(value);
  return value.toLocaleString('en', { maximumFractionDigits: isSmall ? 2 : 0 });
}
