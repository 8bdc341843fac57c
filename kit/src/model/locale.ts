/**
 * Reads how phones name a person's language; pure.
 */

/** Of whatever stands in `users/{uid}.locale`, firestore.rules take no longer one. */
const MAX_LENGTH = 35;
const LANGUAGE = /^[a-z]{2,3}$/;
/** What a phone gives is at most this long. */
const MAX_INPUT_LENGTH = 200;

/**
 * The BCP 47 tag (RFC 5646) that is meant, in its canonical form, or undefined where no language can be made out.
 *
 * Takes what platforms give: `en_US@rg=gbzzzz` (Apple, with what a person set besides), `zh_CN_#Hans` (Java), `de_AT.UTF-8` (POSIX),
 * `pt-BR,pt;q=0.9` (browsers' header). Old codes become today's: `iw` is `he`.
 */
export function normaliseLocale(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > MAX_INPUT_LENGTH) return undefined;
  const [tag = ''] = value.trim().split(/[@.,;]/);
  const subtags = tag.split(/[-_#\s]+/).filter((subtag) => subtag !== '');
  return canonical(subtags) ?? canonical(languageScriptRegion(subtags));
}

function canonical(subtags: readonly string[]): string | undefined {
  let tag: string | undefined;
  try {
    [tag] = Intl.getCanonicalLocales(subtags.join('-'));
  } catch {
    return undefined;
  }
  if (tag === undefined || tag.length > MAX_LENGTH) return undefined;
  const [language = ''] = tag.split('-');
  return LANGUAGE.test(language) && language !== 'und' ? tag : undefined;
}

function languageScriptRegion([language = '', ...others]: readonly string[]): string[] {
  // A single letter begins an extension, whose words mean other things.
  const end = others.findIndex((subtag) => subtag.length === 1);
  const rest = end === -1 ? others : others.slice(0, end);
  const script = rest.find((subtag) => /^[A-Za-z]{4}$/.test(subtag));
  const region = rest.find((subtag) => /^(?:[A-Za-z]{2}|\d{3})$/.test(subtag));
  return [language, ...(script === undefined ? [] : [script]), ...(region ? [region] : [])];
}
