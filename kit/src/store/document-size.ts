/**
 * How large a document is, as Firestore counts; pure.
 */
import { DocumentReference, GeoPoint, Timestamp } from '@google-cloud/firestore';

/** Firestore's limit for a document. */
export const MAX_DOCUMENT_BYTES = 1_048_576;
/** What the server's own fields take at most: states, dates, counts, errors, and reasons (`MAX_REASONS_BYTES`). */
const ROOM_FOR_SERVER_BYTES = 64 * 1024;
/** What a sender may write. */
export const MAX_PUSH_BYTES = MAX_DOCUMENT_BYTES - ROOM_FOR_SERVER_BYTES;

/** Bytes of a map's names and values, by https://firebase.google.com/docs/firestore/storage-size. */
export function bytesOf(fields: Readonly<Record<string, unknown>>): number {
  return Object.entries(fields).reduce(
    (sum, [name, value]) => sum + textBytes(name) + valueBytes(value),
    0,
  );
}

function valueBytes(value: unknown): number {
  if (typeof value === 'string') return textBytes(value);
  if (typeof value === 'number' || value instanceof Timestamp) return 8;
  if (typeof value !== 'object' || value === null) return 1;
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + valueBytes(each), 0);
  if (value instanceof GeoPoint) return 16;
  if (value instanceof Uint8Array) return value.byteLength;
  // A reference knows its whole database; its path is what it takes.
  if (value instanceof DocumentReference) return textBytes(value.path) + 16;
  return bytesOf(value as Record<string, unknown>);
}

function textBytes(text: string): number {
  return Buffer.byteLength(text) + 1;
}
