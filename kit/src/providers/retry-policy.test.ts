import fc from 'fast-check';
import type { RetryCause } from '../model/outcome';
import { decideRetry, mayResendNow, type RetryQuestion } from './retry-policy';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const NOW = 1_800_000_000_000;
const FCM: readonly RetryCause[] = [
  'unprocessed',
  'unknown',
  'credential',
  'fcm-unavailable',
  'fcm-quota',
];
const APNS: readonly RetryCause[] = ['apns-unavailable', 'apns-quota'];

function ask(question: Partial<RetryQuestion>): ReturnType<typeof decideRetry> {
  return decideRetry({
    cause: 'fcm-unavailable',
    attempts: 1,
    now: NOW,
    firstFailureAt: NOW,
    expiresAt: NOW + 1000 * HOUR,
    random: 0,
    ...question,
  });
}

/** The wait in ms; fails when the answer is to give up. */
function wait(question: Partial<RetryQuestion>): number {
  const decision = ask(question);
  if (decision.kind !== 'later')
    throw new Error(`Expected a wait, got ${JSON.stringify(decision)}`);
  return decision.at - NOW;
}

describe('the first wait', () => {
  it.each<[RetryCause, number]>([
    ['unprocessed', 10 * SECOND],
    ['unknown', 10 * SECOND],
    ['credential', MINUTE],
    ['fcm-unavailable', 10 * SECOND],
    ['fcm-quota', 60 * SECOND],
    ['apns-unavailable', 15 * MINUTE],
    ['apns-quota', MINUTE],
  ])('after %s is %d ms, and as much again by chance', (cause, first) => {
    expect(wait({ cause })).toBe(first);
    expect(wait({ cause, random: 0.5 })).toBe(first * 1.5);
  });
});

describe('later waits', () => {
  it.each([
    [1, 10, 20],
    [2, 10, 30],
    [3, 10, 50],
    [4, 10, 90],
    [7, 10, 650],
    [8, 10, 910],
    [50, 10, 910],
    [2000, 10, 910],
  ])('of FCM are spread after attempt %d from %d s to under %d s', (attempts, least, most) => {
    expect(wait({ attempts }) / SECOND).toBe(least);
    expect(wait({ attempts, random: 1 }) / SECOND).toBe(most);
  });

  it('of APNs are spread over an hour at most', () => {
    expect(wait({ cause: 'apns-unavailable', attempts: 9, random: 1 })).toBe(75 * MINUTE);
  });

  it('are as long as the provider asked for', () => {
    expect(wait({ retryAfterMs: 5 * MINUTE })).toBe(5 * MINUTE);
    expect(wait({ retryAfterMs: 5 * MINUTE, random: 0.5 })).toBe(5 * MINUTE + 5 * SECOND);
    expect(wait({ retryAfterMs: SECOND })).toBe(10 * SECOND);
  });
});

describe('giving up', () => {
  it('comes when the push would be stale by then, or is already', () => {
    const expired = { kind: 'give-up', reason: 'expired' };
    expect(ask({ expiresAt: NOW })).toEqual(expired);
    expect(ask({ expiresAt: NOW - 1 })).toEqual(expired);
    expect(ask({ expiresAt: NOW + 10 * SECOND })).toEqual(expired);
    expect(ask({ expiresAt: NOW + 10 * SECOND + 1 })).toMatchObject({ kind: 'later' });
  });

  it.each<[RetryCause, number]>([
    ['credential', HOUR],
    ['fcm-unavailable', HOUR],
    ['fcm-quota', HOUR],
    ['apns-unavailable', 4 * HOUR],
    ['apns-quota', 4 * HOUR],
  ])('comes for %s when it has failed for %d ms', (cause, patience) => {
    const first = wait({ cause });
    const firstFailureAt = NOW + first - patience;
    expect(ask({ cause, firstFailureAt })).toMatchObject({ kind: 'later' });
    expect(ask({ cause, firstFailureAt: firstFailureAt - 1 })).toEqual({
      kind: 'give-up',
      reason: 'retries-used-up',
    });
  });

  it('comes at once when the provider asks for more than its own patience', () => {
    const reason = 'retries-used-up';
    expect(ask({ retryAfterMs: 2 * HOUR })).toEqual({ kind: 'give-up', reason });
    expect(ask({ retryAfterMs: Infinity }).kind).toBe('give-up');
  });
});

describe('whatever is asked', () => {
  const question = fc.record({
    cause: fc.constantFrom(...FCM, ...APNS),
    attempts: fc.integer({ min: 1, max: 100 }),
    retryAfterMs: fc.integer({ min: 0, max: 10 * HOUR }),
    now: fc.constant(NOW),
    firstFailureAt: fc.integer({ min: NOW - 5 * HOUR, max: NOW }),
    expiresAt: fc.integer({ min: NOW - HOUR, max: NOW + 30 * 24 * HOUR }),
    random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  });
  const RUNS = { seed: 20_261_122, numRuns: 2000 };

  it('never waits for less than Retry-After, past the expiry, or beyond the patience', () => {
    fc.assert(
      fc.property(question, (asked) => {
        const decision = decideRetry(asked);
        if (decision.kind !== 'later') return;
        const patience = FCM.includes(asked.cause) ? HOUR : 4 * HOUR;
        expect(decision.at - NOW).toBeGreaterThanOrEqual(asked.retryAfterMs);
        expect(decision.at - NOW).toBeGreaterThanOrEqual(10 * SECOND);
        expect(decision.at).toBeLessThan(asked.expiresAt);
        expect(decision.at - asked.firstFailureAt).toBeLessThanOrEqual(patience);
        expect(Number.isInteger(decision.at)).toBe(true);
      }),
      RUNS,
    );
  });

  it('waits no less after more attempts', () => {
    fc.assert(
      fc.property(question, (asked) => {
        const next = decideRetry({ ...asked, attempts: asked.attempts + 1 });
        const decision = decideRetry(asked);
        if (next.kind !== 'later') return;
        expect(decision.kind === 'later' && decision.at <= next.at).toBe(true);
      }),
      RUNS,
    );
  });
});

describe('mayResendNow', () => {
  const never = { kind: 'no-response', processed: 'never', reason: 'REFUSED_STREAM' } as const;

  it('is true of a request that was never processed, three times', () => {
    expect([0, 1, 2, 3, 4].map((resends) => mayResendNow(never, resends))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  it('is false of whatever may have been processed', () => {
    expect(mayResendNow({ ...never, processed: 'unknown' }, 0)).toBe(false);
    const response = { kind: 'response', status: 503, headers: {}, body: '' } as const;
    expect(mayResendNow(response, 0)).toBe(false);
  });
});
