/**
 * Cuts what people write to what can ever be shown or sent, so that a delivery's ledger entry stays small whatever was written.
 *
 * Invariant: what is kept of a notification is under 100 KB, and nothing is cut that any device would have shown or been sent.
 */
import { createHash } from 'node:crypto';
import { beginningOf, showable, type TextShape } from './text';
import { VOIP_LIMIT_BYTES } from './apns-push-types';
import type { DataValues, Draft, Text } from './content';

/** Most UTF-16 units of each text. iOS shows under 200 characters of a title; a body has the room that a payload has. */
export const MAX_UNITS = { title: 1000, subtitle: 256, body: 8192 } as const;
/** Of a value inside a message: a name, a room, a number of things. */
export const MAX_ARG_UNITS = 200;
/** Optional data beyond this leaves a payload in any case, the largest first; twice the limit leaves the choice to the provider. */
const MAX_DATA_BYTES = 2 * VOIP_LIMIT_BYTES;
/** Apple's and our limit for a tag (`apns-collapse-id`), in bytes. */
const MAX_TAG_BYTES = 64;

/** The texts as they are kept; one of which nothing can be seen is absent. */
export function shortenedTexts(
  texts: Partial<Record<keyof typeof MAX_UNITS, Text | undefined>>,
): Pick<Draft, 'title' | 'subtitle' | 'body'> {
  const { title, subtitle, body } = texts;
  return {
    ...shortened('title', title, 'line'),
    ...shortened('subtitle', subtitle, 'line'),
    ...shortened('body', body, 'lines'),
  };
}

function shortened<Name extends keyof typeof MAX_UNITS>(
  name: Name,
  text: Text | undefined,
  shape: TextShape,
): { readonly [Key in Name]?: Text } {
  const kept = text === undefined ? undefined : shortenedText(text, shape, MAX_UNITS[name]);
  return kept === undefined ? {} : ({ [name]: kept } as { [Key in Name]: Text });
}

function shortenedText(text: Text, shape: TextShape, maxUnits: number): Text | undefined {
  const cut = (value: string): string | undefined =>
    beginningOf(showable(value, shape), maxUnits) || undefined;
  if (typeof text === 'string') return cut(text);
  if ('key' in text) {
    const { key, args } = text;
    if (args === undefined) return { key };
    const values = Object.entries(args).map(([name, value]) => [
      name,
      typeof value === 'string' ? shortenedArg(value) : value,
    ]);
    return { key, args: Object.fromEntries(values) as Record<string, string | number> };
  }
  const { locKey, locArgs, fallback } = text;
  const plain = fallback === undefined ? undefined : cut(fallback);
  return {
    locKey,
    ...(locArgs === undefined ? {} : { locArgs: locArgs.map(shortenedArg) }),
    ...(plain === undefined ? {} : { fallback: plain }),
  };
}

/** A value inside a message, as it is kept. */
export function shortenedArg(value: string): string {
  return beginningOf(showable(value, 'line'), MAX_ARG_UNITS);
}

/** The data without optional values that no payload could hold beside the others: the largest go first, as providers do. */
export function shortenedData(data: DataValues, required: readonly string[]): DataValues {
  const kept = new Map(Object.entries(data).map(([key, value]) => [key, value.toWellFormed()]));
  const sizeOf = (key: string): number =>
    Buffer.byteLength(key) + Buffer.byteLength(kept.get(key) as string);
  let bytes = [...kept.keys()].reduce((sum, key) => sum + sizeOf(key), 0);
  if (bytes > MAX_DATA_BYTES) {
    const optional = [...kept.keys()]
      .filter((key) => !required.includes(key))
      .map((key) => ({ key, size: sizeOf(key) }))
      .sort((a, b) => b.size - a.size);
    for (const { key, size } of optional) {
      if (bytes <= MAX_DATA_BYTES) break;
      kept.delete(key);
      bytes -= size;
    }
  }
  return Object.fromEntries(kept);
}

/** A key itself where it fits 64 bytes, else its hash, so that equal keys stay equal. */
export function shortenedKey(key: string): string {
  return Buffer.byteLength(key) <= MAX_TAG_BYTES
    ? key.toWellFormed()
    : createHash('sha256').update(key).digest('base64url');
}
