/**
 * What FCM's codes mean: its own, and Google's canonical statuses where it gives none of its own.
 *
 * @see https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode
 */
import { DOCTOR, REPORT, type CodeEntry } from './entry';

/** Where the credentials are that FCM has of a project. */
export const CONSOLE_APPLE =
  'Upload the APNs key (.p8) in the Firebase console: Project settings > Cloud Messaging > Apple app configuration.';
const CONSOLE_BOTH =
  'In the Firebase console, Project settings > Cloud Messaging: upload the APNs key (.p8) of the app, or for the web check its Web Push certificate.';

/** What FCM itself says, in the detail `FcmError`. */
export const FCM_CODES = {
  UNREGISTERED: {
    sentence:
      'FCM has no such token any more: the app was uninstalled, its data was cleared, or (Android) it was not used for 270 days.',
    severity: 'note',
  },
  INVALID_ARGUMENT: {
    sentence: 'FCM calls something in the push, or the address, invalid.',
    remedy:
      'If all devices get this, a field of the notification is wrong: docs/outbox.md says what each takes. If it is one, nothing needs doing.',
  },
  SENDER_ID_MISMATCH: {
    sentence: 'FCM knows this address, but as one of another Firebase project.',
    remedy:
      'Build the app with the google-services.json or GoogleService-Info.plist of the project that the functions run in.',
  },
  QUOTA_EXCEEDED: {
    sentence: 'Too many messages for FCM: of the project a minute, or to this device or topic.',
    remedy: 'If it comes often, set TASKS_PER_SECOND in .env lower and deploy again.',
    waits: 'fcm-quota',
    severity: 'note',
  },
  UNAVAILABLE: { sentence: 'FCM was overloaded or down.', waits: 'fcm-unavailable' },
  INTERNAL: { sentence: 'FCM had an internal error.', waits: 'fcm-unavailable' },
  UNSPECIFIED_ERROR: {
    sentence: 'FCM had an error and gave no reason for it.',
    waits: 'fcm-unavailable',
  },
  THIRD_PARTY_AUTH_ERROR: {
    sentence:
      'FCM could not hand it on: Apple or the browser’s push service refused the credentials that FCM has of the project.',
    remedy: CONSOLE_BOTH,
  },
  /** As earlier versions of the API called it. */
  APNS_AUTH_ERROR: {
    sentence: 'FCM could not hand it on: Apple refused the APNs key that FCM has of the project.',
    remedy: CONSOLE_APPLE,
  },
} as const satisfies Record<string, CodeEntry>;

/** Google's canonical statuses (`google.rpc.Code`), but those that FCM has itself: from its front end, without `FcmError`. */
export const GOOGLE_CODES = {
  PERMISSION_DENIED: {
    sentence:
      'The functions’ service account may not send for this project: a role is missing, or the FCM API is off.',
    remedy: `Run ${DOCTOR}: it names what is missing, and the command that adds it.`,
  },
  UNAUTHENTICATED: {
    sentence: 'FCM accepts neither the functions’ access token nor a renewed one.',
    remedy: `Run ${DOCTOR}: it checks the functions’ service account. In the Cloud console see that it is enabled: IAM > Service accounts.`,
    waits: 'credential',
  },
  RESOURCE_EXHAUSTED: {
    sentence: 'The project’s quota of FCM messages a minute was used up.',
    remedy:
      'If it comes often, set TASKS_PER_SECOND in .env lower and deploy again, or ask Google for more: FCM API > Quotas in the Cloud console.',
    waits: 'fcm-quota',
    severity: 'note',
  },
  NOT_FOUND: {
    sentence: 'FCM did not find what was asked for, and did not say that it was the token.',
    remedy: `Check that the functions run in the Firebase project of the app: ${DOCTOR} names theirs.`,
  },
  FAILED_PRECONDITION: {
    sentence: 'FCM says that the project is not in a state to send this.',
    remedy: `Run ${DOCTOR}: it checks that the project is active and its APIs are on.`,
  },
  OUT_OF_RANGE: { sentence: 'FCM says that a value of the push is out of range.', remedy: REPORT },
  ALREADY_EXISTS: {
    sentence: 'FCM says that this exists already.',
    waits: 'fcm-unavailable',
  },
  ABORTED: {
    sentence: 'FCM broke it off because of another request at the same moment.',
    waits: 'fcm-unavailable',
  },
  CANCELLED: {
    sentence: 'The request to FCM was broken off on its way.',
    waits: 'fcm-unavailable',
  },
  DEADLINE_EXCEEDED: {
    sentence: 'FCM did not come to an end in time.',
    waits: 'fcm-unavailable',
  },
  UNKNOWN: { sentence: 'FCM had an error that it does not know itself.', waits: 'fcm-unavailable' },
  UNIMPLEMENTED: {
    sentence: 'FCM says that it does not offer what was asked for.',
    waits: 'fcm-unavailable',
  },
  DATA_LOSS: { sentence: 'FCM says that it lost data.', waits: 'fcm-unavailable' },
} as const satisfies Record<string, CodeEntry>;

/** The meaning of an HTTP status that came without a canonical one; undefined for what is no such code. */
export function httpStatusEntry(code: string): CodeEntry | undefined {
  const [, digits, unreadable] = /^HTTP_(\d{3})(_UNREADABLE)?$/.exec(code) ?? [];
  if (digits === undefined) return undefined;
  if (unreadable !== undefined) {
    return {
      sentence: `The answer (HTTP ${digits}) was none of the provider’s: a proxy or a front end answered in its place.`,
      waits: 'unknown',
    };
  }
  const status = Number(digits);
  if (status === 401) return GOOGLE_CODES.UNAUTHENTICATED;
  if (status === 403) return GOOGLE_CODES.PERMISSION_DENIED;
  if (status === 404) return GOOGLE_CODES.NOT_FOUND;
  if (status === 429) return GOOGLE_CODES.RESOURCE_EXHAUSTED;
  if (status === 400) {
    return { sentence: 'FCM refused the push with HTTP 400 and no reason.', remedy: REPORT };
  }
  return {
    sentence: `FCM answered with HTTP ${digits} and no reason.`,
    waits: 'fcm-unavailable',
  };
}

/** The meaning of what FCM passes on of APNs: a device that is gone; undefined for what is no such code. */
export function gonePassedOn(code: string): CodeEntry | undefined {
  const [, name] = /^APNS_([A-Za-z0-9_]+)$/.exec(code) ?? [];
  if (name === undefined) return undefined;
  return {
    sentence: `Apple told FCM that the device is gone (${name}): the app was uninstalled, or its token has expired.`,
    severity: 'note',
  };
}
