/** What a provider's trouble means for whoever sent the request; pure. */
import type { ApnsTrouble } from '../providers/apns-model.ts';
import type { RetryAfter, Trouble } from '../providers/exchange.ts';
import type { FcmTrouble } from '../providers/fcm-model.ts';
import { APNS_TROUBLES, FCM_TROUBLES, type TroubleKind } from '../providers/troubles.ts';
import type { Fate } from './asked.ts';

/** How a kind of trouble is called, and what it leads to. */
type Kind = Pick<TroubleKind<unknown>, 'name' | 'class'>;

const NO_TROUBLE: Fate = { isTroubled: false, isDoubtful: false, isLasting: false };
/** The kit's client gives up on an answer after that long, ms. */
const TIMEOUT_MS = 15_000;
/** What the ways there and back take at most, ms. */
const WAYS_MS = 5_000;

/** Whether an answer that takes so long surely arrives in time, ms. */
function isHeard(ms: number): boolean {
  return ms <= TIMEOUT_MS - WAYS_MS;
}

/** Whether what an answer says may be heard or not: it arrives at about the time at which the client gives up. */
export function isClose(trouble: {
  readonly kind: string;
  readonly ms?: number;
  readonly then?: unknown;
}): boolean {
  const { kind, ms = 0, then } = trouble;
  return kind === 'slow' && then !== undefined && !isHeard(ms) && ms <= TIMEOUT_MS;
}

export function fateOfFcm(trouble: FcmTrouble | undefined): Fate {
  return fateOf(trouble, FCM_TROUBLES);
}

export function fateOfApns(trouble: ApnsTrouble | undefined): Fate {
  return fateOf(trouble, APNS_TROUBLES);
}

function fateOf(trouble: Trouble<unknown> | undefined, kinds: readonly Kind[]): Fate {
  if (trouble === undefined) return NO_TROUBLE;
  const isDoubtful =
    trouble.kind === 'slow'
      ? !isHeard(trouble.ms) || fateOf(trouble.then, kinds).isDoubtful
      : 'isAccepted' in trouble && trouble.isAccepted === true;
  return { isTroubled: true, isDoubtful, isLasting: isLasting(trouble, kinds) };
}

/** A wait after which there may be no time for another try, seconds. */
const LONG_WAIT_S = 1_000;

/** Whether the push may be lost to an address by this alone. */
function isLasting(trouble: Trouble<unknown>, kinds: readonly Kind[]): boolean {
  if (trouble.kind === 'no-response') return false;
  if (trouble.kind === 'slow') return trouble.then !== undefined && isLasting(trouble.then, kinds);
  const { what, status, retryAfter } = trouble.says as {
    readonly what: string;
    readonly status?: number;
    readonly retryAfter?: RetryAfter;
  };
  if ((secondsOf(retryAfter) ?? 0) > LONG_WAIT_S) return true;
  const name = [
    trouble.isAccepted === true ? 'accepted, then' : 'says',
    what,
    ...(status === undefined ? [] : [String(status)]),
  ].join(' ');
  const kind = kinds.find((each) => each.name.replace(/ with Retry-After$/, '') === name);
  return kind?.class !== 'passing';
}

const MINUTE = 60_000;
/** What the providers ask for at least where they say no number: FCM's scale guide, and Apple's "Handling notification responses". */
const LEAST_WAITS: Readonly<Record<string, number>> = {
  UNAVAILABLE: 10_000,
  INTERNAL: 10_000,
  QUOTA_EXCEEDED: MINUTE,
  RATE_LIMIT_EXCEEDED: MINUTE,
  ServiceUnavailable: 15 * MINUTE,
  InternalServerError: 15 * MINUTE,
};

/** How long the provider asked to wait, in whole seconds as ms. */
export function waitIn(trouble: FcmTrouble | ApnsTrouble | undefined): number | undefined {
  if (trouble?.kind === 'slow') return isHeard(trouble.ms) ? waitIn(trouble.then) : undefined;
  if (trouble?.kind !== 'answer') return undefined;
  const { retryAfter, status } = trouble.says as {
    readonly retryAfter?: RetryAfter;
    readonly status?: number;
  };
  const least = LEAST_WAITS[(trouble.says as { readonly what: string }).what];
  const seconds = secondsOf(retryAfter);
  if (seconds === undefined) return least;
  // Only an answer that asks for another try asks for a wait.
  const isAsking = status === undefined || status === 429 || status >= 500;
  return isAsking ? Math.max(least ?? 0, seconds * 1000) : undefined;
}

/** How long to wait, whole seconds; a date says so less exactly. */
function secondsOf(retryAfter: RetryAfter | undefined): number | undefined {
  if (retryAfter === undefined || 'text' in retryAfter) return undefined;
  return 'seconds' in retryAfter ? retryAfter.seconds : Math.max(0, retryAfter.dateInSeconds - 2);
}
