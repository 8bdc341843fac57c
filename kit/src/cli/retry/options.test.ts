import { UsageError } from '../command';
import { readRetryOptions } from './options';

const NOW = Date.parse('2026-11-28T12:00:00Z');
const HOUR = 3_600_000;
const read = (...args: string[]) => readRetryOptions(args, NOW);

it('is a dry run, without those of whom nobody knows, unless told otherwise', () => {
  expect(read('--delivery', 'like-e1')).toMatchObject({
    ...{ apply: false, unknown: false, isJson: false, selection: { delivery: 'like-e1' } },
    deployment: { mustBeNamed: false },
  });
  expect(read('--delivery', 'like-e1', '--apply', '--unknown', '--json')).toMatchObject({
    ...{ apply: true, unknown: true, isJson: true },
    deployment: { mustBeNamed: true },
  });
});

it('takes all of a time, of one kind where one is named', () => {
  expect(read('--since', '2h').selection).toEqual({ since: NOW - 2 * HOUR });
  expect(read('--since', '2h', '--until', '1h', '--kind', 'like').selection).toEqual({
    ...{ since: NOW - 2 * HOUR, until: NOW - HOUR, kind: 'like' },
  });
});

it.each([
  [[], 'Expected --delivery ID or --since TIME, got neither.'],
  [['--until', '1h'], 'Expected --delivery ID or --since TIME, got neither.'],
  [['--delivery', 'a/b/c'], '--delivery: expected an id, got "a/b/c".'],
  [['--delivery', 'like-e1', '--since', '2h'], '--delivery: expected without --since'],
  [['--delivery', 'like-e1', '--kind', 'like'], '--delivery: expected without --since'],
  [['--since', 'yesterday'], '--since: expected 30m'],
  [['--since', '1h', '--until', '2h'], '--since: expected a time before --until.'],
])('refuses %j', (args, words) => {
  expect(() => read(...args)).toThrow(UsageError);
  expect(() => read(...args)).toThrow(words);
});
