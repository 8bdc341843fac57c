/**
 * What goes wrong on a connection to FCM or APNs: the names that `providers/http2` gives, those of Node and of the operating system.
 */
import { constants } from 'node:os';
import { own } from '../../model/own';
import type { CodeEntry } from './entry';

/** A request of unknown fate, or one that was never processed: both wait alike. */
const entry = (sentence: string): CodeEntry => ({ sentence, waits: 'unknown' });

const REACH =
  'If it lasts, check that the functions’ network (VPC connector, firewall) lets them reach fcm.googleapis.com and api.push.apple.com on port 443.';
const CERTIFICATE =
  'Something between the functions and the provider breaks TLS open: take it out of the way to fcm.googleapis.com and api.push.apple.com.';

/** HTTP/2's own errors (RFC 9113 §7), with which the provider resets a request. */
export const HTTP2_CODES: Readonly<Record<string, CodeEntry>> = {
  NO_ERROR: entry('The provider closed the request without an answer.'),
  PROTOCOL_ERROR: entry('The provider reset the request: it calls it a breach of HTTP/2.'),
  INTERNAL_ERROR: entry('The provider reset the request because of an error of its own.'),
  FLOW_CONTROL_ERROR: entry('The provider reset the request: too much data at once.'),
  SETTINGS_TIMEOUT: entry('The provider waited in vain for the connection’s settings.'),
  STREAM_CLOSED: entry('The provider had closed the request already.'),
  FRAME_SIZE_ERROR: entry('The provider reset the request: a part of it had the wrong size.'),
  REFUSED_STREAM: entry('The provider refused the request before it looked at it.'),
  CANCEL: entry('The provider broke the request off.'),
  COMPRESSION_ERROR: entry('The provider could not read the headers of the request.'),
  CONNECT_ERROR: entry('The provider’s connection behind the request broke.'),
  ENHANCE_YOUR_CALM: entry('The provider reset the request because it got too many.'),
  INADEQUATE_SECURITY: entry('The provider calls the connection’s encryption too weak.'),
  HTTP_1_1_REQUIRED: entry('The provider takes this request over HTTP/1.1 only.'),
};

/** Sentences of `providers/http2`, each with how its numbers are left out. */
export const CONNECTION_PATTERNS: readonly (readonly [
  example: string,
  pattern: RegExp,
  entry: CodeEntry,
])[] = [
  ['timeout after … ms', /^timeout after \d+ ms$/, entry('The provider did not answer in time.')],
  [
    'no HTTP/2 connection within … ms',
    /^no HTTP\/2 connection within \d+ ms$/,
    {
      ...entry('The provider could not be connected to in time.'),
      remedy: REACH,
      severity: 'note',
    },
  ],
  [
    'the server allowed no streams for … ms',
    /^the server allowed no streams for \d+ ms$/,
    entry('The provider accepted the connection, but took no request on it.'),
  ],
  [
    'response longer than … bytes',
    /^response longer than \d+ bytes$/,
    entry('The answer was far too long to be one of the provider’s.'),
  ],
  ['HTTP/2 error …', /^HTTP\/2 error \d+$/, entry('The provider reset the request.')],
  ['GOAWAY …', /^GOAWAY \S.*$/, entry('The provider ended the connection.')],
  ['connection closed', /^connection closed$/, entry('The connection ended before the answer.')],
  [
    'connection closed before HTTP/2 settings',
    /^connection closed before HTTP\/2 settings$/,
    entry('The connection ended before it could be used.'),
  ],
  [
    'not sent in time',
    /^not sent in time$/,
    entry('Its turn on the connection did not come in time.'),
  ],
  ['client closed', /^client closed$/, entry('The functions were closing their connections.')],
];

/** Names of DNS that Node has beside the operating system's. */
const NAME_LOOKUP = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EAI_NODATA',
  'EAI_NONAME',
  'ENODATA',
  'ESERVFAIL',
  'EREFUSED',
]);
/** Node's names of what may be wrong with a certificate. */
const CERTIFICATES =
  /^(?:ERR_TLS_CERT_\w+|CERT_\w+|UNABLE_TO_(?:GET|VERIFY|DECRYPT|DECODE)_\w+|(?:DEPTH_ZERO_)?SELF_SIGNED_CERT\w*|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH_EXCEEDED|INVALID_PURPOSE)$/;

/** The meaning of what went wrong on a connection; undefined for what is no such code. */
export function connectionEntry(code: string): CodeEntry | undefined {
  const reset = own(HTTP2_CODES, code);
  if (reset !== undefined) return reset;
  const found = CONNECTION_PATTERNS.find(([, pattern]) => pattern.test(code));
  if (found !== undefined) return found[2];
  if (NAME_LOOKUP.has(code)) {
    return {
      ...entry(`The name of the provider’s server could not be looked up (${code}).`),
      remedy: REACH,
      severity: 'note',
    };
  }
  if (CERTIFICATES.test(code)) {
    return {
      ...entry(`The server’s certificate is not the provider’s (${code}).`),
      remedy: CERTIFICATE,
    };
  }
  if (Object.hasOwn(constants.errno, code)) {
    return {
      ...entry(`The network failed between the functions and the provider (${code}).`),
      remedy: REACH,
      severity: 'note',
    };
  }
  if (/^ERR_[A-Z0-9_]{3,60}$/.test(code)) {
    return entry(`The connection to the provider failed in Node (${code}).`);
  }
  return undefined;
}
