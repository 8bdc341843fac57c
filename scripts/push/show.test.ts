import { printableJson } from '../terminal/printable.ts';
import { pushLine } from '../stack/push-line.ts';
import { question } from './confirm.ts';
import { details, plain, table } from './show.ts';

const at = (ms: number) => ({ toDate: () => new Date(ms) });
const SENT = {
  id: 'p1',
  document: {
    to: ['a', 'b'],
    title: 'Sale',
    state: 'partial',
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
      'p1         partial  2 users     1970-01-01T00:00:00.000Z  1          1     Sale',
      'longer-id  pending  topic news                                             {"key":"sale"}',
    ].join('\n'),
  );
});

it('details say everything that became of a push', () => {
  expect(details(SENT, 'Europe/Vienna')).toBe(
    [
      'push p1: partial',
      'to: 2 users',
      'createdAt: 1970-01-01T00:00:00.000Z (Thu 1 Jan 1970, 01:00 CET)',
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
    state: 'partial',
    createdAt: '1970-01-01T00:00:00.000Z',
    accepted: { dueAt: '1970-01-01T00:00:00.000Z' },
  });
});

describe('whatever stands in a push, the terminal shows it and does not act upon it', () => {
  const hostile = '\u001b]0;owned\u0007\u001b[2J\u009b31m\u202egpj.exe\r\u200b\u2066';
  const forged = 'x\npush p2: sent\n  recipient bo: delivered';
  const acts = /(?!\n|\u200c|\u200d)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

  const pushWith = (text: string) => ({
    id: `p${text}`,
    document: {
      to: { users: { field: text, op: text, value: text } },
      title: text,
      state: text,
      error: text,
      errors: { [text]: text },
      reasons: { [text]: text },
      refused: { reason: text },
      counts: { [text]: 1 },
      note: text,
    },
  });
  const arriving = (text: string) => ({
    address: text,
    at: '2030-01-01T00:00:00Z',
    kind: 'notification' as const,
    title: text,
    body: text,
    data: {},
  });

  it.each<[string, (text: string) => string]>([
    ['a table', (text) => table([pushWith(text)])],
    ['details', (text) => details(pushWith(text))],
    ['JSON', (text) => printableJson(plain(pushWith(text)))],
    ['what arrives at a device', (text) => pushLine(arriving(text), (address) => address)],
    [
      'the question before sending',
      (text) => question(text, { to: { topic: text }, title: text }, 1),
    ],
  ])('%s', (_where, show) => {
    expect(show(hostile)).not.toMatch(acts);
    expect(show(hostile)).toContain('owned');
    // Nor does a line feed make a line that looks like one of ours.
    expect(show(forged)).not.toMatch(/^(?:push p2| {2}recipient bo)/m);
  });
});
