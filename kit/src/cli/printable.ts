/**
 * What others wrote, made safe for a terminal: the name of a function or the answer of a server must not move the cursor, hide text or
 * pretend to be a line of its own. Everything of the kind is shown as its escape, such as `\u001b`; pure.
 *
 * The repository's own scripts have the same in `scripts/terminal/printable.ts`: they are not in the package.
 */

/**
 * Control characters, invisible and bidirectional format characters, line and paragraph separators, and halves of a surrogate
 * pair. Not the two joiners: emoji and several scripts are written with them.
 */
const UNSAFE = /(?!\u200c|\u200d)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const UNSAFE_BUT_LINES = /(?!\u200c|\u200d|\t|\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** For one line: line feeds and tabs are escaped, too. */
export function printable(text: string): string {
  return text.replace(UNSAFE, escaped);
}

/** JSON for people and programs: the same value, and nothing in it that a terminal would act upon. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(UNSAFE_BUT_LINES, escaped);
}

/** As JavaScript and JSON write it: a character beyond U+FFFF is two escapes. */
function escaped(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');
}
