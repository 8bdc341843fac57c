/**
 * What the codes mean that the functions give an address themselves, without an answer of a provider.
 */
import { DOCTOR, type CodeEntry } from './entry';
import { KEPT_REASONS, PERSON_REASONS } from './persons';

export const OWN_CODES = {
  APNS_NOT_CONFIGURED: {
    sentence: 'This device has a native APNs token, and the functions have no APNs key.',
    remedy:
      'Set APNS_KEY_ID and APNS_TEAM_ID in .env and the secret APNS_KEY, and deploy again; or have the app register its FCM token: docs/apns.md.',
  },
  APNS_NO_TOPIC: {
    sentence: 'It is not known to which app this device token belongs, so APNs was not asked.',
    remedy:
      'Set APNS_TOPIC in .env to the bundle id of the app and deploy again, or pass it to registerToken as appId: docs/apns.md.',
  },
  DEVICE_RECORDS_UNREADABLE: {
    sentence: 'The device’s record could not be read from Firestore, so nothing was sent to it.',
    waits: 'unprocessed',
  },
  PAYLOAD_TOO_LARGE: {
    sentence: 'The push is too large, also with shortened texts and without its optional parts.',
    remedy:
      'Make the required data of the notification smaller: FCM and APNs take 4,096 bytes, topics 2,048.',
  },
  SEND_FAILED: {
    sentence: 'The push could not be made ready or handed over: something failed in the functions.',
    remedy: 'If it lasts, report it with the functions’ log of that time.',
    waits: 'unknown',
  },
  QUIET_HOURS: {
    sentence:
      'Its person’s quiet hours hold it back: it is sent when they end, unless something newer about the same is told then.',
    severity: 'note',
  },
  LOCAL_TIME: {
    sentence:
      'It is not to be sent before a time of day that has not come yet where its person is.',
    severity: 'note',
  },
  UNSENT: {
    sentence: 'The time of the function was over before this device had its turn.',
    waits: 'at-once',
  },
  TOO_LATE: {
    sentence: 'The time to live of the push was over before this device had its turn.',
    remedy: 'If it has to arrive later, too, give the notification a longer timeToLive.',
  },
  OUTCOME_UNKNOWN: {
    sentence:
      'It was sent, perhaps more than once, but no record of the answer could be kept: it is not sent again by itself.',
    remedy:
      'If twice is better than never: npx @firestore-push/push retry --unknown. docs/resends.md says when this can happen.',
  },
  UNCHECKED: {
    sentence:
      'In a dry run it would be sent: the provider has no way to check this address without sending.',
    severity: 'note',
  },
  // As what the ledger counts addresses by, beside the codes of providers.
  KEPT_BREAKER: KEPT_REASONS.breaker,
  KEPT_ERROR: KEPT_REASONS.error,
  EXPIRED: PERSON_REASONS.expired,
  OTHER: { sentence: 'Further codes, which the entries do not name.', severity: 'note' },
} as const satisfies Record<string, CodeEntry>;

/** The meaning of having got no access token from Google; undefined for what is no such code. */
export function noAccessToken(code: string): CodeEntry | undefined {
  if (!/^NO_ACCESS_TOKEN(?::|$)/.test(code)) return undefined;
  return {
    sentence: 'Google gave the functions no access token for FCM, so nothing was sent.',
    remedy: `Run ${DOCTOR}: it checks the functions’ service account. In the Cloud console see that it is enabled: IAM > Service accounts.`,
    waits: 'credential',
  };
}
