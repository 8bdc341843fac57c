/** What a provider's trouble means for whoever sent the request; pure. */
import type { ApnsTrouble } from '../providers/apns-model.ts';
import type { RetryAfter, Trouble } from '../providers/exchange.ts';
import type { FcmTrouble } from '../providers/fcm-model.ts';
import type { Fate } from './witness.ts';

const NO_TROUBLE: Fate = { isTroubled: false, isDoubtful: false };
/** The kit's client gives up on an answer after that long, ms. */
const TIMEOUT_MS = 15_000;

export function fateOfFcm(trouble: FcmTrouble | undefined): Fate {
  return fateOf(trouble);
}

export function fateOfApns(trouble: ApnsTrouble | undefined): Fate {
  return fateOf(trouble);
}

function fateOf(trouble: Trouble<unknown> | undefined): Fate {
  if (trouble === undefined) return NO_TROUBLE;
  const isDoubtful =
    trouble.kind === 'slow'
      ? trouble.ms > TIMEOUT_MS - 5_000 || fateOf(trouble.then).isDoubtful
      : 'isAccepted' in trouble && trouble.isAccepted === true;
  return { isTroubled: true, isDoubtful };
}

/** How long the provider asked to wait, in whole seconds as ms. */
export function waitIn(trouble: FcmTrouble | ApnsTrouble | undefined): number | undefined {
  if (trouble?.kind !== 'answer') return undefined;
  const { retryAfter, status } = trouble.says as {
    readonly retryAfter?: RetryAfter;
    readonly status?: number;
  };
  if (retryAfter === undefined || !('seconds' in retryAfter)) return undefined;
  // Only an answer that asks for another try asks for a wait.
  const isAsking = status === undefined || status === 429 || status >= 500;
  return isAsking ? retryAfter.seconds * 1000 : undefined;
}
