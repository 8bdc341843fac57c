import fc from 'fast-check';
import { settingProblems, type Allowed } from './settings';

const rules = (rule: Allowed) => new Map([['DAYS', rule]]);
const problems = (value: string | undefined, rule: Allowed = { from: 2, to: 30 }) =>
  settingProblems(rules(rule), { DAYS: value });

it('takes every whole number within the bounds, and no other', () => {
  fc.assert(
    fc.property(fc.integer({ min: -5, max: 60 }), (value) => {
      expect(problems(String(value))).toHaveLength(value >= 2 && value <= 30 ? 0 : 1);
    }),
  );
});

it.each([
  '',
  ' 3',
  '3 ',
  '3.0',
  '1e1',
  '0x10',
  '+3',
  '-3',
  '03',
  'three',
  'NaN',
  'Infinity',
  '9'.repeat(20),
])('refuses %j with what was expected', (value) => {
  expect(problems(value)).toEqual([`DAYS: expected a whole number from 2 to 30, got "${value}".`]);
});

it('takes one of some, exactly as they are written', () => {
  const rule = { oneOf: ['true', 'false'] };
  expect(problems('true', rule)).toEqual([]);
  expect(problems('TRUE', rule)).toEqual(['DAYS: expected true or false, got "TRUE".']);
});

it('leaves a setting without a value to its default', () => {
  expect(problems(undefined)).toEqual([]);
});
