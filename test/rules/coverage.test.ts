/** Proves that the reader of coverage reports notices what was never tried. */
import { coverageGaps } from './coverage.ts';

const rules = `match /a/{id} {
  allow get: if isOpen();
  function isOpen() {
    let open = resource.data.open;
    return open == true;
  }
  function names() {
    return ['a'];
  }
}`;
const allow = { currentOffset: rules.indexOf('isOpen();') };
const isOpen = { currentOffset: rules.indexOf('let open') };
const names = { currentOffset: rules.indexOf("['a']") };
const both = [{ value: { boolValue: true } }, { value: { boolValue: false } }];
const list = [{ value: { listValue: {} } }];

test('finds nothing to report when every condition was true and false', () => {
  const report = [
    { sourcePosition: allow, values: both },
    { sourcePosition: isOpen, values: both },
    { sourcePosition: names, values: list },
  ];
  expect(coverageGaps(rules, { report })).toEqual([]);
});

test('names a condition that was only ever true, and does not take an error for false', () => {
  const report = [
    {
      sourcePosition: allow,
      values: [{ value: { boolValue: true } }, { value: { undefined: {} } }],
    },
    { sourcePosition: isOpen, values: both },
    { sourcePosition: names, values: list },
  ];
  expect(coverageGaps(rules, { report })).toEqual(['line 2: allow get: if was never false']);
});

test('leaves out what stands in a match that nobody tries, such as one that an app added', () => {
  const nested = `match /a/{id} {
  // Not } an end.
  allow get: if isOpen();
  match /b/{id} {
    allow get: if isOpen();
  }
  allow list: if isOpen();
}`;
  const isTried = (match: string): boolean => match === '/a/{id}';
  expect(coverageGaps(nested, { report: [] }, isTried)).toEqual([
    'line 3: allow get: if was never true',
    'line 3: allow get: if was never false',
    'line 7: allow list: if was never true',
    'line 7: allow list: if was never false',
  ]);
});

test('names what was never evaluated, whatever its type', () => {
  expect(coverageGaps(rules, { report: [{ sourcePosition: allow, values: both }] })).toEqual([
    'line 3: function isOpen() { was never true',
    'line 3: function isOpen() { was never false',
    'line 7: function names() { was never true',
    'line 7: function names() { was never false',
  ]);
});
