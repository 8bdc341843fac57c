import { Temporal } from 'temporal-polyfill';
import { LocalTimes, loadLocalTimes } from './local-times';
import { quietHoursOf, WEEKDAYS, type QuietHours } from './preferences';

const TIMES = new LocalTimes(Temporal, 'Europe/Vienna');
const NIGHT = everyDay('22:00-07:00');

function hours(said: Readonly<Record<string, string>>): QuietHours {
  const read = quietHoursOf(said);
  if (read === undefined) throw new Error(`Expected quiet hours, got ${JSON.stringify(said)}.`);
  return read;
}

function everyDay(windows: string): QuietHours {
  return hours(Object.fromEntries(WEEKDAYS.map((day) => [day, windows])));
}

/** The end as UTC's clock has it, or what there is instead. */
function quietUntil(quiet: QuietHours, zone: unknown, now: string): string | number | undefined {
  const end = TIMES.quietUntil(quiet, zone, Date.parse(now));
  return end === undefined || end === Infinity ? end : new Date(end).toISOString();
}

function instantOf(date: string, time: string, zone: unknown): string {
  return new Date(TIMES.instantOf({ date, time }, zone)).toISOString();
}

const utc = (time: string): string => new Date(time).toISOString();

describe('quietUntil', () => {
  // 13 July 2026 is a Monday; Vienna is two hours ahead of UTC.
  it.each([
    ['one window', { mon: '12:00-13:00' }, '2026-07-13T10:30Z', '2026-07-13T11:00Z'],
    ['its first moment', { mon: '12:00-13:00' }, '2026-07-13T10:00Z', '2026-07-13T11:00Z'],
    ['the moment before', { mon: '12:00-13:00' }, '2026-07-13T09:59:59.999Z', undefined],
    ['its last moment', { mon: '12:00-13:00' }, '2026-07-13T10:59:59.999Z', '2026-07-13T11:00Z'],
    ['its end', { mon: '12:00-13:00' }, '2026-07-13T11:00Z', undefined],
    ['another day', { mon: '12:00-13:00' }, '2026-07-14T10:30Z', undefined],
    ['past midnight', { mon: '22:00-07:00' }, '2026-07-14T03:00Z', '2026-07-14T05:00Z'],
    ['the day that a night began on', { mon: '22:00-07:00' }, '2026-07-13T03:00Z', undefined],
    ['from Sunday into Monday', { sun: '22:00-07:00' }, '2026-07-13T03:00Z', '2026-07-13T05:00Z'],
    ['until midnight', { mon: '22:00-00:00' }, '2026-07-13T21:00Z', '2026-07-13T22:00Z'],
    ['a whole day', { mon: '00:00-00:00' }, '2026-07-13T10:00Z', '2026-07-13T22:00Z'],
    ['from noon to noon', { mon: '12:00-12:00' }, '2026-07-14T09:00Z', '2026-07-14T10:00Z'],
    ['after noon to noon', { mon: '12:00-12:00' }, '2026-07-14T10:00Z', undefined],
    [
      'two that touch',
      { mon: '12:00-13:00,13:00-14:00' },
      '2026-07-13T10:30Z',
      '2026-07-13T12:00Z',
    ],
    [
      'two that overlap',
      { mon: '12:00-13:30,13:00-14:00' },
      '2026-07-13T10:30Z',
      '2026-07-13T12:00Z',
    ],
    [
      'one in another',
      { mon: '12:00-15:00,13:00-14:00' },
      '2026-07-13T11:30Z',
      '2026-07-13T13:00Z',
    ],
    ['two apart', { mon: '12:00-13:00,13:01-14:00' }, '2026-07-13T10:30Z', '2026-07-13T11:00Z'],
    [
      'a night, and the morning after it',
      { mon: '22:00-07:00', tue: '06:00-08:30' },
      '2026-07-13T21:00Z',
      '2026-07-14T06:30Z',
    ],
    [
      'a weekend',
      { fri: '22:00-00:00', sat: '00:00-00:00', sun: '00:00-00:00', mon: '00:00-07:00' },
      '2026-07-17T21:00Z',
      '2026-07-20T05:00Z',
    ],
  ])('knows %s', (_, said, now, end) => {
    expect(quietUntil(hours(said), 'Europe/Vienna', now)).toBe(end && utc(end));
  });

  it('never ends where the windows fill the week', () => {
    const others = { mon: '00:00-12:00,11:59-00:00', tue: '00:00-00:00', wed: '00:00-00:00' };
    const week = { ...others, thu: '00:00-00:00', fri: '00:00-00:00', sat: '00:00-00:00' };
    for (const now of ['2026-07-13T10:00Z', '2026-10-25T01:30Z', '2026-03-29T01:00Z']) {
      expect(quietUntil(everyDay('00:00-00:00'), 'Europe/Vienna', now)).toBe(Infinity);
      expect(quietUntil(everyDay('17:00-17:00'), 'Europe/Vienna', now)).toBe(Infinity);
      expect(quietUntil(hours({ ...week, sun: '00:00-00:00' }), 'Europe/Vienna', now)).toBe(
        Infinity,
      );
    }
    expect(
      quietUntil(hours({ ...week, sun: '00:00-23:59' }), 'Europe/Vienna', '2026-07-13T10:00Z'),
    ).toBe(utc('2026-07-19T21:59Z'));
  });

  it('ends in a week that is an hour longer than others', () => {
    const allButAMinute = { ...everyOtherDay('sun'), sun: '12:01-00:00,00:00-12:00' };
    expect(quietUntil(hours(allButAMinute), 'Europe/Vienna', '2026-10-18T10:01Z')).toBe(
      utc('2026-10-25T11:00Z'),
    );
  });

  it('ends a week later where the only free time is what summer time leaves out', () => {
    const allButAnHour = { ...everyOtherDay('sun'), sun: '03:00-00:00,00:00-02:00' };
    expect(quietUntil(hours(allButAnHour), 'Europe/Vienna', '2026-03-28T12:00Z')).toBe(
      utc('2026-04-05T00:00Z'),
    );
  });

  // At 01:00Z the clock goes from 02:00 to 03:00.
  it.each([
    ['over the jump', '22:00-07:00', '2026-03-28T23:00Z', '2026-03-29T05:00Z'],
    ['until the jump', '22:00-02:00', '2026-03-29T00:30Z', '2026-03-29T01:00Z'],
    ['until what is left out', '22:00-02:30', '2026-03-29T00:30Z', '2026-03-29T01:00Z'],
    ['until the end of it', '22:00-03:00', '2026-03-29T00:30Z', '2026-03-29T01:00Z'],
    ['from what is left out', '02:30-05:00', '2026-03-29T01:00Z', '2026-03-29T03:00Z'],
    ['within what is left out', '02:15-02:45', '2026-03-29T01:00Z', undefined],
    ['within it, before', '02:15-02:45', '2026-03-29T00:59:59.999Z', undefined],
    ['into a window', '01:00-02:15,02:45-04:00', '2026-03-29T00:30Z', '2026-03-29T02:00Z'],
  ])('in spring, knows a window %s', (_, windows, now, end) => {
    expect(quietUntil(everyDay(windows), 'Europe/Vienna', now)).toBe(end && utc(end));
  });

  // At 01:00Z the clock goes from 03:00 back to 02:00.
  it.each([
    ['over both hours', '22:00-07:00', '2026-10-24T23:00Z', '2026-10-25T06:00Z'],
    ['until the hour that comes twice', '22:00-02:00', '2026-10-24T23:30Z', '2026-10-25T01:00Z'],
    ['until within it', '22:00-02:30', '2026-10-25T00:15Z', '2026-10-25T01:30Z'],
    ['until within it, the second time', '22:00-02:30', '2026-10-25T01:15Z', '2026-10-25T01:30Z'],
    ['after its end, the first time', '22:00-02:30', '2026-10-25T00:45Z', undefined],
    ['until its end', '22:00-03:00', '2026-10-25T00:45Z', '2026-10-25T02:00Z'],
    ['that begins within it', '02:30-04:00', '2026-10-25T00:45Z', '2026-10-25T03:00Z'],
    ['that begins within it, between', '02:30-04:00', '2026-10-25T01:15Z', undefined],
    ['inside it', '02:15-02:45', '2026-10-25T00:20Z', '2026-10-25T01:45Z'],
    ['inside it, the second time', '02:15-02:45', '2026-10-25T01:20Z', '2026-10-25T01:45Z'],
  ])('in autumn, knows a window %s', (_, windows, now, end) => {
    expect(quietUntil(everyDay(windows), 'Europe/Vienna', now)).toBe(end && utc(end));
  });

  it('ends at the jump where midnight is left out', () => {
    // Cairo, 24 April 2026: from 00:00 to 01:00.
    expect(quietUntil(everyDay('20:00-00:00'), 'Africa/Cairo', '2026-04-23T20:00Z')).toBe(
      utc('2026-04-23T22:00Z'),
    );
  });

  it('goes on over a day that a zone left out', () => {
    // Apia went from 29 to 31 December 2011.
    expect(quietUntil(hours({ thu: '22:00-07:00' }), 'Pacific/Apia', '2011-12-30T09:00Z')).toBe(
      utc('2011-12-30T10:00Z'),
    );
    expect(quietUntil(NIGHT, 'Pacific/Apia', '2011-12-30T09:00Z')).toBe(utc('2011-12-30T17:00Z'));
    expect(quietUntil(hours({ fri: '08:00-09:00' }), 'Pacific/Apia', '2011-12-30T10:00Z')).toBe(
      undefined,
    );
  });
});

describe('instantOf', () => {
  it.each([
    ['2026-07-13', '09:00', 'Europe/Vienna', '2026-07-13T07:00Z'],
    ['2026-07-13', '09:00', 'Asia/Kathmandu', '2026-07-13T03:15Z'],
    ['2026-07-13', '09:00', 'Pacific/Kiritimati', '2026-07-12T19:00Z'],
    ['2026-07-13', '09:00', 'Pacific/Pago_Pago', '2026-07-13T20:00Z'],
    // Left out: the jump.
    ['2026-03-29', '02:00', 'Europe/Vienna', '2026-03-29T01:00Z'],
    ['2026-03-29', '02:01', 'Europe/Vienna', '2026-03-29T01:00Z'],
    ['2026-03-29', '02:59', 'Europe/Vienna', '2026-03-29T01:00Z'],
    ['2026-03-29', '03:00', 'Europe/Vienna', '2026-03-29T01:00Z'],
    ['2026-03-29', '01:59', 'Europe/Vienna', '2026-03-29T00:59Z'],
    ['2026-04-24', '00:00', 'Africa/Cairo', '2026-04-23T22:00Z'],
    // Half an hour only.
    ['2026-10-04', '02:15', 'Australia/Lord_Howe', '2026-10-03T15:30Z'],
    // Twice: the later.
    ['2026-10-25', '02:00', 'Europe/Vienna', '2026-10-25T01:00Z'],
    ['2026-10-25', '02:59', 'Europe/Vienna', '2026-10-25T01:59Z'],
    ['2026-10-25', '03:00', 'Europe/Vienna', '2026-10-25T02:00Z'],
    // A day left out.
    ['2011-12-29', '23:59', 'Pacific/Apia', '2011-12-30T09:59Z'],
    ['2011-12-30', '00:00', 'Pacific/Apia', '2011-12-30T10:00Z'],
    ['2011-12-30', '23:59', 'Pacific/Apia', '2011-12-30T10:00Z'],
    ['2011-12-31', '00:00', 'Pacific/Apia', '2011-12-30T10:00Z'],
    ['1994-12-31', '12:00', 'Pacific/Kiritimati', '1994-12-31T10:00Z'],
  ])('has %s %s in %s at %s', (date, time, zone, instant) => {
    expect(instantOf(date, time, zone)).toBe(utc(instant));
  });
});

describe('a time zone', () => {
  it.each([
    undefined,
    null,
    60,
    true,
    {},
    ['America/New_York'],
    new String('America/New_York'),
    Symbol('America/New_York'),
    '',
    ' ',
    'Mars/Olympus_Mons',
    'America/New York',
    ' America/New_York',
    'America/New_York\0',
    'America/New_York/',
    'america/new_york',
    'AMERICA/NEW_YORK',
    'Eastern Standard Time',
    '-05:00',
    '+0530',
    'Z',
    '2026-01-01T00:00Z[America/New_York]',
    '2026-01-01T00:00[-05:00]',
    '__proto__',
    'constructor',
    '\ud800',
    'A'.repeat(100_000),
  ])('that is odd or unknown (%p) counts as the default one', (zone) => {
    for (let time = 0; time < 2; time += 1) {
      expect(instantOf('2026-07-13', '09:00', zone)).toBe(utc('2026-07-13T07:00Z'));
      expect(quietUntil(NIGHT, zone, '2026-07-13T21:00Z')).toBe(utc('2026-07-14T05:00Z'));
    }
  });

  it.each([
    ['UTC', '2026-07-13T09:00Z'],
    ['Etc/GMT+5', '2026-07-13T14:00Z'],
    ['America/Argentina/Buenos_Aires', '2026-07-13T12:00Z'],
    // An old and a new name of one place.
    ['Asia/Calcutta', '2026-07-13T03:30Z'],
    ['Asia/Kolkata', '2026-07-13T03:30Z'],
    ['US/Pacific', '2026-07-13T16:00Z'],
    ['Europe/Kyiv', '2026-07-13T06:00Z'],
  ])('%s is known', (zone, instant) => {
    expect(instantOf('2026-07-13', '09:00', zone)).toBe(utc(instant));
    expect(instantOf('2026-07-13', '09:00', zone)).toBe(utc(instant));
  });
});

it('knows zones after any number of names that are none', () => {
  for (let nth = 0; nth < 3_000; nth += 1) instantOf('2026-07-13', '09:00', `-${nth}`);
  expect(instantOf('2026-07-13', '09:00', 'UTC')).toBe(utc('2026-07-13T09:00Z'));
  expect(instantOf('2026-07-13', '09:00', '-1')).toBe(utc('2026-07-13T07:00Z'));
});

it('is loaded with the default zone that it is given', async () => {
  const times = await loadLocalTimes('Asia/Tokyo');
  const instant = times.instantOf({ date: '2026-07-13', time: '09:00' }, undefined);
  expect(instant).toBe(Date.parse('2026-07-13T00:00Z'));
});

/** Whole days, but for one. */
function everyOtherDay(free: string): Record<string, string> {
  return Object.fromEntries(
    WEEKDAYS.filter((day) => day !== free).map((day) => [day, '00:00-00:00']),
  );
}
