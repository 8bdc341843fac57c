/**
 * What people are shown: texts without anything that is invisible or turns other text around, of a length that fits.
 *
 * Invariant: `showable` is idempotent, never makes a text longer, and what it returns is empty or can be seen.
 */

/** `line`: one line, as a title or a name; `lines`: paragraphs, as a body. */
export type TextShape = 'line' | 'lines';

const ELLIPSIS = '…';
/** Emoji of a family of four have 11; longer graphemes may be cut. */
const LONGEST_GRAPHEME_UNITS = 64;
const FIRST_STRONG_ISOLATE = '\u2068';
const POP_ISOLATE = '\u2069';

/** Nearly all texts: nothing to look for. */
const PLAIN = /^(?! )(?:[!-~]| (?! ))*(?<! )$/;
const LINE_ENDS = /\r\n?|[\n\v\f\u0085\u2028\u2029]/g;
/**
 * Controls, formats, and what Unicode says is not to be seen (Default_Ignorable_Code_Point: zero widths, fillers, tags, variation
 * selectors); what some scripts and emoji need of it is told apart below. The Arabic and Syriac number signs are formats that
 * can be seen (Prepended_Concatenation_Mark).
 */
const INVISIBLE =
  /[[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\uFFFC]--[\n\u0600-\u0605\u06DD\u070F\u0890\u0891\u08E2\u{110BD}\u{110CD}]]/v;
const VISIBLE =
  /[^\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]|[\u0600-\u0605\u06DD\u070F\u0890\u0891\u08E2\u{110BD}\u{110CD}]/v;
/** The letters and vowel signs after which a joiner changes the shape of words: Arabic, the scripts of India, and others alike. */
const TAKES_JOINER =
  /^[[\p{L}\p{M}]--[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Armenian}\p{Script=Georgian}\p{Script=Hebrew}\p{Script=Thai}\p{Script=Lao}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Common}\p{Default_Ignorable_Code_Point}[\u0300-\u036F][\u1AB0-\u1AFF][\u1DC0-\u1DFF][\u20D0-\u20FF][\uFE20-\uFE2F]]]$/v;
const PICTURE = /^\p{Extended_Pictographic}$/v;
/** What may stand before the joiner of an emoji: a picture, its skin, or its presentation as a picture. */
const ENDS_PICTURE = /^[\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F]$/v;
const RIGHT_TO_LEFT =
  /[[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]&&\p{L}]/v;
const LEFT_TO_RIGHT =
  /[\p{L}--[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]]/v;
const BLACK_FLAG = '\u{1F3F4}';
/** England, Scotland and Wales: the only flags that are spelt in tags (RGI_Emoji_Tag_Sequence). */
const TAG_FLAGS = ['gbeng', 'gbsct', 'gbwls'].map(
  (region) =>
    BLACK_FLAG +
    Array.from(region, (letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0))).join('') +
    '\u{E007F}',
);

/**
 * The text as it may be shown; empty if nothing of it can be seen.
 *
 * Left out are control characters, bidirectional overrides and embeddings, isolates without their other half, and invisible
 * characters, but for the joiners and variation selectors that scripts and emoji need where they stand. Ends of lines are `\n`,
 * or a space in a `line`, where runs of white space become one; in `lines` at most one line in a row is empty.
 *
 * @example
 * ```ts
 * import { showable } from '@firestore-push/push/lib';
 *
 * showable('Lia\u202E \n says hi', 'line'); // => 'Lia says hi'
 * ```
 */
export function showable(text: string, shape: TextShape): string {
  if (PLAIN.test(text)) return text;
  const wellFormed = text.toWellFormed().replaceAll('\t', ' ').replaceAll('\u2800', ' ');
  const ended = wellFormed.replace(LINE_ENDS, shape === 'line' ? ' ' : '\n');
  const seen = INVISIBLE.test(ended) ? withoutInvisible(ended) : ended;
  if (!VISIBLE.test(seen)) return '';
  const spaced =
    shape === 'line'
      ? seen.replace(/\s{2,}/g, ' ')
      : seen.replace(/[^\S\n]+(?=\n)/g, '').replace(/\n{3,}/g, '\n\n');
  return spaced.trim();
}

/** Without isolates (U+2066 to U+2069) that lack their other half, e.g. because the text was cut between them. */
export function withIsolatesClosed(text: string): string {
  if (!/[\u2066-\u2069]/.test(text)) return text;
  const matched = matchedIsolates(text);
  return text.replace(/[\u2066-\u2069]/g, (sign, index: number) =>
    matched.has(index) ? sign : '',
  );
}

/**
 * A value to stand inside a message: one line, of at most `maxUnits` UTF-16 units, and kept apart (U+2068 … U+2069) where its
 * letters run against the message's, so that it cannot reorder what stands around it.
 */
export function asName(value: string, direction: 'ltr' | 'rtl', maxUnits: number): string {
  const whole = showable(value.replace(/[\u2066-\u2069]/g, ''), 'line');
  // What was needed of the whole need not be of its beginning.
  const name = whole.length <= maxUnits ? whole : showable(beginningOf(whole, maxUnits), 'line');
  const against = direction === 'rtl' ? LEFT_TO_RIGHT : RIGHT_TO_LEFT;
  return against.test(name) ? FIRST_STRONG_ISOLATE + name + POP_ISOLATE : name;
}

/**
 * The text if it has at most `maxUnits` UTF-16 units, else its beginning, up to the end of a grapheme, with an ellipsis.
 *
 * @example
 * ```ts
 * import { beginningOf } from '@firestore-push/push/lib';
 *
 * beginningOf('See you at the lake', 8); // => 'See you…'
 * ```
 */
export function beginningOf(text: string, maxUnits: number): string {
  if (text.length <= maxUnits) return text;
  const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  const looked = text.slice(0, maxUnits + LONGEST_GRAPHEME_UNITS);
  const last = graphemes.segment(looked).containing(maxUnits - 1);
  // A grapheme that begins the text and does not end is cut all the same, between characters.
  const end = last === undefined || last.index === 0 ? maxUnits - 1 : last.index;
  const head = text.slice(0, end).replace(/[\uD800-\uDBFF]$/, '');
  return withIsolatesClosed(head.trimEnd()) + ELLIPSIS;
}

/** Decides character by character; what depends on the next one that stays waits for it. */
function withoutInvisible(text: string): string {
  const isolates = matchedIsolates(text);
  const hasRightToLeft = RIGHT_TO_LEFT.test(text);
  let kept = '';
  let previous = '';
  let waiting: { readonly sign: string; readonly before: RegExp } | undefined;
  for (let index = 0; index < text.length;) {
    const character = String.fromCodePoint(text.codePointAt(index) as number);
    const flag =
      character === BLACK_FLAG
        ? TAG_FLAGS.find((sequence) => text.startsWith(sequence, index))
        : undefined;
    const at = index;
    index += (flag ?? character).length;
    if (INVISIBLE.test(character)) {
      if (waiting !== undefined) continue;
      const verdict = isolates.has(at) ? 'keep' : need(character, previous, hasRightToLeft);
      if (verdict === 'drop') continue;
      if (verdict !== 'keep') {
        waiting = { sign: character, before: verdict };
        continue;
      }
    }
    if (waiting?.before.test(character) === true) kept += waiting.sign;
    waiting = undefined;
    kept += flag ?? character;
    previous = character;
  }
  return kept;
}

/** Whether an invisible character has work to do after `previous`; a pattern: if such a character comes next. */
function need(
  character: string,
  previous: string,
  hasRightToLeft: boolean,
): 'keep' | 'drop' | RegExp {
  const code = character.codePointAt(0) as number;
  const keepIf = (holds: boolean): 'keep' | 'drop' => (holds ? 'keep' : 'drop');
  switch (code) {
    case 0x200c: // zero width non-joiner
      return keepIf(TAKES_JOINER.test(previous));
    case 0x200d: // zero width joiner
      if (TAKES_JOINER.test(previous)) return 'keep';
      return ENDS_PICTURE.test(previous) ? PICTURE : 'drop';
    case 0x061c: // marks that order punctuation among right-to-left letters
    case 0x200e:
    case 0x200f:
      return keepIf(hasRightToLeft && !/^[\u061C\u200E\u200F]$/.test(previous));
    case 0xfe0e: // as text, as picture
    case 0xfe0f:
      if (/^[0-9#*]$/.test(previous)) return /^\u20E3$/;
      return keepIf(/^\p{Emoji}$/u.test(previous));
    case 0x180b: // Mongolian forms
    case 0x180c:
    case 0x180d:
    case 0x180e:
    case 0x180f:
      return keepIf(/^[\p{Script=Mongolian}--\p{Default_Ignorable_Code_Point}]$/v.test(previous));
    default:
      if (code >= 0xfe00 && code <= 0xfe02) {
        return keepIf(
          /^[\p{Script=Han}\p{Script=Myanmar}\p{Script=Phags_Pa}\p{Sm}]$/v.test(previous),
        );
      }
      return keepIf(code >= 0xe0100 && code <= 0xe01ef && /^\p{Script=Han}$/u.test(previous));
  }
}

/** Where the isolates stand that have both halves in one paragraph (Unicode Bidirectional Algorithm, BD9). */
function matchedIsolates(text: string): ReadonlySet<number> {
  const matched = new Set<number>();
  let open: number[] = [];
  for (const { 0: sign, index } of text.matchAll(/[\n\u2066-\u2069]/g)) {
    if (sign === '\n') open = [];
    else if (sign !== POP_ISOLATE) open.push(index);
    else {
      const initiator = open.pop();
      if (initiator === undefined) continue;
      matched.add(initiator).add(index);
    }
  }
  return matched;
}
