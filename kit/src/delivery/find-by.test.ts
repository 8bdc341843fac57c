import * as fc from 'fast-check';
import {
  documentKey,
  findByOf,
  groupKeys,
  idsIn,
  inGroups,
  kindKeys,
  personKey,
  type FindGroup,
} from './find-by';

const LIKE = {
  id: 'like-e1',
  type: 'like',
  document: 'posts/p1/likes/lia',
  people: ['ola', 'lia', 'ola'],
  groups: ['all', 'open'],
} as const;

describe('an entry', () => {
  it('is found by its document, each of its people once, its kind and its groups', () => {
    const keys = findByOf(LIKE);
    const slot = keys.at(-1)?.split('~')[1];
    expect(keys).toEqual([
      'document:posts/p1/likes/lia',
      'person:ola',
      'person:lia',
      `kind:like~${slot}`,
      `all~${slot}`,
      `open~${slot}`,
    ]);
  });

  it('that is a shard is not found by its kind: the delivery that it belongs to is', () => {
    const keys = findByOf({ id: 'like-e1~3', type: 'like', groups: ['open'], isShard: true });
    expect(keys).toEqual([expect.stringMatching(/^open~\d+$/)]);
  });

  it('is among those that a search for its group, kind, document or person is for, whatever it is called', () => {
    const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 600 });
    fc.assert(
      fc.property(word, word, word, (id, uid, path) => {
        const keys = findByOf({ ...LIKE, id, document: path, people: [uid] });
        const found = (wanted: readonly string[]) => wanted.some((key) => keys.includes(key));
        expect(found(groupKeys('all'))).toBe(true);
        expect(found(groupKeys('open'))).toBe(true);
        expect(found(groupKeys('trouble'))).toBe(false);
        expect(found(kindKeys('like'))).toBe(true);
        expect(found([documentKey(path)])).toBe(true);
        expect(found([personKey(uid)])).toBe(true);
        // Firestore indexes 1,500 bytes of a value.
        for (const key of keys) expect(Buffer.byteLength(key)).toBeLessThan(1_500);
      }),
    );
  });

  it('has places in the index that are spread over sixteen', () => {
    const slots = Array.from({ length: 500 }, (_, nth) => findByOf({ ...LIKE, id: `e${nth}` }));
    expect(new Set(slots.map((keys) => keys.at(-1))).size).toBe(16);
  });
});

describe('an entry that gets on', () => {
  it.each<[Parameters<typeof inGroups>[2], FindGroup[]]>([
    [
      ['open', 'waiting'],
      ['all', 'open', 'waiting'],
    ],
    [['trouble'], ['all', 'trouble']],
    [[], ['all']],
  ])('to %j is found by %j, and by all else as before', (groups, expected) => {
    const before = findByOf(LIKE);
    const keys = inGroups(before, LIKE.id, groups);
    const same = before.filter((key) => !key.startsWith('open~'));
    expect(keys.slice(0, same.length)).toEqual(same);
    for (const group of ['all', 'open', 'waiting', 'trouble'] as const) {
      expect([group, groupKeys(group).some((key) => keys.includes(key))]).toEqual([
        group,
        expected.includes(group),
      ]);
    }
    // And back: nothing is there twice, and it has its place of old.
    expect(inGroups(keys, LIKE.id, ['open'])).toEqual(before);
  });

  it('keeps a person or document whose name looks like a group', () => {
    const keys = findByOf({ ...LIKE, people: ['open~3'], document: 'open~3/trouble~1' });
    expect(inGroups(keys, LIKE.id, [])).toEqual(expect.arrayContaining(keys.slice(0, 2)));
  });
});

it.each([
  ['posts/p1/likes/lia', ['p1', 'lia']],
  ['pushes/x', ['x']],
])('the ids in %s are %j', (path, ids) => {
  expect(idsIn(path)).toEqual(ids);
});
