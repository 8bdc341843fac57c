import fc from 'fast-check';
import { idBytes, shardCount, shardOf, splitByHash, withinPage } from './shards';

describe('splitByHash', () => {
  it('puts every id into exactly one list', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string()), fc.integer({ min: 1, max: 50 }), (uids, shards) => {
        const lists = splitByHash(uids, shards);
        expect(lists).toHaveLength(shards);
        expect(lists.flat().sort()).toEqual([...uids].sort());
      }),
    );
  });

  it('leaves everybody in their list when others join or leave', () => {
    const before = splitByHash(['a', 'b', 'c', 'd', 'e'], 3);
    const after = splitByHash(['b', 'x', 'c', 'y', 'd', 'e', 'z'], 3);
    for (const uid of ['b', 'c', 'd', 'e']) {
      const listOf = (lists: string[][]) => lists.findIndex((list) => list.includes(uid));
      expect(listOf(after)).toBe(listOf(before));
    }
  });

  it('puts everybody where they are looked for', () => {
    for (const [number, list] of splitByHash(['a', 'b', 'c', 'd', 'e'], 3).entries()) {
      expect(list.map((uid) => shardOf(uid, 3))).toEqual(list.map(() => number));
    }
  });

  it('makes lists of about the same size', () => {
    const uids = Array.from({ length: 50_000 }, (_, index) => `user-${index}`);
    const sizes = splitByHash(uids, shardCount(uids.length, 0, 500)).map((list) => list.length);
    expect(sizes).toHaveLength(100);
    expect(Math.max(...sizes)).toBeLessThan(650);
    expect(Math.min(...sizes)).toBeGreaterThan(350);
  });
});

describe('user ids of 1,500 bytes, the longest there are', () => {
  const uids = Array.from({ length: 1_000 }, (_, nth) => `${nth}-`.padEnd(1_500, 'x'));

  it('make shards that fit one ledger entry, with a reason for each', () => {
    const lists = splitByHash(uids, shardCount(uids.length, idBytes(uids), 1_000));
    for (const list of lists) {
      expect(JSON.stringify(list).length).toBeLessThan(250_000);
    }
  });

  it('make pages whose reasons fit one ledger entry', () => {
    const page = withinPage(uids.map((uid) => ({ uid })));
    expect(page.length).toBeGreaterThan(50);
    expect(page.length * 1_500).toBeLessThan(200_000);
    expect(withinPage([{ uid: 'x'.repeat(1_500_000) }])).toHaveLength(1);
    expect(withinPage([])).toEqual([]);
  });
});
