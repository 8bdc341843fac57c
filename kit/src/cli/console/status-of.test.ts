import { statusOf } from './status-of';

const NOW = Date.parse('2026-03-01T12:00:00.000Z');
const MINUTE = 60_000;
const NO_FAILURES = { since: NOW, deliveries: 0, codes: [], isCut: false };
const NUMBERS: Parameters<typeof statusOf>[0] = {
  at: NOW,
  backlog: { count: 0 },
  waiting: 0,
  lastHour: NO_FAILURES,
  lastDay: NO_FAILURES,
  large: [],
};

it('has nothing to show where nothing is under way and nothing failed', () => {
  const failures = { deliveries: 0, codes: [], isCut: false };
  expect(statusOf(NUMBERS)).toEqual({
    at: '2026-03-01T12:00:00.000Z',
    backlog: 0,
    waiting: 0,
    failures: { hour: failures, day: failures },
    large: [],
  });
});

it('names the oldest, the codes, and when a large delivery may be over', () => {
  const status = statusOf({
    ...NUMBERS,
    backlog: { count: 7, oldest: { delivery: 'offer-1', type: 'offer', since: NOW - MINUTE } },
    waiting: 5,
    lastHour: {
      ...{ since: NOW, deliveries: 3, isCut: true },
      codes: [{ code: 'UNAVAILABLE', count: 3, of: 'addresses' }],
    },
    large: [
      { delivery: 'offer-1', type: 'offer', since: NOW - MINUTE, begun: 4, done: 2, total: 4 },
      { delivery: 'offer-2', type: 'offer', since: NOW, begun: 0, done: 0 },
    ],
  });
  expect(status).toMatchObject({
    backlog: 7,
    waiting: 5,
    oldest: { id: 'offer-1', at: '2026-03-01T11:59:00.000Z', isOverdue: false },
    failures: { hour: { deliveries: 3, isCut: true, codes: [{ code: 'UNAVAILABLE', count: 3 }] } },
    large: [
      { id: 'offer-1', type: 'offer', done: 2, all: 4, endsAt: '2026-03-01T12:01:00.000Z' },
      { id: 'offer-2', type: 'offer', done: 0 },
    ],
  });
});

it.each([
  [65, false],
  [66, true],
])('what is not final after %i minutes is overdue: %s', (minutes, isOverdue) => {
  const oldest = { delivery: 'like-1', type: 'like', since: NOW - minutes * MINUTE };
  expect(statusOf({ ...NUMBERS, backlog: { count: 1, oldest } }).oldest).toMatchObject({
    isOverdue,
  });
});
