import { counted, durationOf } from './words';

it.each([
  [0, '0 s'],
  [-5, '0 s'],
  [40, '0.1 s'],
  [400, '0.4 s'],
  [12_300, '12.3 s'],
  [59_970, '1 min'],
  [200_000, '3 min 20 s'],
  [3_599_900, '1 h'],
  [7_500_000, '2 h 5 min'],
  [262_800_000, '3 d 1 h'],
])('says how long %d ms are: %s', (ms, words) => {
  expect(durationOf(ms)).toBe(words);
});

it.each([
  [0, '0 entries'],
  [1, '1 entry'],
  [1_200, '1,200 entries'],
])('counts %d: %s', (count, words) => {
  expect(counted(count, 'entry', 'entries')).toBe(words);
});
