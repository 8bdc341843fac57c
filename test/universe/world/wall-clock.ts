/** What time it is where somebody is, by the runtime's own calendar (Intl), and whether that is in their quiet hours; pure. */

/** By weekday, `HH:MM-HH:MM`, several parted by commas, as people's documents have them. */
export type Hours = Readonly<Record<string, unknown>>;

export interface WallTime {
  /** `mon` to `sun`. */
  readonly day: string;
  /** Minutes since midnight. */
  readonly minute: number;
}

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
/** The backend's, for whoever says none, or none that there is. */
const DEFAULT_ZONE = 'UTC';
const WINDOW = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/;

/** To make one takes longer than all the rest of a world. */
const clocks = new Map<unknown, Intl.DateTimeFormat>();

/** @param at ms since 1970. */
export function wallTime(zone: unknown, at: number): WallTime {
  let clock = clocks.get(zone);
  if (clock === undefined) clocks.set(zone, (clock = clockOf(zone)));
  const [day = '', hour, minute] = clock.format(at).replace(' ', ':').split(':');
  return { day: day.toLowerCase(), minute: Number(hour) * 60 + Number(minute) };
}

function clockOf(zone: unknown): Intl.DateTimeFormat {
  const options = { weekday: 'short', hour: '2-digit', minute: '2-digit' } as const;
  const clock = (timeZone: string): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat('en-GB', { ...options, hourCycle: 'h23', timeZone });
  if (typeof zone !== 'string') return clock(DEFAULT_ZONE);
  try {
    return clock(zone);
  } catch {
    return clock(DEFAULT_ZONE);
  }
}

/** Whether somebody's clock is in one of their windows then, ms since 1970. */
export function isInHours(hours: Hours, zone: unknown, at: number): boolean {
  const { day, minute } = wallTime(zone, at);
  const yesterday = DAYS[(DAYS.indexOf(day) + 6) % 7] as string;
  return (
    windowsOf(hours[day]).some(([from, to]) =>
      from < to ? from <= minute && minute < to : from <= minute,
    ) || windowsOf(hours[yesterday]).some(([from, to]) => from >= to && minute < to)
  );
}

function windowsOf(said: unknown): (readonly [from: number, to: number])[] {
  if (typeof said !== 'string') return [];
  return said.split(',').flatMap((each) => {
    const [, ...numbers] = WINDOW.exec(each.trim()) ?? [];
    const [fromHour = 0, from = 0, toHour = 0, to = 0] = numbers.map(Number);
    return numbers.length === 0 ? [] : [[fromHour * 60 + from, toHour * 60 + to] as const];
  });
}
