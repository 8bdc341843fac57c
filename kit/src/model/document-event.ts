/**
 * Which document an event of Firestore's is about.
 *
 * The event's attribute `document`, and the SDK's `params` made of it, arrive garbled: Node reads headers as Latin-1, so
 * `Électre` becomes `Ã‰lectre`, and the SDK then percent-decodes, so `a%20b` becomes `a b`, which is another document
 * (https://github.com/firebase/firebase-functions/issues/1459). What the event carries of the document has its true name.
 */
import { idsOf, type DocumentPath } from './document-id';

/** What the SDK makes of one state of the document; one that does not exist is named by the garbled attribute. */
export interface EventSnapshot {
  readonly exists: boolean;
  readonly ref: { readonly path: string };
}

/**
 * The path of the document that was written: one, if the event carries the document before or after. An event that was too large
 * comes without both, and then the attribute has to do: each reading of it that fits the trigger's pattern, the likelier first.
 *
 * @param states of the document, as far as the event has them.
 */
export function writtenPaths(
  pattern: string,
  attribute: string,
  states: readonly (EventSnapshot | undefined)[],
): DocumentPath[] {
  const found = states.find((state) => state?.exists === true);
  const paths = found === undefined ? readingsOf(attribute) : [found.ref.path];
  return paths.filter((path): path is DocumentPath => idsOf(pattern, path) !== undefined);
}

/** What there is of the documents that an event may be about: more than one where its name can be read in several ways. */
export async function documentsAt<Data>(
  paths: readonly string[],
  load: (path: string) => Promise<Data | undefined>,
): Promise<{ readonly path: string; readonly data: Data }[]> {
  const found: { readonly path: string; readonly data: Data }[] = [];
  for (const path of paths) {
    const data = await load(path);
    if (data !== undefined) found.push({ path, data });
  }
  return found;
}

/** As it was sent, and, where it may have been percent-encoded, as CloudEvents asks of headers, without that. */
function readingsOf(attribute: string): string[] {
  const sent = utf8Of(attribute);
  const isAscii = /^[\x20-\x7e]*$/.test(sent);
  return [...new Set([sent, ...(isAscii ? [percentDecoded(sent)] : [])])];
}

/** UTF-8 that was read as Latin-1; anything else as it is. */
function utf8Of(text: string): string {
  // eslint-disable-next-line no-control-regex -- all that Latin-1 has
  if (!/^[\x00-\xff]*$/.test(text)) return text;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      Buffer.from(text, 'latin1'),
    );
  } catch {
    return text;
  }
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
