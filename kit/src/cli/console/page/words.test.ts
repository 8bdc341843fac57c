import {
  announcementOf,
  clock,
  compact,
  deviceText,
  duration,
  outcomeText,
  progressText,
  visible,
} from './words.mjs';

const NONE = { recipients: 1, addresses: 1, delivered: 0, failed: 0, waiting: 0 };

it.each([
  [{ ...NONE, delivered: 1 }, '1 person · 1 of 1 device'],
  [
    { ...NONE, recipients: 3, addresses: 4, delivered: 2, waiting: 2 },
    '3 people · 2 of 4 devices · 2 waiting',
  ],
  [{ ...NONE, failed: 1 }, '1 person · 0 of 1 device · 1 failed'],
  [{ ...NONE, addresses: 0 }, '1 person'],
  [{ ...NONE, recipients: 0 }, 'a topic'],
  [
    { ...NONE, recipients: 412_000, addresses: 655_000, delivered: 310_442 },
    '412k people · 310.4k of 655k devices',
  ],
])('what came of %j is %s', (counts, text) => {
  expect(outcomeText({ counts })).toBe(text);
});

it('a reason goes before numbers, and nothing is said of a note without one', () => {
  expect(outcomeText({ counts: NONE, why: 'post was deleted\u202e' })).toBe(
    'post was deleted\\u202e',
  );
  expect(outcomeText({})).toBe('');
});

it.each([
  [0, '0.0 s'],
  [840, '0.8 s'],
  [-5, '0.0 s'],
  [42_000, '42 s'],
  [60_000, '1 min'],
  [3_600_000, '1 h'],
  [7_500_000, '2 h 5 min'],
  [2 * 86_400_000, '2 d'],
  [2 * 86_400_000 + 3_600_000, '2 d 1 h'],
])('%d ms are %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

it.each([
  [7, '7'],
  [9_999, '9,999'],
  [12_345, '12.3k'],
  [999_999, '999.9k'],
  [1_250_000, '1.2M'],
])('%d is written %s', (count, text) => {
  expect(compact(count)).toBe(text);
});

it('a time has its day only where that is not today', () => {
  const now = new Date(2026, 2, 1, 12, 0, 0).getTime();
  expect(clock(new Date(2026, 2, 1, 9, 5, 7).toISOString(), now)).toBe('09:05:07');
  expect(clock(new Date(2026, 1, 28, 23, 59, 59).toISOString(), now)).toBe('28 Feb 23:59:59');
  expect(clock('nonsense', now)).toBe('');
});

it('a large delivery says how far it is, and how long it may take', () => {
  const now = Date.parse('2026-03-01T12:00:00Z');
  const large = { id: 'a', type: 'offer', done: 12 };
  expect(progressText(large, now)).toBe('12 parts');
  expect(progressText({ ...large, all: 24 }, now)).toBe('12 of 24 parts');
  const ending = { ...large, all: 24, endsAt: '2026-03-01T12:04:00Z' };
  expect(progressText(ending, now)).toBe('12 of 24 parts, about 4 min left');
  expect(progressText(ending, now + 300_000)).toBe('12 of 24 parts, nearly done');
});

it('a device is its fingerprint, its kind and its platform', () => {
  expect(deviceText({ fingerprint: '9f2c41d07be1a3c5', kind: 'apns', platform: 'ios' })).toEqual([
    '9f2c41d07be1a3c5',
    'APNs token',
    'iOS',
  ]);
  expect(deviceText({ fingerprint: '9f2c', platform: 'toaster' })).toEqual(['9f2c', 'toaster']);
});

it('what cannot be seen, or turns text around, is shown as its escape; emoji stay whole', () => {
  expect(visible('a\u202eb\u0000\u200b')).toBe('a\\u202eb\\u0000\\u200b');
  expect(visible('👩‍👩‍👧 שלום')).toBe('👩‍👩‍👧 שלום');
});

it('announces what came by how it stands', () => {
  expect(announcementOf([{ state: 'told' }, { state: 'failed' }, { state: 'told' }])).toBe(
    '3 deliveries: 2 told, 1 failed',
  );
  expect(announcementOf([])).toBe('');
});
