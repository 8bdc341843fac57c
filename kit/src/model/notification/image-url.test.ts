import fc from 'fast-check';
import { imagePolicy, publicImages } from './image-url';

describe('a picture', () => {
  it.each([
    ['https://example.com/p.jpg', 'https://example.com/p.jpg'],
    ['HTTPS://IMG.Example.com/A?b=c#d', 'https://img.example.com/A?b=c#d'],
    ['https://example.com:443/p', 'https://example.com/p'],
    ['https://example.com./p', 'https://example.com./p'],
    ['https://bücher.example/ä', 'https://xn--bcher-kva.example/%C3%A4'],
    ['https://8.8.8.8.example.com/', 'https://8.8.8.8.example.com/'],
    // Read by others as a picture of evil.example.
    ['https://example.com\\@evil.example/', 'https://example.com/@evil.example/'],
    [
      'https://firebasestorage.googleapis.com/v0/b/app/o/p.jpg?alt=media&token=1',
      'https://firebasestorage.googleapis.com/v0/b/app/o/p.jpg?alt=media&token=1',
    ],
  ])('%s is loaded as %s', (given, url) => {
    expect(publicImages(given)).toEqual({ url });
  });

  it.each([
    'http://example.com/p.jpg',
    'ftp://example.com/p.jpg',
    'javascript:alert(1)',
    'data:image/png;base64,AAAA',
    '//example.com/p.jpg',
    '/p.jpg',
    'https:/example.com/p.jpg',
    'https://',
    'https://exa mple.com/',
    'https://example.com/\n',
    'https://example.com/\u0000',
    '',
    'x',
    `https://example.com/${'x'.repeat(2048)}`,
    `https://example.com/${'ä'.repeat(1000)}`,
    'https://lia@example.com/',
    'https://lia:secret@example.com/',
    'https://example.com:8443/',
    'https://localhost/',
    'https://localhost./',
    'https://router/',
    'https://printer.local/',
    'https://PRINTER.LOCAL/',
    'https://metadata.google.internal/computeMetadata/v1/',
    'https://fritz.home.arpa/',
    'https://nas.lan/',
    'https://app.localhost/',
    'https://10.0.0.1/',
    'https://192.168.1.1/admin',
    'https://172.16.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://127.0.0.1/',
    'https://127.1/',
    'https://0/',
    'https://8.8.8.8/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://１２７.０.０.１/',
    'https://127。0。0。1/',
    'https://127.0.0.1./',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[fe80::1]/',
    'https://[fd00::1]/',
    'https://[2001:db8::1]/',
    'https://ⓛocalhost/',
  ])('at %j is left out', (given) => {
    expect(publicImages(given)).toEqual({ problem: expect.stringContaining('expected') as string });
  });

  it('at any IP address, however it is written, is left out', () => {
    const numbers = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));
    const spelling = fc.constantFrom<(n: number) => string>(
      String,
      (n) => `0x${n.toString(16)}`,
      (n) => `0${n.toString(8)}`,
    );
    fc.assert(
      fc.property(numbers, spelling, fc.boolean(), fc.ipV6(), (parts, spell, whole, v6) => {
        const value = parts.reduce((sum, part) => sum * 256 + part, 0);
        const v4 = whole ? spell(value) : parts.map(spell).join('.');
        for (const host of [v4, `[${v6}]`, `[::ffff:${parts.join('.')}]`]) {
          expect(publicImages(`https://${host}/p.jpg`)).toHaveProperty('problem');
        }
      }),
    );
  });
});

describe('IMAGE_HOSTS', () => {
  it.each([
    ['img.example.com', 'https://img.example.com/a', true],
    ['img.example.com', 'https://IMG.example.com./a', true],
    ['img.example.com', 'https://imgxexample.com/a', false],
    ['img.example.com', 'https://img.example.com.evil.example/a', false],
    ['*.example.com', 'https://a.b.example.com/a', true],
    ['*.example.com', 'https://example.com/a', false],
    ['*.example.com', 'https://evilexample.com/a', false],
    [' a.example , IMG.b.example ', 'https://img.b.example/a', true],
    ['*', 'https://any.example/a', true],
    ['*', 'https://10.0.0.1/a', false],
    ['localhost', 'https://localhost/a', false],
    ['', 'https://any.example/a', true],
    [' , ', 'https://any.example/a', true],
  ])('of %j: %s is allowed: %s', (patterns, url, allowed) => {
    expect('url' in imagePolicy(patterns)(url)).toBe(allowed);
  });

  it.each(['https://example.com', 'a b', 'example.com/', 'a:1', '.*$'])(
    'cannot be %j',
    (pattern) => {
      expect(() => imagePolicy(`ok.example,${pattern}`)).toThrow(
        'IMAGE_HOSTS: expected host names',
      );
    },
  );
});
