import * as fc from 'fast-check';
import { isDocumentId } from './document-id';
import { writtenPaths } from './document-event';

const LIKES = 'posts/{postId}/likes/{likerId}';
const ids = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter(isDocumentId);

/** What Node makes of a header whose bytes are UTF-8. */
const asHeader = (text: string) => Buffer.from(text).toString('latin1');
/** The same as CloudEvents asks for it. */
const percentEncoded = (text: string) => text.split('/').map(encodeURIComponent).join('/');

describe('the path of an event', () => {
  it('is that of the document it carries, however its attribute reads', () => {
    fc.assert(
      fc.property(ids, ids, fc.string(), (postId, likerId, attribute) => {
        const path = `posts/${postId}/likes/${likerId}`;
        const carried = { exists: true, ref: { path } };
        const missing = { exists: false, ref: { path: attribute } };
        expect(writtenPaths(LIKES, attribute, [carried])).toEqual([path]);
        expect(writtenPaths(LIKES, attribute, [missing, carried])).toEqual([path]);
      }),
    );
  });

  it('without a document is among the readings of its attribute, whichever way that was encoded', () => {
    fc.assert(
      fc.property(ids, ids, (postId, likerId) => {
        const path = `posts/${postId}/likes/${likerId}`;
        for (const encoded of [asHeader(path), percentEncoded(path)]) {
          expect(writtenPaths(LIKES, encoded, [undefined])).toContain(path);
        }
      }),
    );
  });

  it.each([
    ['posts/Ã\u0089lectre/likes/lia', ['posts/Électre/likes/lia']],
    ['posts/Électre/likes/lia', ['posts/Électre/likes/lia']],
    ['posts/a%20b/likes/lia', ['posts/a%20b/likes/lia', 'posts/a b/likes/lia']],
    ['posts/100%/likes/lia', ['posts/100%/likes/lia']],
    ['posts/a%2Fb/likes/lia', ['posts/a%2Fb/likes/lia']],
    ['posts/%2E%2E/likes/lia', ['posts/%2E%2E/likes/lia']],
    ['chats/c1', []],
    ['', []],
  ])('%s without a document reads as %j', (attribute, paths) => {
    expect(writtenPaths(LIKES, attribute, [undefined, undefined])).toEqual(paths);
  });
});
