/**
 * What a provider said of one address, reduced to what we do about it.
 */

/** Why an address may be tried again; each kind has its own wait (see `retry-policy.ts`). */
export type RetryCause =
  /** The provider never acted on the request: it cannot be reached, or resends at once were used up. */
  | 'unprocessed'
  /** Time-out, reset or unreadable answer: it may have been acted on. */
  | 'unknown'
  /** Our credential was refused, a fresh one, too, or none could be had: nothing was processed, and somebody may have to act. */
  | 'credential'
  /** FCM 500 or 503. */
  | 'fcm-unavailable'
  /** FCM 429. */
  | 'fcm-quota'
  /** APNs 500 or 503. */
  | 'apns-unavailable'
  /** APNs 429 for this device or for the provider token. */
  | 'apns-quota';

export type Outcome =
  /** The provider accepted the push for this address. */
  | {
      readonly kind: 'delivered';
      /** In a dry run: would be sent, but the provider has no way to check it without sending. */
      readonly unchecked?: true;
    }
  /** The address is definitely dead: prune it. */
  | { readonly kind: 'unregistered'; readonly code: string }
  /** This push is not acceptable (payload, header, or an address that could not be proven dead): do not prune. */
  | { readonly kind: 'rejected'; readonly code: string; readonly detail?: string }
  /** Our credential or configuration is at fault, or retries ended: do not prune, tell the operator. */
  | { readonly kind: 'failed'; readonly code: string; readonly detail?: string }
  /** Never begun, because the caller said that no more may begin: no answer of the provider, and no try of this address. */
  | {
      readonly kind: 'unsent';
      /** Its person is not to be told before `until`, ms since 1970, and why. */
      readonly held?: { readonly until: number; readonly why: string };
    }
  /** Try again later, not sooner than `retryAfterMs` from now where the provider asked for a wait. */
  | {
      readonly kind: 'retry';
      readonly code: string;
      readonly cause: RetryCause;
      readonly retryAfterMs?: number;
      /** For the log, where the code does not say all. */
      readonly detail?: string;
    };

/** One shared value, so that 100,000 deliveries do not cost 100,000 objects. */
export const DELIVERED: Outcome = Object.freeze({ kind: 'delivered' });

/** One shared value, as above. */
export const UNSENT = Object.freeze({ kind: 'unsent' }) satisfies Outcome;
