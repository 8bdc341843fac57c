import fc from 'fast-check';
import { beyondLimit, decide, oneMoreTakeover, type Claimant } from './contest';

const claimant = { uid: 'ola', writtenAt: 100 };

describe('decide', () => {
  it('keeps what is the claimant’s already', () => {
    const owner = { uid: 'ola', refreshedAt: 500 };
    expect(decide({ claimant, owner, rivals: [] })).toEqual({ kind: 'kept' });
  });

  it('gives an address to who claims it after the owner was last seen', () => {
    const owner = { uid: 'lia', refreshedAt: 99 };
    expect(decide({ claimant, owner, rivals: [] })).toEqual({ kind: 'won', from: ['lia'] });
  });

  it.each([100, 101])(
    'leaves it with an owner who was seen at %i, the same time or later',
    (at) => {
      const owner = { uid: 'lia', refreshedAt: at };
      expect(decide({ claimant, owner, rivals: [] })).toEqual({
        kind: 'lost',
        winner: { uid: 'lia', writtenAt: at },
        losers: ['ola'],
      });
    },
  );

  it('gives an address without an owner to the rival who wrote it last', () => {
    const rivals = [claimant, { uid: 'lia', writtenAt: 300 }, { uid: 'bo', writtenAt: 200 }];
    expect(decide({ claimant, owner: undefined, rivals })).toEqual({
      kind: 'lost',
      winner: { uid: 'lia', writtenAt: 300 },
      losers: ['ola', 'bo'],
    });
  });

  it('has exactly one winner, and everybody else loses', () => {
    const rivals = fc.uniqueArray(
      fc.record({ uid: fc.constantFrom('ola', 'lia', 'bo', 'kim'), writtenAt: fc.nat(5) }),
      { selector: (rival: Claimant) => rival.uid },
    );
    fc.assert(
      fc.property(rivals, (others) => {
        const verdict = decide({
          claimant: { uid: 'ola', writtenAt: 2 },
          owner: undefined,
          rivals: others,
        });
        if (verdict.kind === 'kept') throw new Error('nobody owned it');
        const winner = verdict.kind === 'won' ? 'ola' : verdict.winner.uid;
        const losers = verdict.kind === 'won' ? verdict.from : verdict.losers;
        const everybody = new Set(['ola', ...others.map(({ uid }) => uid)]);
        expect([winner, ...losers].sort()).toEqual([...everybody].sort());
      }),
    );
  });
});

describe('oneMoreTakeover', () => {
  it('counts within a day and begins anew after it', () => {
    const first = oneMoreTakeover(undefined, 'a', 1000, 2);
    expect(first).toEqual({ count: 1, since: 1000, addresses: ['a'] });
    const second = oneMoreTakeover(first, 'b', 2000, 2);
    expect(second).toEqual({ count: 2, since: 1000, addresses: ['a', 'b'] });
    expect(oneMoreTakeover(second, 'c', 3000, 2)).toBeUndefined();
    expect(oneMoreTakeover(second, 'c', 1000 + 86_400_000, 2)).toEqual({
      count: 1,
      since: 86_401_000,
      addresses: ['c'],
    });
  });

  it('counts an address once a day, however often it is taken', () => {
    const first = oneMoreTakeover(undefined, 'a', 0, 1);
    for (let again = 1; again < 30; again += 1) {
      expect(oneMoreTakeover(first, 'a', again, 1)).toBe(first);
    }
    expect(oneMoreTakeover(first, 'b', 30, 1)).toBeUndefined();
  });

  it('goes on with a count that is older than the list of addresses', () => {
    expect(oneMoreTakeover({ count: 1, since: 0 }, 'a', 1, 2)).toEqual({
      count: 2,
      since: 0,
      addresses: ['a'],
    });
    expect(oneMoreTakeover({ count: 2, since: 0 }, 'a', 1, 2)).toBeUndefined();
  });

  it('allows none where none are allowed', () => {
    expect(oneMoreTakeover(undefined, 'a', 0, 0)).toBeUndefined();
  });
});

describe('beyondLimit', () => {
  const ages: Record<string, number> = { a: 30, b: 10, c: 20 };
  const refreshedAt = (address: string) => ages[address];

  it('names the stalest, in order of staleness', () => {
    expect(beyondLimit(['a', 'b', 'c'], refreshedAt, 1)).toEqual(['b', 'c']);
    expect(beyondLimit(['a', 'b', 'c'], refreshedAt, 3)).toEqual([]);
  });

  it('counts an address without a record as fresh, and the earlier of two as the staler', () => {
    expect(beyondLimit(['new', 'a', 'newer'], refreshedAt, 1)).toEqual(['a', 'new']);
  });

  it('spares the one to keep', () => {
    expect(beyondLimit(['x', 'a', 'y'], refreshedAt, 1, 'a')).toEqual(['x', 'y']);
  });
});
