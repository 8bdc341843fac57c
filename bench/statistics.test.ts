import { median, mediansOf, rotated, significant } from './statistics.ts';

describe('a median', () => {
  it.each([
    [[3], 3],
    [[5, 1, 3], 3],
    [[4, 1, 3, 2], 2.5],
    [[1, 1, 1, 900], 1],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it('of nothing is an error, not NaN in a table', () => {
    expect(() => median([])).toThrow('at least one');
  });

  it('is taken of each key on its own', () => {
    const records = [
      { seconds: 1, megabytes: 9 },
      { seconds: 3, megabytes: 7 },
      { seconds: 2, megabytes: 8 },
    ];
    expect(mediansOf(records)).toEqual({ seconds: 2, megabytes: 8 });
  });
});

it('rounds to significant digits', () => {
  expect([significant(0.123456), significant(123_456), significant(0)]).toEqual([
    0.1235, 123_500, 0,
  ]);
});

it('lets each round begin with another peer', () => {
  expect([0, 1, 2, 3].map((round) => rotated(['a', 'b', 'c'], round).join(''))).toEqual([
    'abc',
    'bca',
    'cab',
    'abc',
  ]);
});
