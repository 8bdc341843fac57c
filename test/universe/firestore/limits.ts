/** What the server takes: names and sizes, https://firebase.google.com/docs/firestore/quotas#limits; pure. */
import { FirestoreError } from './codes.ts';
import type { Fields, Segments } from './fields.ts';
import { GeoPoint, NameValue, Timestamp } from './values.ts';

const MAX_NAME_BYTES = 1_500;
const MAX_DOCUMENT_BYTES = 1_048_576;
const MAX_VALUE_BYTES = 1_048_487;
/** As indexes keep it. */
const MAX_OPERAND_BYTES = 1_500;
/** Levels of maps and lists. */
export const MAX_DEPTH = 20;

function isReserved(name: string): boolean {
  return name.length >= 4 && name.startsWith('__') && name.endsWith('__');
}

function isTooLong(name: string): boolean {
  // A unit has three bytes at most.
  return name.length * 3 > MAX_NAME_BYTES && Buffer.byteLength(name) > MAX_NAME_BYTES;
}

/** Why nothing can be asked of a document or collection of this id. */
export function idRefusal(id: string): FirestoreError | undefined {
  if (id !== '.' && id !== '..' && !isReserved(id)) return undefined;
  return invalid(`Resource id "${id}" is invalid because it is reserved.`);
}

/** Why nothing can be written of it. */
export function idLengthRefusal(id: string): FirestoreError | undefined {
  return isTooLong(id)
    ? invalid('The key path element name is longer than 1500 bytes.')
    : undefined;
}

/** Why nothing can be asked of a field that has this name. */
export function fieldRefusal(name: string): FirestoreError | undefined {
  return isReserved(name) ? invalid(`Property name "${name}" is reserved.`) : undefined;
}

/** Why there can be no field where these names lead. */
export function pathRefusal(segments: Segments): FirestoreError | undefined {
  for (const name of segments) {
    const refusal = fieldRefusal(name);
    if (refusal !== undefined) return refusal;
  }
  return isTooLong(segments.length === 1 ? (segments[0] as string) : segments.join('.'))
    ? invalid('The property path is longer than 1500 bytes.')
    : undefined;
}

/** Why there can be no text this long. */
export function textRefusal(text: string): FirestoreError | undefined {
  return text.length * 3 > MAX_VALUE_BYTES ? bytesRefusal(Buffer.byteLength(text)) : undefined;
}

/** Why there can be no text or bytes this long. */
export function bytesRefusal(bytes: number): FirestoreError | undefined {
  return bytes > MAX_VALUE_BYTES
    ? invalid(`A value has ${bytes} bytes, more than the allowed 1,048,487 bytes.`)
    : undefined;
}

/** Why no field can be compared with a value. */
export function operandRefusal(value: unknown): FirestoreError | undefined {
  return valueSize(value, inBytes) > MAX_OPERAND_BYTES
    ? invalid('A value is too large to be used in a query.')
    : undefined;
}

/** Why there can be no document of this size. */
export function sizeRefusal(path: string, fields: Fields): FirestoreError | undefined {
  // Counting bytes takes longer than counting units, of which each has three bytes at most.
  if (documentSize(path, fields, atMost) <= MAX_DOCUMENT_BYTES) return undefined;
  const bytes = documentSize(path, fields, inBytes);
  return bytes > MAX_DOCUMENT_BYTES
    ? invalid(`Document "${path}" has ${bytes} bytes, more than the allowed 1,048,576 bytes.`)
    : undefined;
}

export function invalid(message: string): FirestoreError {
  return new FirestoreError('INVALID_ARGUMENT', message);
}

type Count = (text: string) => number;

const atMost: Count = (text) => text.length * 3;
const inBytes: Count = (text) => Buffer.byteLength(text);

/** By https://firebase.google.com/docs/firestore/storage-size. */
function documentSize(path: string, fields: Fields, count: Count): number {
  return pathSize(path, count) + 32 + mapSize(fields, count);
}

function pathSize(path: string, count: Count): number {
  // A slash stands for the byte that each part has besides its own.
  return 16 + count(path) + 1;
}

function mapSize(map: Fields, count: Count): number {
  let bytes = 0;
  for (const name of Object.keys(map)) bytes += count(name) + 1 + valueSize(map[name], count);
  return bytes;
}

function valueSize(value: unknown, count: Count): number {
  if (typeof value === 'string') return count(value) + 1;
  if (typeof value === 'number' || value instanceof Timestamp) return 8;
  if (typeof value !== 'object' || value === null) return 1;
  if (Array.isArray(value)) {
    let bytes = 0;
    for (const each of value as unknown[]) bytes += valueSize(each, count);
    return bytes;
  }
  if (value instanceof GeoPoint) return 16;
  if (value instanceof NameValue) return pathSize(value.path, count);
  if (ArrayBuffer.isView(value)) return value.byteLength;
  return mapSize(value as Fields, count);
}
