import type { Outcome } from '../model/outcome';
import { pruneDead, type Pruner } from './prune';
import type { Result } from './settle';

const DEAD: Outcome = { kind: 'unregistered', code: 'UNREGISTERED' };
const SILENT = {
  pruned: () => undefined,
  breakerTripped: () => undefined,
  pruneFailed: () => undefined,
};

function results(dead: number, alive: number, uidOf = (index: number) => `u${index}`): Result[] {
  return Array.from({ length: dead + alive }, (_, index) => ({
    uid: uidOf(index),
    address: `a:${index}`,
    outcome: index < dead ? DEAD : { kind: 'delivered' },
  }));
}

function recorder(): Pruner & { calls: [string, readonly string[]][] } {
  const calls: [string, readonly string[]][] = [];
  return {
    calls,
    prune: (uid, addresses) => {
      calls.push([uid, addresses]);
      return Promise.resolve({ pruned: addresses, kept: [] });
    },
  };
}

describe('pruneDead', () => {
  it('asks nothing of the store when everybody is alive', async () => {
    const pruner = recorder();
    await pruneDead(results(0, 3), () => 0, pruner, SILENT);
    expect(pruner.calls).toEqual([]);
  });

  it('prunes all dead addresses of one user in one call', async () => {
    const pruner = recorder();
    const marked = await pruneDead(
      results(3, 1, () => 'ola'),
      () => 0,
      pruner,
      SILENT,
    );
    expect(pruner.calls).toEqual([['ola', ['a:0', 'a:1', 'a:2']]]);
    expect(marked.map(({ prune }) => prune)).toEqual(['pruned', 'pruned', 'pruned', undefined]);
  });

  it('prunes nothing when most of a large batch is called dead', async () => {
    const pruner = recorder();
    const tripped = jest.fn();
    const marked = await pruneDead(results(15, 10), () => 0, pruner, {
      ...SILENT,
      breakerTripped: tripped,
    });
    expect(pruner.calls).toEqual([]);
    expect(tripped).toHaveBeenCalledWith(15, 25);
    expect(marked.filter(({ prune }) => prune === 'breaker')).toHaveLength(15);
  });

  it('says which addresses were kept because they came back', async () => {
    const pruner: Pruner = {
      prune: (_uid, addresses) => Promise.resolve({ pruned: [], kept: addresses }),
    };
    const marked = await pruneDead(results(1, 1), () => 0, pruner, SILENT);
    expect(marked[0]?.prune).toBe('re-registered');
  });

  it('records a failed prune and goes on with the other users', async () => {
    const failed = jest.fn();
    const pruner: Pruner = {
      prune: (uid, addresses) =>
        uid === 'u0'
          ? Promise.reject(new Error('contention'))
          : Promise.resolve({ pruned: addresses, kept: [] }),
    };
    const marked = await pruneDead(results(2, 2), () => 0, pruner, {
      ...SILENT,
      pruneFailed: failed,
    });
    expect(marked.map(({ prune }) => prune)).toEqual(['error', 'pruned', undefined, undefined]);
    expect(failed).toHaveBeenCalledTimes(1);
  });

  it('says of pruned addresses only their fingerprints', async () => {
    const said: unknown[] = [];
    const log = { ...SILENT, pruned: (...words: unknown[]) => said.push(words) };
    await pruneDead(results(1, 0), () => 0, recorder(), log);
    expect(JSON.stringify(said)).not.toContain('a:0');
    expect(said).toHaveLength(1);
  });
});
