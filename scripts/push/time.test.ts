import fc from 'fast-check';

import { inBothZones, readTime } from './time.ts';

const NOW = Date.parse('2028-01-01T00:00:00Z');
const read = (at: string) => readTime(at, NOW).toISOString();

test.each([
  ['2031-05-06T07:00Z', '2031-05-06T07:00:00.000Z'],
  ['2031-05-06T07:00:09Z', '2031-05-06T07:00:09.000Z'],
  ['2031-05-06T07:00:09.5Z', '2031-05-06T07:00:09.500Z'],
  ['2031-05-06T07:00+02:00', '2031-05-06T05:00:00.000Z'],
  ['2031-05-06T07:00-03:30', '2031-05-06T10:30:00.000Z'],
  ['2031-05-06T07:00+14:00', '2031-05-05T17:00:00.000Z'],
  ['2028-02-29T00:00Z', '2028-02-29T00:00:00.000Z'],
  ['9999-12-31T23:59Z', '9999-12-31T23:59:00.000Z'],
  ['+30s', '2028-01-01T00:00:30.000Z'],
  ['+90m', '2028-01-01T01:30:00.000Z'],
  ['+2h', '2028-01-01T02:00:00.000Z'],
  ['+7d', '2028-01-08T00:00:00.000Z'],
])('%s is %s', (at, moment) => {
  expect(read(at)).toBe(moment);
});

test.each([
  ['2030-02-30T08:00Z', 'no such day'],
  ['2030-02-29T08:00Z', 'no such day'],
  ['2100-02-29T08:00Z', 'no such day'],
  ['2030-04-31T08:00Z', 'no such day'],
  ['2030-13-01T08:00Z', 'no such day'],
  ['2030-00-10T08:00Z', 'no such day'],
  ['2030-01-00T08:00Z', 'no such day'],
  ['2030-01-01T24:00Z', 'no such day'],
  ['2030-01-01T08:60Z', 'no such day'],
  ['2030-06-30T23:59:60Z', 'no such day'],
  ['2030-06-01T08:00', 'without a zone'],
  ['2030-06-01T08:00:00', 'without a zone'],
  ['2030-06-01T08:00+15:00', 'no such zone'],
  ['2030-06-01T08:00+01:60', 'no such zone'],
  ['2030-06-01T08:00-14:01', 'no such zone'],
  ['2027-12-31T23:59Z', 'is in the past'],
  ['2028-01-01T00:30+01:00', 'is in the past'],
  ['0000-01-01T00:00Z', 'no such day'],
  ['9999-12-31T23:59-01:00', 'too far in the future'],
  ['2030-06-01', 'Expected --at'],
  ['2030-6-1T08:00Z', 'Expected --at'],
  ['2030-06-01 08:00Z', 'Expected --at'],
  ['2030-06-01T08:00 CEST', 'Expected --at'],
  ['2030-06-01T08Z', 'Expected --at'],
  ['20300601T0800Z', 'Expected --at'],
  ['+002030-06-01T08:00Z', 'Expected --at'],
  ['06/01/2030', 'Expected --at'],
  ['1 Jun 2030', 'Expected --at'],
  ['1906531200000', 'Expected --at'],
  ['tomorrow', 'Expected --at'],
  ['+1w', 'Expected --at'],
  ['-1h', 'Expected --at'],
  ['+1.5h', 'Expected --at'],
  ['', 'Expected --at'],
])('%j is refused: %s', (at, words) => {
  expect(() => read(at)).toThrow(words);
});

test('every moment that is written out is that moment, whatever its zone', () => {
  const moments = fc.date({
    min: new Date('2028-01-02T00:00:00Z'),
    max: new Date('9999-12-30T00:00:00Z'),
    noInvalidDate: true,
  });
  const offsets = fc.integer({ min: -14 * 60, max: 14 * 60 });
  fc.assert(
    fc.property(moments, offsets, (moment, offset) => {
      const wall = new Date(moment.getTime() + offset * 60_000).toISOString().slice(0, -1);
      const two = (value: number) => String(value).padStart(2, '0');
      const [hours, minutes] = [Math.trunc(Math.abs(offset) / 60), Math.abs(offset) % 60];
      const zone = `${offset < 0 ? '-' : '+'}${two(hours)}:${two(minutes)}`;
      expect(read(`${wall}${zone}`)).toBe(moment.toISOString());
    }),
  );
});

test.each([
  ['UTC', '2030-06-01T08:00:00.000Z (Sat 1 Jun 2030, 08:00 UTC)'],
  ['Europe/Vienna', '2030-06-01T08:00:00.000Z (Sat 1 Jun 2030, 10:00 CEST)'],
  ['Asia/Kolkata', '2030-06-01T08:00:00.000Z (Sat 1 Jun 2030, 13:30 GMT+5:30)'],
])('says a moment in UTC and in %s', (zone, words) => {
  expect(inBothZones(new Date('2030-06-01T08:00Z'), zone)).toBe(words);
});
