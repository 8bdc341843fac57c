/**
 * The order and equality of Firestore's values, https://firebase.google.com/docs/firestore/manage-data/data-types#value_type_ordering;
 * pure.
 */
import type { Fields } from './fields.ts';
import { GeoPoint, NameValue, Timestamp } from './values.ts';

/** Values are compared within their type only by filters; in an order types follow one another so. */
export function typeRank(value: unknown): number {
  if (typeof value === 'string') return 4;
  if (typeof value === 'number') return 2;
  if (typeof value === 'boolean') return 1;
  if (value === null || value === undefined) return 0;
  if (value instanceof Timestamp) return 3;
  if (ArrayBuffer.isView(value)) return 5;
  if (value instanceof NameValue) return 6;
  if (value instanceof GeoPoint) return 7;
  return Array.isArray(value) ? 8 : 9;
}

export function compareValues(left: unknown, right: unknown): number {
  if (left === right) return 0;
  const rank = typeRank(left);
  const ranks = rank - typeRank(right);
  if (ranks !== 0) return ranks;
  switch (rank) {
    case 1:
      return Number(left) - Number(right);
    case 2:
      return compareNumbers(left as number, right as number);
    case 3:
      return compareTimes(left as Timestamp, right as Timestamp);
    case 4:
      return compareTexts(left as string, right as string);
    case 5:
      return Buffer.compare(left as Uint8Array, right as Uint8Array);
    case 6:
      return comparePaths((left as NameValue).path, (right as NameValue).path);
    case 7: {
      const [a, b] = [left as GeoPoint, right as GeoPoint];
      return a.latitude - b.latitude || a.longitude - b.longitude;
    }
    case 8:
      return compareLists(left as readonly unknown[], right as readonly unknown[]);
    case 9:
      return compareMaps(left as Fields, right as Fields);
    default:
      return 0;
  }
}

function compareTimes(left: Timestamp, right: Timestamp): number {
  return left.seconds - right.seconds || left.nanoseconds - right.nanoseconds;
}

/** NaN comes before every other number, and equals itself. */
function compareNumbers(left: number, right: number): number {
  if (Number.isNaN(left)) return Number.isNaN(right) ? 0 : -1;
  if (Number.isNaN(right)) return 1;
  return left - right || 0;
}

/** By UTF-8 bytes, which is by code points: JavaScript compares halves of pairs. */
export function compareTexts(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a === b) continue;
    const [isA, isB] = [isHalf(a), isHalf(b)];
    if (isA === isB) return a - b;
    return isA ? 1 : -1;
  }
  return left.length - right.length;
}

/** Segment by segment. */
export function comparePaths(left: string, right: string): number {
  if (left === right) return 0;
  const [a, b] = [left.split('/'), right.split('/')];
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const order = compareTexts(a[index] as string, b[index] as string);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function isHalf(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

function compareLists(left: readonly unknown[], right: readonly unknown[]): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const order = compareValues(left[index], right[index]);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compareMaps(left: Fields, right: Fields): number {
  const [a, b] = [left, right].map((map) => Object.keys(map).sort(compareTexts)) as [
    string[],
    string[],
  ];
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const [name, other] = [a[index] as string, b[index] as string];
    const order = compareTexts(name, other) || compareValues(left[name], right[other]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Whether two stored values are the same to Firestore: to array transforms, equality filters and writes that change nothing. */
export function isSame(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== typeof right) return false;
  if (typeof left !== 'object') return compareValues(left, right) === 0;
  return typeRank(left) === typeRank(right) && compareValues(left, right) === 0;
}

/** Whether two stored values are one and the same, so that writing the one over the other changes nothing. */
export function isIdentical(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) {
    return false;
  }
  const rank = typeRank(left);
  if (rank !== typeRank(right)) return false;
  if (rank < 8) return compareValues(left, right) === 0;
  if (Array.isArray(left)) {
    const [a, b] = [left as readonly unknown[], right as readonly unknown[]];
    return a.length === b.length && a.every((each, index) => isIdentical(each, b[index]));
  }
  const [a, b] = [left as Fields, right as Fields];
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => Object.hasOwn(b, name) && isIdentical(a[name], b[name]));
}
