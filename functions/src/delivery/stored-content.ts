/**
 * Cuts a notification to what a push could hold at the very most, before the ledger keeps it: a message of 1 MB is shown as its
 * beginning, and Firestore takes no entry that is larger than a document; pure.
 */
import { InvalidInputError } from '../model/invalid-input';
import type { Text } from '../providers/content';
import type { Notification } from './notification';

/** A push has 4,096 bytes; twice that in characters leaves the shortening to whoever knows what fits. */
const MAX_TEXT_LENGTH = 8_192;
/** Bytes of all data: many times what fits into a push, of which the largest optional values go first. */
const MAX_DATA_BYTES = 64 * 1024;

type Cut = Pick<Notification, 'title' | 'subtitle' | 'body' | 'data'>;

/**
 * The texts and data of a notification, as far as they could ever be sent.
 *
 * @throws {InvalidInputError} when the data that must arrive is larger than any push.
 */
export function cutToStore(notification: Notification): Cut {
  const { title, subtitle, body, data, requiredData = [] } = notification;
  return {
    ...(title === undefined ? {} : { title: cutText(title) }),
    ...(subtitle === undefined ? {} : { subtitle: cutText(subtitle) }),
    ...(body === undefined ? {} : { body: cutText(body) }),
    ...(data === undefined ? {} : { data: cutData(data, new Set(requiredData)) }),
  };
}

function cutText(text: Text): Text {
  if (typeof text === 'string') return beginning(text);
  if ('key' in text) {
    const { args } = text;
    if (args === undefined) return text;
    const shorter = Object.entries(args).map(
      ([name, value]) => [name, typeof value === 'string' ? beginning(value) : value] as const,
    );
    return { ...text, args: Object.fromEntries(shorter) };
  }
  const { locArgs, fallback } = text;
  return {
    ...text,
    ...(locArgs === undefined ? {} : { locArgs: locArgs.map(beginning) }),
    ...(fallback === undefined ? {} : { fallback: beginning(fallback) }),
  };
}

function beginning(text: string): string {
  return text.length <= MAX_TEXT_LENGTH ? text : text.slice(0, MAX_TEXT_LENGTH).toWellFormed();
}

function cutData(
  data: Readonly<Record<string, string>>,
  required: ReadonlySet<string>,
): Readonly<Record<string, string>> {
  const sizes = new Map(
    Object.entries(data).map(([key, value]) => [
      key,
      Buffer.byteLength(key) + Buffer.byteLength(value),
    ]),
  );
  let bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  if (bytes <= MAX_DATA_BYTES) return data;
  const optional = [...sizes].filter(([key]) => !required.has(key)).sort(([, a], [, b]) => b - a);
  const dropped = new Set<string>();
  for (const [key, size] of optional) {
    if (bytes <= MAX_DATA_BYTES) break;
    dropped.add(key);
    bytes -= size;
  }
  if (bytes > MAX_DATA_BYTES) {
    throw new InvalidInputError(
      `data: expected what requiredData names to fit into a push of 4096 bytes, got ${bytes} bytes.`,
    );
  }
  return Object.fromEntries(Object.entries(data).filter(([key]) => !dropped.has(key)));
}
