import * as fc from 'fast-check';
import { isDocumentId } from '../document-id';
import { linkTo } from './link';

/** What leads elsewhere in a path, and what could become that on the way. */
const hostile = fc.constantFrom(
  '..',
  '.',
  '\\',
  '/',
  '%2e%2e',
  '%2F',
  '%5C',
  '?',
  '#',
  '//',
  ':',
  '@',
  ' ',
  '\n',
  '\t',
);
const segments = fc
  .array(fc.oneof(hostile, fc.string({ unit: 'binary', maxLength: 20 })), {
    minLength: 1,
    maxLength: 8,
  })
  .map((parts) => parts.join(''));

describe('linkTo', () => {
  it.each([
    [['posts', 'p1'], '/posts/p1'],
    [['posts', 'a b'], '/posts/a%20b'],
    [['posts', 'a%20b'], '/posts/a%2520b'],
    [['chats', '..\\..\\settings'], '/chats/..%5C..%5Csettings'],
    [['posts', '日本', 'comments', 'é?#'], '/posts/%E6%97%A5%E6%9C%AC/comments/%C3%A9%3F%23'],
  ])('of %j is %s', (parts, link) => {
    expect(linkTo(...parts)).toBe(link);
  });

  it.each([
    [['posts', '..']],
    [['posts', '.']],
    [['posts', '']],
    [['posts', 'a/b']],
    [['posts', '日'.repeat(500)]],
  ])('makes none of %j, which leads elsewhere or is too long', (parts) => {
    expect(linkTo(...parts)).toBeUndefined();
  });

  it('leads to the id below its first segment, or is none', () => {
    fc.assert(
      fc.property(segments, (id) => {
        const link = linkTo('posts', id);
        if (link === undefined) {
          expect(!isDocumentId(id) || id.length > 600).toBe(true);
          return;
        }
        const { origin, pathname, search, hash } = new URL(link, 'https://app.example/home');
        expect({ origin, search, hash }).toEqual({
          origin: 'https://app.example',
          search: '',
          hash: '',
        });
        const [root, folder, last, ...more] = pathname.split('/');
        expect({ root, folder, more }).toEqual({ root: '', folder: 'posts', more: [] });
        expect(decodeURIComponent(last as string)).toBe(id);
      }),
      { numRuns: 2_000 },
    );
  });
});
