import { closingTimes, dueAt } from './closing';
import { loadLocalTimes } from '../local-times';

const MINUTE = 60_000;
const NOON = Date.UTC(2026, 6, 1, 12);

describe('a window', () => {
  it('of so many minutes is closed after them, whatever comes', () => {
    const window = { minutes: 30 };
    const times = closingTimes(window, NOON, undefined, undefined);
    expect(times).toEqual({ closesAt: NOON + 30 * MINUTE, latestAt: NOON + 30 * MINUTE });
    expect(dueAt(window, times, NOON + 29 * MINUTE)).toBe(times.closesAt);
  });

  it.each([
    ['nothing', undefined, 5],
    ['something at once', 0, 5],
    ['something in time', 4, 9],
    ['something just before its end', 14, 15],
  ])('that slides is closed where %s came', (_what, newest, closed) => {
    const window = { quietMinutes: 5, maxMinutes: 15 };
    const times = closingTimes(window, NOON, undefined, undefined);
    const at = newest === undefined ? undefined : NOON + newest * MINUTE;
    expect(dueAt(window, times, at)).toBe(NOON + closed * MINUTE);
  });

  it('that slides for less than it has to be quiet is closed at its end', () => {
    const times = closingTimes({ quietMinutes: 5, maxMinutes: 3 }, NOON, undefined, undefined);
    expect(times.closesAt).toBe(NOON + 3 * MINUTE);
  });

  it.each([
    ['today', '15:00', 'Europe/Berlin', Date.UTC(2026, 6, 1, 13)],
    ['tomorrow where it is over', '14:00', 'Europe/Berlin', Date.UTC(2026, 6, 2, 12)],
    ['by the default zone where theirs is unknown', '12:01', 'Mars/Phobos', NOON + MINUTE],
  ])('of a time of the person’s own day is closed then: %s', async (_what, at, zone, closed) => {
    const times = await loadLocalTimes('UTC');
    const closing = closingTimes({ at }, NOON, times, zone);
    expect(closing).toEqual({ closesAt: closed, latestAt: closed });
  });

  it('of a time that summer time leaves out is closed when the clock jumps over it', async () => {
    const times = await loadLocalTimes('UTC');
    const evening = Date.UTC(2026, 2, 28, 20);
    const { closesAt } = closingTimes({ at: '02:30' }, evening, times, 'Europe/Berlin');
    expect(closesAt).toBe(Date.UTC(2026, 2, 29, 1));
  });
});
