import fc from 'fast-check';
import { nearestLocale } from './nearest-locale';

const CATALOGUE = [
  'en',
  'de',
  'zh-Hant',
  'zh-Hans',
  'nb',
  'pt-BR',
  'es-419',
  'sr-Latn',
  'he',
  'fil',
];
const nearest = nearestLocale(CATALOGUE, 'en');

describe('the nearest locale of a catalogue', () => {
  it.each([
    ['zh-Hant-TW', 'zh-Hant'],
    ['zh-TW', 'zh-Hant'],
    ['zh_HK', 'zh-Hant'],
    ['zh_TW_#Hant', 'zh-Hant'],
    ['b+zh+Hant+TW', 'zh-Hant'],
    ['zh-rTW', 'zh-Hant'],
    ['yue', 'zh-Hant'],
    ['zh', 'zh-Hans'],
    ['zh-CN', 'zh-Hans'],
    ['zh-Hans-SG', 'zh-Hans'],
    ['no', 'nb'],
    ['nn-NO', 'nb'],
    ['no_NO.UTF-8', 'nb'],
    ['pt-PT', 'pt-BR'],
    ['pt', 'pt-BR'],
    ['es-MX', 'es-419'],
    ['es-ES', 'es-419'],
    ['sr', 'sr-Latn'],
    ['sr-Cyrl-RS', 'sr-Latn'],
    ['sh', 'sr-Latn'],
    ['iw_IL', 'he'],
    ['tl', 'fil'],
    ['de-CH', 'de'],
    ['gsw', 'de'],
    ['DE_at', 'de'],
    ['en_US@rg=gbzzzz', 'en'],
    ['en-US-u-rg-gbzzzz', 'en'],
    ['de-DE-u-co-phonebk-x-private', 'de'],
    ['de@euro', 'de'],
    ['de_DE.ISO-8859-1@euro', 'de'],
    ['ZH-HANT', 'zh-Hant'],
  ])('for %s is %s', (wanted, locale) => {
    expect(nearest(wanted)).toBe(locale);
  });

  it.each([
    ...[
      'tlh',
      'ja',
      'und',
      'mul',
      'root',
      'C',
      'POSIX',
      '',
      ' ',
      '-',
      '_',
      '@',
      '#',
      'x-klingon',
      'i-klingon',
    ],
    ...[
      'constructor',
      '__proto__',
      'toString',
      'hasOwnProperty',
      'en'.repeat(100),
      'e',
      '123',
      'français',
      '\u0000',
      '\uD800',
    ],
    ...[undefined, null, 7, NaN, {}, ['de'], true],
  ])('for %j is the default', (wanted) => {
    expect(nearest(wanted)).toBe('en');
  });

  it.each([
    ['zh-TW', ['en', 'zh'], 'zh'],
    ['zh-Hant', ['en', 'zh-CN'], 'zh-CN'],
    ['no', ['en', 'no'], 'no'],
    ['pt-BR', ['en', 'pt_PT'], 'pt_PT'],
    ['en-AU', ['en-US', 'en-GB'], 'en-GB'],
    ['klingon', ['en', 'klingon'], 'klingon'],
    ['fr', ['__proto__', 'fr'], 'fr'],
    ['fr', [], 'en'],
  ])('for %s of %j is %s', (wanted, catalogue, locale) => {
    expect(nearestLocale(catalogue, 'en')(wanted)).toBe(locale);
  });

  it('is one of the catalogue, and the same again, whatever is wanted', () => {
    const tag = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc
        .array(
          fc.constantFrom(
            'en',
            'zh',
            'Hant',
            'TW',
            '419',
            'u',
            'x',
            'rg',
            '-',
            '_',
            '@',
            '.',
            '#',
            'b+',
            '',
          ),
          { maxLength: 8 },
        )
        .map((parts) => parts.join('-')),
    );
    fc.assert(
      fc.property(tag, (wanted) => {
        const found = nearest(wanted);
        expect(CATALOGUE).toContain(found);
        expect(nearest(wanted)).toBe(found);
      }),
      { seed: 20_261_127, numRuns: 2000 },
    );
  });
});
