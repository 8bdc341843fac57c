import * as fc from 'fast-check';
import { describeValue, nameInMap } from './describe-value';

describe('a description', () => {
  it.each([
    ['__x__', '"__x__"'],
    ['..', '".."'],
    ['', '""'],
    [7, '7'],
    [NaN, 'NaN'],
    [null, 'null'],
    [undefined, 'undefined'],
    [{ a: 1 }, '(a map)'],
    [[1], '(a list)'],
    [() => 1, '(a function)'],
  ])('of %j is %s', (value, words) => {
    expect(describeValue(value)).toBe(words);
  });

  it('of anything is a field name that Firestore takes, of at most 100 characters', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.anything(), fc.string({ unit: 'binary', maxLength: 400 })),
        (value) => {
          const name = describeValue(value);
          expect(name).not.toBe('');
          expect([...name].length).toBeLessThanOrEqual(100);
          expect(name.isWellFormed()).toBe(true);
          expect(name).not.toMatch(/^__.*__$/s);
        },
      ),
    );
  });
});

describe('the name of an id in a map', () => {
  it('is the id, but of a very long one, where it is short and no other id has it', () => {
    const long = fc.integer({ min: 1_300, max: 1_500 }).map((size) => 'x'.repeat(size));
    const ids = fc.oneof(long, fc.string({ unit: 'grapheme', maxLength: 600 }));
    fc.assert(
      fc.property(ids, ids, (one, other) => {
        expect(Buffer.byteLength(`reasons.${nameInMap(one)}`)).toBeLessThanOrEqual(1_500);
        expect(nameInMap(one) === nameInMap(other)).toBe(one === other);
        if (one.length < 400) expect(nameInMap(one)).toBe(one);
      }),
    );
  });
});
