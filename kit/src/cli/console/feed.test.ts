import { FakeSource } from '../../testing/console-source';
import { Feed, MOST_ROWS } from './feed';

const NOW = Date.parse('2026-03-01T12:00:00.000Z');
const MINUTE = 60_000;

let now: number;
let source: FakeSource;
let feed: Feed;
beforeEach(() => {
  now = NOW;
  source = new FakeSource();
  feed = new Feed(source, () => now);
});

const shown = () => feed.snapshot().rows.map(({ id }) => id);
const many = (count: number, first: number, step: number, name = 'like') => {
  for (let index = 0; index < count; index += 1) {
    source.put(`${name}-${index}`, first + index * step);
  }
};

it('begins with the newest, and looks further back only while there are few', async () => {
  source.put('today', NOW - 60 * MINUTE);
  source.put('last-week', NOW - 7 * 24 * 60 * MINUTE);
  await feed.poll();
  expect(shown()).toEqual(['today', 'last-week']);
});

it('of a busy ledger reads little more than it shows', async () => {
  many(20_000, NOW - 20_000 * 100, 100);
  await feed.poll();
  expect(source.asked.length).toBeLessThan(8);
  expect(shown()[0]).toBe('like-19999');
  expect(shown().length).toBeGreaterThanOrEqual(100);
  expect(feed.snapshot().hasGaps).toBe(false);
});

it('adds what is new, and tells it only once', async () => {
  await feed.poll();
  source.put('like-1', now);
  now += 1_500;
  expect(await feed.poll()).toMatchObject({ revision: 1, rows: [{ id: 'like-1' }], gone: [] });
  now += 1_500;
  expect(await feed.poll()).toBeUndefined();
});

it('sees an entry whose write was done late, by an instance whose clock is behind', async () => {
  await feed.poll();
  now += 1_500;
  await feed.poll();
  source.put('late', now - 4_000);
  now += 1_500;
  expect(await feed.poll()).toMatchObject({ rows: [{ id: 'late' }] });
});

it('reads again what was under way, until it is not', async () => {
  source.put('like-1', NOW - MINUTE, { state: 'under-way' });
  await feed.poll();
  now += 1_500;
  expect(await feed.poll()).toBeUndefined();
  expect(source.asked).toContain('again like-1');
  source.put('like-1', NOW - MINUTE, { state: 'told' });
  now += 1_500;
  expect(await feed.poll()).toMatchObject({ rows: [{ id: 'like-1', state: 'told' }] });
  source.asked.length = 0;
  now += 1_500;
  await feed.poll();
  expect(source.asked).toEqual(['made']);
});

it('takes turns where much is under way', async () => {
  for (let index = 0; index < 120; index += 1) {
    source.put(`like-${index}`, NOW - MINUTE, { state: 'under-way' });
  }
  for (let polls = 0; polls < 4; polls += 1) {
    await feed.poll();
    now += 1_500;
  }
  const again = source.asked.flatMap((asked) => asked.split(' ').slice(1));
  expect(new Set(again).size).toBe(120);
});

it('says what was deleted', async () => {
  source.put('like-1~compose', NOW - MINUTE, { state: 'under-way' });
  await feed.poll();
  source.rows.clear();
  now += 1_500;
  expect(await feed.poll()).toEqual({ revision: 2, rows: [], gone: ['like-1~compose'] });
  expect(shown()).toEqual([]);
});

it('keeps no more than it shows, the newest', async () => {
  await feed.poll();
  for (let second = 0; second < 8; second += 1) {
    many(100, now, 10, `like-${second}`);
    now += 6_000;
    await feed.poll();
  }
  expect(shown()).toHaveLength(MOST_ROWS);
  expect(shown()[0]).toBe('like-7-99');
});

it('catches up after more than one poll reads, and leaves nothing out', async () => {
  await feed.poll();
  many(1_200, now, 10);
  now += 12_000;
  for (let polls = 0; polls < 4; polls += 1) await feed.poll();
  expect(shown()[0]).toBe('like-1199');
  expect(feed.snapshot().hasGaps).toBe(false);
});

it('goes on with what is new where it is too far behind, and says that some are missing', async () => {
  await feed.poll();
  many(5_000, now, 20);
  now += 100_000;
  await feed.poll();
  source.put('newest', now);
  now += 1_500;
  await feed.poll();
  expect(shown()[0]).toBe('newest');
  expect(feed.snapshot().hasGaps).toBe(true);
});

it('goes on where it was after Firestore could not be reached', async () => {
  await feed.poll();
  source.put('like-1', now);
  source.failure = new Error('down');
  now += 60_000;
  await expect(feed.poll()).rejects.toThrow('down');
  source.failure = undefined;
  now += 1_500;
  expect(await feed.poll()).toMatchObject({ rows: [{ id: 'like-1' }] });
});

it('leaves the reading to the next poll where one comes to its end too late', async () => {
  await feed.poll();
  source.put('like-1', now);
  now += 1_500;
  const [late, next] = await Promise.all([feed.poll(), feed.poll()]);
  expect(late).toBeUndefined();
  expect(next).toMatchObject({ rows: [{ id: 'like-1' }] });
});

it('knows what changed after a revision, unless something was deleted since', async () => {
  source.put('like-1', NOW - MINUTE);
  await feed.poll();
  source.put('like-2', now, { state: 'under-way' });
  now += 1_500;
  await feed.poll();
  expect(feed.since(2)).toEqual({ revision: 2, rows: [], gone: [] });
  expect(feed.since(1)).toMatchObject({ revision: 2, rows: [{ id: 'like-2' }] });
  expect(feed.since(3)).toBeUndefined();
  expect(feed.since(NaN)).toBeUndefined();
  source.rows.delete('like-2');
  now += 10_000;
  await feed.poll();
  expect(feed.since(2)).toBeUndefined();
  expect(feed.since(3)).toEqual({ revision: 3, rows: [], gone: [] });
});
