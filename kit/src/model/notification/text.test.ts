import fc from 'fast-check';
import { asName, beginningOf, showable, withIsolatesClosed } from './text';

const RUNS = { seed: 20_261_127, numRuns: 2000 };

/** Texts of what is visible, invisible, and in between, well formed or not. */
const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.string({ unit: 'grapheme', maxLength: 4 }),
      fc.constantFrom(
        ...[
          'a',
          'я',
          'ש',
          'می',
          'ക്',
          'ᠠ',
          '葛',
          '👩',
          '👧',
          '🏴',
          '❤',
          '1',
          '\u20E3',
          ' ',
          '\n',
          '\r\n',
          '\t',
        ],
        ...[
          '\u200C',
          '\u200D',
          '\u200E',
          '\u200F',
          '\u061C',
          '\uFE0E',
          '\uFE0F',
          '\uFE00',
          '\u180B',
          '\u2800',
        ],
        ...[
          '\u202A',
          '\u202E',
          '\u202C',
          '\u2066',
          '\u2067',
          '\u2068',
          '\u2069',
          '\u{E0067}',
          '\u{E007F}',
        ],
        ...[
          '\u{E0100}',
          '\u3164',
          '\u115F',
          '\u00AD',
          '\uFEFF',
          '\u2060',
          '\u0000',
          '\u001B',
          '\u0085',
          '\uD800',
        ],
      ),
      fc.integer({ min: 0xdc00, max: 0xdfff }).map((unit) => String.fromCharCode(unit)),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

const shape = fc.constantFrom('line', 'lines' as const);

describe('a text that is shown', () => {
  it.each<[string, string, string]>([
    ['a line break and more', 'Google\nYour code is 1234', 'Google Your code is 1234'],
    ['every kind of line break', 'a\r\nb\rc\u2028d\u2029e\u0085f\vg\fh', 'a b c d e f g h'],
    ['an escape sequence', '\u001B[31mred\u001B[0m', '[31mred[0m'],
    ['NUL, BEL and DEL', 'a\u0000b\u0007c\u007Fd', 'abcd'],
    ['a right-to-left override', 'photo\u202Egpj.exe', 'photogpj.exe'],
    ['embeddings', '\u202Aa\u202Bb\u202Cc\u202Dd', 'abcd'],
    ['isolates without an end', '\u2067a\u2068b', 'ab'],
    ['ends without a beginning', 'a\u2069b\u2069', 'ab'],
    ['zero widths', 'a\u200Bb\u2060c\uFEFFd\u2064e\u180Ef', 'abcdef'],
    ['joiners between Latin letters', 'pay\u200Dpal\u200C', 'paypal'],
    ['fillers that look like nothing', '\u3164\u115F\u1160\uFFA0a', 'a'],
    ['a soft hyphen and a grapheme joiner', 'a\u00ADb\u034Fc', 'abc'],
    ['tags', 'hi\u{E0068}\u{E0069}\u{E007F}', 'hi'],
    ['text hidden in variation selectors', '😀\uFE0F\uFE01\u{E0101}\u{E0102}!', '😀\uFE0F!'],
    ['a direction mark among Latin letters', 'Lia\u200F!', 'Lia!'],
    ['an annotation', 'a\uFFF9b\uFFFAc\uFFFBd\uFFFC', 'abcd'],
    ['half a character', 'a\uD83Db\uDE00', 'a\uFFFDb\uFFFD'],
    ['white space', ' \t a \u00A0  b\u2800\u2800 ', 'a b'],
    ['musical formats', 'a\u{1D173}b', 'ab'],
  ])('is rid of %s', (_what, text, shown) => {
    expect(showable(text, 'line')).toBe(shown);
  });

  it.each([
    'Lia liked your post',
    '👨‍👩‍👧‍👦 🏳️‍🌈 🏴‍☠️ 👩🏽‍🚀 ❤️‍🔥 🏃🏽‍♀️‍➡️ 1️⃣ #️⃣ ☺︎ 🇵🇹',
    '🏴󠁧󠁢󠁥󠁮󠁧󠁿 🏴󠁧󠁢󠁳󠁣󠁴󠁿 🏴󠁧󠁢󠁷󠁬󠁳󠁿',
    'می‌خواهم',
    'ക്‍ഷ ශ්‍රී क्‍ष',
    '葛\u{E0100}飾',
    'שלום\u200F!',
    'ᠠ\u180Bᠨ',
    'Zoë, Đặng, Ångström, ｶﾞ, ไทย, ქართული',
    'a \u2068שלום\u2069 b',
    '12\u00A0000\u202F€',
    '\u0600\u0661',
    '',
  ])('keeps all of %j', (text) => {
    expect(showable(text, 'line')).toBe(text);
    expect(showable(text, 'lines')).toBe(text);
  });

  it('keeps its paragraphs where it may have several', () => {
    expect(showable(' one \t\r\n\r\n\n\n  two\u202E\n', 'lines')).toBe('one\n\n  two');
  });

  it.each([
    '',
    ' ',
    '\u200B',
    '\u200D\u200C',
    '\u3164',
    '\u2800',
    '\u2068\u2069',
    '\u202E\n\t',
    '\uFE0F',
    '\u{E0041}',
  ])('is nothing if it is %j', (text) => {
    expect(showable(text, 'line')).toBe('');
    expect(showable(text, 'lines')).toBe('');
  });

  it('whatever it was: settled at once, no longer, well formed, and safe', () => {
    fc.assert(
      fc.property(hostile, shape, (text, as) => {
        const shown = showable(text, as);
        expect(showable(shown, as)).toBe(shown);
        expect(shown.length).toBeLessThanOrEqual(text.length);
        expect(shown.isWellFormed()).toBe(true);
        expect(shown).not.toMatch(
          /[\p{Cc}--\n]|[\u202A-\u202E\u200B\u2060-\u2065\u206A-\u206F\uFEFF\u3164\u2800]/v,
        );
        if (as === 'line') expect(shown).not.toMatch(/\n/);
        expect(withIsolatesClosed(shown)).toBe(shown);
        expect(
          shown === '' ||
            /[^\s\p{Cf}\p{Cc}]|[\u0600-\u0605\u06DD\u070F\u0890\u0891\u08E2\u{110BD}\u{110CD}]/u.test(
              shown,
            ),
        ).toBe(true);
      }),
      RUNS,
    );
  });

  it('loses nothing that can be seen', () => {
    const visible = fc
      .string({ unit: 'grapheme', maxLength: 20 })
      .filter((text) => !/\p{DI}/u.test(text));
    const strip = (text: string) => text.replace(/[\s\p{Cc}\p{Cf}\p{DI}\u2800]/gu, '');
    fc.assert(
      fc.property(visible, (text) => {
        expect(strip(showable(text, 'lines'))).toBe(strip(text));
      }),
      RUNS,
    );
  });

  it('takes time in proportion to its length', () => {
    const long = '\u2068\u200D\u{1F3F4}\u{E0067}\uFE0F \n\t'.repeat(50_000);
    expect(showable(`${long}a`, 'lines')).toMatch(/a$/);
  });
});

describe('a name inside a message', () => {
  it.each<[string, 'ltr' | 'rtl', string]>([
    ['Lia', 'ltr', 'Lia'],
    ['Оля 7', 'ltr', 'Оля 7'],
    ['123', 'rtl', '123'],
    ['נועה', 'ltr', '\u2068נועה\u2069'],
    ['ليا (1)', 'ltr', '\u2068ليا (1)\u2069'],
    ['נועה', 'rtl', 'נועה'],
    ['Lia', 'rtl', '\u2068Lia\u2069'],
    ['\u2067Lia\nGoogle\u2069\u2069', 'ltr', 'Lia Google'],
    ['\u202E\u200B', 'ltr', ''],
  ])('%j among letters that run %s is %j', (name, direction, shown) => {
    expect(asName(name, direction, 100)).toBe(shown);
  });

  it('of any length and kind never reaches beyond itself', () => {
    fc.assert(
      fc.property(hostile, fc.constantFrom('ltr', 'rtl' as const), (name, direction) => {
        const shown = asName(name, direction, 8);
        expect(shown.length).toBeLessThanOrEqual(8 + 2);
        const message = `${shown} liked your post`;
        expect(showable(message, 'line')).toBe(message.trim());
      }),
      RUNS,
    );
  });
});

describe('the beginning of a text', () => {
  it.each([
    ['short', 5, 'short'],
    ['longer', 5, 'long…'],
    ['abc 👨‍👩‍👧 d', 8, 'abc…'],
    ['👨‍👩‍👧‍👦👨‍👩‍👧‍👦', 12, '👨‍👩‍👧‍👦…'],
    ['a \u2068שלום שלום\u2069', 8, 'a שלום…'],
  ])('of %j in %i units is %j', (text, units, beginning) => {
    expect(beginningOf(text, units)).toBe(beginning);
  });

  it('fits, and is well formed, whatever the text', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 2, max: 20 }), (text, units) => {
        const beginning = beginningOf(text.toWellFormed(), units);
        expect(beginning.length).toBeLessThanOrEqual(units);
        expect(beginning.isWellFormed()).toBe(true);
      }),
      RUNS,
    );
  });
});
