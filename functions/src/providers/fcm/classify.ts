/**
 * Reads FCM's answer to one send: the outcome, or the doubt that has to be cleared before there is one.
 *
 * Decides from status and structured details, never from message texts: those were seen to change and to lie.
 */
import { z } from 'zod';
import type { Http2Answer } from '../http2/answer';
import { DELIVERED, type Outcome } from '../outcome';
import { retryAfterMs } from '../retry-after';

export type FcmVerdict =
  | { readonly kind: 'outcome'; readonly outcome: Outcome }
  /** The answer blames the address, but such answers were seen for live addresses: ask again with a minimal payload. */
  | { readonly kind: 'suspect'; readonly code: string }
  /** Our access token was not accepted: fetch a new one and send once more. */
  | { readonly kind: 'credential' };

const PREFIX = 'type.googleapis.com/';
const FCM_ERROR = `${PREFIX}google.firebase.fcm.v1.FcmError`;
const APNS_ERROR = `${PREFIX}google.firebase.fcm.v1.ApnsError`;
const BAD_REQUEST = `${PREFIX}google.rpc.BadRequest`;

const errorBody = z.object({
  error: z.object({
    status: z.string().optional(),
    details: z.array(z.looseObject({ '@type': z.string() })).default([]),
  }),
});
const fcmError = z.object({ errorCode: z.string() });
const apnsError = z.object({ statusCode: z.number().optional(), reason: z.string().optional() });
const badRequest = z.object({
  fieldViolations: z.array(z.object({ field: z.string().default('') })),
});

/** Fields of a request that hold the address; a violation of any other is the payload's fault. */
const ADDRESS_FIELDS = new Set(['message.token', 'message.fid']);
/** What APNs says of a device that is gone, as FCM passes it on (with a 404 or a 400). */
const APNS_GONE = new Set(['Unregistered', 'ExpiredToken']);

interface FcmFault {
  readonly status: number;
  readonly canonical: string;
  readonly errorCode: string | undefined;
  readonly apns: z.infer<typeof apnsError> | undefined;
  readonly violatedFields: readonly string[];
}

/**
 * Classifies one answer. `now` (ms since 1970) is for a `Retry-After` given as a date.
 *
 * @see https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode
 */
export function classifyFcm(answer: Http2Answer, now: number): FcmVerdict {
  if (answer.kind === 'no-response') {
    return retry(answer.processed === 'never' ? 'unprocessed' : 'unknown', answer.reason);
  }
  const json = parseJson(answer.body);
  const wait = retryAfterMs(answer.headers['retry-after'], now);
  if (answer.status === 200 && isSuccess(json)) return outcome(DELIVERED);
  const fault = readFault(answer.status, json);
  // Google's front end in trouble answers HTML, with any status: nothing is known of the address.
  if (fault === undefined) return retry('unknown', `HTTP_${answer.status}_UNREADABLE`, wait);
  return classifyFault(fault, wait);
}

function classifyFault(fault: FcmFault, wait: number | undefined): FcmVerdict {
  const { status, errorCode, apns } = fault;
  const code = errorCode ?? fault.canonical;

  if (apns !== undefined && (apns.statusCode === 410 || APNS_GONE.has(apns.reason ?? ''))) {
    return outcome({ kind: 'unregistered', code: `APNS_${apns.reason ?? '410'}` });
  }
  if (errorCode === 'UNREGISTERED') return outcome({ kind: 'unregistered', code });
  if (errorCode === 'THIRD_PARTY_AUTH_ERROR') {
    return outcome({ kind: 'failed', code, ...(apns?.reason ? { detail: apns.reason } : {}) });
  }
  if (errorCode === 'SENDER_ID_MISMATCH') return { kind: 'suspect', code };
  if (status === 401 && errorCode === undefined) return { kind: 'credential' };
  if (status === 403) return outcome({ kind: 'failed', code });
  if (status === 429) return retry('fcm-quota', code, wait);
  if (status === 400) return classifyBadRequest(fault, code);
  // Without FcmError a 404 may mean a wrong project id, which every address would get.
  if (status === 404) return { kind: 'suspect', code: 'NOT_FOUND' };
  // 500, 503 and whatever is outside the documented table: FCM's trouble, never the address's.
  return retry('fcm-unavailable', code, wait);
}

function classifyBadRequest(fault: FcmFault, code: string): FcmVerdict {
  const payloadField = fault.violatedFields.find((field) => !ADDRESS_FIELDS.has(field));
  if (payloadField !== undefined) return outcome({ kind: 'rejected', code, detail: payloadField });
  if (fault.apns !== undefined && fault.apns.reason !== 'BadDeviceToken') {
    const reason = fault.apns.reason ?? String(fault.apns.statusCode);
    return outcome({ kind: 'rejected', code, detail: reason });
  }
  return { kind: 'suspect', code };
}

function readFault(status: number, json: unknown): FcmFault | undefined {
  const parsed = errorBody.safeParse(json);
  if (!parsed.success) return undefined;
  const { details, status: canonical } = parsed.data.error;
  const detail = (type: string): unknown => details.find((entry) => entry['@type'] === type);
  return {
    status,
    canonical: canonical ?? `HTTP_${status}`,
    errorCode: fcmError.safeParse(detail(FCM_ERROR)).data?.errorCode,
    apns: apnsError.safeParse(detail(APNS_ERROR)).data,
    violatedFields:
      badRequest.safeParse(detail(BAD_REQUEST)).data?.fieldViolations.map(({ field }) => field) ??
      [],
  };
}

function isSuccess(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'name' in json;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function outcome(value: Outcome): FcmVerdict {
  return { kind: 'outcome', outcome: value };
}

function retry(
  cause: Extract<Outcome, { kind: 'retry' }>['cause'],
  code: string,
  wait?: number,
): FcmVerdict {
  return outcome({
    kind: 'retry',
    cause,
    code,
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
}
