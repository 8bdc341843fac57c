import { fingerprint } from '../model/address';
import type { Reconciled } from './ownership';
import { reconcileTokens, type ReconcileDeps, type TokensEvent } from './reconcile-tokens';

function scene(outcome: Reconciled = { kind: 'claimed', from: [] }) {
  const log: unknown[] = [];
  const deps = {
    ownership: {
      unreconciled: jest.fn<
        Promise<string[]>,
        [string, { added: readonly string[]; removed: readonly string[] }]
      >((_uid, { added, removed }) => Promise.resolve([...added, ...removed])),
      reconcile: jest.fn(() => Promise.resolve(outcome)),
    },
    removal: { tidy: jest.fn(() => Promise.resolve({ healed: 1, evicted: ['old:1'] })) },
    maxAddresses: 2,
    log: {
      reconciled: (...said: unknown[]) => log.push(['reconciled', ...said]),
      tidied: (...said: unknown[]) => log.push(['tidied', ...said]),
      skipped: (...said: unknown[]) => log.push(['skipped', ...said]),
    },
  } satisfies ReconcileDeps;
  return { deps, log };
}

function event(before: unknown, after: unknown): TokensEvent {
  return { uid: 'ola', before, after, writtenAt: 77 };
}

describe('reconcileTokens', () => {
  it('touches nothing when the array did not change', async () => {
    const { deps, log } = scene();
    await reconcileTokens(event(['a:1'], ['a:1']), deps);
    expect(deps.ownership.reconcile).not.toHaveBeenCalled();
    expect(deps.removal.tidy).not.toHaveBeenCalled();
    expect(log).toEqual([]);
  });

  it('settles what came in and what went, as of when it was written', async () => {
    const { deps, log } = scene();
    await reconcileTokens(event(['a:1'], ['b:2']), deps);
    expect(deps.ownership.reconcile.mock.calls).toEqual([
      ['ola', 'b:2', { writtenAt: 77 }],
      ['ola', 'a:1', { writtenAt: 77 }],
    ]);
    expect(log).toContainEqual([
      'reconciled',
      'ola',
      fingerprint('b:2'),
      { kind: 'claimed', from: [] },
    ]);
  });

  it('says nothing where nothing was to be done', async () => {
    const { deps, log } = scene({ kind: 'nothing' });
    await reconcileTokens(event([], ['a:1']), deps);
    expect(log).toEqual([]);
  });

  it('tidies first, and does not claim what that dropped', async () => {
    const { deps, log } = scene();
    await reconcileTokens(event(['old:1', 7], ['old:1', 7, 'a:1', 'b:2']), deps);
    expect(deps.removal.tidy).toHaveBeenCalledWith('ola', 2);
    expect(log[0]).toEqual(['tidied', 'ola', 1, [fingerprint('old:1')]]);
    expect(deps.ownership.unreconciled).toHaveBeenCalledWith('ola', {
      added: ['a:1', 'b:2'],
      removed: [],
      writtenAt: 77,
    });
  });

  it('says once what came in and is not understood, and leaves it alone', async () => {
    const { deps, log } = scene();
    await reconcileTokens(event(['a:1'], ['a:1', { token: 'x' }, 7]), deps);
    await reconcileTokens(event(['a:1', { token: 'x' }, 7], ['a:1', { token: 'x' }, 7]), deps);
    await reconcileTokens(event(['a:1', 7], { token: 'x' }), deps);
    await reconcileTokens(event({ token: 'x' }, { token: 'y' }), deps);
    expect(log.filter((line) => (line as unknown[])[0] === 'skipped')).toEqual([
      ['skipped', 'ola', 2],
      ['skipped', 'ola', 'no-array'],
    ]);
    expect(deps.removal.tidy).not.toHaveBeenCalled();
  });

  it('rejects when Firestore does, so that the event comes again', async () => {
    const { deps } = scene();
    deps.ownership.reconcile.mockRejectedValueOnce(new Error('UNAVAILABLE'));
    await expect(reconcileTokens(event([], ['a:1']), deps)).rejects.toThrow('UNAVAILABLE');
  });
});
