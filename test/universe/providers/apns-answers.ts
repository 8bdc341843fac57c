/**
 * What APNs says, word for word.
 */
import { reasons, type Reason } from '../../../simulator/src/apns/reasons.ts';
import type { Http2Answer } from '../../../kit/src/providers/http2/answer.ts';
import { retryAfterHeader, type RetryAfter } from './exchange.ts';

/** A reason by its name; `HTML`, `EMPTY` and `GARBAGE` come with any status, `UNHEARD_OF` is a reason that nobody knows yet. */
export interface ApnsSaid {
  readonly what: Reason | keyof typeof ODD;
  /** Default: that of the reason, else 503. */
  readonly status?: number;
  /** Of a 410: how long ago the device was found gone, ms. Default: 0. */
  readonly goneForMs?: number;
  readonly retryAfter?: RetryAfter;
}

const CONDEMNING = new Set<string>(['Unregistered', 'ExpiredToken', 'BadDeviceToken']);

/**
 * Whether the engine may call a token dead after this answer: not if it was said to be gone before there was such a token.
 *
 * @param bornAt when the token came, true time in ms since 1970, as is `now`.
 */
export function condemns({ what, goneForMs = 0 }: ApnsSaid, bornAt: number, now: number): boolean {
  return CONDEMNING.has(what) && (what === 'BadDeviceToken' || now - goneForMs >= bornAt);
}

type Response = Extract<Http2Answer, { kind: 'response' }>;

const GONE = 410;
const UNAVAILABLE = 503;
const JSON_HEADERS = { 'content-type': 'application/json' };
const NO_HEADERS = {};

const ODD = {
  HTML: '<html><body><h1>503 Service Unavailable</h1></body></html>',
  EMPTY: '',
  GARBAGE: '{"reason":"Servi',
  UNHEARD_OF: '{"reason":"SomethingNew"}',
};

/** Apple's success has no body. */
export const APNS_ACCEPTED: Response = {
  kind: 'response',
  status: 200,
  headers: NO_HEADERS,
  body: '',
};

/** An answer that a trouble puts in Apple's mouth. `now`: true time, ms since 1970. */
export function apnsAnswer(
  { what, status, goneForMs = 0, retryAfter }: ApnsSaid,
  now: number,
): Response {
  const headers =
    retryAfter === undefined
      ? JSON_HEADERS
      : { ...JSON_HEADERS, 'retry-after': retryAfterHeader(retryAfter, now) };
  const plain = (body: string): Response => ({
    kind: 'response',
    status: status ?? UNAVAILABLE,
    headers,
    body,
  });
  if (what in ODD) return plain(ODD[what as keyof typeof ODD]);
  const reason = what as Reason;
  return refusal(reason, status ?? reasons[reason], headers, now - goneForMs);
}

/** Apple's own refusal. `goneAt`, of a 410: since when the device is gone, ms since 1970. */
export function apnsRefusal(reason: Reason, goneAt?: number): Response {
  return refusal(reason, reasons[reason], JSON_HEADERS, goneAt);
}

function refusal(
  reason: Reason,
  status: number,
  headers: Response['headers'],
  goneAt = 0,
): Response {
  const body =
    status === GONE
      ? `{"reason":"${reason}","timestamp":${Math.floor(goneAt)}}`
      : `{"reason":"${reason}"}`;
  return { kind: 'response', status, headers, body };
}
