/**
 * What APNs' reasons mean. The compiler demands a line for each that `providers/apns/reasons.ts` knows.
 */
import type { ApnsReason } from '../../providers/apns/reasons';
import { REPORT, type CodeEntry } from './entry';

const KEY =
  'Check APNS_KEY_ID and APNS_TEAM_ID in .env and the secret APNS_KEY, and deploy again; a revoked key needs a new one: docs/apns.md.';
const TOPIC =
  'Set APNS_TOPIC in .env to the bundle id of the app and deploy again, or pass it to registerToken as appId: docs/apns.md.';
const ENVIRONMENT =
  'Make a key for both environments at developer.apple.com > Keys, and set it up as docs/apns.md says.';
const OPTIONS =
  'Check the apns options of the notification: docs/apns.md. If it has none, report it with the line of the log that names the delivery.';
const CERTIFICATE =
  'The functions use a key and no certificate: report it, with the line of the log.';

export const APNS_CODES = {
  BadCollapseId: { sentence: 'APNs refused the collapse key: it is too long.', remedy: OPTIONS },
  BadDeviceToken: {
    sentence: 'APNs knows this token neither in production nor in the sandbox.',
    remedy:
      'If many devices get this, check that APNS_TOPIC and the key are those of the app: docs/apns.md.',
  },
  BadExpirationDate: { sentence: 'APNs refused the time to live of the push.', remedy: OPTIONS },
  BadMessageId: { sentence: 'APNs refused the id of the push.', remedy: REPORT },
  BadPriority: { sentence: 'APNs refused the priority of the push.', remedy: OPTIONS },
  BadTopic: { sentence: 'APNs says that the bundle id is not valid.', remedy: TOPIC },
  DeviceTokenNotForTopic: {
    sentence: 'APNs says that this token belongs to another app than the bundle id names.',
    remedy: TOPIC,
  },
  DuplicateHeaders: { sentence: 'APNs says that a header came twice.', remedy: REPORT },
  IdleTimeout: {
    sentence: 'APNs had closed the idle connection, and took nothing of this.',
    waits: 'unprocessed',
  },
  InvalidPushType: { sentence: 'APNs refused the push type.', remedy: OPTIONS },
  MissingDeviceToken: { sentence: 'APNs says that the device token is missing.', remedy: REPORT },
  MissingTopic: { sentence: 'APNs says that the bundle id is missing.', remedy: TOPIC },
  PayloadEmpty: { sentence: 'APNs says that the push is empty.', remedy: OPTIONS },
  TopicDisallowed: {
    sentence: 'APNs does not let this key send to the app that the bundle id names.',
    remedy: TOPIC,
  },
  BadCertificate: {
    sentence: 'APNs refused a certificate.',
    remedy: CERTIFICATE,
    waits: 'credential',
  },
  BadCertificateEnvironment: {
    sentence: 'APNs refused a certificate: it is for the other environment.',
    remedy: CERTIFICATE,
  },
  BadEnvironmentKeyIdInToken: {
    sentence: 'APNs refused the key: it is for the other environment (production or sandbox).',
    remedy: ENVIRONMENT,
  },
  BadEnvironmentKeyInToken: {
    sentence: 'APNs refused the key: it is for the other environment (production or sandbox).',
    remedy: ENVIRONMENT,
  },
  ExpiredProviderToken: {
    sentence: 'APNs calls the token that was signed with the key too old, and a new one, too.',
    remedy: 'If it lasts, the clock of the functions is wrong: report it with the line of the log.',
    waits: 'credential',
  },
  Forbidden: {
    sentence: 'APNs does not let this key send to this device’s app.',
    remedy:
      'Check at developer.apple.com > Keys that the key is for all topics, or for this app: docs/apns.md.',
  },
  InvalidProviderToken: {
    sentence: 'APNs refused the key, the key id or the team id.',
    remedy: KEY,
    waits: 'credential',
  },
  MissingProviderToken: {
    sentence: 'APNs says that the token that is signed with the key is missing.',
    remedy: KEY,
    waits: 'credential',
  },
  UnrelatedKeyIdInToken: {
    sentence: 'APNs refused the key: it does not belong to the one that was used first.',
    remedy: KEY,
    waits: 'credential',
  },
  BadPath: { sentence: 'APNs does not know the path of the request.', remedy: REPORT },
  MethodNotAllowed: { sentence: 'APNs refused the method of the request.', remedy: REPORT },
  ExpiredToken: { sentence: 'APNs says that the device token has expired.', severity: 'note' },
  Unregistered: {
    sentence:
      'APNs says that the app is not on this device any more, or that its token is not used any more.',
    severity: 'note',
  },
  PayloadTooLarge: {
    sentence: 'APNs says that the push is too large.',
    remedy: 'Make the required data of the notification smaller: docs/apns.md names the limits.',
  },
  TooManyProviderTokenUpdates: {
    sentence: 'APNs says that new tokens were signed with the key too often.',
    remedy: 'If it lasts, something else signs tokens with the same key: give it a key of its own.',
    waits: 'apns-quota',
    severity: 'note',
  },
  TooManyRequests: {
    sentence: 'APNs says that this device gets too many pushes.',
    remedy: 'If it comes often, send less to this device, or give the pushes a collapseKey.',
    waits: 'apns-quota',
    severity: 'note',
  },
  InternalServerError: { sentence: 'APNs had an internal error.', waits: 'apns-unavailable' },
  ServiceUnavailable: { sentence: 'APNs was overloaded or down.', waits: 'apns-unavailable' },
  Shutdown: { sentence: 'The APNs server was shutting down.', waits: 'apns-unavailable' },
} as const satisfies Record<ApnsReason, CodeEntry>;
