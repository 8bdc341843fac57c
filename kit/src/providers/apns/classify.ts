/**
 * Reads APNs' answer to one push: the outcome, or what has to be done before there is one.
 *
 * Only a 410 prunes from here, and only if the device was not registered after it.
 */
import * as z from 'zod';
import { once } from '../../model/once';
import type { Http2Answer } from '../http2/answer';
import { DELIVERED, type Outcome } from '../../model/outcome';
import { retryAfterMs } from '../retry-after';
import { actionFor } from './reasons';

export type ApnsVerdict =
  | { readonly kind: 'outcome'; readonly outcome: Outcome }
  /** The address is not of this environment, or of none. */
  | { readonly kind: 'wrong-environment'; readonly code: string }
  /** Our credential is not accepted: unless it was a moment ago, `outcome` is that of every other push, too. */
  | {
      readonly kind: 'credential';
      readonly outcome: Extract<Outcome, { kind: 'failed' | 'retry' }>;
    }
  /** The provider token is said to be too old. */
  | { readonly kind: 'token-expired'; readonly code: string }
  /** The provider token is one update too many; `outcome` is that of every other push for now, too. */
  | { readonly kind: 'token-too-new'; readonly outcome: Outcome }
  /** The connection ended and took nothing: send again at once, else `outcome`. */
  | { readonly kind: 'resend'; readonly outcome: Outcome };

export interface ClassifyContext {
  /** ms since 1970, for a `Retry-After` given as a date. */
  readonly now: number;
  /** When the app last registered the address, ms since 1970. */
  readonly refreshedAt?: number | undefined;
}

const errorBody = once(() =>
  z.object({
    reason: z.string().min(1).max(100),
    /** ms since 1970; with 410: when APNs found that the app was gone. */
    timestamp: z.number().optional().catch(undefined),
  }),
);

const ACCEPTED = outcome(DELIVERED);

type RetryOutcome = Extract<Outcome, { kind: 'retry' }>;

/** Classifies one answer. */
export function classifyApns(answer: Http2Answer, context: ClassifyContext): ApnsVerdict {
  if (answer.kind === 'no-response') {
    return outcome(retry(answer.processed === 'never' ? 'unprocessed' : 'unknown', answer.reason));
  }
  const { status, body, headers } = answer;
  // Apple's success has an empty body; a proxy's page does not.
  if (status === 200 && body === '') return ACCEPTED;
  const wait = retryAfterMs(headers['retry-after'], context.now);
  const fault = errorBody().safeParse(parseJson(body)).data;
  if (fault === undefined || status < 400) {
    const cause = body === '' && status >= 500 ? 'apns-unavailable' : 'unknown';
    return outcome(retry(cause, `HTTP_${status}_UNREADABLE`, wait));
  }
  return classifyFault(status, fault, wait, context.refreshedAt);
}

function classifyFault(
  status: number,
  { reason: code, timestamp }: z.infer<ReturnType<typeof errorBody>>,
  wait: number | undefined,
  refreshedAt: number | undefined,
): ApnsVerdict {
  switch (actionFor(status, code)) {
    case 'fix-request':
      return outcome({ kind: 'rejected', code });
    case 'fix-configuration':
      return outcome({ kind: 'failed', code });
    case 'fix-credential':
      return { kind: 'credential', outcome: retry('credential', code, wait) };
    case 'fix-environment':
      return { kind: 'credential', outcome: { kind: 'failed', code } };
    case 'try-other-environment':
      return { kind: 'wrong-environment', code };
    case 'prune-if-not-refreshed':
      return outcome(
        timestamp !== undefined && refreshedAt !== undefined && refreshedAt >= timestamp
          ? { kind: 'rejected', code, detail: 'the app has registered the address again since' }
          : { kind: 'unregistered', code },
      );
    case 'renew-token':
      return { kind: 'token-expired', code };
    case 'hold-token':
      return { kind: 'token-too-new', outcome: retry('apns-quota', code, wait) };
    case 'slow-down':
      return outcome(retry('apns-quota', code, wait));
    case 'reconnect':
      return {
        kind: 'resend',
        outcome: retry(status >= 500 ? 'apns-unavailable' : 'unprocessed', code, wait),
      };
    case 'retry-later':
      return outcome(retry('apns-unavailable', code, wait));
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function outcome(value: Outcome): ApnsVerdict {
  return { kind: 'outcome', outcome: value };
}

function retry(cause: RetryOutcome['cause'], code: string, wait?: number): RetryOutcome {
  return { kind: 'retry', cause, code, ...(wait === undefined ? {} : { retryAfterMs: wait }) };
}
