/**
 * What may be the id of a Firestore document, and paths made of such ids; pure, the one place that decides.
 *
 * People choose ids: as a user id in a list, as a field of a document, as the id of a document. Firestore refuses a request with
 * one that cannot be, and a path into which a "/" was put leads to another document.
 */

/** A string that Firestore takes as a document's id: made by {@link isDocumentId}. */
export type DocumentId = string & { readonly [documentId]: true };
declare const documentId: unique symbol;

/** A document's path, e.g. `posts/p1/likes/lia`, whose segments are such strings: made by {@link isDocumentPath}. */
export type DocumentPath = string & { readonly [documentPath]: true };
declare const documentPath: unique symbol;

/** Firestore's limit for an id, in bytes of UTF-8. */
export const MAX_DOCUMENT_ID_BYTES = 1500;
/** Firestore's limit for a document's whole name, in bytes: the path, and what stands before it. */
const MAX_PATH_BYTES = 6_000;

/**
 * Whether a value can be a document's id: a well-formed string of 1 to 1,500 bytes without "/", and none of ".", ".." and
 * `__…__` (https://firebase.google.com/docs/firestore/quotas#collections_documents_and_fields). The same holds for collections.
 */
export function isDocumentId(value: unknown): value is DocumentId {
  return (
    typeof value === 'string' &&
    value !== '' &&
    // Before anything is searched or counted: a string of 1 MB need not be.
    value.length <= MAX_DOCUMENT_ID_BYTES &&
    !value.includes('/') &&
    value !== '.' &&
    value !== '..' &&
    !/^__.*__$/s.test(value) &&
    value.isWellFormed() &&
    utf8Bytes(value) <= MAX_DOCUMENT_ID_BYTES
  );
}

/** In the order in which Firestore has ids: by their bytes. */
export function isBefore(one: string, other: string): boolean {
  return Buffer.compare(Buffer.from(one), Buffer.from(other)) < 0;
}

/** Whether a value can be a document's path: an even number of segments, each of which can be an id. */
export function isDocumentPath(value: unknown): value is DocumentPath {
  return hasSegments(value, 0);
}

/** Whether a value can be a collection's path: an odd number of segments, each of which can be an id. */
export function isCollectionPath(value: unknown): value is string {
  return hasSegments(value, 1);
}

function hasSegments(value: unknown, remainder: 0 | 1): boolean {
  if (typeof value !== 'string' || value.length > MAX_PATH_BYTES) return false;
  const segments = value.split('/');
  return (
    segments.length % 2 === remainder &&
    segments.every(isDocumentId) &&
    utf8Bytes(value) <= MAX_PATH_BYTES
  );
}

/**
 * The ids that a document's path has where a pattern has wildcards: `posts/{postId}` and `posts/p1` give `{ postId: 'p1' }`.
 * Undefined if the path is not of the pattern. Nothing is decoded.
 *
 * @param pattern of segments that are either a wildcard in braces or literal.
 */
export function idsOf(pattern: string, path: string): Record<string, DocumentId> | undefined {
  const wanted = pattern.split('/');
  const found = path.split('/');
  if (wanted.length !== found.length || !isDocumentPath(path)) return undefined;
  const ids: [string, DocumentId][] = [];
  for (const [index, segment] of wanted.entries()) {
    const name = wildcardOf(segment);
    if (name !== undefined) ids.push([name, found[index] as DocumentId]);
    else if (segment !== found[index]) return undefined;
  }
  // The names are the pattern's, which a developer wrote; the ids are only values.
  return Object.fromEntries(ids);
}

/** Whether a trigger's path is one that {@link idsOf} can read: a document's, of literals and wildcards such as `{postId}`. */
export function isDocumentPattern(pattern: string): boolean {
  const literals = pattern
    .split('/')
    .map((segment) => (wildcardOf(segment) === undefined ? segment : 'wildcard'))
    .join('/');
  return isDocumentPath(literals) && !/[{}*]/.test(literals);
}

function wildcardOf(segment: string): string | undefined {
  return /^\{([A-Za-z_]\w*)\}$/.exec(segment)?.[1];
}

/** Bytes of a well-formed string in UTF-8. */
function utf8Bytes(text: string): number {
  return Buffer.byteLength(text);
}
