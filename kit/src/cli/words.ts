/** Numbers and times in what commands say; pure. */

/** `1 device`, `1,200 devices`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

/** ISO 8601. */
export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** `0.4 s`, `3 min 20 s`, `2 h 5 min`, `3 d 1 h`. */
export function durationOf(ms: number): string {
  if (ms <= 0) return '0 s';
  // Rounded first, so that no minute has 60 seconds.
  const tenths = Math.max(1, Math.round(ms / 100));
  if (tenths < 600) return `${tenths / 10} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return two(seconds, 60, 'min', 's');
  const minutes = Math.round(seconds / 60);
  if (minutes < 48 * 60) return two(minutes, 60, 'h', 'min');
  return two(Math.round(minutes / 60), 24, 'd', 'h');
}

function two(count: number, per: number, large: string, small: string): string {
  const rest = count % per;
  return `${Math.floor(count / per)} ${large}${rest === 0 ? '' : ` ${rest} ${small}`}`;
}
