/** How long a function may run that works through a whole collection. */

/** Longest run of a sweep, in seconds: what it does not get done is left for the next. */
export const SWEEP_SECONDS = 540;
/** It stops reading pages so long before it would be stopped. */
const SPARE_MS = 60_000;

/** When one that begins now reads its last page: ms since 1970. */
export function endOfSweep(): number {
  return Date.now() + SWEEP_SECONDS * 1000 - SPARE_MS;
}
