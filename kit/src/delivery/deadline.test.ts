import { MAX_ATTEMPTS } from './attempts';
import { checkAfterMs, isTooLate } from './deadline';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const EVENT = Date.UTC(2027, 0, 1);

/** Whether a push of so long a time to live is too late, whose audience was begun, and whose turn comes, so long after the event, ms. */
const tooLate = (ttlMs: number, begunMs: number, turnMs: number, knowsEvent = true): boolean =>
  isTooLate(EVENT + turnMs, {
    audienceBegan: EVENT + begunMs,
    eventAt: knowsEvent ? EVENT : undefined,
    expiresAt: EVENT + ttlMs,
  });

it.each([
  ['in time', 10 * MINUTE, SECOND, 9 * MINUTE, false],
  ['within the minute after its end', 10 * MINUTE, SECOND, 10 * MINUTE + 59 * SECOND, false],
  ['after that minute', 10 * MINUTE, SECOND, 11 * MINUTE + SECOND, true],
  [
    'after that minute, of an audience begun within it',
    30 * SECOND,
    40 * SECOND,
    110 * SECOND,
    true,
  ],
  [
    'within that minute, of an audience begun within it',
    30 * SECOND,
    40 * SECOND,
    80 * SECOND,
    false,
  ],
  ['at all, of an audience begun after that minute', 30 * SECOND, 91 * SECOND, 91 * SECOND, true],
])('with some time to live: a turn %s', (_when, ttlMs, begunMs, turnMs, expected) => {
  expect(tooLate(ttlMs, begunMs, turnMs)).toBe(expected);
});

it.each([
  ['a shard’s turn comes within the hour', 0, SECOND, 59 * MINUTE, false],
  ['a shard’s turn comes after it', 0, SECOND, 61 * MINUTE, true],
  ['its audience is begun within a minute', 0, 59 * SECOND, 59 * SECOND, false],
  ['its audience is begun after that', 0, 61 * SECOND, 61 * SECOND, true],
])('for now or never: %s', (_when, ttlMs, begunMs, turnMs, expected) => {
  expect(tooLate(ttlMs, begunMs, turnMs)).toBe(expected);
});

it('an entry of an earlier version, which does not know its event, is for now or never if it was begun at its end', () => {
  expect(tooLate(30 * SECOND, 40 * SECOND, 10 * MINUTE, false)).toBe(false);
  expect(tooLate(30 * SECOND, 20 * SECOND, 10 * MINUTE, false)).toBe(true);
});

/** How often it is looked at what is under way for so long. */
function looksIn(forMs: number): number {
  let looks = 0;
  for (let age = 0; age < forMs; age += checkAfterMs(age)) looks += 1;
  return looks;
}

it('what is under way for long is looked at less and less, but often enough to be given up in a week', () => {
  const HOUR = 60 * MINUTE;
  expect([0, 40 * MINUTE, 4 * HOUR, 48 * HOUR].map(checkAfterMs)).toEqual([
    ...[10 * MINUTE, 10 * MINUTE, HOUR, 3 * HOUR],
  ]);
  expect(looksIn(8 * HOUR)).toBeLessThan(20);
  expect(looksIn(7 * 24 * HOUR)).toBeGreaterThan(MAX_ATTEMPTS);
});
