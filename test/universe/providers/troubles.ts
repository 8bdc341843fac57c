/**
 * Every kind of trouble that a provider can make, how often each comes, and one drawn by chance: plain data, for a plan to keep.
 */
import type { Random } from '../time/random.ts';
import type { ApnsSaid } from './apns-answers.ts';
import type { ApnsTrouble } from './apns-model.ts';
import type { Plain, RetryAfter, Trouble } from './exchange.ts';
import type { FcmSaid } from './fcm-answers.ts';
import type { FcmTrouble } from './fcm-model.ts';

/**
 * What a trouble leads to, if it is the only one:
 * - `passing`: the push reaches the phone all the same, once more than once where it was accepted at first.
 * - `final`: this push may be lost for this address, which is kept; where APNs speaks of the credential, for all of the batch.
 * - `lie`: the push is lost, and a live address with it. Models leave these out unless they may lie.
 */
export type TroubleClass = 'passing' | 'final' | 'lie';

/** One kind of trouble. */
export interface TroubleKind<Said> {
  readonly name: string;
  readonly class: TroubleClass;
  readonly weight: number;
  draw(random: Random): Plain<Said>;
}

const DAY_MS = 86_400_000;
const UNKNOWN_REASONS = [
  'ECONNRESET',
  'INTERNAL_ERROR',
  'ERR_HTTP2_GOAWAY_SESSION',
  'connection closed',
];
const NEVER_REASONS = ['REFUSED_STREAM', 'ECONNREFUSED', 'ENOTFOUND', 'GOAWAY'];

/** In a hurry, at leisure, as a date, and as nobody can read it. */
function retryAfter(random: Random): RetryAfter {
  const seconds = random.pick([0, 1, 10, 30, 60, 120, 600, 3600]);
  if (random.chance(0.1)) return { text: random.pick(['soon', '', '-5', '1.5']) };
  // A date may be over by the time it is read.
  return random.chance(0.3) ? { dateInSeconds: seconds - 5 } : { seconds };
}

/** An answer, and nothing done. */
function saying<Said extends { readonly what: string }>(
  weight: number,
  group: TroubleClass,
  says: Said,
  more: { readonly retryAfter?: boolean; readonly isAccepted?: boolean } = {},
): TroubleKind<Said> {
  const name = [
    more.isAccepted === true ? 'accepted, then' : 'says',
    says.what,
    ...('status' in says ? [String(says.status)] : []),
    ...(more.retryAfter === true ? ['with Retry-After'] : []),
  ].join(' ');
  return {
    name,
    class: group,
    weight,
    draw: (random) => ({
      kind: 'answer',
      says: more.retryAfter === true ? { ...says, retryAfter: retryAfter(random) } : says,
      ...(more.isAccepted === true ? { isAccepted: true } : {}),
    }),
  };
}

/** Of the connection, whoever is at its other end. */
function broken<Said>(): TroubleKind<Said>[] {
  const lost = (weight: number, isAccepted: boolean): TroubleKind<Said> => ({
    name: isAccepted ? 'accepted, then no response' : 'no response, nothing done',
    class: 'passing',
    weight,
    draw: (random) => ({
      kind: 'no-response',
      processed: 'unknown',
      reason: random.pick(UNKNOWN_REASONS),
      isAccepted,
    }),
  });
  return [
    lost(6, true),
    lost(5, false),
    {
      name: 'never processed',
      class: 'passing',
      weight: 6,
      draw: (random) => ({
        kind: 'no-response',
        processed: 'never',
        reason: random.pick(NEVER_REASONS),
      }),
    },
  ];
}

const withRetryAfter = { retryAfter: true } as const;
const accepted = { isAccepted: true } as const;

export const FCM_TROUBLES: readonly TroubleKind<FcmSaid>[] = [
  ...broken<FcmSaid>(),
  saying(6, 'passing', { what: 'UNAVAILABLE' }),
  saying(6, 'passing', { what: 'UNAVAILABLE' }, withRetryAfter),
  saying(6, 'passing', { what: 'UNAVAILABLE' }, accepted),
  saying(3, 'passing', { what: 'INTERNAL' }),
  saying(3, 'passing', { what: 'INTERNAL' }, accepted),
  saying(1, 'passing', { what: 'UNSPECIFIED_ERROR' }),
  saying(3, 'passing', { what: 'QUOTA_EXCEEDED' }),
  saying(3, 'passing', { what: 'QUOTA_EXCEEDED' }, withRetryAfter),
  saying(2, 'passing', { what: 'RATE_LIMIT_EXCEEDED' }),
  saying(1, 'passing', { what: 'RATE_LIMIT_EXCEEDED' }, withRetryAfter),
  saying(3, 'passing', { what: 'ACCESS_TOKEN_EXPIRED' }),
  saying(1, 'passing', { what: 'CREDENTIALS_MISSING' }),
  saying(2, 'passing', { what: 'HTML', status: 404 }),
  saying(2, 'passing', { what: 'HTML', status: 502 }, accepted),
  saying(1, 'passing', { what: 'HTML', status: 502 }, withRetryAfter),
  saying(1, 'passing', { what: 'HTML', status: 200 }),
  saying(1, 'passing', { what: 'GARBAGE', status: 200 }, accepted),
  saying(1, 'passing', { what: 'GARBAGE', status: 503 }),
  saying(1, 'passing', { what: 'EMPTY', status: 200 }, accepted),
  saying(1, 'passing', { what: 'NO_NAME', status: 200 }),
  saying(2, 'final', { what: 'INVALID_ARGUMENT' }),
  saying(1, 'final', { what: 'INVALID_REGISTRATION_TOKEN' }),
  saying(1, 'final', { what: 'INVALID_PAYLOAD' }),
  saying(1, 'final', { what: 'MESSAGE_TOO_BIG' }),
  saying(2, 'final', { what: 'SENDER_ID_MISMATCH' }),
  saying(1, 'final', { what: 'PERMISSION_DENIED' }),
  saying(1, 'final', { what: 'THIRD_PARTY_AUTH_ERROR' }),
  saying(2, 'final', { what: 'NOT_FOUND' }),
  saying(2, 'lie', { what: 'UNREGISTERED' }),
  saying(1, 'lie', { what: 'APNS_UNREGISTERED' }),
  saying(1, 'lie', { what: 'APNS_TOKEN_DISABLED' }),
];

const ofLongAgo = (what: 'Unregistered' | 'ExpiredToken'): TroubleKind<ApnsSaid> => ({
  name: `says ${what} of before the token`,
  class: 'final',
  weight: 2,
  draw: (random) => ({ kind: 'answer', says: { what, goneForMs: random.int(400, 800) * DAY_MS } }),
});

export const APNS_TROUBLES: readonly TroubleKind<ApnsSaid>[] = [
  ...broken<ApnsSaid>(),
  saying(4, 'passing', { what: 'InternalServerError' }),
  saying(4, 'passing', { what: 'InternalServerError' }, accepted),
  saying(4, 'passing', { what: 'ServiceUnavailable' }),
  saying(2, 'passing', { what: 'ServiceUnavailable' }, withRetryAfter),
  saying(4, 'passing', { what: 'ServiceUnavailable' }, accepted),
  saying(3, 'passing', { what: 'Shutdown' }),
  saying(2, 'passing', { what: 'IdleTimeout' }),
  saying(4, 'passing', { what: 'TooManyRequests' }),
  saying(1, 'passing', { what: 'TooManyRequests' }, withRetryAfter),
  saying(3, 'passing', { what: 'TooManyProviderTokenUpdates' }),
  saying(3, 'passing', { what: 'ExpiredProviderToken' }),
  saying(3, 'passing', { what: 'InvalidProviderToken' }),
  saying(1, 'passing', { what: 'MissingProviderToken' }),
  saying(1, 'passing', { what: 'UnrelatedKeyIdInToken' }),
  saying(1, 'passing', { what: 'BadCertificate' }),
  saying(1, 'passing', { what: 'UNHEARD_OF', status: 500 }),
  saying(1, 'passing', { what: 'UNHEARD_OF', status: 429 }),
  saying(1, 'passing', { what: 'EMPTY', status: 503 }),
  saying(1, 'passing', { what: 'HTML', status: 502 }, accepted),
  saying(1, 'passing', { what: 'HTML', status: 200 }),
  saying(1, 'passing', { what: 'GARBAGE', status: 500 }),
  saying(2, 'final', { what: 'DeviceTokenNotForTopic' }),
  saying(1, 'final', { what: 'TopicDisallowed' }),
  saying(1, 'final', { what: 'BadTopic' }),
  saying(1, 'final', { what: 'MissingTopic' }),
  saying(1, 'final', { what: 'Forbidden' }),
  saying(1, 'final', { what: 'BadCertificateEnvironment' }),
  saying(1, 'final', { what: 'BadEnvironmentKeyIdInToken' }),
  saying(1, 'final', { what: 'BadEnvironmentKeyInToken' }),
  saying(1, 'final', { what: 'BadCollapseId' }),
  saying(1, 'final', { what: 'BadExpirationDate' }),
  saying(1, 'final', { what: 'BadMessageId' }),
  saying(1, 'final', { what: 'BadPriority' }),
  saying(1, 'final', { what: 'InvalidPushType' }),
  saying(1, 'final', { what: 'DuplicateHeaders' }),
  saying(1, 'final', { what: 'MissingDeviceToken' }),
  saying(1, 'final', { what: 'PayloadEmpty' }),
  saying(1, 'final', { what: 'PayloadTooLarge' }),
  saying(1, 'final', { what: 'BadPath' }),
  saying(1, 'final', { what: 'MethodNotAllowed' }),
  saying(1, 'final', { what: 'UNHEARD_OF', status: 400 }),
  ofLongAgo('Unregistered'),
  ofLongAgo('ExpiredToken'),
  saying(2, 'lie', { what: 'Unregistered' }),
  saying(1, 'lie', { what: 'ExpiredToken' }),
  saying(2, 'lie', { what: 'BadDeviceToken' }),
];

/** Which classes are drawn from. Default: `passing` alone. */
export interface PickOptions {
  readonly classes?: readonly TroubleClass[];
}

const PASSING: readonly TroubleClass[] = ['passing'];
/** Of what is drawn, so much is slow as well. */
const SLOW = 0.2;
/** Of what is slow, so much says the truth in the end. */
const SLOW_BUT_TRUE = 0.6;
/** More than the client's patience of 15 s. */
const SLOWEST_MS = 40_000;

export function pickFcmTrouble(random: Random, options?: PickOptions): FcmTrouble {
  return pick(FCM_TROUBLES, random, options);
}

export function pickApnsTrouble(random: Random, options?: PickOptions): ApnsTrouble {
  return pick(APNS_TROUBLES, random, options);
}

function pick<Said>(
  kinds: readonly TroubleKind<Said>[],
  random: Random,
  { classes = PASSING }: PickOptions = {},
): Trouble<Said> {
  if (!random.chance(SLOW)) return pickPlain(kinds, random, classes);
  const slow = {
    kind: 'slow',
    ms: Math.floor(random.skewed(100, SLOWEST_MS)),
    acts: random.chance(0.5) ? 'late' : 'at-once',
  } as const;
  return random.chance(SLOW_BUT_TRUE) ? slow : { ...slow, then: pickPlain(kinds, random, classes) };
}

function pickPlain<Said>(
  kinds: readonly TroubleKind<Said>[],
  random: Random,
  classes: readonly TroubleClass[],
): Plain<Said> {
  let total = 0;
  for (const kind of kinds) if (classes.includes(kind.class)) total += kind.weight;
  let left = random.next() * total;
  for (const kind of kinds) {
    if (!classes.includes(kind.class)) continue;
    left -= kind.weight;
    if (left < 0) return kind.draw(random);
  }
  throw new Error(`expected a trouble of ${classes.join(' or ')}, got none`);
}
