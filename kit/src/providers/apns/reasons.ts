/**
 * Every reason that APNs gives for refusing a push, and what we do about it.
 *
 * @see https://developer.apple.com/documentation/usernotifications/handling-notification-responses-from-apns
 */

/** What a reason leads to; `classify.ts` carries it out. */
export type ApnsAction =
  /** The request is wrong: `rejected`. Another push may be right. */
  | 'fix-request'
  /** Key, team, topic or certificate are wrong for this address: `failed`. Somebody has to act; nothing is pruned. */
  | 'fix-configuration'
  /** Our token is not accepted, nor would it be for any other push: nothing was processed, so `retry`, while somebody acts. */
  | 'fix-credential'
  /** The key is for the other environment: `failed`, and so would any other push to this server be. */
  | 'fix-environment'
  /** The address belongs to the other environment, or to nobody: ask there, once. */
  | 'try-other-environment'
  /** The address is dead since the answer's timestamp: prune it unless it was registered after that. */
  | 'prune-if-not-refreshed'
  /** Our token is too old: sign a new one and send once more. */
  | 'renew-token'
  /** We signed tokens too often: go on with the one before, later. */
  | 'hold-token'
  /** This device gets too many: later. */
  | 'slow-down'
  /** The connection is at its end and took nothing: send again on another, else later. */
  | 'reconnect'
  /** APNs is in trouble: after a quarter of an hour. */
  | 'retry-later';

interface ReasonEntry {
  readonly code: string;
  readonly status: number;
  readonly action: ApnsAction;
}

export const APNS_REASONS = {
  BadCollapseId: { code: 'BadCollapseId', status: 400, action: 'fix-request' },
  BadDeviceToken: { code: 'BadDeviceToken', status: 400, action: 'try-other-environment' },
  BadExpirationDate: { code: 'BadExpirationDate', status: 400, action: 'fix-request' },
  BadMessageId: { code: 'BadMessageId', status: 400, action: 'fix-request' },
  BadPriority: { code: 'BadPriority', status: 400, action: 'fix-request' },
  BadTopic: { code: 'BadTopic', status: 400, action: 'fix-configuration' },
  DeviceTokenNotForTopic: {
    code: 'DeviceTokenNotForTopic',
    status: 400,
    action: 'fix-configuration',
  },
  DuplicateHeaders: { code: 'DuplicateHeaders', status: 400, action: 'fix-request' },
  IdleTimeout: { code: 'IdleTimeout', status: 400, action: 'reconnect' },
  InvalidPushType: { code: 'InvalidPushType', status: 400, action: 'fix-request' },
  MissingDeviceToken: { code: 'MissingDeviceToken', status: 400, action: 'fix-request' },
  MissingTopic: { code: 'MissingTopic', status: 400, action: 'fix-configuration' },
  PayloadEmpty: { code: 'PayloadEmpty', status: 400, action: 'fix-request' },
  TopicDisallowed: { code: 'TopicDisallowed', status: 400, action: 'fix-configuration' },
  BadCertificate: { code: 'BadCertificate', status: 403, action: 'fix-credential' },
  BadCertificateEnvironment: {
    code: 'BadCertificateEnvironment',
    status: 403,
    action: 'fix-environment',
  },
  /** Apple's documentation spells it so … */
  BadEnvironmentKeyIdInToken: {
    code: 'BadEnvironmentKeyIdInToken',
    status: 403,
    action: 'fix-environment',
  },
  /** … and its servers were seen to spell it so. */
  BadEnvironmentKeyInToken: {
    code: 'BadEnvironmentKeyInToken',
    status: 403,
    action: 'fix-environment',
  },
  ExpiredProviderToken: { code: 'ExpiredProviderToken', status: 403, action: 'renew-token' },
  /** Of this one address: a key for certain topics only answers so for all others. */
  Forbidden: { code: 'Forbidden', status: 403, action: 'fix-configuration' },
  InvalidProviderToken: { code: 'InvalidProviderToken', status: 403, action: 'fix-credential' },
  MissingProviderToken: { code: 'MissingProviderToken', status: 403, action: 'fix-credential' },
  UnrelatedKeyIdInToken: { code: 'UnrelatedKeyIdInToken', status: 403, action: 'fix-credential' },
  BadPath: { code: 'BadPath', status: 404, action: 'fix-request' },
  MethodNotAllowed: { code: 'MethodNotAllowed', status: 405, action: 'fix-request' },
  ExpiredToken: { code: 'ExpiredToken', status: 410, action: 'prune-if-not-refreshed' },
  Unregistered: { code: 'Unregistered', status: 410, action: 'prune-if-not-refreshed' },
  PayloadTooLarge: { code: 'PayloadTooLarge', status: 413, action: 'fix-request' },
  TooManyProviderTokenUpdates: {
    code: 'TooManyProviderTokenUpdates',
    status: 429,
    action: 'hold-token',
  },
  TooManyRequests: { code: 'TooManyRequests', status: 429, action: 'slow-down' },
  InternalServerError: { code: 'InternalServerError', status: 500, action: 'retry-later' },
  ServiceUnavailable: { code: 'ServiceUnavailable', status: 503, action: 'retry-later' },
  Shutdown: { code: 'Shutdown', status: 503, action: 'reconnect' },
} as const satisfies Record<string, ReasonEntry>;

export type ApnsReason = keyof typeof APNS_REASONS;

/** What to do about a status whose reason is not in the table: Apple adds reasons without notice. */
const ACTION_OF_STATUS: Readonly<Record<number, ApnsAction>> = {
  403: 'fix-configuration',
  410: 'prune-if-not-refreshed',
  429: 'slow-down',
};

/** The action for an answer of this status and reason. */
export function actionFor(status: number, reason: string): ApnsAction {
  if (Object.hasOwn(APNS_REASONS, reason)) return APNS_REASONS[reason as ApnsReason].action;
  return ACTION_OF_STATUS[status] ?? (status >= 500 ? 'retry-later' : 'fix-request');
}
