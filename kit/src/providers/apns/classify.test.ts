import fc from 'fast-check';
import type { Http2Answer } from '../http2/answer';
import { classifyApns } from './classify';
import { APNS_REASONS } from './reasons';

const NOW = 1_800_000_000_000;

function answer(
  status: number,
  body: unknown = '',
  headers: Readonly<Record<string, string>> = {},
): Http2Answer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { kind: 'response', status, headers, body: text };
}

const verdict = (given: Http2Answer, refreshedAt?: number) =>
  classifyApns(given, { now: NOW, refreshedAt });

const outcomeOf = (given: Http2Answer, refreshedAt?: number) => {
  const read = verdict(given, refreshedAt);
  return 'outcome' in read ? read.outcome : read;
};

describe('classifyApns', () => {
  it('takes an empty 200 for delivered', () => {
    expect(verdict(answer(200))).toEqual({ kind: 'outcome', outcome: { kind: 'delivered' } });
  });

  /** What each reason comes to, in short; the table itself is held against Apple's in its own test. */
  const COMES_TO: Record<keyof typeof APNS_REASONS, string> = {
    BadCollapseId: 'outcome rejected',
    BadDeviceToken: 'wrong-environment',
    BadExpirationDate: 'outcome rejected',
    BadMessageId: 'outcome rejected',
    BadPriority: 'outcome rejected',
    BadTopic: 'outcome failed',
    DeviceTokenNotForTopic: 'outcome failed',
    DuplicateHeaders: 'outcome rejected',
    IdleTimeout: 'resend retry unprocessed',
    InvalidPushType: 'outcome rejected',
    MissingDeviceToken: 'outcome rejected',
    MissingTopic: 'outcome failed',
    PayloadEmpty: 'outcome rejected',
    TopicDisallowed: 'outcome failed',
    BadCertificate: 'credential retry credential',
    BadCertificateEnvironment: 'credential failed',
    BadEnvironmentKeyIdInToken: 'credential failed',
    BadEnvironmentKeyInToken: 'credential failed',
    ExpiredProviderToken: 'token-expired',
    Forbidden: 'outcome failed',
    InvalidProviderToken: 'credential retry credential',
    MissingProviderToken: 'credential retry credential',
    UnrelatedKeyIdInToken: 'credential retry credential',
    BadPath: 'outcome rejected',
    MethodNotAllowed: 'outcome rejected',
    ExpiredToken: 'outcome unregistered',
    Unregistered: 'outcome unregistered',
    PayloadTooLarge: 'outcome rejected',
    TooManyProviderTokenUpdates: 'token-too-new retry apns-quota',
    TooManyRequests: 'outcome retry apns-quota',
    InternalServerError: 'outcome retry apns-unavailable',
    ServiceUnavailable: 'outcome retry apns-unavailable',
    Shutdown: 'resend retry apns-unavailable',
  };

  it.each(Object.values(APNS_REASONS))('$status $code', ({ code, status }) => {
    const read = verdict(answer(status, { reason: code }));
    const words: string[] = [read.kind];
    if ('outcome' in read) {
      words.push(read.outcome.kind);
      if (read.outcome.kind === 'retry') words.push(read.outcome.cause);
    }
    expect(words.join(' ')).toBe(COMES_TO[code]);
  });

  it('prunes on 410 what was registered before it', () => {
    const gone = answer(410, { reason: 'Unregistered', timestamp: NOW - 1000 });
    expect(outcomeOf(gone, NOW - 1001)).toEqual({ kind: 'unregistered', code: 'Unregistered' });
  });

  it('keeps on 410 what was registered since', () => {
    const gone = answer(410, { reason: 'Unregistered', timestamp: NOW - 1000 });
    expect(outcomeOf(gone, NOW - 1000)).toEqual({
      kind: 'rejected',
      code: 'Unregistered',
      detail: 'the app has registered the address again since',
    });
  });

  it.each([
    ['no device record', { reason: 'Unregistered', timestamp: NOW }, undefined],
    ['no timestamp', { reason: 'ExpiredToken' }, NOW],
    ['a timestamp that is none', { reason: 'ExpiredToken', timestamp: 'now' }, NOW],
  ])('prunes on 410 with %s', (_what, body, refreshedAt) => {
    expect(outcomeOf(answer(410, body), refreshedAt)).toMatchObject({ kind: 'unregistered' });
  });

  it('waits for as long as it is asked to', () => {
    const slow = answer(429, { reason: 'TooManyRequests' }, { 'retry-after': '90' });
    expect(outcomeOf(slow)).toMatchObject({ kind: 'retry', retryAfterMs: 90_000 });
  });

  it.each([
    ['a page', answer(503, '<html>Bad gateway</html>'), 'unknown', 'HTTP_503_UNREADABLE'],
    ['a page that says 200', answer(200, '<html>Log in</html>'), 'unknown', 'HTTP_200_UNREADABLE'],
    ['a page that says 410', answer(410, '<html>Gone</html>'), 'unknown', 'HTTP_410_UNREADABLE'],
    ['half a JSON', answer(400, '{"reason":"BadDev'), 'unknown', 'HTTP_400_UNREADABLE'],
    ['JSON of another kind', answer(400, '{"error":"x"}'), 'unknown', 'HTTP_400_UNREADABLE'],
    ['a refusal without a reason', answer(403), 'unknown', 'HTTP_403_UNREADABLE'],
    [
      'a success with a reason',
      answer(200, { reason: 'Unregistered' }),
      'unknown',
      'HTTP_200_UNREADABLE',
    ],
    ['trouble without a reason', answer(502), 'apns-unavailable', 'HTTP_502_UNREADABLE'],
    [
      'nothing, nowhere',
      { kind: 'no-response', processed: 'never', reason: 'ECONNREFUSED' } as const,
      'unprocessed',
      'ECONNREFUSED',
    ],
    [
      'nothing, perhaps processed',
      { kind: 'no-response', processed: 'unknown', reason: 'timeout' } as const,
      'unknown',
      'timeout',
    ],
  ])('tries again after %s', (_what, given, cause, code) => {
    expect(outcomeOf(given)).toEqual({ kind: 'retry', cause, code });
  });

  it('never prunes for any answer but a JSON that says the device is gone', () => {
    const body = fc.oneof(
      fc.string(),
      fc.json(),
      fc.jsonValue().map((reason) => JSON.stringify({ reason })),
    );
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 599 }), body, (status, text) => {
        fc.pre(status !== 410);
        expect(outcomeOf(answer(status, text))).not.toMatchObject({ kind: 'unregistered' });
      }),
    );
  });
});
