import { duration, number, percent, table, times } from './markdown.ts';

it('writes a table with aligned columns', () => {
  const rows = [
    { name: 'bare', count: 7 },
    { name: 'this project', count: 1234 },
  ];
  const text = table(
    [
      { head: 'who', cell: ({ name }: { name: string }) => name },
      { head: 'n', align: 'right', cell: ({ count }: { count: number }) => number(count) },
    ],
    rows,
  );
  expect(text).toBe(
    [
      '| who          |     n |',
      '| ------------ | ----: |',
      '| bare         |     7 |',
      '| this project | 1,234 |',
    ].join('\n'),
  );
});

it.each([
  [0, '0'],
  [0.5, '0.5'],
  [0.00412, '0.0041'],
  [0.4567, '0.46'],
  [12.34, '12.3'],
  [10, '10'],
  [123.4, '123'],
  [100_000, '100,000'],
])('writes %d as %s', (value, expected) => {
  expect(number(value)).toBe(expected);
});

it.each([
  [7.258, '7.26 s'],
  [0.0452, '45.2 ms'],
])('writes a time of %d seconds as %s', (seconds, expected) => {
  expect(duration(seconds)).toBe(expected);
});

it.each([
  [1, '1.00×'],
  [1.249, '1.25×'],
  [2.04, '2.0×'],
  [12.4, '12×'],
])('writes a ratio of %d as %s', (ratio, expected) => {
  expect(times(ratio)).toBe(expected);
});

it.each([
  [1, '±0 %'],
  [1.124, '+12 %'],
  [0.9, '−10 %'],
])('writes a change of %d as %s', (ratio, expected) => {
  expect(percent(ratio)).toBe(expected);
});
