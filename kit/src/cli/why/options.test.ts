import { UsageError } from '../command';
import { readWhyOptions } from './options';

const NOW = Date.parse('2026-11-28T12:00:00Z');
const HOUR = 3_600_000;
const ask = (...args: string[]) => readWhyOptions(args, NOW).question;

it.each([
  ['posts/p1/likes/leo'],
  ['/posts/p1/likes/leo'],
  ['posts/p1/likes/leo/'],
  ['projects/acme/databases/(default)/documents/posts/p1/likes/leo'],
  ['//firestore.googleapis.com/projects/acme/databases/shop/documents/posts/p1/likes/leo'],
])('takes a document however it was copied: %s', (given) => {
  expect(ask('--document', given)).toEqual({ document: 'posts/p1/likes/leo', limit: 20 });
});

it.each(['like-a1d4', 'deliveries/like-a1d4', 'tenants/t1/deliveries/like-a1d4'])(
  'takes a delivery by its id or the path of its entry: %s',
  (given) => {
    expect(ask('--delivery', given)).toEqual({ delivery: 'like-a1d4', limit: 20 });
  },
);

it.each([
  ['30m', NOW - HOUR / 2],
  ['2h', NOW - 2 * HOUR],
  ['3d', NOW - 72 * HOUR],
  ['2026-11-28T10:00:00Z', NOW - 2 * HOUR],
  ['2026-11-28T11:00:00+01:00', NOW - 2 * HOUR],
  ['2026-11-28', NOW - 12 * HOUR],
  ['999999d', 0],
  ['0000-01-01', 0],
])('takes a time as %s', (given, since) => {
  expect(ask('--user', 'ana', '--since', given)).toEqual({ user: 'ana', since, limit: 20 });
});

it('looks for a person or a kind in the last 24 hours, and for a document at any time', () => {
  expect(ask('--user', 'ana').since).toBe(NOW - 24 * HOUR);
  expect(ask('--kind', 'like')).toEqual({ kind: 'like', since: NOW - 24 * HOUR, limit: 20 });
  expect(ask('--user', 'ana', '--document', 'posts/p1')).toEqual({
    user: 'ana',
    document: 'posts/p1',
    limit: 20,
  });
});

it.each([
  [[], 'Expected --document PATH, --user UID, --kind NAME or --delivery ID'],
  [['--document', 'posts'], '--document: expected the path of a document'],
  [['--document', ''], '--document: expected the path of a document'],
  [['--user', 'a/b'], '--user: expected an id'],
  [['--user', 'ana', '--since', 'yesterday'], '--since: expected 30m'],
  [['--user', 'ana', '--since', '2h', '--until', '3h'], '--since: expected a time before --until'],
  [['--user', 'ana', '--limit', '0'], '--limit: expected a whole number from 1 to 200'],
  [['--delivery', 'like-1', '--document', 'posts/p1'], '--delivery: expected without --document'],
  [['--user', 'ana', '--colour'], '--colour'],
])('refuses %j', (args, words) => {
  expect(() => ask(...args)).toThrow(UsageError);
  expect(() => ask(...args)).toThrow(words);
});
