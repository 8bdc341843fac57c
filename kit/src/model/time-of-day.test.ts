import { isTimeOfDay, minutesOf } from './time-of-day';

describe('a time of day', () => {
  it.each(['00:00', '09:05', '19:59', '23:59'])('can be %s', (time) => {
    expect(isTimeOfDay(time)).toBe(true);
  });

  it.each([
    '24:00',
    '9:05',
    '09:60',
    '09:05:00',
    ' 09:05',
    '09:05\n',
    '',
    '0905',
    905,
    null,
    ['09:05'],
  ])('cannot be %j', (time) => {
    expect(isTimeOfDay(time)).toBe(false);
  });

  it('is so many minutes after midnight', () => {
    expect(['00:00', '09:05', '23:59'].map(minutesOf)).toEqual([0, 545, 1439]);
  });
});
