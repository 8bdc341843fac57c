import fc from 'fast-check';
import { siteUrl, webLink } from './web-link';

const SITE = siteUrl('https://app.example.com');
const UNDER = siteUrl('https://example.com/app');

describe('a link on the web', () => {
  it.each([
    ['/posts/p1', 'https://app.example.com/posts/p1'],
    ['posts/p1', 'https://app.example.com/posts/p1'],
    ['/', 'https://app.example.com/'],
    ['/people/%2E%2E?tab=1#top', 'https://app.example.com/?tab=1#top'],
    ['?tab=1', 'https://app.example.com/?tab=1'],
    ['#top', 'https://app.example.com/#top'],
    ['/чат/1', 'https://app.example.com/%D1%87%D0%B0%D1%82/1'],
    ['https://other.example/x', 'https://other.example/x'],
    ['HTTPS://Other.example/x', 'https://other.example/x'],
  ])('%s leads to %s', (link, url) => {
    expect(webLink(link, SITE)).toBe(url);
  });

  it.each([
    ['/posts/p1', 'https://example.com/app/posts/p1'],
    ['?a', 'https://example.com/app/?a'],
    ['/a/../b', 'https://example.com/app/b'],
  ])('%s stays behind the path of the site: %s', (link, url) => {
    expect(webLink(link, UNDER)).toBe(url);
  });

  it.each([
    '//evil.example/x',
    '///evil.example/x',
    '/\\evil.example',
    '\\\\evil.example',
    '..\\..\\settings',
    '/\t/evil.example',
    '/\n/evil.example',
    '/../settings',
    '../../settings',
    '/a/../../settings',
    '/%2e%2e/settings',
    'http://app.example.com/x',
    'app://post/1',
    'javascript:alert(1)',
    'data:text/html,x',
    'https:evil.example',
    'https:/evil.example',
    'https://',
    'https://a b/',
    '',
  ])('%j leads nowhere', (link) => {
    expect(webLink(link, UNDER)).toBeUndefined();
  });

  it('without a site is only one that says its own', () => {
    expect(webLink('/posts/p1', undefined)).toBeUndefined();
    expect(webLink('https://other.example/x', undefined)).toBe('https://other.example/x');
    expect(webLink(undefined, SITE)).toBeUndefined();
  });

  it('that is no absolute URL never leads out of the site, whatever it is', () => {
    const part = fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      '%2e',
      '%5c',
      '@',
      ':',
      '?',
      '#',
      '\t',
      '\n',
      ' ',
      'evil.example',
      'a',
      'https',
    );
    const link = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(part).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(link, (text) => {
        const url = webLink(text, UNDER);
        if (url === undefined || URL.canParse(text)) return;
        expect(url.startsWith('https://example.com/app/')).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('SITE_URL', () => {
  it.each([
    ['https://app.example.com', 'https://app.example.com/'],
    ['https://app.example.com:8443/', 'https://app.example.com:8443/'],
    ['https://example.com/app', 'https://example.com/app/'],
  ])('may be %s', (setting, href) => {
    expect(siteUrl(setting)?.href).toBe(href);
  });

  it('may be empty', () => {
    expect(siteUrl('')).toBeUndefined();
  });

  it.each([
    'http://app.example.com',
    'app.example.com',
    'https://',
    'https://u@a.example',
    'https://a.example/?q',
    'https://a.example/#h',
    'https://a.example\\b',
    'x',
  ])('cannot be %s', (setting) => {
    expect(() => siteUrl(setting)).toThrow('SITE_URL: expected an https URL such as');
  });
});
