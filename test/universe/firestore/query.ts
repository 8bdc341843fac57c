/** A query, and which documents it finds; pure. */
import { compareTexts, compareValues, isSame, typeRank, type Fields } from './order.ts';
import { NAME_FIELD } from './values.ts';
import { fieldAt } from './write.ts';

export const OPERATORS = [
  '==',
  '<',
  '<=',
  '>',
  '>=',
  'in',
  'array-contains',
  'array-contains-any',
] as const;
export type Operator = (typeof OPERATORS)[number];

export interface Filter {
  readonly segments: readonly string[];
  readonly op: Operator;
  readonly value: unknown;
}

export interface Order {
  readonly segments: readonly string[];
  readonly isDescending: boolean;
}

/** A position between documents: values of the first orders. */
export interface Cursor {
  readonly values: readonly unknown[];
  /** Whether documents at the position itself are before it. */
  readonly isAfter: boolean;
}

export interface QuerySpec {
  readonly collection: string;
  readonly filters: readonly Filter[];
  readonly orders: readonly Order[];
  readonly start?: Cursor;
  readonly end?: Cursor;
  readonly limit?: number;
}

export interface Found {
  readonly id: string;
  readonly fields: Fields;
}

const isName = (segments: readonly string[]): boolean => segments[0] === NAME_FIELD;
const INEQUALITIES: ReadonlySet<Operator> = new Set(['<', '<=', '>', '>=']);

function valueOf(document: Found, segments: readonly string[]): unknown {
  return isName(segments) ? document.id : fieldAt(document.fields, segments);
}

/** The orders as Firestore completes them: by fields that are compared with, and by name in the end. */
export function completeOrders({ filters, orders }: QuerySpec): readonly Order[] {
  const all = [...orders];
  const isDescending = orders.at(-1)?.isDescending ?? false;
  const compared = filters.filter(({ op }) => INEQUALITIES.has(op)).map(({ segments }) => segments);
  for (const segments of compared.sort((a, b) => compareTexts(a.join('.'), b.join('.')))) {
    if (!all.some((order) => order.segments.join('.') === segments.join('.'))) {
      all.push({ segments, isDescending });
    }
  }
  if (!all.some(({ segments }) => isName(segments)))
    all.push({ segments: [NAME_FIELD], isDescending });
  return all;
}

/** The documents that a query finds, in its order. */
export function select<Document extends Found>(
  documents: Iterable<Document>,
  query: QuerySpec,
): Document[] {
  const orders = completeOrders(query);
  const { filters, start, end, limit } = query;
  const found: Document[] = [];
  for (const document of documents) {
    if (
      filters.every((filter) => isMet(document, filter)) &&
      orders.every(({ segments }) => valueOf(document, segments) !== undefined) &&
      (start === undefined || isBehind(document, start, orders)) &&
      (end === undefined || !isBehind(document, end, orders))
    ) {
      found.push(document);
    }
  }
  found.sort((a, b) => compareBy(orders, a, b));
  return limit === undefined ? found : found.slice(0, limit);
}

function compareBy(orders: readonly Order[], a: Found, b: Found): number {
  for (const { segments, isDescending } of orders) {
    const order = compareValues(valueOf(a, segments), valueOf(b, segments));
    if (order !== 0) return isDescending ? -order : order;
  }
  return 0;
}

function isBehind(document: Found, { values, isAfter }: Cursor, orders: readonly Order[]): boolean {
  for (const [index, value] of values.entries()) {
    const { segments, isDescending } = orders[index] as Order;
    const order = compareValues(valueOf(document, segments), value);
    if (order !== 0) return isDescending ? order < 0 : order > 0;
  }
  return !isAfter;
}

function isMet(document: Found, { segments, op, value }: Filter): boolean {
  const own = valueOf(document, segments);
  if (own === undefined) return false;
  switch (op) {
    case '==':
      return isSame(own, value);
    case 'in':
      return (value as readonly unknown[]).some((each) => isSame(own, each));
    case 'array-contains':
      return Array.isArray(own) && own.some((each) => isSame(each, value));
    case 'array-contains-any':
      return (
        Array.isArray(own) &&
        own.some((each) => (value as readonly unknown[]).some((wanted) => isSame(each, wanted)))
      );
    case '<':
      return isOneType(own, value) && compareValues(own, value) < 0;
    case '<=':
      return isOneType(own, value) && compareValues(own, value) <= 0;
    case '>':
      return isOneType(own, value) && compareValues(own, value) > 0;
    case '>=':
      return isOneType(own, value) && compareValues(own, value) >= 0;
  }
}

function isOneType(left: unknown, right: unknown): boolean {
  return typeRank(left) === typeRank(right);
}
