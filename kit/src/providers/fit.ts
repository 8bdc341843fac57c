/**
 * Makes a push fit its provider's payload limit: shortens the body, then the title, then drops what is optional.
 *
 * Order, documented for apps: body, title, image, data keys that are not required (the largest first), link, and at last the ends
 * of what is put into texts that devices look up (`locArgs`). When something
 * was dropped, the texts get back whatever room that made. Required data is never dropped: if it alone is too large, that is
 * an error naming the bytes.
 */
import { beginningOf, withIsolatesClosed } from '../model/notification/text';
import type { Content, DeviceText } from '../model/notification/content';
import { withoutUndefined } from '../model/without-undefined';

const ELLIPSIS = '…';
/** No text longer than this many UTF-16 units can fit any payload, so that nothing beyond needs to be looked at. */
const MAX_TEXT_UNITS = 8192;

/** What is left cannot be shortened any further. */
export class PayloadTooLargeError extends Error {
  readonly bytes: number;
  readonly limitBytes: number;

  constructor(type: string, bytes: number, limitBytes: number, required: readonly string[]) {
    super(
      `Notification "${type}": expected a payload of at most ${limitBytes} bytes, got ${bytes} bytes after its texts were shortened ` +
        `and its optional parts left out; shorten the required data (${required.join(', ') || 'none'}) or the other fields.`,
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
  const fits = (candidate: Content): boolean => measure(candidate) <= limitBytes;
  if (fits(content)) return content;

  const drops = optionalParts(content);
  const withDrops = (count: number): Content =>
    drops.slice(0, count).reduce((current, drop) => drop(current), content);
  const barest = (count: number): Content => shortest(withDrops(count));
  // The fewest drops with which the barest texts fit; each further drop only makes it smaller.
  const needed = firstWhere(drops.length, (count) => fits(barest(count)));
  if (needed === undefined) {
    const bytes = measure(barest(drops.length));
    throw new PayloadTooLargeError(content.type, bytes, limitBytes, content.requiredData);
  }
  return shorten(withDrops(needed), fits);
}

/** Shortens the body, and the title only if the body's ellipsis alone is not short enough. The barest texts do fit. */
function shorten(content: Content, fits: (content: Content) => boolean): Content {
  if (fits(content)) return content;
  const body = longestThatFits(content.body, (text) => fits({ ...content, body: text }));
  if (body !== undefined) return { ...content, body };
  const bare = shortest(content);
  const title = longestThatFits(content.title, (text) => fits({ ...bare, title: text }));
  return { ...bare, ...withoutUndefined({ title }) };
}

/** Both texts as short as they may get. */
function shortest(content: Content): Content {
  const { title, body } = content;
  return {
    ...content,
    ...(title === undefined ? {} : { title: shorterOf(title, ELLIPSIS) }),
    ...(body === undefined ? {} : { body: shorterOf(body, ELLIPSIS) }),
  };
}

function shorterOf(text: string, other: string): string {
  return Buffer.byteLength(text) <= Buffer.byteLength(other) ? text : other;
}

/** The longest beginning of `text`, on a grapheme boundary and with an ellipsis, that `accepts`; undefined if none does. */
function longestThatFits(
  text: string | undefined,
  accepts: (text: string) => boolean,
): string | undefined {
  if (text === undefined) return undefined;
  const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  const ends = Array.from(graphemes.segment(text.slice(0, MAX_TEXT_UNITS)), ({ index }) => index);
  const beginning = (count: number): string =>
    withIsolatesClosed(text.slice(0, ends[count]).trimEnd()) + ELLIPSIS;
  // Counted from the longest down, which leaves out the whole text: that was too long, and a slice may end amid a grapheme.
  const last = ends.length - 1;
  const shortenedBy = firstWhere(last, (by) => accepts(beginning(last - by)));
  return shortenedBy === undefined ? undefined : beginning(last - shortenedBy);
}

/** The least of 0 … last that `holds`; once it holds it must go on to hold. Undefined if none does. */
function firstWhere(last: number, holds: (count: number) => boolean): number | undefined {
  let low = 0;
  let high = last + 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low > last ? undefined : low;
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
  const sizes = new Map(
    Object.entries(content.data).map(([key, value]) => [key, Buffer.byteLength(key + value)]),
  );
  const optionalKeys = [...sizes.keys()]
    .filter((key) => !content.requiredData.includes(key))
    .sort((a, b) => (sizes.get(b) as number) - (sizes.get(a) as number));
  // It arrives as `data.link`, and may be required like any other key of the data.
  const link = content.requiredData.includes('link') ? [] : [without('link')];
  const args = content.deviceTexts === undefined ? [] : ARG_UNITS.map(withArgsOf);
  return [without('image'), ...optionalKeys.map(withoutData), ...link, ...args];
}

/** Units that values inside texts may still have, when all else is dropped: a long name must not cost the push. */
const ARG_UNITS = [100, 50, 20];

function withArgsOf(maxUnits: number): Drop {
  const cut = (text: DeviceText): DeviceText => ({
    key: text.key,
    args: text.args.map((arg) => beginningOf(arg, maxUnits)),
  });
  return ({ deviceTexts = {}, ...rest }) => ({
    ...rest,
    deviceTexts: Object.fromEntries(
      Object.entries(deviceTexts).map(([name, text]) => [name, cut(text)]),
    ),
  });
}
