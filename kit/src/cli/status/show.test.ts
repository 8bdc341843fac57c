import type { Numbers } from './numbers';
import { jsonReport, textReport } from './show';

const NOW = Date.parse('2026-11-28T12:00:00Z');
const MINUTE = 60_000;
const QUIET: Numbers = {
  at: NOW,
  backlog: { count: 0 },
  waiting: { count: 0, isCut: false },
  scheduled: 0,
  lastHour: { since: NOW - 60 * MINUTE, deliveries: 0, codes: [], isCut: false },
  lastDay: { since: NOW - 24 * 60 * MINUTE, deliveries: 0, codes: [], isCut: false },
  composing: { count: 0, kinds: [], isCut: false },
  large: [],
  sweep: { overdue: 0 },
};
const report = (numbers: Partial<Numbers> = {}) => ({
  place: 'Project acme on Google Cloud',
  project: 'acme',
  emulator: undefined,
  database: '(default)',
  numbers: { ...QUIET, ...numbers },
});
const text = (numbers: Partial<Numbers> = {}) => textReport(report(numbers), false);

const LARGE = {
  delivery: 'post-e1',
  type: 'post',
  document: 'posts/p1',
  since: NOW - 10 * MINUTE,
  begun: 90,
  done: 30,
  total: 90,
};

const { total: _unknown, ...PAGED } = LARGE;

it('says that all is well where nothing is open and nothing failed', () => {
  expect(text()).toBe(
    [
      'Project acme on Google Cloud, 2026-11-28T12:00:00.000Z',
      '',
      'Under way',
      '  ok       Every delivery is final.',
      '           0 pushes wait for their time (sendAt).',
      '',
      'Failed',
      '  ok       Nothing of the last hour.',
      '  ok       Nothing of the last 24 hours.',
      '',
    ].join('\n'),
  );
});

it.each<[string, Partial<Numbers>, RegExp]>([
  [
    'a backlog that moves',
    { backlog: { count: 2, oldest: { delivery: 'like-1', type: 'like', since: NOW - 90_000 } } },
    /^ {11}2 deliveries and shards are not final; the oldest for 1 min 30 s: like-1$/m,
  ],
  [
    'one that does not',
    {
      backlog: {
        count: 1,
        oldest: { delivery: 'like-1', type: 'like', since: NOW - 180 * MINUTE },
      },
    },
    /PROBLEM .* for 3 h: like-1\n {11}See what holds it up: npx @firestore-push\/push why --delivery like-1/,
  ],
  [
    'retries',
    { waiting: { count: 3, nextAt: NOW + MINUTE, isCut: false } },
    /3 of them wait for a retry; the next goes on at 2026-11-28T12:01:00\.000Z\./,
  ],
  [
    'a sweep that comes in time',
    { sweep: { overdue: 1, oldest: { delivery: 'like-1', since: NOW - MINUTE } } },
    /^ {11}1 has no worker, the longest for 1 min: like-1$/m,
  ],
  [
    'a sweep that does not',
    { sweep: { overdue: 1, oldest: { delivery: 'like-1', since: NOW - 30 * MINUTE } } },
    /PROBLEM {2}1 has no worker/,
  ],
  [
    'a large delivery, with its end',
    { large: [LARGE] },
    /posts\/p1: 30 shards of 90 done, 3 a minute; at that rate it ends at 2026-11-28T12:20:00\.000Z\.\n.*push cancel --delivery post-e1/,
  ],
  [
    'one whose pages are still being begun',
    { large: [PAGED] },
    /30 shards done, 90 begun; how many there will be is not known yet, 3 a minute\./,
  ],
  ['scheduled pushes', { scheduled: 1 }, /1 push waits for its time/],
  [
    'failures in words, with what to do',
    {
      lastHour: {
        ...QUIET.lastHour,
        deliveries: 4,
        codes: [{ code: 'THIRD_PARTY_AUTH_ERROR', count: 7, of: 'addresses' }],
      },
    },
    /Of the last hour: something in 4 deliveries and shards\.\n {2}PROBLEM {2}THIRD_PARTY_AUTH_ERROR, 7 devices: .*\n {11}\S/,
  ],
  [
    'deliveries that failed as a whole',
    {
      lastDay: {
        ...QUIET.lastDay,
        deliveries: 1,
        codes: [{ code: 'COMPOSE_FAILED', count: 1, of: 'deliveries' }],
      },
    },
    /COMPOSE_FAILED, 1 delivery: Your compose/,
  ],
  [
    'the breaker',
    {
      lastDay: {
        ...QUIET.lastDay,
        deliveries: 1,
        codes: [{ code: 'KEPT_BREAKER', count: 31, of: 'addresses' }],
      },
    },
    /The breaker kept 31 devices/,
  ],
  [
    'what was not looked at',
    { lastDay: { ...QUIET.lastDay, deliveries: 5_000, isCut: true } },
    /5,000 deliveries and shards\.\n {11}Only the oldest 1,000 of them were looked at\./,
  ],
  [
    'compose that fails now',
    { composing: { count: 2, kinds: [{ type: 'like', count: 2, error: 'boom' }], isCut: false } },
    /PROBLEM {2}compose of like fails for 2 events, which come again: boom/,
  ],
])('says %s', (_what, numbers, words) => {
  expect(text(numbers)).toMatch(words);
});

it('knows every code that the ledger counts', () => {
  const codes = ['EXPIRED', 'KEPT_BREAKER', 'KEPT_ERROR', 'OTHER'].map((code) => ({
    code,
    count: 1,
    of: 'addresses' as const,
  }));
  const said = text({ lastHour: { ...QUIET.lastHour, deliveries: 1, codes } });
  expect(
    said.match(/^ +\S* +(?:EXPIRED|KEPT_BREAKER|KEPT_ERROR|OTHER), 1 device: /gm),
  ).toHaveLength(4);
  expect(said).not.toContain('is not known here');
});

it('lets nothing that others wrote act upon the terminal', () => {
  const kinds = [{ type: 'like', count: 1, error: 'a\u001b[2Jb\nc' }];
  expect(text({ composing: { count: 1, kinds, isCut: false } })).toContain('a\\u001b[2Jb\\u000ac');
});

it('is JSON whose form is held', () => {
  const json: unknown = JSON.parse(
    jsonReport(
      report({
        backlog: { count: 1, oldest: { delivery: 'post-e1', type: 'post', since: NOW } },
        waiting: { count: 1, nextAt: NOW, isCut: false },
        large: [LARGE],
      }),
    ),
  );
  expect(json).toEqual({
    schema: 1,
    project: 'acme',
    emulator: null,
    database: '(default)',
    at: '2026-11-28T12:00:00.000Z',
    backlog: {
      count: 1,
      oldest: { delivery: 'post-e1', type: 'post', since: '2026-11-28T12:00:00.000Z' },
    },
    waiting: { count: 1, nextAt: '2026-11-28T12:00:00.000Z', isCut: false },
    scheduled: 0,
    lastHour: {
      since: '2026-11-28T11:00:00.000Z',
      deliveries: 0,
      codes: [],
      isCut: false,
      breaker: 0,
    },
    lastDay: {
      since: '2026-11-27T12:00:00.000Z',
      deliveries: 0,
      codes: [],
      isCut: false,
      breaker: 0,
    },
    composing: { count: 0, kinds: [], isCut: false },
    large: [
      {
        ...LARGE,
        since: '2026-11-28T11:50:00.000Z',
        perMinute: 3,
        endAt: '2026-11-28T12:20:00.000Z',
      },
    ],
    sweep: { overdue: 0 },
  });
});
