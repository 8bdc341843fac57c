/**
 * Names of time zones that this runtime knows; pure.
 */

/**
 * The name as it is.
 *
 * @throws where it is none of an IANA time zone, such as `Europe/Berlin`.
 */
export function timeZone(name: string): string {
  if (isTimeZone(name)) return name;
  throw new Error(
    `DEFAULT_TIME_ZONE: expected the name of an IANA time zone, such as Europe/Berlin, got "${name}".`,
  );
}

export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
