import { NO_COUNTS, type Counts } from '../../model/counts';
import { at, deliveryEntry, EVENT_AT, noteEntry } from '../../testing/ledger';
import { rowOf } from './row';

const row = (more: Parameters<typeof deliveryEntry>[0] = {}) =>
  rowOf('like-1', deliveryEntry(more), EVENT_AT);
const counts = (more: Partial<Counts>): Counts => ({ ...NO_COUNTS, recipients: 1, ...more });

it('says what was made of an event, and when', () => {
  expect(row()).toEqual({
    id: 'like-1',
    type: 'like',
    document: 'posts/p1/likes/leo',
    at: '2026-11-28T12:00:00.400Z',
    state: 'told',
    counts: { recipients: 1, addresses: 1, delivered: 1, failed: 0, waiting: 0 },
  });
});

it.each([
  ['told', { addresses: 2, delivered: 1, unregistered: 1 }],
  ['partly', { addresses: 2, delivered: 1, failed: 1 }],
  ['partly', { addresses: 2, delivered: 1, expired: 1 }],
  ['failed', { addresses: 1, rejected: 1 }],
  ['failed', { addresses: 1, unregistered: 1 }],
  ['failed', { unreachable: 1 }],
  ['nobody', { skipped: 1 }],
] as const)('is %s where the counts are %j', (state, more) => {
  expect(row({ counts: counts(more) }).state).toBe(state);
});

it('is told in part where devices were called gone and kept, as the breaker does', () => {
  const kept = { counts: counts({ addresses: 30, delivered: 4, unregistered: 26 }) };
  expect(row({ ...kept, codes: { KEPT_BREAKER: 26 } }).state).toBe('partly');
  expect(row(kept).state).toBe('told');
});

it('counts what waits while it is under way, also with counts of an earlier version', () => {
  const sending = { state: 'sending', counts: counts({ addresses: 4, delivered: 1, failed: 1 }) };
  expect(row(sending as never)).toMatchObject({ state: 'under-way', counts: { waiting: 2 } });
  const old = rowOf('like-1', { ...deliveryEntry(), counts: { delivered: 1 } }, EVENT_AT);
  expect(old).toMatchObject({ state: 'told', counts: { addresses: 0, waiting: 0 } });
});

it('says why a delivery failed as a whole, without an address that the error has', () => {
  const token = `${'c'.repeat(22)}:APA91b${'x'.repeat(120)}`;
  const failed = row({ state: 'failed', counts: NO_COUNTS, error: `cannot send to ${token}` });
  expect(failed).toMatchObject({ state: 'failed', why: 'cannot send to <redacted>' });
});

it.each([
  ['nobody', { nobody: 'the post was deleted' }, 'the post was deleted'],
  ['nobody', {}, 'compose told nobody, and did not say why'],
  [
    'under-way',
    { composing: { error: 'no shop', tries: 2, until: at(60_000) } },
    'compose failed: no shop',
  ],
  [
    'failed',
    { composing: { error: 'no shop', tries: 9, until: at(-1) } },
    'compose failed: no shop',
  ],
] as const)('a note is %s, with what compose said: %j', (state, more, why) => {
  const note = rowOf('like-1~nobody', noteEntry(more), EVENT_AT);
  expect(note).toMatchObject({ state, why });
  expect(note).not.toHaveProperty('counts');
});
