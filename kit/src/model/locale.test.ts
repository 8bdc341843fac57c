import fc from 'fast-check';
import { normaliseLocale } from './locale';

/** The same as `isLocale` in firestore.rules. */
const RULES = /^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*$/;

it.each([
  ['en', 'en'],
  ['EN-us', 'en-US'],
  ['pt-BR', 'pt-BR'],
  ['zh_Hans-CN', 'zh-Hans-CN'],
  // Apple, Locale.current.identifier
  ['en_US@rg=gbzzzz', 'en-US'],
  ['zh-Hans_HK@calendar=chinese;numbers=hanidec', 'zh-Hans-HK'],
  ['en_001', 'en-001'],
  // Java, Locale.toString()
  ['zh_CN_#Hans', 'zh-Hans-CN'],
  ['zh_TW_#Hant_x-java', 'zh-Hant-TW'],
  ['iw_IL', 'he-IL'],
  ['in', 'id'],
  // POSIX
  ['de_AT.UTF-8', 'de-AT'],
  ['sr_RS@latin', 'sr-RS'],
  ['en_US_POSIX', 'en-US-u-va-posix'],
  // Browsers
  ['de-AT,de;q=0.9', 'de-AT'],
  ['en-US-u-rg-gbzzzz', 'en-US-u-rg-gbzzzz'],
  ['en-US-u-ca-gregory-cu-usd-hc-h12-nu-latn-rg-gbzzzz', 'en-US'],
  [' fr ', 'fr'],
  ['C', undefined],
  ['POSIX', undefined],
  ['und', undefined],
  ['english', undefined],
  ['', undefined],
  ['日本語', undefined],
  ['../de', undefined],
  [7, undefined],
  [null, undefined],
  [['de'], undefined],
  ['de'.repeat(500), undefined],
])('%j is %j', (value, tag) => {
  expect(normaliseLocale(value)).toBe(tag);
});

it('gives nothing that the rules would not take in a user’s document, and stays as it is', () => {
  const subtag = fc.stringMatching(/^[A-Za-z0-9]{1,9}$/);
  const named = fc
    .tuple(fc.array(subtag, { maxLength: 8 }), fc.constantFrom('-', '_', '_#'), fc.string())
    .map(([subtags, joint, rest]) => `${subtags.join(joint)}${rest}`);
  fc.assert(
    fc.property(fc.oneof(named, fc.string(), fc.anything()), (value) => {
      const tag = normaliseLocale(value);
      if (tag === undefined) return;
      expect(tag).toMatch(RULES);
      expect(tag.length).toBeLessThanOrEqual(35);
      expect(normaliseLocale(tag)).toBe(tag);
    }),
    { numRuns: 3000 },
  );
});
