/**
 * Names a value that somebody wrote where something else was expected, so that it can stand in a message, and as a field's name
 * in Firestore; pure.
 */

/** Characters of a description at most. */
const MAX_LENGTH = 100;

/**
 * A string in quotes as JSON has it, so that `__x__` becomes `"__x__"`, which Firestore takes as a field's name; numbers,
 * booleans and null as they are; of anything else its kind. At most 100 characters, well-formed.
 */
export function described(value: unknown): string {
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
