import fc from 'fast-check';
import { healing } from './token-list';
import { tokenChanges } from './token-changes';

const FID = 'cAbCdEfGhIjKlMnOpQrStU';
const TOKEN = `${FID}:APA91b`;
const LATER = `${FID}:later`;
const HEX = 'ab'.repeat(32);
const UPPER = HEX.toUpperCase();

const NOTHING = { added: [], removed: [], isUntidy: false, unknown: 0 };

describe('tokenChanges', () => {
  it('finds what came in and what went', () => {
    expect(tokenChanges(['a', 'b'], ['b', 'c'], 20)).toEqual({
      ...NOTHING,
      added: ['c'],
      removed: ['a'],
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
    ['no array that went', { a: 1 }, undefined],
    ['no documents', undefined, undefined],
    ['junk that has been there before', ['a', 7], ['a', 7]],
    ['too many that have been there before', ['a', 'b', 'c'], ['a', 'b', 'c']],
  ])('finds nothing in %s', (_name, before, after) => {
    expect(tokenChanges(before, after, 2)).toEqual(NOTHING);
  });

  it.each<[string, unknown, unknown, number | string]>([
    ['with an address', ['a'], ['a', 7], 1],
    ['in a new document', undefined, [{}, null, 'two words'], 3],
    ['beside what was there', ['a', 7], ['b', 7], 0],
    ['and leaves', ['a', 7], ['a'], 0],
    ['as a map', ['a'], { 0: 'a' }, 'no-array'],
    ['as a string', undefined, 'a', 'no-array'],
    ['in place of a map', { 0: 'a' }, [7], 1],
  ])('says of what is not understood that it came in %s, and does not touch it', (...row) => {
    const [, before, after, unknown] = row;
    expect(tokenChanges(before, after, 20)).toMatchObject({ unknown, isUntidy: false });
  });

  it.each<[string, unknown[], string[], string[]]>([
    ['a device in another spelling', [UPPER], [HEX], []],
    ['a device in two spellings', [HEX, UPPER], [HEX], []],
    ['a FID beside its token', [TOKEN, FID, 'a'], [FID], [TOKEN]],
    ['two tokens of an installation', [TOKEN, LATER], [LATER], [TOKEN]],
    ['an address twice', ['a', 'a'], ['a'], []],
  ])('finds %s, even where it stood before', (_name, tokens, added, removed) => {
    expect(tokenChanges(tokens, tokens, 20)).toEqual({
      ...NOTHING,
      added,
      removed,
      isUntidy: true,
    });
  });

  it('notices one address too many', () => {
    expect(tokenChanges(['a'], ['a', 'b'], 1)).toMatchObject({ added: ['b'], isUntidy: true });
    expect(tokenChanges(['a'], ['a', 'b'], 2).isUntidy).toBe(false);
  });

  it('has nothing to say of an edit of anything else, whatever the array holds', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.anything())), (tokens) => {
        fc.pre(healing(tokens).remove.length === 0);
        expect(tokenChanges(tokens, tokens, 2)).toEqual(NOTHING);
      }),
    );
  });
});
