import { withoutUndefined } from './without-undefined';

it('drops what is undefined and keeps what is empty', () => {
  const value = { a: undefined, b: null, c: 0, d: '', e: false, f: { g: undefined } };
  expect(Object.entries(withoutUndefined(value))).toEqual([
    ['b', null],
    ['c', 0],
    ['d', ''],
    ['e', false],
    ['f', { g: undefined }],
  ]);
});

it('leaves the value it was given alone, and takes a key of any name', () => {
  const value = JSON.parse('{"__proto__":"x","constructor":"y"}') as object;
  expect(JSON.stringify(withoutUndefined(value))).toBe('{"__proto__":"x","constructor":"y"}');
  expect(JSON.stringify(value)).toBe('{"__proto__":"x","constructor":"y"}');
});
