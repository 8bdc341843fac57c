import { markOf, MARK_WIDTH } from './marks';

it.each([
  ['good', 'ok     ', '\u001b[32mok     \u001b[0m'],
  ['note', '       ', '       '],
  ['problem', 'PROBLEM', '\u001b[1;31mPROBLEM\u001b[0m'],
] as const)('marks what is %s, in colour on a terminal', (severity, plain, coloured) => {
  expect(markOf(severity, false)).toBe(plain);
  expect(plain).toHaveLength(MARK_WIDTH);
  expect(markOf(severity, true)).toBe(coloured);
});
