/**
 * Reads a `Retry-After` header, in seconds or as an HTTP date (RFC 9110 §10.2.3).
 */

/** A date with a day's name and GMT; `Date.parse` alone would read a date into almost any text. */
const HTTP_DATE = /^[A-Z][a-z]{2,8}, .* GMT$/;

/** Milliseconds to wait from `now` (ms since 1970), at least 0; `undefined` when absent or unreadable. */
export function retryAfterMs(
  header: string | string[] | undefined,
  now: number,
): number | undefined {
  const text = (Array.isArray(header) ? header[0] : header)?.trim();
  if (text === undefined || text === '') return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  if (!HTTP_DATE.test(text)) return undefined;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
