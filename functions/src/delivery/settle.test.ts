import fc from 'fast-check';
import { fingerprint } from '../providers/address';
import type { Outcome } from '../providers/outcome';
import { betterReason, mergeReasons, settle, type Result, type SettleContext } from './settle';

const NOW = 1_800_000_000_000;
const CONTEXT: SettleContext = {
  earlier: new Map(),
  now: NOW,
  expiresAt: NOW + 86_400_000,
  random: () => 0,
  maxPending: 1_000,
};

function result(address: string, outcome: Outcome, more: Partial<Result> = {}): Result {
  return { uid: 'ola', address, outcome, ...more };
}

const UNAVAILABLE: Outcome = { kind: 'retry', code: 'UNAVAILABLE', cause: 'fcm-unavailable' };

describe('settle', () => {
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
    expect(settled.reasons).toEqual({ ola: reason });
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
    expect(settled.reasons).toEqual({ ola: 'retrying:UNAVAILABLE' });
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
      reasons: { ola: 'expired' },
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
      reasons: { ola: 'failed:UNAVAILABLE' },
    });
  });

  it('keeps no more for a retry than an entry can hold; the rest has failed', () => {
    const results = [result('a:1', UNAVAILABLE), result('b:2', UNAVAILABLE, { uid: 'lia' })];
    const settled = settle(results, { ...CONTEXT, maxPending: 1 });
    expect(settled).toMatchObject({
      pending: [{ uid: 'ola' }],
      counts: { failed: 1 },
      reasons: { ola: 'retrying:UNAVAILABLE', lia: 'failed:UNAVAILABLE' },
    });
  });

  it('lets the best of several addresses speak for a person', () => {
    const dead: Outcome = { kind: 'unregistered', code: 'UNREGISTERED' };
    const settled = settle(
      [
        result('a:1', dead, { prune: 'pruned' }),
        result('b:2', { kind: 'delivered' }),
        result('c:3', { kind: 'failed', code: 'X' }),
      ],
      CONTEXT,
    );
    expect(settled.reasons).toEqual({ ola: 'delivered' });
  });

  it('gives every address exactly one place: a count or a retry', () => {
    const outcome = fc.constantFrom<Outcome>(
      { kind: 'delivered' },
      { kind: 'unregistered', code: 'U' },
      { kind: 'rejected', code: 'R' },
      { kind: 'failed', code: 'F' },
      UNAVAILABLE,
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

describe('mergeReasons', () => {
  it('replaces a retry by how it ended', () => {
    expect(mergeReasons({ ola: 'retrying:UNAVAILABLE' }, { ola: 'pruned' })).toEqual({
      ola: 'pruned',
    });
  });

  it('does not let a later address take back a delivery', () => {
    expect(mergeReasons({ ola: 'delivered' }, { ola: 'failed:X' })).toEqual({ ola: 'delivered' });
  });

  it('keeps the others as they were', () => {
    expect(mergeReasons({ bo: 'no-address' }, { ola: 'delivered' })).toEqual({
      bo: 'no-address',
      ola: 'delivered',
    });
  });
});

describe('betterReason', () => {
  it('prefers what says more of whether the person was told', () => {
    const worstFirst = [
      'gone',
      'pruned',
      'kept:breaker',
      'expired',
      'rejected:X',
      'failed:X',
      'retrying:X',
      'delivered',
    ];
    worstFirst.forEach((worse, index) => {
      for (const better of worstFirst.slice(index + 1)) {
        expect(betterReason(worse, better)).toBe(better);
        expect(betterReason(better, worse)).toBe(better);
      }
    });
  });
});
