import { estimate } from './estimate';

const MINUTE = 60_000;

it.each([
  ['nothing before the first shard is done', { since: 0, done: 0, total: 10 }, MINUTE, undefined],
  [
    'the rate so far, and the end at that rate',
    { since: 0, done: 30, total: 90 },
    10 * MINUTE,
    { perMinute: 3, endAt: 30 * MINUTE },
  ],
  [
    'now, where all are done',
    { since: 0, done: 10, total: 10 },
    MINUTE,
    { perMinute: 10, endAt: MINUTE },
  ],
  [
    'no end while it is not known how many there will be',
    { since: 0, done: 4 },
    2 * MINUTE,
    { perMinute: 2 },
  ],
])('says %s', (_what, large, now, expected) => {
  expect(estimate(large, now)).toEqual(expected);
});

it('stays a number where the clock that began it is ahead', () => {
  const { endAt } = estimate({ since: 5_000, done: 1, total: 2 }, 1_000) ?? {};
  expect(Number.isFinite(endAt)).toBe(true);
});
