import fc from 'fast-check';
import type { Outcome } from '../../model/outcome';
import {
  ANSWERS,
  answered,
  apnsError,
  badRequest,
  fcmError,
  refusal,
} from '../../testing/fcm-answers';
import { classifyFcm, type FcmVerdict } from './classify';

const NOW = Date.parse('2026-11-22T10:00:00Z');
const outcome = (value: Outcome): FcmVerdict => ({ kind: 'outcome', outcome: value });
const retry = (
  cause: Extract<Outcome, { kind: 'retry' }>['cause'],
  code: string,
  retryAfterMs?: number,
): FcmVerdict =>
  outcome({ kind: 'retry', cause, code, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });

const VERDICTS: Record<keyof typeof ANSWERS, FcmVerdict> = {
  accepted: outcome({ kind: 'delivered' }),
  badToken: { kind: 'suspect', code: 'INVALID_ARGUMENT' },
  badTokenByField: { kind: 'suspect', code: 'INVALID_ARGUMENT' },
  badDataValue: outcome({
    kind: 'rejected',
    code: 'INVALID_ARGUMENT',
    detail: 'message.data[0].value',
  }),
  unknownField: outcome({ kind: 'rejected', code: 'INVALID_ARGUMENT', detail: 'message' }),
  noTarget: outcome({ kind: 'rejected', code: 'INVALID_ARGUMENT', detail: 'message' }),
  // Nothing but the text tells this from a bad token: the address alone will tell.
  tooBig: { kind: 'suspect', code: 'INVALID_ARGUMENT' },
  notJson: outcome({ kind: 'rejected', code: 'INVALID_ARGUMENT' }),
  unregistered: outcome({ kind: 'unregistered', code: 'UNREGISTERED' }),
  iosGone: outcome({ kind: 'unregistered', code: 'APNS_Unregistered' }),
  iosDisabled: outcome({ kind: 'unregistered', code: 'APNS_Unregistered' }),
  senderMismatch: { kind: 'suspect', code: 'SENDER_ID_MISMATCH' },
  permissionMissing: outcome({ kind: 'failed', code: 'PERMISSION_DENIED' }),
  apnsKeyBad: outcome({
    kind: 'failed',
    code: 'THIRD_PARTY_AUTH_ERROR',
    detail: 'InvalidProviderToken',
  }),
  credentialsMissing: { kind: 'credential' },
  tokenExpired: { kind: 'credential' },
  tokenGarbled: { kind: 'credential' },
  projectQuota: retry('fcm-quota', 'RESOURCE_EXHAUSTED'),
  deviceQuota: retry('fcm-quota', 'QUOTA_EXCEEDED'),
  unavailable: retry('fcm-unavailable', 'UNAVAILABLE'),
  internal: retry('fcm-unavailable', 'INTERNAL'),
  unspecified: retry('fcm-unavailable', 'UNSPECIFIED_ERROR'),
  bareNotFound: { kind: 'suspect', code: 'NOT_FOUND' },
  html404: retry('unknown', 'HTTP_404_UNREADABLE'),
  html502: retry('unknown', 'HTTP_502_UNREADABLE'),
};

it.each(Object.keys(VERDICTS) as (keyof typeof ANSWERS)[])('knows the answer "%s"', (name) => {
  expect(classifyFcm(ANSWERS[name], NOW)).toEqual(VERDICTS[name]);
});

it('takes the answers that mean nothing was processed, and those that may mean anything', () => {
  const base = { kind: 'no-response', reason: 'REFUSED_STREAM' } as const;
  expect(classifyFcm({ ...base, processed: 'never' }, NOW)).toEqual(
    retry('unprocessed', 'REFUSED_STREAM'),
  );
  expect(classifyFcm({ ...base, processed: 'unknown' }, NOW)).toEqual(
    retry('unknown', 'REFUSED_STREAM'),
  );
});

describe('an Apple device behind FCM', () => {
  const ios = (status: number, reason: string, apnsStatus = status): FcmVerdict =>
    classifyFcm(
      refusal(400, 'INVALID_ARGUMENT', 'Request contains an invalid argument.', [
        fcmError('INVALID_ARGUMENT'),
        apnsError(apnsStatus, reason),
      ]),
      NOW,
    );

  it.each([
    [410, 'Unregistered'],
    [410, 'ExpiredToken'],
    [400, 'Unregistered'],
    [410, 'SomethingNew'],
  ])('is gone with %d %s', (status, reason) => {
    const code = `APNS_${reason}`;
    expect(ios(status, reason)).toEqual(outcome({ kind: 'unregistered', code }));
  });

  it('is gone with a bare 410', () => {
    const details = [{ ...apnsError(410, ''), reason: undefined }];
    expect(classifyFcm(refusal(404, 'NOT_FOUND', '', details), NOW)).toEqual(
      outcome({ kind: 'unregistered', code: 'APNS_410' }),
    );
  });

  it('is a suspect with BadDeviceToken', () => {
    expect(ios(400, 'BadDeviceToken')).toEqual({ kind: 'suspect', code: 'INVALID_ARGUMENT' });
  });

  it.each([
    [413, 'PayloadTooLarge'],
    [400, 'BadCollapseId'],
    [400, 'BadExpirationDate'],
    [400, 'BadPriority'],
    [400, 'InvalidPushType'],
    [400, 'BadTopic'],
  ])('is not to blame for %d %s', (status, detail) => {
    const code = 'INVALID_ARGUMENT';
    expect(ios(status, detail)).toEqual(outcome({ kind: 'rejected', code, detail }));
  });

  it.each(['InvalidProviderToken', 'BadEnvironmentKeyInToken'])(
    "is not to blame for the operator's key: 403 %s",
    (detail) => {
      const code = 'INVALID_ARGUMENT';
      expect(ios(403, detail)).toEqual(outcome({ kind: 'failed', code, detail }));
    },
  );

  it('is not to blame for an error without a reason', () => {
    const details = [fcmError('INVALID_ARGUMENT'), { ...apnsError(418, ''), reason: undefined }];
    expect(classifyFcm(refusal(400, 'INVALID_ARGUMENT', '', details), NOW)).toEqual(
      outcome({ kind: 'rejected', code: 'INVALID_ARGUMENT', detail: 'APNs 418' }),
    );
    const bare = [{ '@type': 'type.googleapis.com/google.firebase.fcm.v1.ApnsError' }];
    expect(classifyFcm(refusal(400, 'INVALID_ARGUMENT', '', bare), NOW)).toEqual(
      outcome({ kind: 'rejected', code: 'INVALID_ARGUMENT', detail: 'APNs error' }),
    );
  });

  it("is not to blame for the operator's missing key", () => {
    const details = [fcmError('THIRD_PARTY_AUTH_ERROR')];
    expect(classifyFcm(refusal(401, 'UNAUTHENTICATED', '', details), NOW)).toEqual(
      outcome({ kind: 'failed', code: 'THIRD_PARTY_AUTH_ERROR' }),
    );
  });
});

describe('a wait that was asked for', () => {
  const busy = ANSWERS.unavailable.kind === 'response' ? ANSWERS.unavailable.body : '';
  it.each([
    [503, busy, 'fcm-unavailable', 'UNAVAILABLE'],
    [429, '{"error":{"status":"RESOURCE_EXHAUSTED"}}', 'fcm-quota', 'RESOURCE_EXHAUSTED'],
    [502, '<html>', 'unknown', 'HTTP_502_UNREADABLE'],
  ] as const)('is kept with %d, in seconds and as a date', (status, body, cause, code) => {
    const after = (header: string): FcmVerdict =>
      classifyFcm(answered(status, body, { 'retry-after': header }), NOW);
    expect(after('120')).toEqual(retry(cause, code, 120_000));
    expect(after('Sun, 22 Nov 2026 10:00:30 GMT')).toEqual(retry(cause, code, 30_000));
    expect(after('soon')).toEqual(retry(cause, code));
  });
});

describe('answers outside the table', () => {
  it.each([
    [418, '{"error":{"status":"TEAPOT"}}', retry('fcm-unavailable', 'TEAPOT')],
    [504, '{"error":{}}', retry('fcm-unavailable', 'HTTP_504')],
    [409, '{"error":{"status":"ABORTED"}}', retry('fcm-unavailable', 'ABORTED')],
    [403, '{"error":{}}', outcome({ kind: 'failed', code: 'HTTP_403' })],
    [200, '', retry('unknown', 'HTTP_200_UNREADABLE')],
    [200, '{}', retry('unknown', 'HTTP_200_UNREADABLE')],
    [200, '{"name":7}', retry('unknown', 'HTTP_200_UNREADABLE')],
    [200, '{"error":{"status":"NOT_FOUND"}}', retry('unknown', 'HTTP_200_UNREADABLE')],
    [201, '{"name":"x"}', retry('unknown', 'HTTP_201_UNREADABLE')],
    [204, '', retry('unknown', 'HTTP_204_UNREADABLE')],
    [404, '{"error":"not found"}', retry('unknown', 'HTTP_404_UNREADABLE')],
    [401, '<html>', retry('unknown', 'HTTP_401_UNREADABLE')],
  ])('%d %s are nobody’s death', (status, body, verdict) => {
    expect(classifyFcm(answered(status, body), NOW)).toEqual(verdict);
  });

  it.each([200, 400, 403, 500])('UNREGISTERED with %d does not count', (status) => {
    const verdict = classifyFcm(refusal(status, 'X', '', [fcmError('UNREGISTERED')]), NOW);
    expect(verdict).not.toMatchObject({ outcome: { kind: 'unregistered' } });
  });

  it('a 401 and a 403 with a code of FCM are final', () => {
    const coded = (status: number): FcmVerdict =>
      classifyFcm(refusal(status, 'X', '', [fcmError('SOMETHING')]), NOW);
    expect(coded(401)).toEqual(outcome({ kind: 'failed', code: 'SOMETHING' }));
    expect(coded(403)).toEqual(outcome({ kind: 'failed', code: 'SOMETHING' }));
  });

  it('details that make no sense are passed over', () => {
    const details = [null, 7, 'x', {}, { '@type': 9 }, fcmError('UNREGISTERED')];
    const body = JSON.stringify({ error: { status: 5, details } });
    expect(classifyFcm(answered(404, body), NOW)).toEqual(VERDICTS.unregistered);
    const noList = JSON.stringify({ error: { status: 'NOT_FOUND', details: 'none' } });
    expect(classifyFcm(answered(404, noList), NOW)).toEqual(VERDICTS.bareNotFound);
  });

  it('the address field of an installation id is the address, too', () => {
    const details = [badRequest('message.fid')];
    expect(classifyFcm(refusal(400, 'INVALID_ARGUMENT', '', details), NOW)).toEqual({
      kind: 'suspect',
      code: 'INVALID_ARGUMENT',
    });
  });

  it('texts that are no names never reach an outcome', () => {
    const address = `device:${'A'.repeat(140)}`;
    const details = [fcmError(address), apnsError(400, address), badRequest(`message[${address}]`)];
    const verdict = classifyFcm(refusal(400, address, address, details), NOW);
    expect(verdict).toEqual(
      outcome({ kind: 'rejected', code: 'HTTP_400', detail: 'unnamed field' }),
    );
  });
});

describe('whatever FCM answers', () => {
  const RUNS = { seed: 20_261_122, numRuns: 1000 };
  const code = fc.constantFrom(
    'UNREGISTERED',
    'INVALID_ARGUMENT',
    'SENDER_ID_MISMATCH',
    'NOT_FOUND',
    'INTERNAL',
    'THIRD_PARTY_AUTH_ERROR',
  );
  const detail = fc.oneof(
    code.map(fcmError),
    fc
      .tuple(
        fc.constantFrom(400, 403, 410, 413, 500),
        fc.constantFrom('Unregistered', 'BadTopic', 'ExpiredToken', 'BadDeviceToken'),
      )
      .map(([status, reason]) => apnsError(status, reason)),
    fc.constantFrom('message.token', 'message.data').map((field) => badRequest(field)),
  );
  const status = fc.constantFrom(200, 400, 401, 403, 404, 410, 429, 500, 503);

  it('only UNREGISTERED or a device that APNs calls gone is dead', () => {
    fc.assert(
      fc.property(status, code, fc.array(detail, { maxLength: 3 }), (httpStatus, name, details) => {
        const verdict = classifyFcm(refusal(httpStatus, name, 'UNREGISTERED 410', details), NOW);
        if (verdict.kind !== 'outcome' || verdict.outcome.kind !== 'unregistered') return;
        const text = JSON.stringify(details);
        const gone = /"statusCode":410|"reason":"(Unregistered|ExpiredToken)"/.test(text);
        expect(gone || (httpStatus === 404 && text.includes('"UNREGISTERED"'))).toBe(true);
      }),
      RUNS,
    );
  });

  it('is read without an error, however hostile', () => {
    const hostile = fc.oneof(
      fc.string(),
      fc.json(),
      fc.json().map((json) => `{"error":${json}}`),
      fc.json().map((json) => `{"error":{"status":"X","details":${json}}}`),
      fc.json().map((json) => `{"error":{"details":[{"@type":${json}}]}}`),
    );
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 999 }), hostile, (httpStatus, body) => {
        const verdict = classifyFcm(answered(httpStatus, body), NOW);
        expect(['outcome', 'suspect', 'credential']).toContain(verdict.kind);
        expect(verdict).not.toMatchObject({ outcome: { kind: 'unregistered' } });
      }),
      RUNS,
    );
    const deep = `{"error":{"details":${'['.repeat(5000)}${']'.repeat(5000)}}}`;
    expect(classifyFcm(answered(404, deep), NOW)).toEqual({ kind: 'suspect', code: 'HTTP_404' });
  });
});
