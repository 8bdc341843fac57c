/**
 * Reads FCM's answer to one send: the outcome, or the doubt that has to be cleared before there is one.
 *
 * Decides from status and structured details, never from message texts: those were seen to change and to lie.
 */
import * as z from 'zod';
import { once } from '../../model/once';
import type { Http2Answer } from '../http2/answer';
import { DELIVERED, type Outcome } from '../../model/outcome';
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

/** Names go into the ledger: whatever is not shaped like one (a long text, an address) is not taken from the answer. */
const name = () => z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/);
const fieldPath = () => z.string().regex(/^[\w.[\]-]{1,100}$/);

const errorBody = once(() =>
  z.object({
    error: z.object({
      status: name().optional().catch(undefined),
      details: z.array(z.unknown()).catch([]),
    }),
  }),
);
const typed = once(() => z.object({ '@type': z.string() }));
const fcmError = once(() => z.object({ errorCode: name() }));
const apnsError = once(() =>
  z.object({
    statusCode: z.number().optional().catch(undefined),
    reason: name().optional().catch(undefined),
  }),
);
const badRequest = once(() =>
  z.object({
    fieldViolations: z.array(z.object({ field: fieldPath().catch('unnamed field') })),
  }),
);

const ACCEPTED: FcmVerdict = outcome(DELIVERED);

/** Fields of a request that hold the address; a violation of any other is the payload's fault. */
const ADDRESS_FIELDS = new Set(['message.token', 'message.fid']);
/** What APNs says of a device that is gone, as FCM passes it on (with a 404 or a 400). */
const APNS_GONE = new Set(['Unregistered', 'ExpiredToken']);
/** Codes that tell of FCM's own trouble, whatever the status. */
const FCM_TROUBLE = new Set(['UNSPECIFIED_ERROR', 'INTERNAL', 'UNAVAILABLE']);

interface FcmFault {
  readonly status: number;
  readonly canonical: string;
  readonly errorCode: string | undefined;
  readonly apns: z.infer<ReturnType<typeof apnsError>> | undefined;
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
  if (answer.status === 200 && isSuccess(json)) return ACCEPTED;
  const wait = retryAfterMs(answer.headers['retry-after'], now);
  const fault = readFault(answer.status, json);
  // Google's front end in trouble answers HTML, with any status: nothing is known of the address.
  if (fault === undefined || answer.status < 400) {
    return retry('unknown', `HTTP_${answer.status}_UNREADABLE`, wait);
  }
  return classifyFault(fault, wait);
}

function classifyFault(fault: FcmFault, wait: number | undefined): FcmVerdict {
  const { status, errorCode, apns } = fault;
  const code = errorCode ?? fault.canonical;

  if (apns !== undefined && (apns.statusCode === 410 || APNS_GONE.has(apns.reason ?? ''))) {
    return outcome({ kind: 'unregistered', code: `APNS_${apns.reason ?? '410'}` });
  }
  if (errorCode !== undefined && FCM_TROUBLE.has(errorCode)) {
    return retry('fcm-unavailable', code, wait);
  }
  if (errorCode === 'THIRD_PARTY_AUTH_ERROR') {
    return outcome({ kind: 'failed', code, ...(apns?.reason ? { detail: apns.reason } : {}) });
  }
  switch (status) {
    case 400:
      return classifyBadRequest(fault, code);
    case 401:
      return errorCode === undefined ? { kind: 'credential' } : outcome({ kind: 'failed', code });
    case 403:
      if (errorCode === 'SENDER_ID_MISMATCH') return { kind: 'suspect', code };
      return outcome({ kind: 'failed', code });
    case 404:
      if (errorCode === 'UNREGISTERED') return outcome({ kind: 'unregistered', code });
      // Without FcmError a 404 may mean a wrong project id, which every address would get.
      return { kind: 'suspect', code };
    case 429:
      return retry('fcm-quota', code, wait);
    default:
      // Whatever is outside the documented table is FCM's trouble, never the address's.
      return retry('fcm-unavailable', code, wait);
  }
}

function classifyBadRequest(fault: FcmFault, code: string): FcmVerdict {
  const { apns, errorCode, violatedFields } = fault;
  const payloadField = violatedFields.find((field) => !ADDRESS_FIELDS.has(field));
  if (payloadField !== undefined) return outcome({ kind: 'rejected', code, detail: payloadField });
  if (apns !== undefined && apns.reason !== 'BadDeviceToken') {
    // APNs says 403 of the operator's key or team, and 400 or 413 of the payload.
    const kind = apns.statusCode === 403 ? 'failed' : 'rejected';
    const detail = apns.reason ?? `APNs ${apns.statusCode ?? 'error'}`;
    return outcome({ kind, code, detail });
  }
  // FCM's own INVALID_ARGUMENT, with nothing else blamed, stands for a token it cannot read, but for other faults too.
  const blamesAddress = violatedFields.length > 0 || errorCode === 'INVALID_ARGUMENT';
  return blamesAddress ? { kind: 'suspect', code } : outcome({ kind: 'rejected', code });
}

/** `{ "name": "projects/…" }`; a plain look, because nearly every answer is one. */
function isSuccess(json: unknown): boolean {
  return (
    typeof json === 'object' && json !== null && 'name' in json && typeof json.name === 'string'
  );
}

function readFault(status: number, json: unknown): FcmFault | undefined {
  const parsed = errorBody().safeParse(json);
  if (!parsed.success) return undefined;
  const { details, status: canonical } = parsed.data.error;
  const detail = (type: string): unknown =>
    details.find((entry) => typed().safeParse(entry).data?.['@type'] === type);
  const violations = badRequest().safeParse(detail(BAD_REQUEST)).data?.fieldViolations ?? [];
  return {
    status,
    canonical: canonical ?? `HTTP_${status}`,
    errorCode: fcmError().safeParse(detail(FCM_ERROR)).data?.errorCode,
    apns: apnsError().safeParse(detail(APNS_ERROR)).data,
    violatedFields: violations.map(({ field }) => field),
  };
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
