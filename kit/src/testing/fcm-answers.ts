/**
 * For tests: FCM's answers, word for word as documented or seen (firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode and
 * public issue threads of the Admin SDKs).
 */
import type { Http2Answer } from '../providers/http2/answer';

const TYPE = 'type.googleapis.com/';
const SIGN_IN =
  'Expected OAuth 2 access token, login cookie or other valid authentication credential. ' +
  'See https://developers.google.com/identity/sign-in/web/devconsole-project.';

export const fcmError = (errorCode: string): object => ({
  '@type': `${TYPE}google.firebase.fcm.v1.FcmError`,
  errorCode,
});
export const apnsError = (statusCode: number, reason: string): object => ({
  '@type': `${TYPE}google.firebase.fcm.v1.ApnsError`,
  statusCode,
  reason,
});
export const badRequest = (field: string, description = 'Invalid value'): object => ({
  '@type': `${TYPE}google.rpc.BadRequest`,
  fieldViolations: [{ field, description }],
});
const errorInfo = (reason: string, metadata: object): object => ({
  '@type': `${TYPE}google.rpc.ErrorInfo`,
  reason,
  domain: 'googleapis.com',
  metadata,
});

/** An answer with Google's error envelope. */
export function refusal(
  code: number,
  status: string,
  message: string,
  details?: readonly object[],
): Http2Answer {
  return answered(code, JSON.stringify({ error: { code, message, status, details } }));
}

export function answered(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Http2Answer {
  return { kind: 'response', status, headers, body };
}

export const ANSWERS = {
  accepted: answered(200, '{"name":"projects/p/messages/0:1500415314455276%31bd1c9631bd1c96"}'),
  badToken: refusal(
    400,
    'INVALID_ARGUMENT',
    'The registration token is not a valid FCM registration token',
    [fcmError('INVALID_ARGUMENT')],
  ),
  badTokenByField: refusal(400, 'INVALID_ARGUMENT', 'Invalid registration token', [
    badRequest('message.token', 'Invalid registration token'),
    fcmError('INVALID_ARGUMENT'),
  ]),
  badDataValue: refusal(
    400,
    'INVALID_ARGUMENT',
    "Invalid value at 'message.data[0].value' (TYPE_STRING), 12",
    [badRequest('message.data[0].value', "Invalid value at 'message.data[0].value'")],
  ),
  unknownField: refusal(
    400,
    'INVALID_ARGUMENT',
    'Invalid JSON payload received. Unknown name "x" at \'message\': Cannot find field.',
    [badRequest('message')],
  ),
  noTarget: refusal(400, 'INVALID_ARGUMENT', 'Recipient of the message is not set.', [
    badRequest('message', 'Recipient of the message is not set.'),
    fcmError('INVALID_ARGUMENT'),
  ]),
  tooBig: refusal(400, 'INVALID_ARGUMENT', 'Android message is too big', [
    fcmError('INVALID_ARGUMENT'),
  ]),
  notJson: refusal(400, 'INVALID_ARGUMENT', 'Invalid JSON payload received. Unexpected end.'),
  unregistered: refusal(404, 'NOT_FOUND', 'Requested entity was not found.', [
    fcmError('UNREGISTERED'),
  ]),
  iosGone: refusal(404, 'NOT_FOUND', 'Requested entity was not found.', [
    fcmError('UNREGISTERED'),
    apnsError(410, 'Unregistered'),
  ]),
  iosDisabled: refusal(400, 'INVALID_ARGUMENT', 'APNs device token is disabled.', [
    fcmError('INVALID_ARGUMENT'),
    apnsError(410, 'Unregistered'),
  ]),
  senderMismatch: refusal(403, 'PERMISSION_DENIED', 'SenderId mismatch', [
    fcmError('SENDER_ID_MISMATCH'),
  ]),
  permissionMissing: refusal(
    403,
    'PERMISSION_DENIED',
    "Permission 'cloudmessaging.messages.create' denied on resource '//cloudresourcemanager.googleapis.com/projects/p' (or it may not exist).",
    [errorInfo('IAM_PERMISSION_DENIED', { permission: 'cloudmessaging.messages.create' })],
  ),
  apnsKeyBad: refusal(401, 'UNAUTHENTICATED', 'Auth error from APNS or Web Push Service', [
    fcmError('THIRD_PARTY_AUTH_ERROR'),
    apnsError(403, 'InvalidProviderToken'),
  ]),
  credentialsMissing: refusal(
    401,
    'UNAUTHENTICATED',
    `Request is missing required authentication credential. ${SIGN_IN}`,
    [errorInfo('CREDENTIALS_MISSING', { service: 'fcm.googleapis.com' })],
  ),
  tokenExpired: refusal(
    401,
    'UNAUTHENTICATED',
    `Request had invalid authentication credentials. ${SIGN_IN}`,
    [errorInfo('ACCESS_TOKEN_EXPIRED', { service: 'fcm.googleapis.com' })],
  ),
  tokenGarbled: refusal(
    401,
    'UNAUTHENTICATED',
    `Request had invalid authentication credentials. ${SIGN_IN}`,
  ),
  projectQuota: refusal(
    429,
    'RESOURCE_EXHAUSTED',
    "Quota exceeded for quota metric 'Send requests' and limit 'Send requests per minute' of service 'fcm.googleapis.com'",
    [
      errorInfo('RATE_LIMIT_EXCEEDED', { quota_limit: 'SendsPerMinutePerProject' }),
      { '@type': `${TYPE}google.rpc.Help`, links: [{ description: 'Request a higher quota' }] },
    ],
  ),
  deviceQuota: refusal(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded.', [
    fcmError('QUOTA_EXCEEDED'),
    { '@type': `${TYPE}google.rpc.QuotaFailure`, violations: [{ subject: 'device' }] },
  ]),
  unavailable: refusal(503, 'UNAVAILABLE', 'The service is currently unavailable.', [
    fcmError('UNAVAILABLE'),
  ]),
  internal: refusal(500, 'INTERNAL', 'Internal error encountered.', [fcmError('INTERNAL')]),
  unspecified: refusal(400, 'INVALID_ARGUMENT', 'Unknown error.', [fcmError('UNSPECIFIED_ERROR')]),
  bareNotFound: answered(
    404,
    JSON.stringify({
      error: {
        code: 404,
        message: 'Requested entity was not found.',
        errors: [
          { message: 'Requested entity was not found.', domain: 'global', reason: 'notFound' },
        ],
        status: 'NOT_FOUND',
      },
    }),
  ),
  html404: answered(404, '<!DOCTYPE html><title>Error 404 (Not Found)!!1</title>'),
  html502: answered(502, '<html><title>502 Server Error</title></html>'),
} as const;
