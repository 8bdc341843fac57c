/**
 * Every reason that APNs gives for an error, with its status, and the answers made of them.
 *
 * Source: developer.apple.com/documentation/usernotifications/handling-notification-responses-from-apns.
 */
import type { Answer } from '../exchange.ts';
import type { FaultAnswer } from '../provider.ts';

/** HTTP status by reason. */
export const reasons = {
  BadCollapseId: 400,
  BadDeviceToken: 400,
  BadExpirationDate: 400,
  BadMessageId: 400,
  BadPriority: 400,
  BadTopic: 400,
  DeviceTokenNotForTopic: 400,
  DuplicateHeaders: 400,
  IdleTimeout: 400,
  InvalidPushType: 400,
  MissingDeviceToken: 400,
  MissingTopic: 400,
  PayloadEmpty: 400,
  TopicDisallowed: 400,
  BadCertificate: 403,
  BadCertificateEnvironment: 403,
  /** As Apple documents it … */
  BadEnvironmentKeyIdInToken: 403,
  /** … and as its servers were seen to spell it. */
  BadEnvironmentKeyInToken: 403,
  ExpiredProviderToken: 403,
  Forbidden: 403,
  InvalidProviderToken: 403,
  MissingProviderToken: 403,
  UnrelatedKeyIdInToken: 403,
  BadPath: 404,
  MethodNotAllowed: 405,
  ExpiredToken: 410,
  Unregistered: 410,
  PayloadTooLarge: 413,
  TooManyProviderTokenUpdates: 429,
  TooManyRequests: 429,
  InternalServerError: 500,
  ServiceUnavailable: 503,
  Shutdown: 503,
} as const satisfies Record<string, number>;

export type Reason = keyof typeof reasons;

/** What a status alone stands for, when a fault gives no `errorCode`. */
const reasonOfStatus: Readonly<Record<number, Reason>> = {
  400: 'BadDeviceToken',
  403: 'InvalidProviderToken',
  404: 'BadPath',
  405: 'MethodNotAllowed',
  410: 'Unregistered',
  413: 'PayloadTooLarge',
  429: 'TooManyRequests',
  500: 'InternalServerError',
  503: 'ServiceUnavailable',
};

const GONE = 410;
const SERVICE_UNAVAILABLE = 503;
/** Below it a status means success. */
const FIRST_REDIRECT = 300;

/** Body, also of a GOAWAY frame: Apple puts the same JSON there. */
export function reasonBody(reason: string, timestamp?: number): string {
  return JSON.stringify(timestamp === undefined ? { reason } : { reason, timestamp });
}

/** An error answer. `timestamp`, milliseconds since 1970: when an address ceased to be valid. */
export function refusal(
  status: number,
  reason: string,
  identity: Readonly<Record<string, string>>,
  timestamp?: number,
): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json', ...identity },
    body: reasonBody(reason, timestamp),
  };
}

/** The answer that a fault asks for, by `errorCode` or `status`. `at`: milliseconds since 1970. */
export function faultAnswer(
  fault: FaultAnswer,
  identity: Readonly<Record<string, string>>,
  at: number,
): Answer {
  const reason = fault.errorCode ?? reasonOfStatus[fault.status ?? SERVICE_UNAVAILABLE];
  const known = reason !== undefined && Object.hasOwn(reasons, reason);
  const status = fault.status ?? (known ? reasons[reason as Reason] : SERVICE_UNAVAILABLE);
  if (reason === undefined || (status < FIRST_REDIRECT && fault.errorCode === undefined)) {
    return { status, headers: identity, body: '' };
  }
  return refusal(status, reason, identity, fault.timestamp ?? (status === GONE ? at : undefined));
}
