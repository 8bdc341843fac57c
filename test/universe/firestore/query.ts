/** A query, and which documents it finds; pure. */
import type { FirestoreError } from './codes.ts';
import { fieldAt, isName, type Fields, type Segments } from './fields.ts';
import { comparePaths, compareTexts, compareValues, isSame, typeRank } from './order.ts';
import { NAME_FIELD } from './values.ts';

export const OPERATORS = [
  ...(['==', '<', '<=', '>', '>='] as const),
  ...(['in', 'array-contains', 'array-contains-any'] as const),
] as const;
export type Operator = (typeof OPERATORS)[number];

export interface Filter {
  readonly segments: Segments;
  readonly op: Operator;
  readonly value: unknown;
}

export interface Order {
  readonly segments: Segments;
  readonly isDescending: boolean;
}

/** A position between documents: values of the first orders. */
export interface Cursor {
  readonly values: readonly unknown[];
  /** Whether documents at the position itself are before it. */
  readonly isAfter: boolean;
}

/** Names of documents are compared as ids, within one collection, and as paths within a group. */
export interface QuerySpec {
  /** A path, or the id of all collections of a group. */
  readonly collection: string;
  readonly isGroup?: true;
  readonly filters: readonly Filter[];
  readonly orders: readonly Order[];
  readonly start?: Cursor;
  readonly end?: Cursor;
  readonly limit?: number;
  /** The first value in it that the server would not take. */
  readonly refusal?: FirestoreError;
}

export interface Found {
  readonly id: string;
  readonly path: string;
  readonly fields: Fields;
}

const INEQUALITIES: ReadonlySet<Operator> = new Set(['<', '<=', '>', '>=']);

/** The orders as Firestore completes them: by fields that are compared with, and by name in the end. */
export function completeOrders({ filters, orders }: QuerySpec): readonly Order[] {
  const all = [...orders];
  const isDescending = orders.at(-1)?.isDescending ?? false;
  const compared = filters.filter(({ op }) => INEQUALITIES.has(op)).map(({ segments }) => segments);
  if (compared.length > 1) compared.sort((a, b) => compareTexts(a.join('.'), b.join('.')));
  for (const segments of [...compared, [NAME_FIELD]]) {
    if (!all.some((order) => isSamePath(order.segments, segments)))
      all.push({ segments, isDescending });
  }
  return all;
}

function isSamePath(left: Segments, right: Segments): boolean {
  return left.length === right.length && left.every((name, index) => name === right[index]);
}

/** The documents that a query finds, in its order. */
export function select<Document extends Found>(
  documents: Iterable<Document>,
  query: QuerySpec,
): Document[] {
  const orders = completeOrders(query);
  const found: Document[] = [];
  for (const document of documents) {
    if (isWithin(document, query, orders)) found.push(document);
  }
  if (found.length > 1) found.sort((a, b) => compareBy(query, orders, a, b));
  const { limit } = query;
  return limit === undefined || limit >= found.length ? found : found.slice(0, limit);
}

/** Whether a document is among those that a query finds, before its limit. */
export function isWithin(
  document: Found,
  query: QuerySpec,
  orders: readonly Order[] = completeOrders(query),
): boolean {
  for (const filter of query.filters) if (!isMet(document, query, filter)) return false;
  for (const { segments } of orders) {
    if (valueOf(document, query, segments) === undefined) return false;
  }
  const { start, end } = query;
  return (
    (start === undefined || isBehind(document, query, start, orders)) &&
    (end === undefined || !isBehind(document, query, end, orders))
  );
}

function valueOf(document: Found, { isGroup }: QuerySpec, segments: Segments): unknown {
  if (isName(segments)) return isGroup ? document.path : document.id;
  return fieldAt(document.fields, segments);
}

function compareAt(query: QuerySpec, segments: Segments, left: unknown, right: unknown): number {
  return query.isGroup && isName(segments)
    ? comparePaths(left as string, right as string)
    : compareValues(left, right);
}

function compareBy(query: QuerySpec, orders: readonly Order[], a: Found, b: Found): number {
  for (const { segments, isDescending } of orders) {
    const [left, right] = [valueOf(a, query, segments), valueOf(b, query, segments)];
    const order = compareAt(query, segments, left, right);
    if (order !== 0) return isDescending ? -order : order;
  }
  return 0;
}

function isBehind(
  document: Found,
  query: QuerySpec,
  { values, isAfter }: Cursor,
  orders: readonly Order[],
): boolean {
  for (const [index, value] of values.entries()) {
    const { segments, isDescending } = orders[index] as Order;
    const order = compareAt(query, segments, valueOf(document, query, segments), value);
    if (order !== 0) return isDescending ? order < 0 : order > 0;
  }
  return !isAfter;
}

function isMet(document: Found, query: QuerySpec, { segments, op, value }: Filter): boolean {
  const own = valueOf(document, query, segments);
  if (own === undefined) return false;
  switch (op) {
    case '==':
      return isSame(own, value);
    case 'in':
      return isAmong(own, value as readonly unknown[]);
    case 'array-contains':
      return Array.isArray(own) && own.some((each) => isSame(each, value));
    case 'array-contains-any':
      return Array.isArray(own) && own.some((each) => isAmong(each, value as readonly unknown[]));
    case '<':
      return (
        !Number.isNaN(own) &&
        typeRank(own) === typeRank(value) &&
        compareAt(query, segments, own, value) < 0
      );
    case '<=':
      return (
        !Number.isNaN(own) &&
        typeRank(own) === typeRank(value) &&
        compareAt(query, segments, own, value) <= 0
      );
    case '>':
      return typeRank(own) === typeRank(value) && compareAt(query, segments, own, value) > 0;
    case '>=':
      return typeRank(own) === typeRank(value) && compareAt(query, segments, own, value) >= 0;
  }
}

/** Null and NaN are equal to nothing here, as in SQL. */
function isAmong(own: unknown, values: readonly unknown[]): boolean {
  return own !== null && !Number.isNaN(own) && values.some((each) => isSame(own, each));
}
