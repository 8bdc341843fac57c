/** Whatever the providers can be made to answer is explained, by the tables and not by the words for what is unknown. */
import fc from 'fast-check';
import type { Outcome } from '../../model/outcome';
import { classifyApns, type ApnsVerdict } from '../../providers/apns/classify';
import { APNS_REASONS } from '../../providers/apns/reasons';
import { classifyFcm, type FcmVerdict } from '../../providers/fcm/classify';
import { clearDoubt } from '../../providers/fcm/suspects';
import type { Http2Answer } from '../../providers/http2/answer';
import { errorName, http2ErrorName } from '../../providers/http2/error-name';
import { apnsError, badRequest, fcmError } from '../../testing/fcm-answers';
import { findCode, unknownCode } from './codes';
import { refined } from './details';
import { FCM_CODES, GOOGLE_CODES } from './fcm-codes';
import { codeReason } from './reason';

/** FCM's documented pairs. */
const FCM_PAIRS: readonly (readonly [status: number, code: keyof typeof FCM_CODES])[] = [
  [500, 'UNSPECIFIED_ERROR'],
  [400, 'INVALID_ARGUMENT'],
  [404, 'UNREGISTERED'],
  [403, 'SENDER_ID_MISMATCH'],
  [429, 'QUOTA_EXCEEDED'],
  [503, 'UNAVAILABLE'],
  [500, 'INTERNAL'],
  [401, 'THIRD_PARTY_AUTH_ERROR'],
  [401, 'APNS_AUTH_ERROR'],
];
/** Google's canonical statuses with the HTTP status that each has (google/rpc/code.proto). */
const GOOGLE_PAIRS: readonly (readonly [
  number,
  keyof typeof GOOGLE_CODES | keyof typeof FCM_CODES,
])[] = [
  [499, 'CANCELLED'],
  [500, 'UNKNOWN'],
  [400, 'INVALID_ARGUMENT'],
  [504, 'DEADLINE_EXCEEDED'],
  [404, 'NOT_FOUND'],
  [409, 'ALREADY_EXISTS'],
  [403, 'PERMISSION_DENIED'],
  [401, 'UNAUTHENTICATED'],
  [429, 'RESOURCE_EXHAUSTED'],
  [400, 'FAILED_PRECONDITION'],
  [409, 'ABORTED'],
  [400, 'OUT_OF_RANGE'],
  [501, 'UNIMPLEMENTED'],
  [500, 'INTERNAL'],
  [503, 'UNAVAILABLE'],
  [500, 'DATA_LOSS'],
];

function answered(status: number, body: unknown): Http2Answer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { kind: 'response', status, headers: {}, body: text };
}

function outcomeOf(verdict: FcmVerdict | ApnsVerdict): Outcome | undefined {
  return 'outcome' in verdict ? verdict.outcome : undefined;
}

function codeOf(verdict: FcmVerdict | ApnsVerdict): string | undefined {
  if ('code' in verdict) return verdict.code;
  const outcome = outcomeOf(verdict);
  return outcome !== undefined && 'code' in outcome ? outcome.code : undefined;
}

/** The code, and its detail where it has one, are explained. */
function expectExplained(verdict: FcmVerdict | ApnsVerdict): void {
  const code = codeOf(verdict);
  if (code === undefined) return;
  const entry = findCode(code);
  expect({ code, entry }).toEqual({ code, entry: expect.anything() as unknown });
  const outcome = outcomeOf(verdict);
  const detail = outcome !== undefined && 'detail' in outcome ? outcome.detail : undefined;
  if (detail === undefined || entry === undefined) return;
  expect({ code, detail, refined: refined(code, entry, detail) }).toEqual({
    code,
    detail,
    refined: expect.anything() as unknown,
  });
}

describe('what FCM answers', () => {
  it('has all documented codes in its tables', () => {
    const codes = [...FCM_PAIRS, ...GOOGLE_PAIRS].map(([, code]) => code);
    expect([...new Set(codes)].sort()).toEqual(
      Object.keys({ ...FCM_CODES, ...GOOGLE_CODES }).sort(),
    );
  });

  it.each([
    ...FCM_PAIRS.map(
      ([status, code]) => [status, code, { error: { details: [fcmError(code)] } }] as const,
    ),
    ...GOOGLE_PAIRS.map(([status, code]) => [status, code, { error: { status: code } }] as const),
  ])('with HTTP %i %s waits exactly as its sentence says', (status, code, body) => {
    const verdict = classifyFcm(answered(status, body), 0);
    expectExplained(verdict);
    const outcome = outcomeOf(verdict);
    const { waits } = findCode(code) ?? unknownCode(code);
    // A token that is refused is renewed first: providers/fcm/call.ts.
    if (verdict.kind === 'credential') expect(waits).toBe('credential');
    else if (outcome?.kind === 'retry') expect(waits).toBe(outcome.cause);
    else expect(waits).toBeUndefined();
  });

  const name = fc.constantFrom(
    undefined,
    ...[...FCM_PAIRS, ...GOOGLE_PAIRS].map(([, code]) => code),
  );
  const detail = fc.oneof(
    fc.record({
      status: fc.constantFrom(400, 403, 410, 413, 429, 500),
      reason: fc.constantFrom(...Object.keys(APNS_REASONS)),
    }),
    fc.constantFrom(
      'message',
      'message.token',
      'message.fid',
      'message.data[0].value',
      '! no field',
    ),
    fc.constant(undefined),
  );

  it('is explained whatever status comes with whatever codes and details', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 200, max: 599 }),
        name,
        name,
        detail,
        (status, canonical, errorCode, more) => {
          const details = [
            ...(errorCode === undefined ? [] : [fcmError(errorCode)]),
            ...(typeof more === 'string' ? [badRequest(more)] : []),
            ...(typeof more === 'object' ? [apnsError(more.status, more.reason)] : []),
          ];
          expectExplained(
            classifyFcm(answered(status, { error: { status: canonical, details } }), 0),
          );
        },
      ),
      { numRuns: 2000 },
    );
  });

  it.each(['', '<html>502</html>', '{}', '[]', '{"error":"no"}', '{"error":{}}'])(
    'is explained with the body %j and any status',
    (body) => {
      for (let status = 200; status < 600; status += 1) {
        expectExplained(classifyFcm(answered(status, body), 0));
      }
    },
  );

  it('is explained after a doubtful address was asked about', () => {
    const codes = ['INVALID_ARGUMENT', 'NOT_FOUND', 'SENDER_ID_MISMATCH'] as const;
    for (const code of codes) {
      for (const accepted of [true, false]) {
        for (const second of [
          { kind: 'suspect', code },
          { kind: 'suspect', code: 'HTTP_404' },
          { kind: 'outcome', outcome: { kind: 'delivered' } },
        ] as const) {
          const outcome = clearDoubt(code, second, accepted);
          expectExplained({ kind: 'outcome', outcome });
        }
      }
    }
  });
});

describe('what APNs answers', () => {
  it.each(Object.values(APNS_REASONS))(
    'with $status $code waits exactly as its sentence says',
    ({ status, code }) => {
      const verdict = classifyApns(answered(status, { reason: code }), { now: 0 });
      expectExplained(verdict);
      const outcome = outcomeOf(verdict);
      const { waits } = findCode(code) ?? unknownCode(code);
      // It is signed anew first, see providers/apns/batch.ts.
      if (verdict.kind === 'token-expired') expect(waits).toBe('credential');
      else if (outcome?.kind === 'retry') expect(waits).toBe(outcome.cause);
      else expect(waits).toBeUndefined();
    },
  );

  it('is explained whatever status comes with whatever reason, registered again or not', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 200, max: 599 }),
        fc.oneof(
          fc.constantFrom(...Object.keys(APNS_REASONS)).map((reason) => ({ reason, timestamp: 5 })),
          fc.constantFrom('', '<html>', '{}'),
        ),
        fc.constantFrom(undefined, 1, 9),
        (status, body, refreshedAt) =>
          expectExplained(classifyApns(answered(status, body), { now: 0, refreshedAt })),
      ),
      { numRuns: 1000 },
    );
  });
});

describe('what a connection ends with', () => {
  it.each(Array.from({ length: 16 }, (_, code) => http2ErrorName(code)))(
    'is explained for HTTP/2’s %s',
    (name) => {
      expect(findCode(name)).toBeDefined();
      expect(findCode(`GOAWAY ${name}`)).toBeDefined();
    },
  );

  it.each([
    'ECONNREFUSED',
    'ECONNRESET',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EPIPE',
    'EPROTO',
    'ETIMEDOUT',
    'ERR_HTTP2_GOAWAY_SESSION',
    'ERR_HTTP2_INVALID_HEADER_VALUE',
    'ERR_HTTP2_PING_CANCEL',
    'ERR_SSL_WRONG_VERSION_NUMBER',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'CERT_HAS_EXPIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  ])('is explained for Node’s %s', (code) => {
    expect(findCode(errorName(Object.assign(new Error('…'), { code })))).toBeDefined();
  });
});

it('a code that may be an address is not repeated', () => {
  const body = fc.string({
    unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_'),
    minLength: 130,
    maxLength: 140,
  });
  const hex = fc.string({
    unit: fc.constantFrom(...'0123456789abcdef'),
    minLength: 64,
    maxLength: 64,
  });
  const address = fc.oneof(
    hex,
    hex.map((token) => token.toUpperCase()),
    body.map((rest) => `dYlqxyz0QkCeWgv3rN1mPT:APA91b${rest}`),
  );
  fc.assert(
    fc.property(address, (token) => {
      const { sentence } = codeReason(token);
      expect(sentence).not.toContain(token.slice(0, 20));
      expect(sentence).not.toContain(token.slice(-20));
    }),
  );
});
