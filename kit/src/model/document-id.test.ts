import * as fc from 'fast-check';
import {
  idsOf,
  isCollectionPath,
  isDocumentId,
  isDocumentPath,
  isDocumentPattern,
} from './document-id';

const ids = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }).filter(isDocumentId);

describe('isDocumentId', () => {
  it.each([
    ...['ola', 'Électre', '日本語', 'März-Aktion', 'a%20b', 'a b', '%2F', '..\\..\\x', '...', ' '],
    ...[
      'constructor',
      'toString',
      '__',
      '___',
      '__x',
      'x__',
      '_',
      '\n',
      '\0',
      '👩‍👩‍👧‍👦',
      '~',
      '*',
      '[]',
    ],
    ...['x'.repeat(1_500), 'ü'.repeat(750)],
  ])('takes %j', (id) => {
    expect(isDocumentId(id)).toBe(true);
  });

  it.each([
    ...['', '.', '..', '/', 'a/b', 'a/', '____', '__x__', '__proto__', '__\n__', '__id7__'],
    ...['x'.repeat(1_501), 'ü'.repeat(751), '\ud800', 'a\udc00'],
    ...[undefined, null, 7, true, {}, [], ['ola'], new String('ola')],
  ])('refuses %j', (value) => {
    expect(isDocumentId(value)).toBe(false);
  });
});

describe('paths', () => {
  it('take an id for each of their segments, and nothing that is none', () => {
    expect(isDocumentPath('posts/p1/likes/lia')).toBe(true);
    expect(isCollectionPath('chats/c1/members')).toBe(true);
    for (const path of ['', 'posts', '/posts/p1', 'posts//p1/x', 'a/../b/c', 'a/__x__']) {
      expect(isDocumentPath(path)).toBe(false);
    }
    for (const path of ['', 'a/b', 'a/../b', 'a//b', '/a', 'a/b/', 'a/b/__c__', 7, null]) {
      expect(isCollectionPath(path)).toBe(false);
    }
    expect(isCollectionPath(Array.from({ length: 3_001 }, () => 'aa').join('/'))).toBe(false);
  });
});

describe('idsOf', () => {
  it('gives back the ids of which a path is made, whatever they are', () => {
    fc.assert(
      fc.property(ids, ids, (postId, likerId) => {
        const path = `posts/${postId}/likes/${likerId}`;
        expect(idsOf('posts/{postId}/likes/{likerId}', path)).toEqual({ postId, likerId });
      }),
    );
  });

  it.each([
    ['posts/{postId}', 'chats/c1'],
    ['posts/{postId}', 'posts/p1/likes/lia'],
    ['posts/{postId}/likes/{likerId}', 'posts/p1'],
    ['posts/{postId}', 'posts/..'],
    ['posts/{postId}', 'posts/'],
  ])('knows that %s is not the pattern of %s', (pattern, path) => {
    expect(idsOf(pattern, path)).toBeUndefined();
  });
});

describe('isDocumentPattern', () => {
  it.each(['posts/{postId}', 'a/b', '{a}/{b}'])('takes %s', (pattern) => {
    expect(isDocumentPattern(pattern)).toBe(true);
  });

  it.each([
    'posts',
    'posts/{postId=**}',
    'posts/*',
    'posts/{post-id}',
    '/posts/{id}',
    'posts/p{id}',
  ])('refuses %s', (pattern) => {
    expect(isDocumentPattern(pattern)).toBe(false);
  });
});
