import { details, plain, table } from './show.ts';

const at = (ms: number) => ({ toDate: () => new Date(ms) });
const SENT = {
  id: 'p1',
  document: {
    to: ['a', 'b'],
    title: 'Sale',
    state: 'partly',
    accepted: { dueAt: at(0) },
    createdAt: at(0),
    counts: { recipients: 2, delivered: 1, unregistered: 1, failed: 0 },
    reasons: { a: 'delivered', b: 'pruned' },
    note: 'Dry run',
  },
};

it('a table has a line a push, under a header', () => {
  const waiting = { id: 'longer-id', document: { to: { topic: 'news' }, title: { key: 'sale' } } };
  expect(table([SENT, waiting])).toBe(
    [
      'id         state    to          due                       delivered  lost  title',
      'p1         partly   2 users     1970-01-01T00:00:00.000Z  1          1     Sale',
      'longer-id  pending  topic news                                             {"key":"sale"}',
    ].join('\n'),
  );
});

it('details say everything that became of a push', () => {
  expect(details(SENT)).toBe(
    [
      'push p1: partly',
      'to: 2 users',
      'createdAt: 1970-01-01T00:00:00.000Z',
      'counts: recipients 2, delivered 1, unregistered 1',
      '  recipient a: delivered',
      '  recipient b: pruned',
      'note: Dry run',
    ].join('\n'),
  );
});

it('details say what is wrong, field by field, and why an edit was refused', () => {
  const document = {
    to: 7,
    state: 'failed',
    error: 'Nothing was sent',
    errors: { to: 'expected' },
    refused: { reason: 'late' },
  };
  expect(details({ id: 'p', document })).toContain(
    'error: Nothing was sent\n  field to: expected\nrefused: late',
  );
});

it.each([
  [{ addresses: ['secret:1'] }, '1 addresses'],
  [{ everyone: true }, 'everyone'],
  [{ users: { field: 'locale', op: '==', value: 'de' } }, 'users locale == "de"'],
  [{ condition: "'a' in topics" }, "condition 'a' in topics"],
  [{}, '?'],
])('recipients %j are shown in a few words', (to, words) => {
  expect(details({ id: 'p', document: { to } })).toContain(`to: ${words}`);
});

it('JSON has times in ISO 8601', () => {
  expect(plain(SENT)).toMatchObject({
    id: 'p1',
    state: 'partly',
    createdAt: '1970-01-01T00:00:00.000Z',
    accepted: { dueAt: '1970-01-01T00:00:00.000Z' },
  });
});
