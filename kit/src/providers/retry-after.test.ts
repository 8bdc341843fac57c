import fc from 'fast-check';
import { retryAfterMs } from './retry-after';

const NOW = Date.parse('2026-11-22T10:00:00Z');

it.each([
  ['0', 0],
  ['1', 1000],
  [' 120 ', 120_000],
  ['86400', 86_400_000],
  ['Sun, 22 Nov 2026 10:01:30 GMT', 90_000],
  ['Sunday, 22-Nov-26 10:00:05 GMT', 5000],
  ['Sun, 22 Nov 2026 10:00:00 GMT', 0],
  ['Sat, 21 Nov 2026 10:00:00 GMT', 0],
])('reads %j as %d ms', (header, wait) => {
  expect(retryAfterMs(header, NOW)).toBe(wait);
});

it.each([
  undefined,
  '',
  '  ',
  'soon',
  '-5',
  '1.5',
  '1e3',
  '2026-11-22',
  'Someday, never GMT',
  '<html>',
])('cannot read %j', (header) => {
  expect(retryAfterMs(header, NOW)).toBeUndefined();
});

it('takes the first of several headers', () => {
  expect(retryAfterMs(['3', '9'], NOW)).toBe(3000);
  expect(retryAfterMs([], NOW)).toBeUndefined();
});

it('never answers less than nothing, whatever a server sends', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.integer().map(String), fc.date().map(String)),
      (header) => {
        expect(retryAfterMs(header, NOW) ?? 0).toBeGreaterThanOrEqual(0);
      },
    ),
    { seed: 20_261_122, numRuns: 500 },
  );
});
