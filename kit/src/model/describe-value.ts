/**
 * Names a value that somebody wrote where something else was expected, so that it can stand in a message, and as a field's name
 * in Firestore; pure.
 */
import { createHash } from 'node:crypto';

/**
 * Bytes of a name that stands in a map of names: Firestore takes 1,500 for the name with that of the map before it, so
 * `reasons` has room for 1,492, which is less than an id may have.
 */
const MAX_NAME_BYTES = 1_400;

/** The name under which a map in Firestore has something about an id: the id itself; of a very long one its beginning and a hash. */
export function nameInMap(id: string): string {
  if (Buffer.byteLength(id) <= MAX_NAME_BYTES) return id;
  const hash = createHash('sha256').update(id).digest('hex');
  return `${[...id].slice(0, MAX_LENGTH).join('')}…${hash}`;
}

/** Characters of a description at most. */
const MAX_LENGTH = 100;

/**
 * A string in quotes as JSON has it, so that `__x__` becomes `"__x__"`, which Firestore takes as a field's name; numbers,
 * booleans and null as they are; of anything else its kind. At most 100 characters, well-formed.
 */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') {
    return firstCharacters(JSON.stringify(value.slice(0, MAX_LENGTH)));
  }
  if (Array.isArray(value)) return '(a list)';
  if (typeof value === 'object' && value !== null) return '(a map)';
  if (typeof value === 'function' || typeof value === 'symbol') return `(a ${typeof value})`;
  return String(value).slice(0, MAX_LENGTH);
}

/** By whole characters: half of one is no text. */
function firstCharacters(text: string): string {
  return [...text].slice(0, MAX_LENGTH).join('');
}
