import fc from 'fast-check';

import { printable, printableJson, printableLines } from './printable.ts';

/** What a terminal acts upon or does not show, apart from the two joiners. */
const UNSAFE = /(?!\u200c|\u200d)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

test.each([
  ['a colour', '\u001b[31mred', '\\u001b[31mred'],
  ['a window title', '\u001b]0;owned\u0007', '\\u001b]0;owned\\u0007'],
  [
    'a link',
    '\u001b]8;;https://evil.example\u0007here',
    '\\u001b]8;;https://evil.example\\u0007here',
  ],
  ['a C1 introducer', '\u009b2J', '\\u009b2J'],
  ['a line that overwrites itself', 'Invoice\rPaid   ', 'Invoice\\u000dPaid   '],
  ['a line of its own', 'Hi\n12:00:00  all is well', 'Hi\\u000a12:00:00  all is well'],
  ['backspaces', 'no\b\byes', 'no\\u0008\\u0008yes'],
  ['a right-to-left override', 'gpj.\u202eexe', 'gpj.\\u202eexe'],
  ['an isolate', '\u2067x\u2069', '\\u2067x\\u2069'],
  ['a zero-width space', 'pay\u200bpal', 'pay\\u200bpal'],
  ['a tag character', '\u{e0041}', '\\udb40\\udc41'],
  ['half a surrogate pair', '\ud83d', '\\ud83d'],
])('shows %s as what it is', (_what, text, shown) => {
  expect(printable(text)).toBe(shown);
});

test.each(['Zoë liked “Électre”', '日本語', 'مرحبا', 'می‌خواهم', '👩‍💻 👍🏽 ❤️', 'a\\b'])(
  'leaves %j as it stands',
  (text) => {
    expect(printable(text)).toBe(text);
  },
);

test('whatever is written, nothing is left that a terminal acts upon', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(printable(text)).not.toMatch(UNSAFE);
      expect(printableLines(text).replaceAll(/[\n\t]/g, '')).not.toMatch(UNSAFE);
      const json = printableJson({ text });
      expect(json.replaceAll('\n', '')).not.toMatch(UNSAFE);
      expect(JSON.parse(json)).toEqual({ text });
    }),
  );
});

test('lines stay lines', () => {
  expect(printableLines('one\r\n\ttwo\n\u001b[2Jthree')).toBe('one\n\ttwo\n\\u001b[2Jthree');
});
