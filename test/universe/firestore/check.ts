/**
 * What Firestore takes: names, values, sizes, https://firebase.google.com/docs/firestore/quotas#limits; pure.
 *
 * A value that is taken is copied and frozen, so that whoever reads it later cannot change what is stored.
 */
import { FirestoreError } from './codes.ts';
import type { Fields } from './order.ts';
import { GeoPoint, Timestamp } from './values.ts';

const MAX_NAME_BYTES = 1_500;
const MAX_DEPTH = 20;
export const MAX_DOCUMENT_BYTES = 1_048_576;
const RESERVED = /^__.*__$/s;

/** Strings shorter than this many units cannot be beyond a limit of bytes. */
const isShort = (text: string): boolean => text.length * 3 <= MAX_NAME_BYTES;

export function checkId(id: string): void {
  if (id === '.' || id === '..' || (id.startsWith('__') && RESERVED.test(id))) {
    throw new FirestoreError(
      'INVALID_ARGUMENT',
      `Resource id "${id}" is invalid because it is reserved.`,
    );
  }
  if (!isShort(id) && Buffer.byteLength(id) > MAX_NAME_BYTES) {
    throw new FirestoreError(
      'INVALID_ARGUMENT',
      'The key path element name is longer than 1500 bytes.',
    );
  }
}

function checkField(name: string): void {
  if (name === '')
    throw new FirestoreError('INVALID_ARGUMENT', 'The property name is the empty string.');
  if (name.startsWith('__') && RESERVED.test(name)) {
    throw new FirestoreError('INVALID_ARGUMENT', `Property name "${name}" is reserved.`);
  }
  if (!isShort(name) && Buffer.byteLength(name) > MAX_NAME_BYTES) {
    throw new FirestoreError('INVALID_ARGUMENT', 'The property name is longer than 1500 bytes.');
  }
}

/** Lists and maps that were checked before: what is read is often written again. */
const taken = new WeakSet<object>();

function keep<T extends object>(value: T): Readonly<T> {
  taken.add(value);
  return Object.freeze(value);
}

/** The value as it is stored. */
export function stored(value: unknown, depth = 1): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Timestamp) {
    // Microseconds are kept.
    return value.nanoseconds % 1000 === 0 ? value : Timestamp.fromMicros(value.toMicros());
  }
  if (value instanceof GeoPoint || value instanceof Uint8Array || taken.has(value)) return value;
  if (depth > MAX_DEPTH) {
    throw new FirestoreError('INVALID_ARGUMENT', 'Property is nested deeper than 20 levels.');
  }
  if (Array.isArray(value)) {
    return keep(
      value.map((each: unknown) => {
        if (Array.isArray(each)) {
          throw new FirestoreError(
            'INVALID_ARGUMENT',
            'Cannot convert an array value in an array value.',
          );
        }
        return stored(each, depth + 1);
      }),
    );
  }
  return storedMap(value as Fields, depth);
}

export function storedMap(map: Fields, depth = 1): Fields {
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(map)) {
    checkField(name);
    const given = map[name];
    if (given === undefined) continue;
    const value = stored(given, depth + 1);
    // As a property of its own, whatever it is called.
    if (name === '__proto__') Object.defineProperty(copy, name, { value, enumerable: true });
    else copy[name] = value;
  }
  return keep(copy);
}

export function checkSize(path: string, fields: Fields): void {
  const bytes = pathBytes(path) + 32 + mapBytes(fields);
  if (bytes > MAX_DOCUMENT_BYTES) {
    throw new FirestoreError(
      'INVALID_ARGUMENT',
      `Document "${path}" cannot be written because its size (${bytes} bytes) exceeds the maximum allowed size of 1,048,576 bytes.`,
    );
  }
}

function pathBytes(path: string): number {
  return path.split('/').reduce((sum, part) => sum + textBytes(part), 16);
}

/** By https://firebase.google.com/docs/firestore/storage-size. */
function mapBytes(map: Fields): number {
  let bytes = 0;
  for (const name of Object.keys(map)) bytes += textBytes(name) + valueBytes(map[name]);
  return bytes;
}

function valueBytes(value: unknown): number {
  if (typeof value === 'string') return textBytes(value);
  if (typeof value === 'number' || value instanceof Timestamp) return 8;
  if (typeof value !== 'object' || value === null) return 1;
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + valueBytes(each), 0);
  if (value instanceof GeoPoint) return 16;
  if (value instanceof Uint8Array) return value.byteLength;
  return mapBytes(value as Fields);
}

function textBytes(text: string): number {
  return Buffer.byteLength(text) + 1;
}
