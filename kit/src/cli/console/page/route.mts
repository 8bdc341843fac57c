/** The part of the page's address that says what is open: links can be shared, and the back button works; pure. */

export type Route =
  | { readonly view: 'start' }
  | { readonly view: 'delivery' | 'document'; readonly value: string }
  | { readonly view: 'person'; readonly value: string; readonly since: Since };

/** How far back a search for a person goes. */
export const SINCE = {
  '1h': { word: 'hour', ms: 3_600_000 },
  '24h': { word: 'day', ms: 86_400_000 },
  '7d': { word: '7 days', ms: 7 * 86_400_000 },
  '30d': { word: '30 days', ms: 30 * 86_400_000 },
} as const;

export type Since = keyof typeof SINCE;

export const DEFAULT_SINCE: Since = '24h';

/** What a `location.hash` means; anything unknown is the start. */
export function routeOf(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [view = '', ...segments] = path.split('/');
  const value = decoded(segments);
  if (value === undefined || value === '') return { view: 'start' };
  if (view === 'delivery' || view === 'document') return { view, value };
  if (view !== 'person') return { view: 'start' };
  const since = new URLSearchParams(query).get('since') ?? DEFAULT_SINCE;
  return { view, value, since: isSince(since) ? since : DEFAULT_SINCE };
}

/** Each id stays one segment, whatever it contains. */
export function hashOf(route: Route): string {
  if (route.view === 'start') return '#/';
  const { view, value } = route;
  const segments = view === 'document' ? value.split('/') : [value];
  const path = segments.map((segment) => encodeURIComponent(segment.toWellFormed())).join('/');
  const since = 'since' in route && route.since !== DEFAULT_SINCE ? `?since=${route.since}` : '';
  return `#/${view}/${path}${since}`;
}

export function isSince(text: string): text is Since {
  return Object.hasOwn(SINCE, text);
}

/** Undefined: the escapes in it are none, as in a link that was cut. */
function decoded(segments: readonly string[]): string | undefined {
  try {
    return segments.map(decodeURIComponent).join('/');
  } catch {
    return undefined;
  }
}
