import { Timestamp } from '@google-cloud/firestore';
import { isGivenUp, MAX_ATTEMPTS } from './attempts';
import type { Coverage } from './delivery-document';

const DAY = 24 * 60 * 60_000;
const BEGAN = Date.UTC(2026, 0, 1);

const SMALL: Coverage = { kind: 'listed', uids: ['ola'] };
const PAGE: Coverage = { kind: 'range', collection: 'users', after: 'a', until: 'b' };
const PAGES: Coverage = { kind: 'paged-shards', collection: 'users' };
const LISTS: Coverage = { kind: 'hashed-shards', shards: 3 };

it.each([
  ['a small audience', SMALL, MAX_ATTEMPTS, 1, false],
  ['a small audience', SMALL, MAX_ATTEMPTS + 1, 1, true],
  ['a page of a large one', PAGE, MAX_ATTEMPTS + 1, 1, true],
  ['a large one, page after page,', PAGES, MAX_ATTEMPTS + 1, 6.9, false],
  ['a large one, page after page,', PAGES, MAX_ATTEMPTS + 1, 7.1, true],
  ['a large one, page after page,', PAGES, MAX_ATTEMPTS, 7.1, false],
  ['a large one in lists', LISTS, 500, 6.9, false],
  ['a large one in lists', LISTS, 500, 7.1, true],
] as const)(
  '%s (%j) of %i attempts in %d days is given up: %s',
  (_what, coverage, attempts, days, is) => {
    const entry = { attempts, coverage, createdAt: Timestamp.fromMillis(BEGAN) };
    expect(isGivenUp(entry, BEGAN + days * DAY)).toBe(is);
  },
);
