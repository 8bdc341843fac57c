/**
 * Which language of a catalogue serves a person best: the nearest by CLDR's language matching, whatever their device calls it.
 */
import { match } from '@formatjs/intl-localematcher';

/** Distinct wishes that are remembered: devices have some hundreds between them; anybody can write any number. */
const MAX_REMEMBERED = 1000;
/** Longer ones are no locales. */
const MAX_TAG_CHARACTERS = 100;
/** What the matcher answers where nothing is near: a language that no catalogue has. */
const NOTHING = 'und';

/**
 * Finds the nearest of `available` locales for whatever stands in a person's document.
 *
 * @param available BCP 47 tags, as they are spelt in the catalogue.
 * @param fallback for whoever has no locale, or one that nothing is near to.
 */
export function nearestLocale(
  available: readonly string[],
  fallback: string,
): (wanted: unknown) => string {
  // Canonical tag → as it is spelt here. A name that is no locale is found only by itself.
  const spelt = new Map(
    available.map((locale) => [canonical(locale.replaceAll('_', '-')) ?? locale, locale]),
  );
  const tags = [...spelt.keys()].filter((tag) => canonical(tag) !== undefined);
  const remembered = new Map<string, string>();

  const find = (wanted: string): string => {
    const own = available.find((locale) => locale.toLowerCase() === wanted.toLowerCase());
    if (own !== undefined) return own;
    const tag = readLocale(wanted);
    if (tag === undefined) return fallback;
    const near = match([tag], tags, NOTHING, { algorithm: 'best fit' });
    if (near !== NOTHING) return spelt.get(near) ?? fallback;
    // Another script of one's own language is still nearer than another language.
    const { language } = new Intl.Locale(tag);
    const same = tags.find((each) => new Intl.Locale(each).language === language);
    return (same === undefined ? undefined : spelt.get(same)) ?? fallback;
  };

  return (wanted) => {
    if (typeof wanted !== 'string' || wanted.length > MAX_TAG_CHARACTERS) return fallback;
    const known = remembered.get(wanted);
    if (known !== undefined) return known;
    const found = find(wanted);
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(wanted, found);
    return found;
  };
}

/**
 * Language, script and region of a locale as devices write it: BCP 47 (`zh-Hant-TW`), POSIX (`en_US.UTF-8`, `en_US@rg=gbzzzz`),
 * Java (`zh_TW_#Hant`), Android's resources (`b+zh+Hant`, `zh-rTW`). Undefined if it is none of these.
 */
function readLocale(wanted: string): string | undefined {
  const [name = ''] = wanted.split(/[@.]/, 1);
  const parts = name.split(/[-_+#]+/).map((part) => part.replace(/^r(?=[A-Z]{2}$)/, ''));
  if (parts[0] === 'b') parts.shift();
  const [language = '', ...others] = parts;
  if (!/^[a-z]{2,3}$/i.test(language)) return undefined;
  // What follows a single character is an extension.
  const end = others.findIndex((part) => part.length === 1);
  const subtags = end === -1 ? others : others.slice(0, end);
  const script = subtags.find((part) => /^[a-z]{4}$/i.test(part));
  const region = subtags.find((part) => /^(?:[a-z]{2}|\d{3})$/i.test(part));
  return canonical([language, script, region].filter((part) => part !== undefined).join('-'));
}

function canonical(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
