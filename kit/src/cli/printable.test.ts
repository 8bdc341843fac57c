import { printable, printableJson } from './printable';

it.each([
  ['like ✓ 👩‍💻 שלום', 'like ✓ 👩‍💻 שלום'],
  ['a\u001b[2Jb', String.raw`a\u001b[2Jb`],
  ['a\nb\tc\r', String.raw`a\u000ab\u0009c\u000d`],
  ['a\u202eb\u2066', String.raw`a\u202eb\u2066`],
  ['a\u{e0041}\ud800', String.raw`a\udb40\udc41\ud800`],
  ['a\u009bb\u2028', String.raw`a\u009bb\u2028`],
])('%j is shown as what it is, and does nothing', (text, shown) => {
  expect(printable(text)).toBe(shown);
});

it('JSON stays the same value', () => {
  const value = { name: 'a\u001b[2J\u202e\nb', list: ['\ud800'] };
  expect(JSON.parse(printableJson(value))).toEqual(value);
  expect(printableJson(value)).not.toContain('\u202e');
});
