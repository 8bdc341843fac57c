/**
 * Short names for what goes wrong on a connection, fit for a ledger: no addresses, no request content.
 */

/** RFC 9113 §7, by code. */
const HTTP2_ERRORS = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
] as const;

/** The name of an HTTP/2 error code, e.g. `REFUSED_STREAM` for 7. */
export function http2ErrorName(code: number): string {
  return HTTP2_ERRORS[code] ?? `HTTP/2 error ${code}`;
}

/** An error's code, e.g. `ECONNREFUSED`, or its message where it has none. */
export function errorName(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
