/**
 * Where a tap on a web push leads: links of the app, made absolute with the site's address; never to another site by accident.
 */

/**
 * Reads the setting `SITE_URL`.
 *
 * @returns undefined for an empty one.
 * @throws {Error} unless it is an https URL of a host and perhaps a path.
 */
export function siteUrl(setting: string): URL | undefined {
  if (setting === '') return undefined;
  const url = /^https:\/\/[^\s\\]+$/i.test(setting) ? URL.parse(setting) : null;
  const isPlain =
    url !== null &&
    url.username === '' &&
    url.password === '' &&
    url.search === '' &&
    url.hash === '';
  if (!isPlain) {
    throw new Error(
      `SITE_URL: expected an https URL such as https://app.example.com or https://example.com/app, got "${setting}".`,
    );
  }
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

/**
 * The https URL of a link; undefined if the web cannot follow it.
 *
 * An absolute https link stays. One that names no site is a path of the app: it is put behind `site`, and what would lead out
 * of it (`//other.example`, `/../x`) is no such path.
 *
 * @param site as {@link siteUrl} made it.
 */
export function webLink(link: string | undefined, site: URL | undefined): string | undefined {
  if (link === undefined || link === '') return undefined;
  if (/^\s*[a-z][a-z\d+.-]*:/i.test(link)) {
    // As the URL standard spells it: FCM wants the scheme in small letters, and no spaces.
    return /^https:\/\//i.test(link) ? URL.parse(link)?.href : undefined;
  }
  // Browsers read "\" as "/", and read over tabs and ends of lines.
  if (site === undefined || /\\|\p{Cc}/u.test(link) || link.startsWith('//')) return undefined;
  const path = link.startsWith('/') ? `.${link}` : `./${link}`;
  const url = URL.parse(/^[?#]/.test(link) ? link : path, site.href);
  const isInside = url?.origin === site.origin && url.pathname.startsWith(site.pathname);
  return isInside ? url.href : undefined;
}
