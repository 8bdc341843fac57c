import * as fc from 'fast-check';
import { isEarlier, isIn, type CommitTime } from './commit-time';
import { intervalOf, LOST_AFTER_MS, standingOf, type WindowState } from './standing';

const at = (seconds: number, nanoseconds = 0): CommitTime => ({ seconds, nanoseconds });
const NOW = 1_000_000;

const state = (more: Partial<WindowState> = {}): WindowState => ({
  window: 'w3',
  from: at(30),
  closesAt: NOW + 1,
  latestAt: NOW + 1,
  isArmed: true,
  isClosed: false,
  history: [
    { window: 'w2', from: at(20), at: at(30) },
    { window: 'w1', from: at(10), at: at(20) },
  ],
  writtenAt: at(40),
  ...more,
});

describe('an event', () => {
  it.each<[string, number, WindowState | undefined, unknown]>([
    ['that is the first of all opens a window', 5, undefined, { kind: 'none', from: undefined }],
    ['in an open window is told by it', 35, state(), { kind: 'open', window: 'w3' }],
    ['at the very closing of the one before it, too', 30, state(), { kind: 'open', window: 'w3' }],
    [
      'in a window without an entry has it made',
      35,
      state({ isArmed: false }),
      { kind: 'unarmed', window: 'w3', closesAt: NOW + 1 },
    ],
    ['before a closing was told by it', 29, state(), { kind: 'told', window: 'w2' }],
    ['before an earlier one by that', 19, state(), { kind: 'told', window: 'w1' }],
    ['before all that are remembered, too', 9, state(), { kind: 'told', window: undefined }],
    [
      'before the last closing was told by it',
      39,
      state({ isClosed: true }),
      { kind: 'told', window: 'w3' },
    ],
    [
      'after the last closing opens a window that tells what came since then',
      40,
      state({ isClosed: true }),
      { kind: 'none', from: at(40) },
    ],
    [
      'after the time of a window without an entry opens one that tells what that would have',
      50,
      state({ isArmed: false, closesAt: NOW }),
      { kind: 'none', from: at(30) },
    ],
    [
      'some time after a window should have been closed still is told by it',
      50,
      state({ latestAt: NOW + 1 - LOST_AFTER_MS }),
      { kind: 'open' },
    ],
    [
      'long after that opens one in its place',
      50,
      state({ latestAt: NOW - LOST_AFTER_MS }),
      { kind: 'none', from: at(30) },
    ],
  ])('%s', (_what, item, windows, standing) => {
    expect(standingOf(windows, at(item), NOW)).toMatchObject(standing as object);
  });

  it('that opens a window after a closing has it remembered, and the oldest forgotten', () => {
    const history = Array.from({ length: 20 }, (_, nth) => ({
      window: `old${nth}`,
      from: at(20 - nth),
      at: at(21 - nth),
    }));
    const found = standingOf(state({ isClosed: true, history }), at(41), NOW);
    const kept = found.kind === 'none' ? found.history : [];
    expect(kept).toHaveLength(20);
    expect(kept[0]).toEqual({ window: 'w3', from: at(30), at: at(40) });
    expect(kept.at(-1)?.window).toBe('old18');
  });

  it('is told by the window that it is answered, and by no other', () => {
    const seconds = fc.integer({ min: 0, max: 50 });
    fc.assert(
      fc.property(seconds, fc.boolean(), (item, isClosed) => {
        const windows = state({ isClosed });
        const found = standingOf(windows, at(item), NOW);
        const closed = ['w1', 'w2', 'w3'].filter((window) => {
          const interval = intervalOf(windows, window);
          return typeof interval === 'object' && isIn(interval, at(item));
        });
        expect(closed).toEqual(
          found.kind === 'told' && found.window !== undefined ? [found.window] : [],
        );
      }),
    );
  });
});

describe('the entry of a window', () => {
  it.each<[string, string, WindowState | undefined, unknown]>([
    ['that is not closed has to close it', 'w3', state(), 'open'],
    [
      'that is closed tells what came since the closing before',
      'w3',
      state({ isClosed: true }),
      { window: 'w3', from: at(30), at: at(40) },
    ],
    [
      'that is closed, with another one after it, tells the same',
      'w2',
      state(),
      { window: 'w2', from: at(20), at: at(30) },
    ],
    ['in whose place another one was opened tells nothing', 'w9', state(), undefined],
    ['that is gone tells nothing', 'w3', undefined, undefined],
  ])('%s', (_what, window, windows, interval) => {
    expect(intervalOf(windows, window)).toEqual(interval);
  });
});

describe('times of commits', () => {
  it('are told apart by nanoseconds', () => {
    const time = fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }));
    fc.assert(
      fc.property(time, time, ([s1, n1], [s2, n2]) => {
        expect(isEarlier(at(s1, n1), at(s2, n2))).toBe(s1 * 10 + n1 < s2 * 10 + n2);
      }),
    );
  });

  it('are in exactly one of intervals that follow one another', () => {
    const times = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 2 });
    fc.assert(
      fc.property(times, fc.integer({ min: 0, max: 60 }), (ends, moment) => {
        const sorted = ends.toSorted((a, b) => a - b);
        const count = sorted
          .slice(1)
          .filter((end, nth) => isIn({ from: at(sorted[nth] as number), at: at(end) }, at(moment)));
        const isWithin = moment >= (sorted[0] as number) && moment < (sorted.at(-1) as number);
        expect(count).toHaveLength(isWithin ? 1 : 0);
      }),
    );
  });
});
