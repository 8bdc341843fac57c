/**
 * Which pictures devices may be told to load: over https, from public hosts, and where a setting says so only from some.
 *
 * A picture's address often comes from a person's document, and every recipient's device loads it unasked: it must not lead into
 * their home network.
 */

/** The address as it is sent, or what is wrong with it. */
export type ImageVerdict = { readonly url: string } | { readonly problem: string };

/** Decides about one address. */
export type ImagePolicy = (url: string) => ImageVerdict;

/** Longer addresses would leave no room in a payload of 4096 bytes. */
const MAX_URL_CHARACTERS = 2048;
/** Last parts of names that no public server has: special use (RFC 6761, 6762, 8375, 9476), or customary in private networks. */
const PRIVATE_ENDINGS =
  /(?:^|\.)(?:localhost|localdomain|local|internal|intranet|private|corp|home|lan|home\.arpa|in-addr\.arpa|ip6\.arpa|test|invalid|onion|alt)$/;

/**
 * The policy of a list of hosts.
 *
 * @param patterns host names separated by commas, e.g. `img.example.com,*.example.net`; `*` stands for any characters. Empty:
 * any public host.
 * @throws {Error} for a pattern that no host can match.
 */
export function imagePolicy(patterns: string): ImagePolicy {
  const allowed = patterns
    .split(',')
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== '')
    .map(expressionOf);
  return (given) => {
    const read = publicUrl(given);
    if ('problem' in read) return read;
    const { url } = read;
    if (allowed.length > 0 && !allowed.some((expression) => expression.test(hostOf(url)))) {
      return { problem: 'expected a host that IMAGE_HOSTS allows' };
    }
    // As it was read: other readers take "https://a\@b" for a picture of b.
    return url.href.length > MAX_URL_CHARACTERS ? TOO_LONG : { url: url.href };
  };
}

/** Any public host. */
export const publicImages: ImagePolicy = imagePolicy('');

const TOO_LONG = { problem: `expected at most ${MAX_URL_CHARACTERS} characters` };
const NO_URL = { problem: 'expected an https URL' };

function publicUrl(given: string): { readonly url: URL } | { readonly problem: string } {
  if (given.length > MAX_URL_CHARACTERS) return TOO_LONG;
  if (!/^https:\/\/[^\s\p{Cc}]+$/iu.test(given)) {
    return /^http:/i.test(given)
      ? { problem: 'expected an https URL: phones refuse http' }
      : NO_URL;
  }
  const url = URL.parse(given);
  if (url === null) return NO_URL;
  if (url.username !== '' || url.password !== '') {
    return { problem: 'expected an https URL without a user name in it' };
  }
  if (url.port !== '') return { problem: 'expected an https URL without a port' };
  const host = hostOf(url);
  // All spellings of IPv4 addresses have become one by now, and those of IPv6 stand in brackets.
  const isAddress = /^\[|^[\d.]+$/.test(host);
  if (isAddress || !host.includes('.') || PRIVATE_ENDINGS.test(host)) {
    return { problem: 'expected the name of a public host, not an IP address or a private name' };
  }
  return { url };
}

/** The host's name, without the dot that may end it. */
function hostOf(url: URL): string {
  return url.hostname.replace(/\.$/, '');
}

function expressionOf(pattern: string): RegExp {
  if (!/^[a-z0-9.*-]+$/i.test(pattern)) {
    throw new Error(
      `IMAGE_HOSTS: expected host names of a-z 0-9 . - and *, separated by commas, got "${pattern}".`,
    );
  }
  const parts = pattern.toLowerCase().split('*');
  return new RegExp(`^${parts.map((part) => part.replace(/[.-]/g, '\\$&')).join('.*')}$`);
}
