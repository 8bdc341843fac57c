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
  switch (typeof value) {
    case 'string':
      return firstCharacters(JSON.stringify(value.slice(0, MAX_LENGTH)));
    case 'number':
    case 'boolean':
    case 'bigint':
    case 'undefined':
      return String(value);
    case 'object':
      return value === null ? 'null' : Array.isArray(value) ? '(a list)' : '(a map)';
    default:
      return `(a ${typeof value})`;
  }
}

/** By whole characters: half of one is no text. */
function firstCharacters(text: string): string {
  return [...text].slice(0, MAX_LENGTH).join('');
}
