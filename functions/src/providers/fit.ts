/**
 * Makes a push fit its provider's payload limit: shortens the body, then the title, then drops what is optional.
 *
 * Order, documented for apps: body, title, image, data keys that are not required (the largest first), link. Required data
 * is never dropped: if it alone is too large, that is an error naming the bytes.
 */
import type { Content } from './content';

const ELLIPSIS = '…';
/** No text longer than this many UTF-16 units can fit any payload, so that nothing beyond needs segmenting. */
const MAX_TEXT_UNITS = 8192;

/** What is left cannot be shortened any further. */
export class PayloadTooLargeError extends Error {
  readonly bytes: number;
  readonly limitBytes: number;

  constructor(type: string, bytes: number, limitBytes: number, required: readonly string[]) {
    super(
      `Notification "${type}": expected a payload of at most ${limitBytes} bytes, got ${bytes} bytes after its texts were shortened ` +
        `and its optional parts dropped; shorten the required data (${required.join(', ') || 'none'}) or the other fields.`,
    );
    this.name = 'PayloadTooLargeError';
    this.bytes = bytes;
    this.limitBytes = limitBytes;
  }
}

/**
 * Returns the content, reduced as little as needed for `measure` (bytes of the compiled payload) to be at most `limitBytes`.
 *
 * @throws {PayloadTooLargeError} when required parts alone are over the limit.
 */
export function fit(
  content: Content,
  measure: (content: Content) => number,
  limitBytes: number,
): Content {
  let fitted = content;
  const fits = (candidate: Content): boolean => measure(candidate) <= limitBytes;
  if (fits(fitted)) return fitted;

  for (const field of ['body', 'title'] as const) {
    const text = fitted[field];
    if (text === undefined) continue;
    const current = fitted;
    const shortened = longestThatFits(text, (candidate) =>
      fits({ ...current, [field]: candidate }),
    );
    fitted = { ...current, [field]: shortened ?? ELLIPSIS };
    if (shortened !== undefined) return fitted;
  }
  for (const drop of optionalParts(fitted)) {
    fitted = drop(fitted);
    if (fits(fitted)) return fitted;
  }
  throw new PayloadTooLargeError(content.type, measure(fitted), limitBytes, content.requiredData);
}

/** The longest beginning of `text`, on a grapheme boundary and with an ellipsis, that `accepts`; undefined if none does. */
function longestThatFits(text: string, accepts: (text: string) => boolean): string | undefined {
  const graphemes = Array.from(
    new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(
      text.slice(0, MAX_TEXT_UNITS),
    ),
    ({ segment }) => segment,
  );
  // The last grapheme may have been cut by the slice; an ellipsis needs something to stand for anyway.
  let low = 0;
  let high = graphemes.length - 1;
  let best: string | undefined;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const candidate = graphemes.slice(0, middle).join('').trimEnd() + ELLIPSIS;
    if (accepts(candidate)) {
      best = candidate;
      low = middle + 1;
    } else {
      high = middle - 1;
    }
  }
  return best;
}

type Drop = (content: Content) => Content;

function optionalParts(content: Content): Drop[] {
  const without =
    (field: 'image' | 'link'): Drop =>
    ({ [field]: _dropped, ...rest }) =>
      rest;
  const withoutData =
    (key: string): Drop =>
    (current) => {
      const { [key]: _dropped, ...data } = current.data;
      return { ...current, data };
    };
  const optionalKeys = Object.keys(content.data)
    .filter((key) => !content.requiredData.includes(key))
    .sort((a, b) => size(content, b) - size(content, a));
  return [without('image'), ...optionalKeys.map(withoutData), without('link')];
}

function size(content: Content, key: string): number {
  return key.length + (content.data[key]?.length ?? 0);
}
