/**
 * Triggers on Firestore documents; the only file that makes any, and that sees the SDK's event.
 *
 * Invariant: nobody behind it gets `event.params` or `event.document`, whose ids are garbled: see `model/document-event.ts`.
 */
import type { DocumentData, DocumentSnapshot } from '@google-cloud/firestore';
import {
  onDocumentCreated,
  onDocumentWritten,
  type DocumentOptions,
} from 'firebase-functions/firestore';
import type { Expression } from 'firebase-functions/params';
import { isDocumentPattern, type DocumentId, type DocumentPath } from '../model/document-id';
import { writtenPaths } from '../model/document-event';
import { database } from '../settings';

/** What every event says. */
interface DocumentEvent {
  /** Stable across retries. */
  readonly id: string;
  /** The document's path. Several where an event came without the document and its name can be read in several ways. */
  readonly paths: readonly DocumentPath[];
}

export interface CreationEvent extends DocumentEvent {
  /** When the document was written: ISO 8601. */
  readonly time: string;
  /** The document; undefined where it was too large for the event. */
  readonly data: DocumentData | undefined;
}

export interface WriteEvent extends DocumentEvent {
  /** When the document was written, or deleted: ms since 1970. */
  readonly writtenAt: number;
  /** Whether the event carries the document, before or after; it does not where that was too large. */
  readonly isComplete: boolean;
  /** Undefined if there was no document. */
  readonly before: DocumentSnapshot | undefined;
  /** Undefined if the document was deleted. */
  readonly after: DocumentSnapshot | undefined;
}

/** Of literals and wildcards, e.g. `posts/{postId}/likes/{likerId}`; or an expression that becomes one. */
type Pattern<Path extends string> = Path | Expression<string>;

type Options<Path extends string> = Omit<DocumentOptions<Path>, 'document' | 'database'> & {
  readonly document: Pattern<Path>;
};

/** A function that is called for each document that is created. */
export function onCreated<Path extends string>(
  options: Options<Path>,
  handler: (event: CreationEvent) => Promise<void>,
) {
  const pattern = patternOf(options.document);
  return onDocumentCreated<string>({ ...options, database }, (event) => {
    const { id, time, document, data } = event;
    const after = data?.exists === true ? data : undefined;
    return handler({
      id,
      time,
      paths: writtenPaths(pattern(), document, [after]),
      data: after?.data(),
    });
  });
}

/** A function that is called for each document that is created, changed or deleted. */
export function onWritten<Path extends string>(
  options: Options<Path>,
  handler: (event: WriteEvent) => Promise<void>,
) {
  const pattern = patternOf(options.document);
  return onDocumentWritten<string>({ ...options, database }, (event) => {
    const { id, time, document, data } = event;
    const before = data?.before.exists === true ? data.before : undefined;
    const after = data?.after.exists === true ? data.after : undefined;
    return handler({
      id,
      // A deletion has no other time than the event's.
      writtenAt: after?.updateTime?.toMillis() ?? Date.parse(time),
      paths: writtenPaths(pattern(), document, [after, before]),
      isComplete: before !== undefined || after !== undefined,
      before,
      after,
    });
  });
}

/** The document's own id in its path. */
export function idOf(path: DocumentPath): DocumentId {
  return path.slice(path.lastIndexOf('/') + 1) as DocumentId;
}

/** The pattern as it is when an event comes: what settings are in it is not known before. What is known is checked at once. */
function patternOf(document: Pattern<string>): () => string {
  if (typeof document !== 'string') return () => document.value();
  if (isDocumentPattern(document)) return () => document;
  throw new Error(
    `Trigger on "${document}": expected a document path of names and wildcards, such as posts/{postId}/likes/{likerId}.`,
  );
}
