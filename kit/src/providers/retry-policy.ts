/**
 * Decides whether and when an address is tried again; pure: time and randomness are arguments.
 */
import type { Http2Answer } from './http2/answer';
import type { RetryCause } from '../model/outcome';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Resends at once of a provably unprocessed request; after that it waits like any other. */
const MAX_IMMEDIATE_RESENDS = 3;
/** FCM: wait at least 10 s before the first retry (scale-fcm). */
const FCM_FIRST_WAIT = 10 * SECOND;
/** FCM: 60 s after a 429 without `Retry-After` (scale-fcm). */
const FCM_QUOTA_WAIT = MINUTE;
/** No provider says; a credential that was refused twice is hardly fixed within seconds. */
const CREDENTIAL_WAIT = MINUTE;
/** Apple: a 5xx may be retried after 15 minutes (Handling notification responses from APNs). */
const APNS_FIRST_WAIT = 15 * MINUTE;
/** Apple gives no number for a device that gets too many; a minute lets its budget recover. */
const APNS_QUOTA_WAIT = MINUTE;
/** The longest single wait that back-off alone asks for. */
const MAX_BACKOFF = 15 * MINUTE;
/** FCM: if it still fails after 60 minutes, stop (scale-fcm). */
const FCM_GIVE_UP_AFTER = HOUR;
/** APNs outages are waited out for longer, because its first wait alone is a quarter of an hour. */
const APNS_GIVE_UP_AFTER = 4 * HOUR;

interface Waits {
  readonly firstMs: number;
  readonly maxBackoffMs: number;
  readonly giveUpAfterMs: number;
}

/** How long each is waited for. `cli/reasons` says so in words. */
export const WAITS: Readonly<Record<RetryCause, Waits>> = {
  unprocessed: fcm(FCM_FIRST_WAIT),
  unknown: fcm(FCM_FIRST_WAIT),
  credential: fcm(CREDENTIAL_WAIT),
  'fcm-unavailable': fcm(FCM_FIRST_WAIT),
  'fcm-quota': fcm(FCM_QUOTA_WAIT),
  'apns-unavailable': {
    firstMs: APNS_FIRST_WAIT,
    maxBackoffMs: HOUR,
    giveUpAfterMs: APNS_GIVE_UP_AFTER,
  },
  'apns-quota': {
    firstMs: APNS_QUOTA_WAIT,
    maxBackoffMs: MAX_BACKOFF,
    giveUpAfterMs: APNS_GIVE_UP_AFTER,
  },
};

function fcm(firstMs: number): Waits {
  return { firstMs, maxBackoffMs: MAX_BACKOFF, giveUpAfterMs: FCM_GIVE_UP_AFTER };
}

export interface RetryQuestion {
  readonly cause: RetryCause;
  /** Tries made so far, at least 1. */
  readonly attempts: number;
  /** Wait the provider asked for, ms. */
  readonly retryAfterMs?: number;
  /** Times in ms since 1970. */
  readonly now: number;
  readonly firstFailureAt: number;
  readonly expiresAt: number;
  /** Chance in [0, 1). */
  readonly random: number;
}

export type RetryDecision =
  | { readonly kind: 'later'; readonly at: number }
  | { readonly kind: 'give-up'; readonly reason: 'expired' | 'retries-used-up' };

/** Whether a request may be sent again at once: only if it was provably never processed, and a bounded number of times. */
export function mayResendNow(answer: Http2Answer, resends: number): boolean {
  return (
    answer.kind === 'no-response' && answer.processed === 'never' && resends < MAX_IMMEDIATE_RESENDS
  );
}

/**
 * A wait is the cause's first wait, or `Retry-After` if that is longer, plus a random part of first wait × 2^(attempts − 1).
 * It is given up when the push would be stale by then, or when the provider's patience (an hour for FCM) is over.
 */
export function decideRetry(question: RetryQuestion): RetryDecision {
  const { cause, attempts, retryAfterMs = 0, now, firstFailureAt, expiresAt, random } = question;
  if (now >= expiresAt) return { kind: 'give-up', reason: 'expired' };
  const { firstMs, maxBackoffMs, giveUpAfterMs } = WAITS[cause];
  const spread = Math.min(firstMs * 2 ** (attempts - 1), maxBackoffMs);
  const at = now + Math.max(firstMs, retryAfterMs) + Math.floor(random * spread);
  if (at >= expiresAt) return { kind: 'give-up', reason: 'expired' };
  if (at - firstFailureAt > giveUpAfterMs) return { kind: 'give-up', reason: 'retries-used-up' };
  return { kind: 'later', at };
}
