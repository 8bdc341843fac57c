import fc from 'fast-check';
import { fingerprint } from '../model/address';
import type { Outcome } from '../model/outcome';
import { settle, settlePlainly, type Result, type SettleContext, type Settlement } from './settle';

const NOW = 1_800_000_000_000;
const CONTEXT: SettleContext = {
  earlier: new Map(),
  now: NOW,
  expiresAt: NOW + 86_400_000,
  random: () => 0,
  pendingBytes: 1_000_000,
};

function result(address: string, outcome: Outcome, more: Partial<Result> = {}): Result {
  return { uid: 'ola', address, outcome, ...more };
}

/** What a settlement left to be tried again, as the next round finds it. */
function earlier({ pending }: Pick<Settlement, 'pending'>): SettleContext['earlier'] {
  return new Map(pending.map((address) => [address.fingerprint, address]));
}

const UNAVAILABLE: Outcome = { kind: 'retry', code: 'UNAVAILABLE', cause: 'fcm-unavailable' };

describe('settle', () => {
  it('counts what was never begun as no try: it is due at once, under the time of its first failure', () => {
    const settled = settle([result('a:1', { kind: 'unsent' })], CONTEXT);
    expect(settled.pending).toMatchObject([
      { attempts: 0, since: NOW, dueAt: NOW, code: 'UNSENT' },
    ]);
    const waited = { ...CONTEXT, now: NOW + 60_000, earlier: earlier(settled) };
    const tried = settle([result('a:1', UNAVAILABLE)], waited);
    expect(tried.pending).toMatchObject([{ attempts: 1, since: NOW }]);
    const unsent = settle([result('a:1', { kind: 'unsent' })], {
      ...waited,
      earlier: earlier(tried),
    });
    expect(unsent.pending).toMatchObject([{ attempts: 1, since: NOW, dueAt: NOW + 60_000 }]);
  });

  it('counts what its person’s wishes hold as no try, and what fails after that as if it were the first', () => {
    const until = NOW + 3_600_000;
    const held: Outcome = { kind: 'unsent', held: { until, why: 'QUIET_HOURS' } };
    const settled = settle([result('a:1', held)], CONTEXT);
    expect(settled.pending).toMatchObject([
      { attempts: 0, since: until, dueAt: until, code: 'QUIET_HOURS' },
    ]);
    expect([...settled.reasons]).toEqual([['ola', 'held:QUIET_HOURS']]);
    const retried = settle([result('a:1', held)], {
      ...CONTEXT,
      earlier: earlier(settle([result('a:1', UNAVAILABLE)], CONTEXT)),
    });
    expect(retried.pending).toMatchObject([{ attempts: 1, since: until, dueAt: until }]);
  });

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'])(
    'takes %s for a user id like any other',
    (uid) => {
      const { reasons, pending } = settle(
        [result('a:1', { kind: 'delivered' }, { uid }), result('b:2', UNAVAILABLE, { uid })],
        CONTEXT,
      );
      expect([...reasons]).toEqual([[uid, 'delivered + retrying:UNAVAILABLE']]);
      expect(pending).toMatchObject([{ uid }]);
    },
  );

  it.each<[Outcome, Partial<Result>, string]>([
    [{ kind: 'delivered' }, {}, 'delivered'],
    [{ kind: 'unregistered', code: 'UNREGISTERED' }, { prune: 'pruned' }, 'pruned'],
    [{ kind: 'unregistered', code: 'UNREGISTERED' }, { prune: 'breaker' }, 'kept:breaker'],
    [
      { kind: 'unregistered', code: 'UNREGISTERED' },
      { prune: 're-registered' },
      'kept:re-registered',
    ],
    [{ kind: 'unregistered', code: 'UNREGISTERED' }, { prune: 'error' }, 'kept:error'],
    [{ kind: 'rejected', code: 'INVALID_ARGUMENT' }, {}, 'rejected:INVALID_ARGUMENT'],
    [
      { kind: 'rejected', code: 'INVALID_ARGUMENT', detail: 'message.data' },
      {},
      'rejected:INVALID_ARGUMENT (message.data)',
    ],
    [{ kind: 'failed', code: 'PERMISSION_DENIED' }, {}, 'failed:PERMISSION_DENIED'],
  ])('says of %j %j: %s', (outcome, more, reason) => {
    const settled = settle([result('a:1', outcome, more)], CONTEXT);
    expect(settled.reasons).toEqual(new Map([['ola', reason]]));
    expect(settled.pending).toEqual([]);
    expect(settled.counts).toMatchObject({ [outcome.kind]: 1 });
  });

  it('keeps what may be tried again, by fingerprint, with its first failure and its due time', () => {
    const settled = settle([result('a:1', UNAVAILABLE)], CONTEXT);
    expect(settled.pending).toEqual([
      {
        uid: 'ola',
        fingerprint: fingerprint('a:1'),
        attempts: 1,
        since: NOW,
        dueAt: NOW + 10_000,
        code: 'UNAVAILABLE',
      },
    ]);
    expect(settled.reasons).toEqual(new Map([['ola', 'retrying:UNAVAILABLE']]));
    expect(Object.values(settled.counts).every((count) => count === 0)).toBe(true);
  });

  it('makes what failed together due together, whatever chance says', () => {
    const results = Array.from({ length: 500 }, (_, nth) => result(`a:${nth}`, UNAVAILABLE));
    const { pending } = settle(results, { ...CONTEXT, random: Math.random });
    expect(pending).toHaveLength(500);
    expect(new Set(pending.map(({ dueAt }) => dueAt)).size).toBe(1);
  });

  it('counts tries from the first failure on', () => {
    const [first] = settle([result('a:1', UNAVAILABLE)], CONTEXT).pending;
    if (first === undefined) throw new Error('expected a pending address');
    const later = { ...CONTEXT, now: NOW + 20_000, earlier: new Map([[first.fingerprint, first]]) };
    expect(settle([result('a:1', UNAVAILABLE)], later).pending).toMatchObject([
      { attempts: 2, since: NOW },
    ]);
  });

  it('gives up when the push would be stale, and calls it expired', () => {
    const settled = settle([result('a:1', UNAVAILABLE)], { ...CONTEXT, expiresAt: NOW + 5_000 });
    expect(settled).toMatchObject({
      pending: [],
      counts: { expired: 1 },
      reasons: new Map([['ola', 'expired']]),
    });
  });

  it('gives up when FCM has failed for an hour, and calls it failed', () => {
    const old = { ...settle([result('a:1', UNAVAILABLE)], CONTEXT).pending[0]! };
    const context = {
      ...CONTEXT,
      now: NOW + 3_600_001,
      earlier: new Map([[old.fingerprint, old]]),
    };
    const settled = settle([result('a:1', UNAVAILABLE)], context);
    expect(settled).toMatchObject({
      counts: { failed: 1 },
      reasons: new Map([['ola', 'failed:UNAVAILABLE']]),
    });
  });

  it('keeps no more for a retry than an entry can hold; the rest has failed', () => {
    const results = [result('a:1', UNAVAILABLE), result('b:2', UNAVAILABLE, { uid: 'lia' })];
    const settled = settle(results, { ...CONTEXT, pendingBytes: 200 });
    expect(settled).toMatchObject({
      pending: [{ uid: 'ola' }],
      counts: { failed: 1 },
      reasons: new Map([
        ['ola', 'retrying:UNAVAILABLE'],
        ['lia', 'failed:UNAVAILABLE'],
      ]),
    });
  });

  it('lets the best of several addresses speak for a person, and keeps what went wrong beside it', () => {
    const dead: Outcome = { kind: 'unregistered', code: 'UNREGISTERED' };
    const settled = settle(
      [
        result('a:1', dead, { prune: 'pruned' }),
        result('b:2', { kind: 'delivered' }),
        result('c:3', { kind: 'failed', code: 'X' }),
      ],
      CONTEXT,
    );
    expect(settled.reasons).toEqual(new Map([['ola', 'delivered + failed:X']]));
  });

  it('gives every address exactly one place: a count or a retry', () => {
    const outcome = fc.constantFrom<Outcome>(
      { kind: 'delivered' },
      { kind: 'unregistered', code: 'U' },
      { kind: 'rejected', code: 'R' },
      { kind: 'failed', code: 'F' },
      UNAVAILABLE,
      { kind: 'unsent' },
    );
    fc.assert(
      fc.property(fc.array(outcome), fc.nat(86_400_000), (outcomes, life) => {
        const results = outcomes.map((each, index) => result(`a:${index}`, each));
        const { counts, pending } = settle(results, { ...CONTEXT, expiresAt: NOW + life });
        const counted = Object.values(counts).reduce((sum, count) => sum + count, 0);
        expect(counted + pending.length).toBe(outcomes.length);
      }),
    );
  });
});

describe('settlePlainly', () => {
  it('counts each address once, and names nobody', () => {
    const results = [
      result('a:1', { kind: 'delivered' }),
      result('b:2', UNAVAILABLE),
      result('c:3', { kind: 'unsent' }),
      result('d:4', { kind: 'unregistered', code: 'U' }),
    ];
    expect(settlePlainly(results)).toEqual({
      counts: { delivered: 1, unregistered: 1, rejected: 0, failed: 2 },
      pending: [],
      reasons: new Map(),
      answers: [],
    });
  });
});
