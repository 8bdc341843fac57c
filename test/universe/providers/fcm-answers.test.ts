/** What the engine's own FCM provider makes of every answer of the model, and what really became of the push. */
import type { Content } from '../../../kit/src/model/notification/content.ts';
import type { FcmSaid } from './fcm-answers.ts';
import type { FcmTrouble } from './fcm-model.ts';
import { once, TestWorld, type TestWorldOptions, wave } from './test-world.ts';

/** One push to one phone, after one to another that went well: FCM is trusted then. */
async function send(
  trouble: FcmTrouble | undefined,
  options: TestWorldOptions = {},
  over: Partial<Content> = {},
) {
  let troubles: () => FcmTrouble | undefined = () => undefined;
  const fcm = { trouble: () => troubles(), ...options.fcm };
  const world = new TestWorld({ ...options, fcm });
  const other = world.phones.add('fcm', 1);
  const phone = world.phones.add('fcm', 2);
  await world.settled(world.fcmProvider.send(wave(), [other.token]));
  if (trouble !== undefined) troubles = once(trouble);
  const sent = world.scheduler.now;
  const [outcome] = await world.settled(world.fcmProvider.send(wave(over), [phone.token]));
  return { world, phone, outcome, rang: phone.shown.length, tookMs: world.scheduler.now - sent };
}

const retry = (cause: string, code: string, retryAfterMs?: number) => ({
  kind: 'retry',
  cause,
  code,
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});
const doubtful = (code: string) => ({
  kind: 'rejected',
  code,
  detail: 'the address alone was not refused',
});

/** As the reference has it: `shared/reference/fcm-v1.md`, "Error codes → action". */
const MEANINGS: readonly (readonly [FcmSaid, object])[] = [
  [{ what: 'UNAVAILABLE' }, retry('fcm-unavailable', 'UNAVAILABLE')],
  [
    { what: 'UNAVAILABLE', retryAfter: { seconds: 30 } },
    retry('fcm-unavailable', 'UNAVAILABLE', 30_000),
  ],
  // The answer travels 50 ms, and a date has no milliseconds.
  [
    { what: 'UNAVAILABLE', retryAfter: { dateInSeconds: 60 } },
    retry('fcm-unavailable', 'UNAVAILABLE', 59_900),
  ],
  [
    { what: 'UNAVAILABLE', retryAfter: { dateInSeconds: -60 } },
    retry('fcm-unavailable', 'UNAVAILABLE', 0),
  ],
  [{ what: 'UNAVAILABLE', retryAfter: { text: 'soon' } }, retry('fcm-unavailable', 'UNAVAILABLE')],
  [{ what: 'INTERNAL' }, retry('fcm-unavailable', 'INTERNAL')],
  [{ what: 'UNSPECIFIED_ERROR' }, retry('fcm-unavailable', 'UNSPECIFIED_ERROR')],
  [{ what: 'QUOTA_EXCEEDED' }, retry('fcm-quota', 'QUOTA_EXCEEDED')],
  [
    { what: 'QUOTA_EXCEEDED', retryAfter: { seconds: 600 } },
    retry('fcm-quota', 'QUOTA_EXCEEDED', 600_000),
  ],
  [{ what: 'RATE_LIMIT_EXCEEDED' }, retry('fcm-quota', 'RESOURCE_EXHAUSTED')],
  [{ what: 'HTML', status: 404 }, retry('unknown', 'HTTP_404_UNREADABLE')],
  [{ what: 'HTML', status: 200 }, retry('unknown', 'HTTP_200_UNREADABLE')],
  [{ what: 'HTML', status: 502 }, retry('unknown', 'HTTP_502_UNREADABLE')],
  [{ what: 'GARBAGE' }, retry('unknown', 'HTTP_200_UNREADABLE')],
  [{ what: 'EMPTY' }, retry('unknown', 'HTTP_200_UNREADABLE')],
  [{ what: 'NO_NAME' }, retry('unknown', 'HTTP_200_UNREADABLE')],
  [{ what: 'INVALID_ARGUMENT' }, doubtful('INVALID_ARGUMENT')],
  [{ what: 'INVALID_REGISTRATION_TOKEN' }, doubtful('INVALID_ARGUMENT')],
  [{ what: 'MESSAGE_TOO_BIG' }, doubtful('INVALID_ARGUMENT')],
  [{ what: 'SENDER_ID_MISMATCH' }, doubtful('SENDER_ID_MISMATCH')],
  [{ what: 'NOT_FOUND' }, doubtful('NOT_FOUND')],
  [
    { what: 'INVALID_PAYLOAD' },
    { kind: 'rejected', code: 'INVALID_ARGUMENT', detail: 'message.data' },
  ],
  [{ what: 'PERMISSION_DENIED' }, { kind: 'failed', code: 'PERMISSION_DENIED' }],
  [
    { what: 'THIRD_PARTY_AUTH_ERROR' },
    { kind: 'failed', code: 'THIRD_PARTY_AUTH_ERROR', detail: 'InvalidProviderToken' },
  ],
];

describe('an answer of FCM', () => {
  it.each(MEANINGS)('%j leaves the phone silent and means %j', async (says, meaning) => {
    const { outcome, rang } = await send({ kind: 'answer', says });
    expect(outcome).toEqual(meaning);
    expect(rang).toBe(0);
  });

  it.each(MEANINGS)(
    '%j may follow a push that was taken, and means the same',
    async (says, meaning) => {
      const { outcome, rang } = await send({ kind: 'answer', says, isAccepted: true });
      expect(outcome).toEqual(meaning);
      expect(rang).toBe(1);
    },
  );

  it.each(['ACCESS_TOKEN_EXPIRED', 'CREDENTIALS_MISSING'] as const)(
    '%s has the push sent again with another token',
    async (what) => {
      const { outcome, rang, world } = await send({ kind: 'answer', says: { what } });
      expect(outcome).toEqual({ kind: 'delivered' });
      expect(rang).toBe(1);
      expect(world.fetches).toBe(2);
    },
  );

  it.each([
    ['UNREGISTERED', 'UNREGISTERED'],
    ['APNS_UNREGISTERED', 'APNS_Unregistered'],
    ['APNS_TOKEN_DISABLED', 'APNS_Unregistered'],
  ] as const)('%s is believed of a liar, who is noted', async (what, code) => {
    const { outcome, world, phone } = await send(
      { kind: 'answer', says: { what } },
      { fcm: { mayLie: true } },
    );
    expect(outcome).toEqual({ kind: 'unregistered', code });
    expect(world.fcm.lies).toEqual([
      { at: expect.any(Number) as number, target: phone.token, what },
    ]);
  });

  it('UNREGISTERED is not given of a live phone by one who may not lie', async () => {
    const { outcome, rang, world } = await send({ kind: 'answer', says: { what: 'UNREGISTERED' } });
    expect(outcome).toEqual({ kind: 'delivered' });
    expect(rang).toBe(1);
    expect(world.fcm.lies).toEqual([]);
  });

  it.each([
    [false, doubtful('INVALID_ARGUMENT'), 0],
    [true, { kind: 'unregistered', code: 'INVALID_ARGUMENT' }, 1],
  ])(
    'that confirms a doubt is a lie, too (from one who may: %j)',
    async (mayLie, outcome, lies) => {
      let troubles = (): FcmTrouble | undefined => undefined;
      const world = new TestWorld({ fcm: { mayLie, trouble: () => troubles() } });
      const [other, phone] = [world.phones.add('fcm', 1), world.phones.add('fcm', 2)];
      await world.settled(world.fcmProvider.send(wave(), [other.token]));
      troubles = () => ({ kind: 'answer', says: { what: 'INVALID_ARGUMENT' } });
      const outcomes = await world.settled(world.fcmProvider.send(wave(), [phone.token]));
      expect(outcomes).toEqual([outcome]);
      expect(world.fcm.lies).toHaveLength(lies);
    },
  );
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
    expect(outcome).toEqual({ kind: 'delivered' });
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

  it.each(['at-once', 'late'] as const)(
    'for a while, what was done %s is told in the end',
    async (acts) => {
      const { outcome, tookMs } = await send({ kind: 'slow', ms: 5000, acts });
      expect(outcome).toEqual({ kind: 'delivered' });
      expect(tookMs).toBe(5050);
    },
  );

  it('for a while, trouble follows', async () => {
    const then = { kind: 'answer', says: { what: 'INTERNAL' }, isAccepted: true } as const;
    const { outcome, rang } = await send({ kind: 'slow', ms: 5000, acts: 'late', then });
    expect(outcome).toEqual(retry('fcm-unavailable', 'INTERNAL'));
    expect(rang).toBe(1);
  });
});
