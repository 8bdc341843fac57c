/**
 * Every error answer of FCM v1, in the service's own words where they are known.
 *
 * Source of shapes: firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode and bodies seen in
 * public issue threads. The front end of Google answers without an `FcmError`; FCM itself with one.
 */
import type { Answer } from '../exchange.ts';
import {
  apnsError,
  badRequest,
  errorAnswer,
  errorInfo,
  type ErrorParts,
  fcmError,
  type FieldViolation,
  jsonAnswer,
  quotaFailure,
} from './envelope.ts';

const SERVICE = { service: 'fcm.googleapis.com' };
const SEND_METHOD = { ...SERVICE, method: 'google.firebase.fcm.v1.FcmService.SendMessage' };
const SIGN_IN_HINT =
  'Expected OAuth 2 access token, login cookie or other valid authentication credential. ' +
  'See https://developers.google.com/identity/sign-in/web/devconsole-project.';
const INVALID_CREDENTIALS = `Request had invalid authentication credentials. ${SIGN_IN_HINT}`;

/** The authorization header cannot be made sense of. */
export const garbledCredentials: ErrorParts = {
  code: 401,
  status: 'UNAUTHENTICATED',
  message: INVALID_CREDENTIALS,
};

function credentialsMissing(metadata: Record<string, string>): ErrorParts {
  return {
    code: 401,
    status: 'UNAUTHENTICATED',
    message: `Request is missing required authentication credential. ${SIGN_IN_HINT}`,
    details: [errorInfo('CREDENTIALS_MISSING', metadata)],
  };
}

function accessTokenExpired(metadata: Record<string, string>): ErrorParts {
  return {
    code: 401,
    status: 'UNAUTHENTICATED',
    message: INVALID_CREDENTIALS,
    details: [errorInfo('ACCESS_TOKEN_EXPIRED', metadata)],
  };
}

/** The same of the topic API, the names of whose methods are not published. */
export const topicCredentialErrors = {
  CREDENTIALS_MISSING: credentialsMissing(SERVICE),
  ACCESS_TOKEN_EXPIRED: accessTokenExpired(SERVICE),
} as const;

/** The caller may not send for this project, or there is no such project. */
export function permissionDenied(
  project: string,
  permission = 'cloudmessaging.messages.create',
): ErrorParts {
  const resource = `//cloudresourcemanager.googleapis.com/projects/${project}`;
  return {
    code: 403,
    status: 'PERMISSION_DENIED',
    message:
      `Permission '${permission}' denied on resource '${resource}' ` + '(or it may not exist).',
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'IAM_PERMISSION_DENIED',
        domain: 'cloudresourcemanager.googleapis.com',
        metadata: { resource: `projects/${project}`, permission },
      },
    ],
  };
}

/** The front end could not make a message of the JSON: no `FcmError`. */
export function malformedRequest(violations: readonly FieldViolation[]): ErrorParts {
  return {
    code: 400,
    status: 'INVALID_ARGUMENT',
    message: violations.map(({ description }) => description).join('\n'),
    details: [badRequest(violations)],
  };
}

/** FCM refuses a field of a message that was well formed. */
export function invalidField(field: string, message: string): ErrorParts {
  return {
    code: 400,
    status: 'INVALID_ARGUMENT',
    message,
    details: [badRequest([{ field, description: message }]), fcmError('INVALID_ARGUMENT')],
  };
}

/** FCM refuses a message without naming a field. */
export function invalidArgument(message: string): ErrorParts {
  return {
    code: 400,
    status: 'INVALID_ARGUMENT',
    message,
    details: [fcmError('INVALID_ARGUMENT')],
  };
}

/** APNs refused what FCM passed on to it. */
export function refusedByApns(statusCode: number, reason: string): ErrorParts {
  return {
    code: 400,
    status: 'INVALID_ARGUMENT',
    message: 'Request contains an invalid argument.',
    details: [fcmError('INVALID_ARGUMENT'), apnsError(statusCode, reason)],
  };
}

/**
 * Errors by the name that a fault's `errorCode` uses: FCM's own `ErrorCode` values, and names for
 * the answers that carry none.
 */
export const namedErrors = {
  UNSPECIFIED_ERROR: {
    code: 500,
    status: 'UNKNOWN',
    message: 'Unknown error.',
    details: [fcmError('UNSPECIFIED_ERROR')],
  },
  INVALID_ARGUMENT: invalidArgument('The registration token is not a valid FCM registration token'),
  UNREGISTERED: {
    code: 404,
    status: 'NOT_FOUND',
    message: 'Requested entity was not found.',
    details: [fcmError('UNREGISTERED')],
  },
  SENDER_ID_MISMATCH: {
    code: 403,
    status: 'PERMISSION_DENIED',
    message: 'SenderId mismatch',
    details: [fcmError('SENDER_ID_MISMATCH')],
  },
  QUOTA_EXCEEDED: {
    code: 429,
    status: 'RESOURCE_EXHAUSTED',
    message: 'Quota exceeded.',
    details: [
      fcmError('QUOTA_EXCEEDED'),
      quotaFailure('device', 'The device has received too many messages.'),
    ],
  },
  UNAVAILABLE: {
    code: 503,
    status: 'UNAVAILABLE',
    message: 'The service is currently unavailable.',
    details: [fcmError('UNAVAILABLE')],
  },
  INTERNAL: {
    code: 500,
    status: 'INTERNAL',
    message: 'Internal error encountered.',
    details: [fcmError('INTERNAL')],
  },
  THIRD_PARTY_AUTH_ERROR: {
    code: 401,
    status: 'UNAUTHENTICATED',
    message: 'Auth error from APNS or Web Push Service',
    details: [fcmError('THIRD_PARTY_AUTH_ERROR'), apnsError(403, 'InvalidProviderToken')],
  },
  /** An Apple device that is gone, told as a 404. */
  APNS_UNREGISTERED: {
    code: 404,
    status: 'NOT_FOUND',
    message: 'Requested entity was not found.',
    details: [fcmError('UNREGISTERED'), apnsError(410, 'Unregistered')],
  },
  /** An Apple device that is gone, told as a 400. */
  APNS_TOKEN_DISABLED: {
    code: 400,
    status: 'INVALID_ARGUMENT',
    message: 'APNs device token is disabled.',
    details: [fcmError('INVALID_ARGUMENT'), apnsError(410, 'Unregistered')],
  },
  /** The payload's fault, blamed on the address. */
  INVALID_REGISTRATION_TOKEN: invalidField('message.token', 'Invalid registration token'),
  MESSAGE_TOO_BIG: invalidArgument('Message is too large. The maximum is 4K (4096 bytes).'),
  CREDENTIALS_MISSING: credentialsMissing(SEND_METHOD),
  ACCESS_TOKEN_EXPIRED: accessTokenExpired(SEND_METHOD),
  PERMISSION_DENIED: permissionDenied('-'),
  /** A 404 that says nothing of the device: a wrong project, an old front end. */
  NOT_FOUND: { code: 404, status: 'NOT_FOUND', message: 'Requested entity was not found.' },
  /** Of a subscription that there is already. */
  ALREADY_EXISTS: {
    code: 409,
    status: 'ALREADY_EXISTS',
    message: 'Requested entity already exists',
  },
  /** Of a device with 2,000 topics. */
  TOO_MANY_TOPICS: {
    code: 429,
    status: 'RESOURCE_EXHAUSTED',
    message: 'The app instance is already subscribed to 2000 topics, which is the maximum.',
  },
  /** The project's quota; unlike QUOTA_EXCEEDED it has no `FcmError`. */
  RATE_LIMIT_EXCEEDED: {
    code: 429,
    status: 'RESOURCE_EXHAUSTED',
    message:
      "Quota exceeded for quota metric 'Send requests' and limit 'Send requests per minute' of " +
      "service 'fcm.googleapis.com' for consumer 'project_number:000000000000'.",
    details: [
      errorInfo('RATE_LIMIT_EXCEEDED', {
        service: 'fcm.googleapis.com',
        consumer: 'projects/000000000000',
        quota_metric: 'fcm.googleapis.com/send_requests',
        quota_limit: 'SendsPerMinutePerProject',
        quota_limit_value: '600000',
        quota_unit: '1/min/{project}',
      }),
      {
        '@type': 'type.googleapis.com/google.rpc.Help',
        links: [
          {
            description: 'Request a higher quota limit.',
            url: 'https://cloud.google.com/docs/quotas/help/request_increase',
          },
        ],
      },
    ],
  },
} as const satisfies Record<string, ErrorParts>;

export type NamedError = keyof typeof namedErrors;

/** What a status alone stands for, when a fault gives no `errorCode`. */
const errorOfStatus: Readonly<Record<number, NamedError>> = {
  400: 'INVALID_ARGUMENT',
  401: 'ACCESS_TOKEN_EXPIRED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RATE_LIMIT_EXCEEDED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
};

/** Google's front end when something is down: HTML, whatever the status. */
export function frontEndAnswer(status: number): Answer {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=UTF-8' },
    body:
      '<!DOCTYPE html>\n<html lang=en>\n<title>Error ' +
      `${status} (Server Error)!!1</title>\n<p><b>${status}.</b> That’s an error.\n`,
  };
}

const SERVICE_UNAVAILABLE = 503;
/** Below it a status means success: an answer without a message name. */
const FIRST_REDIRECT = 300;

/** The answer to a fault: by its `errorCode` and `status`, either of which may be missing. */
export function faultAnswer(fault: {
  readonly status?: number | undefined;
  readonly errorCode?: string | undefined;
}): Answer {
  const status = fault.status ?? SERVICE_UNAVAILABLE;
  if (status < FIRST_REDIRECT && fault.errorCode === undefined) return jsonAnswer(status, {});
  const name = fault.errorCode ?? errorOfStatus[status];
  if (name === undefined || !Object.hasOwn(namedErrors, name)) return frontEndAnswer(status);
  const named = namedErrors[name as NamedError];
  return errorAnswer({ ...named, code: fault.status ?? named.code });
}
