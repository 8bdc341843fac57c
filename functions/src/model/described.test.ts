import * as fc from 'fast-check';
import { described } from './described';

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
    expect(described(value)).toBe(words);
  });

  it('of anything is a field name that Firestore takes, of at most 100 characters', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.anything(), fc.string({ unit: 'binary', maxLength: 400 })),
        (value) => {
          const name = described(value);
          expect(name).not.toBe('');
          expect([...name].length).toBeLessThanOrEqual(100);
          expect(name.isWellFormed()).toBe(true);
          expect(name).not.toMatch(/^__.*__$/s);
        },
      ),
    );
  });
});
