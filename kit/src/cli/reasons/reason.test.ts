import fc from 'fast-check';
import { ERROR_CODES } from '../../delivery/error-code';
import { settle, type Result } from '../../delivery/settle';
import { PUSH_STATES } from '../../outbox/push-document';
import type { Outcome } from '../../model/outcome';
import { decideRetry, WAITS } from '../../providers/retry-policy';
import { DELIVERY_REASONS } from './deliveries';
import { KEPT_REASONS, PERSON_REASONS } from './persons';
import { answerReason, codeReason, errorReason, personReason, pushReason } from './reason';

describe('a person', () => {
  it.each(Object.keys(PERSON_REASONS))('has a sentence for %s', (reason) => {
    expect(personReason(reason)).toBe(PERSON_REASONS[reason as keyof typeof PERSON_REASONS]);
  });

  it.each([
    [
      'kept:breaker',
      'problem',
      'The provider called this device gone, but so many at once that none of them was removed.',
    ],
    [
      'retrying:UNAVAILABLE',
      'note',
      'FCM was overloaded or down. It is tried again by itself, first after 10 s, for up to 1 h.',
    ],
    [
      'retrying:ServiceUnavailable',
      'note',
      'APNs was overloaded or down. It is tried again by itself, first after 15 min, for up to 4 h.',
    ],
    [
      'retrying:UNSENT',
      'note',
      'The time of the function was over before this device had its turn. It goes on at once.',
    ],
    [
      'retrying:NO_ACCESS_TOKEN: invalid_grant (Bad Request)',
      'problem',
      'Google gave the functions no access token for FCM, so nothing was sent. It is tried again by itself, first after 60 s, for up to 1 h.',
    ],
    [
      'failed:UNAVAILABLE',
      'problem',
      'FCM was overloaded or down. It was tried again without success.',
    ],
    [
      'failed:UNSENT',
      'problem',
      'The time of the function was over before this device had its turn. The delivery ended before it had another.',
    ],
    [
      'rejected:UNREGISTERED',
      'note',
      'FCM has no such token any more: the app was uninstalled, its data was cleared, or (Android) it was not used for 270 days.',
    ],
    [
      'delivered + failed:THIRD_PARTY_AUTH_ERROR (InvalidProviderToken)',
      'problem',
      'Delivered to at least one device. Another device: Apple refused the APNs key that Firebase has of the project: it was revoked, or its key id or team id is wrong (InvalidProviderToken).',
    ],
    [
      'delivered + kept:re-registered',
      'note',
      'Delivered to at least one device. Another device: The provider called this device gone, but the app has registered it again meanwhile: it stays.',
    ],
    [
      'retrying:INTERNAL + rejected:PayloadTooLarge',
      'problem',
      'FCM had an internal error. It is tried again by itself, first after 10 s, for up to 1 h. Another device: APNs says that the push is too large.',
    ],
    [
      'rejected:Unregistered (the app has registered the address again since)',
      'note',
      'APNs says that the app is not on this device any more, or that its token is not used any more. But the app has registered it again since, so it stays.',
    ],
  ] as const)('of %s is a %s: %s', (reason, severity, sentence) => {
    expect(personReason(reason)).toMatchObject({ severity, sentence });
  });

  it('keeps the remedy of the device that needs one', () => {
    const { remedy } = personReason('delivered + failed:APNS_NO_TOPIC (set APNS_TOPIC to …)');
    expect(remedy).toContain('APNS_TOPIC in .env');
    expect(personReason('delivered + retrying:UNAVAILABLE')).not.toHaveProperty('remedy');
    expect(personReason('failed:UNAVAILABLE').remedy).toContain('npx @firestore-push/push retry');
  });

  it('is understood where words of others hold a plus sign', () => {
    const { sentence } = personReason('retrying:NO_ACCESS_TOKEN: got 1 + 1');
    expect(sentence).toBe(personReason('retrying:NO_ACCESS_TOKEN: got 2').sentence);
  });

  it('is understood where the end of the words was cut off', () => {
    const cut = 'rejected:INVALID_ARGUMENT (most addresses got this answer: check proj';
    expect(personReason(cut).sentence).toContain('Most devices of the batch got this answer');
  });

  it.each(['gone-fishing', 'kept:elsewhere', '', 'constructor', 'kept:constructor'])(
    'with the unknown reason "%s" gets an honest sentence',
    (reason) => {
      expect(personReason(reason)).toMatchObject({
        severity: 'problem',
        sentence: `The ledger says "${reason}", which this version of the command line does not know.`,
      });
    },
  );
});

describe('FCM’s THIRD_PARTY_AUTH_ERROR', () => {
  const failed = (detail?: string) =>
    answerReason({
      outcome: 'failed',
      code: 'THIRD_PARTY_AUTH_ERROR',
      ...(detail === undefined ? {} : { detail }),
      kind: 'fcm',
    });
  const UPLOAD = 'Project settings > Cloud Messaging > Apple app configuration.';

  it.each([
    ['InvalidProviderToken', /revoked, or its key id or team id is wrong/, UPLOAD],
    ['BadEnvironmentKeyInToken', /for the other environment/, UPLOAD],
    ['BadEnvironmentKeyIdInToken', /for the other environment/, UPLOAD],
    ['ExpiredProviderToken', /\(ExpiredProviderToken\)/, UPLOAD],
    [undefined, /Apple or the browser’s push service/, 'Web Push certificate'],
  ])('with %s says whose credentials were refused, and where they are', (detail, says, where) => {
    const { sentence, remedy, severity } = failed(detail);
    expect(sentence).toMatch(says);
    expect(remedy).toContain(where);
    expect(severity).toBe('problem');
  });
});

describe('what FCM passes on of Apple’s', () => {
  const remedyOf = (detail: string) =>
    answerReason({ outcome: 'failed', code: 'INVALID_ARGUMENT', detail, kind: 'fcm' }).remedy;

  it.each([
    ['UnrelatedKeyIdInToken', 'Project settings > Cloud Messaging'],
    ['TopicDisallowed', 'Project settings > General > Your apps'],
    ['BadCollapseId', 'apns options of the notification'],
    ['ServiceUnavailable', 'npx @firestore-push/push retry'],
  ])(
    '%s is put right in Firebase or the notification, not in the functions’ own key',
    (detail, where) => {
      expect(remedyOf(detail)).toContain(where);
      expect(remedyOf(detail)).not.toMatch(/\.env/);
    },
  );
});

describe('a device', () => {
  it.each([
    [{ outcome: 'delivered', kind: 'apns' }, 'good', 'APNs accepted the push for this device.'],
    [{ outcome: 'delivered', kind: 'fid' }, 'good', 'FCM accepted the push for this device.'],
    [{ outcome: 'delivered' }, 'good', 'FCM accepted the push for whoever has subscribed.'],
    [{ outcome: 'gone', kind: 'fcm' }, 'note', PERSON_REASONS['address-removed'].sentence],
    [
      { outcome: 'unregistered', code: 'APNS_Unregistered', prune: 'pruned' },
      'note',
      'Apple told FCM that the device is gone (Unregistered): the app was uninstalled, or its token has expired. Its address was removed.',
    ],
    [
      { outcome: 'unregistered', code: 'BadDeviceToken', prune: 'breaker' },
      'problem',
      'APNs knows this token neither in production nor in the sandbox. So did too many others at once to be believed: none was removed.',
    ],
    [
      { outcome: 'rejected', code: 'INVALID_ARGUMENT', detail: 'message.data[0].value' },
      'problem',
      'FCM refused a field of the push: message.data[0].value.',
    ],
    [
      { outcome: 'rejected', code: 'INVALID_ARGUMENT', detail: 'BadCollapseId' },
      'problem',
      'FCM passes on: APNs refused the collapse key: it is too long.',
    ],
    [
      { outcome: 'expired', code: 'UNAVAILABLE' },
      'problem',
      `${PERSON_REASONS.expired.sentence} It had to wait: FCM was overloaded or down.`,
    ],
    [{ outcome: 'expired', code: 'TOO_LATE' }, 'problem', PERSON_REASONS.expired.sentence],
    [
      { outcome: 'failed', code: 'ECONNREFUSED' },
      'problem',
      'The network failed between the functions and the provider (ECONNREFUSED). It was tried again without success.',
    ],
    [{ outcome: 'failed' }, 'problem', 'It was not delivered, and the entry does not say why.'],
  ] as const)('that answered %j is a %s: %s', (answer, severity, sentence) => {
    expect(answerReason(answer)).toMatchObject({ severity, sentence });
  });
});

describe('a code by itself', () => {
  it('says of a limit when it is tried again, and what to do if it comes often', () => {
    expect(codeReason('QUOTA_EXCEEDED')).toMatchObject({
      severity: 'note',
      sentence: expect.stringContaining('first after 60 s, for up to 1 h.') as string,
      remedy: expect.stringContaining('TASKS_PER_SECOND') as string,
    });
  });

  it('may be one of a delivery as a whole', () => {
    expect(codeReason('COMPOSE_FAILED')).toBe(DELIVERY_REASONS.COMPOSE_FAILED);
  });

  it.each([
    ['SomethingNew', 'The code "SomethingNew" is not known here.'],
    [
      'FRONTEND_418',
      'The code "FRONTEND_418" is not known here; HTTP 418 says that the request was refused.',
    ],
    [
      'GFE 502',
      'The code "GFE 502" is not known here; HTTP 502 says that the provider had an error.',
    ],
    ['__proto__', 'The code "__proto__" is not known here.'],
  ])('that is not known is admitted to be so: %s', (code, sentence) => {
    expect(codeReason(code)).toMatchObject({ severity: 'problem', sentence });
  });
});

it.each(ERROR_CODES)('a delivery that failed by %s has its sentence', (code) => {
  expect(errorReason(code)).toBe(DELIVERY_REASONS[code]);
});

it.each(PUSH_STATES)('a push that is %s has its sentence', (state) => {
  expect(pushReason(state).sentence).toMatch(/^[A-Z].*\.$/);
});

it('the waits that are named are those of the policy of retries', () => {
  for (const [cause, { firstMs, giveUpAfterMs }] of Object.entries(WAITS)) {
    const question = { cause: cause as keyof typeof WAITS, attempts: 1, random: 0, now: 0 };
    const later = { ...question, firstFailureAt: 0, expiresAt: Infinity };
    expect(decideRetry(later)).toEqual({ kind: 'later', at: firstMs });
    const patience = firstMs - giveUpAfterMs;
    expect(decideRetry({ ...later, firstFailureAt: patience })).toMatchObject({ kind: 'later' });
    expect(decideRetry({ ...later, firstFailureAt: patience - 1 })).toMatchObject({
      kind: 'give-up',
    });
  }
});

describe('what a round settles', () => {
  const outcome = fc.constantFrom<Outcome>(
    { kind: 'delivered' },
    { kind: 'delivered', unchecked: true },
    { kind: 'unregistered', code: 'UNREGISTERED' },
    { kind: 'rejected', code: 'INVALID_ARGUMENT', detail: 'the address alone was not refused' },
    { kind: 'failed', code: 'THIRD_PARTY_AUTH_ERROR', detail: 'InvalidProviderToken' },
    { kind: 'unsent' },
    { kind: 'retry', code: 'UNAVAILABLE', cause: 'fcm-unavailable' },
    { kind: 'retry', code: 'TOO_LATE', cause: 'unprocessed' },
  );
  const prune = fc.constantFrom<Result['prune']>(
    undefined,
    'pruned',
    ...(Object.keys(KEPT_REASONS) as (keyof typeof KEPT_REASONS)[]),
  );

  it('is understood, whatever a person’s devices answered', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ outcome, prune }), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        fc.boolean(),
        (answers, isExpired, hasRoom) => {
          const results = answers.map((answer, index): Result => {
            const { prune: fate, ...rest } = answer;
            const target = { uid: 'ola', address: `address-${index}` };
            return { ...target, ...rest, ...(fate === undefined ? {} : { prune: fate }) };
          });
          const { reasons } = settle(results, {
            earlier: new Map(),
            now: 1000,
            expiresAt: isExpired ? 999 : 10_000_000,
            random: () => 0,
            pendingBytes: hasRoom ? 10_000 : 0,
          });
          for (const reason of reasons.values()) {
            expect(personReason(reason).sentence).not.toMatch(/not known?\b/);
          }
        },
      ),
    );
  });
});
