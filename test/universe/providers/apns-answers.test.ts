/** What the engine's own APNs provider makes of every answer of the model, and what really became of the push. */
import { SENT_AT } from '../../../kit/src/testing/content.ts';
import { reasons } from '../../../simulator/src/apns/reasons.ts';
import type { ApnsSaid } from './apns-answers.ts';
import type { ApnsTrouble } from './apns-model.ts';
import { once, TestWorld, type TestWorldOptions, wave } from './test-world.ts';

/**
 * One push to one phone. Before, one to another went well where the credential is `proven`: what Apple says of a credential that it took a
 * moment ago counts for less.
 */
async function send(
  trouble: ApnsTrouble | (() => ApnsTrouble | undefined),
  { isProven = true, ...options }: TestWorldOptions & { isProven?: boolean } = {},
) {
  let troubles: () => ApnsTrouble | undefined = () => undefined;
  const world = new TestWorld({
    ...options,
    apns: { trouble: () => troubles(), ...options.apns },
  });
  const other = world.phones.add('apns', 1);
  const phone = world.phones.add('apns', 2);
  if (isProven) await world.settled(world.apnsProvider.send(wave(), [other.token]));
  troubles = typeof trouble === 'function' ? trouble : once(trouble);
  const before = world.apns.calls;
  const sentAt = world.scheduler.now;
  const [outcome] = await world.settled(world.apnsProvider.send(wave(), [phone.token]));
  const calls = world.apns.calls - before;
  return {
    world,
    phone,
    outcome,
    calls,
    rang: phone.shown.length,
    tookMs: world.scheduler.now - sentAt,
  };
}

const retry = (cause: string, code: string, retryAfterMs?: number) => ({
  kind: 'retry',
  cause,
  code,
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});
const rejected = (code: string) => ({ kind: 'rejected', code });
const failed = (code: string) => ({ kind: 'failed', code });
const delivered = { kind: 'delivered' };

/** Meaning of an answer given once, and how many requests there were. As the reference has it: `shared/reference/apns.md`, "Response". */
const MEANINGS: readonly (readonly [ApnsSaid, object, number])[] = [
  [{ what: 'InternalServerError' }, retry('apns-unavailable', 'InternalServerError'), 1],
  [{ what: 'ServiceUnavailable' }, retry('apns-unavailable', 'ServiceUnavailable'), 1],
  [
    { what: 'ServiceUnavailable', retryAfter: { seconds: 1800 } },
    retry('apns-unavailable', 'ServiceUnavailable', 1_800_000),
    1,
  ],
  [{ what: 'TooManyRequests' }, retry('apns-quota', 'TooManyRequests'), 1],
  [{ what: 'TooManyProviderTokenUpdates' }, retry('apns-quota', 'TooManyProviderTokenUpdates'), 1],
  [{ what: 'UNHEARD_OF', status: 500 }, retry('apns-unavailable', 'SomethingNew'), 1],
  [{ what: 'UNHEARD_OF', status: 429 }, retry('apns-quota', 'SomethingNew'), 1],
  [{ what: 'UNHEARD_OF', status: 400 }, rejected('SomethingNew'), 1],
  [{ what: 'UNHEARD_OF', status: 403 }, failed('SomethingNew'), 1],
  [{ what: 'EMPTY', status: 503 }, retry('apns-unavailable', 'HTTP_503_UNREADABLE'), 1],
  [{ what: 'HTML', status: 502 }, retry('unknown', 'HTTP_502_UNREADABLE'), 1],
  [{ what: 'HTML', status: 200 }, retry('unknown', 'HTTP_200_UNREADABLE'), 1],
  [{ what: 'GARBAGE', status: 500 }, retry('unknown', 'HTTP_500_UNREADABLE'), 1],
  // Sent again at once: on another connection, or with the credential that was good a moment ago.
  [{ what: 'Shutdown' }, delivered, 2],
  [{ what: 'IdleTimeout' }, delivered, 2],
  [{ what: 'ExpiredProviderToken' }, delivered, 2],
  [{ what: 'InvalidProviderToken' }, delivered, 2],
  [{ what: 'MissingProviderToken' }, delivered, 2],
  [{ what: 'UnrelatedKeyIdInToken' }, delivered, 2],
  [{ what: 'BadCertificate' }, delivered, 2],
  [{ what: 'BadCertificateEnvironment' }, delivered, 2],
  [{ what: 'BadEnvironmentKeyIdInToken' }, delivered, 2],
  [{ what: 'BadEnvironmentKeyInToken' }, delivered, 2],
  ...(
    ['DeviceTokenNotForTopic', 'TopicDisallowed', 'BadTopic', 'MissingTopic', 'Forbidden'] as const
  ).map((what) => [{ what }, failed(what), 1] as const),
  ...(
    [
      'BadCollapseId',
      'BadExpirationDate',
      'BadMessageId',
      'BadPriority',
      'InvalidPushType',
      'DuplicateHeaders',
      'MissingDeviceToken',
      'PayloadEmpty',
      'PayloadTooLarge',
      'BadPath',
      'MethodNotAllowed',
    ] as const
  ).map((what) => [{ what }, rejected(what), 1] as const),
];

describe('an answer of APNs', () => {
  it.each(MEANINGS)('%j means %j', async (says, meaning, requests) => {
    const { outcome, rang, calls } = await send({ kind: 'answer', says });
    expect(outcome).toEqual(meaning);
    expect(calls).toBe(requests);
    expect(rang).toBe(requests - 1);
  });

  it.each(MEANINGS)(
    '%j may follow a push that was taken, and means the same',
    async (says, meaning, requests) => {
      const { outcome, rang } = await send({ kind: 'answer', says, isAccepted: true });
      expect(outcome).toEqual(meaning);
      expect(rang).toBe(requests);
    },
  );

  it('is tested for every reason', () => {
    const tested = new Set(MEANINGS.map(([{ what }]) => what));
    const missing = Object.keys(reasons).filter((reason) => !tested.has(reason as 'Forbidden'));
    expect(missing).toEqual(['BadDeviceToken', 'ExpiredToken', 'Unregistered']);
  });

  it.each([
    ['InvalidProviderToken', retry('credential', 'InvalidProviderToken')],
    ['MissingProviderToken', retry('credential', 'MissingProviderToken')],
    ['BadEnvironmentKeyInToken', failed('BadEnvironmentKeyInToken')],
    ['TooManyProviderTokenUpdates', retry('apns-quota', 'TooManyProviderTokenUpdates')],
    ['Shutdown', retry('apns-unavailable', 'Shutdown')],
  ] as const)(
    '%s for a credential that was never good, or for good, ends in %j',
    async (what, meaning) => {
      const { outcome } = await send(() => ({ kind: 'answer', says: { what } }), {
        isProven: false,
      });
      expect(outcome).toEqual(meaning);
    },
  );

  it.each(['Unregistered', 'ExpiredToken', 'BadDeviceToken'] as const)(
    '%s is believed of a liar, who is noted',
    async (what) => {
      const { outcome, world, phone } = await send(
        { kind: 'answer', says: { what } },
        { apns: { mayLie: true } },
      );
      expect(outcome).toEqual({ kind: 'unregistered', code: what });
      expect(world.apns.lies).toEqual([
        { at: expect.any(Number) as number, target: phone.token, what },
      ]);
    },
  );

  it.each(['Unregistered', 'ExpiredToken', 'BadDeviceToken'] as const)(
    '%s is not given of a live phone by one who may not lie',
    async (what) => {
      const { outcome, world } = await send({ kind: 'answer', says: { what } });
      expect(outcome).toEqual(delivered);
      expect(world.apns.lies).toEqual([]);
    },
  );

  it('410 of before there was the token leaves an address that was registered since', async () => {
    const says = { what: 'Unregistered', goneForMs: 3_600_000 } as const;
    const world = new TestWorld({ apns: { trouble: once<ApnsTrouble>({ kind: 'answer', says }) } });
    const { token } = world.phones.add('apns', 1);
    world.devices.records.set(token, { refreshedAt: SENT_AT });
    expect(await world.settled(world.apnsProvider.send(wave(), [token]))).toMatchObject([
      { kind: 'rejected', code: 'Unregistered' },
    ]);
    expect(world.apns.lies).toEqual([]);
  });
});

const lost = { kind: 'no-response', processed: 'unknown', reason: 'ECONNRESET' } as const;

describe('without an answer', () => {
  it.each([
    [false, 0],
    [true, 1],
  ])('nobody knows whether the push was taken (%j)', async (isAccepted, rings) => {
    const { outcome, rang } = await send({ ...lost, isAccepted });
    expect(outcome).toEqual(retry('unknown', 'ECONNRESET'));
    expect(rang).toBe(rings);
  });

  it('a push that was never processed is sent again at once', async () => {
    const { outcome, rang } = await send({
      kind: 'no-response',
      processed: 'never',
      reason: 'REFUSED_STREAM',
    });
    expect(outcome).toEqual(delivered);
    expect(rang).toBe(1);
  });

  it.each(['at-once', 'late'] as const)(
    'in time the client gives up, and the phone rings %s',
    async (acts) => {
      const { outcome, rang, tookMs, world, phone } = await send({
        kind: 'slow',
        ms: 20_000,
        acts,
      });
      expect(outcome).toEqual(retry('unknown', 'timeout after 15000 ms'));
      expect(tookMs).toBe(15_000);
      expect(rang).toBe(acts === 'late' ? 0 : 1);
      while (!world.scheduler.isIdle) world.scheduler.step();
      expect(phone.shown).toHaveLength(1);
    },
  );
});
