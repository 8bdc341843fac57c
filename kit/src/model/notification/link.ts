/**
 * Links into an app, made of ids that people chose; pure.
 *
 * Invariant: a link leads where its first segments say. Each id stays one segment, in whatever alphabet, and comes out of
 * `decodeURIComponent` as it went in.
 */
import { isDocumentId } from '../document-id';

/** Characters of a link at most; a push has 4,096 bytes for everything. */
const MAX_LINK_LENGTH = 2048;

/**
 * A link of path segments, each encoded: `linkTo('posts', postId)` is `/posts/p1`.
 *
 * Undefined where there can be none: a segment is empty, `.` or `..` (which lead elsewhere even when they are encoded), holds a
 * "/", or the whole is longer than 2,048 characters. A push without a link is better than none.
 *
 * @example
 * ```ts
 * import { linkTo } from '@firestore-push/push/lib';
 *
 * linkTo('posts', 'café 1'); // => '/posts/caf%C3%A9%201'
 * linkTo('posts', '..'); // => undefined
 * ```
 */
export function linkTo(...segments: readonly string[]): string | undefined {
  if (!segments.every(isDocumentId)) return undefined;
  const link = segments.map((segment) => `/${encodeURIComponent(segment)}`).join('');
  return link.length <= MAX_LINK_LENGTH ? link : undefined;
}
