import fc from 'fast-check';
import { tokenChanges } from './token-changes';

const NOTHING = { added: [], removed: [], isUntidy: false };

describe('tokenChanges', () => {
  it('finds what came in and what went', () => {
    expect(tokenChanges(['a', 'b'], ['b', 'c'], 20)).toEqual({
      added: ['c'],
      removed: ['a'],
      isUntidy: false,
    });
  });

  it('takes a missing document for an empty array', () => {
    expect(tokenChanges(undefined, ['a'], 20)).toEqual({ ...NOTHING, added: ['a'] });
    expect(tokenChanges(['a'], undefined, 20)).toEqual({ ...NOTHING, removed: ['a'] });
  });

  it.each([
    ['equal arrays', ['a', 'b'], ['a', 'b']],
    ['another order', ['a', 'b'], ['b', 'a']],
    ['no arrays', 'a', { a: 1 }],
    ['no documents', undefined, undefined],
    ['junk that has been there before', ['a', 7], ['a', 7]],
    ['too many that have been there before', ['a', 'b', 'c'], ['a', 'b', 'c']],
  ])('finds nothing in %s', (_name, before, after) => {
    expect(tokenChanges(before, after, 2)).toEqual(NOTHING);
  });

  it('notices junk when it comes in, alone or with an address', () => {
    expect(tokenChanges(['a'], ['a', 7], 20)).toEqual({ ...NOTHING, isUntidy: true });
    expect(tokenChanges(undefined, [{}], 20).isUntidy).toBe(true);
    expect(tokenChanges(['a', 7], ['b', 7], 20)).toMatchObject({ added: ['b'], isUntidy: true });
  });

  it('notices one address too many', () => {
    expect(tokenChanges(['a'], ['a', 'b'], 1)).toMatchObject({ added: ['b'], isUntidy: true });
    expect(tokenChanges(['a'], ['a', 'b'], 2).isUntidy).toBe(false);
  });

  it('has nothing to say of an edit of anything else, whatever the array holds', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.anything())), (tokens) => {
        expect(tokenChanges(tokens, tokens, 2)).toEqual(NOTHING);
      }),
    );
  });
});
