/**
 * Which queries a deployment's indexes serve: the emulator serves every query, production refuses those that need an index that nobody
 * made. https://firebase.google.com/docs/firestore/query-data/index-overview; pure.
 */
import { FirestoreError } from './codes.ts';
import { isName, type Segments } from './fields.ts';
import { lastOf } from './paths.ts';
import { completeOrders, type QuerySpec } from './query.ts';

interface IndexedField {
  readonly fieldPath: string;
  readonly order?: string;
  readonly arrayConfig?: string;
}

/** As `firestore.indexes.json` has it. */
export interface IndexFile {
  readonly indexes: readonly {
    readonly collectionGroup: string;
    readonly queryScope: string;
    readonly fields: readonly IndexedField[];
  }[];
  readonly fieldOverrides: readonly {
    readonly collectionGroup: string;
    readonly fieldPath: string;
    readonly indexes: readonly {
      readonly queryScope?: string;
      readonly order?: string;
      readonly arrayConfig?: string;
    }[];
  }[];
}

/** One scan of an index: fields that it compares with a value, and the order in which it comes. */
interface Scan {
  readonly equal: ReadonlySet<string>;
  readonly order: readonly string[];
}

/** Fields of a query or an index, told apart by how they are used. */
const equalTo = (field: string): string => `${field} =`;
const containing = (field: string): string => `${field} contains`;
const sorted = (field: string, isDescending: boolean): string =>
  `${field} ${isDescending ? 'desc' : 'asc'}`;

export class Indexes {
  private readonly file: IndexFile;
  /** What was found of queries of one shape. */
  private readonly known = new Map<string, boolean>();

  constructor(file: IndexFile) {
    this.file = file;
  }

  /**
   * @param summed a field of which the sum is asked for: the index has to hold it, behind what the query compares and sorts by.
   * @throws {FirestoreError} FAILED_PRECONDITION for a query that needs an index that there is not.
   */
  check(query: QuerySpec, summed?: Segments): void {
    const { collection, isGroup, filters, orders } = query;
    const group = lastOf(collection);
    const shape = JSON.stringify([
      ...[group, isGroup, filters.map(({ segments, op }) => [segments, op])],
      orders.map(({ segments, isDescending }) => [segments, isDescending]),
      summed,
    ]);
    let isServed = this.known.get(shape);
    if (isServed === undefined) {
      isServed = this.serves(summed === undefined ? query : sortedBy(query, summed), group);
      this.known.set(shape, isServed);
    }
    if (!isServed) {
      throw new FirestoreError('FAILED_PRECONDITION', `The query requires an index: ${shape}`);
    }
  }

  private serves(query: QuerySpec, group: string): boolean {
    const all = completeOrders(query);
    const named = all.findIndex(({ segments }) => isName(segments));
    const isDescending = all[named]?.isDescending ?? false;
    const order = all
      .slice(0, named + 1)
      .map(({ segments, isDescending: isDown }) => sorted(segments.join('.'), isDown));
    const equal = new Set<string>();
    for (const { segments, op } of query.filters) {
      if (isName(segments)) continue;
      const field = segments.join('.');
      if (op === '==' || op === 'in') equal.add(equalTo(field));
      if (op === 'array-contains' || op === 'array-contains-any') equal.add(containing(field));
    }
    // By name alone documents are kept.
    if (equal.size === 0 && order.length === 1) return true;
    const scans = this.scansOf(group, query, isDescending).filter(
      (scan) =>
        scan.order.join() === order.join() && [...scan.equal].every((field) => equal.has(field)),
    );
    // Several are put together where they come in one order.
    return (
      scans.length > 0 && [...equal].every((field) => scans.some((scan) => scan.equal.has(field)))
    );
  }

  /** Every way to read the indexes of a collection that ends with names in this direction. */
  private scansOf(group: string, query: QuerySpec, isDescending: boolean): Scan[] {
    const scope = query.isGroup ? 'COLLECTION_GROUP' : 'COLLECTION';
    const composite = this.file.indexes
      .filter((index) => index.collectionGroup === group && index.queryScope === scope)
      .map(({ fields }) => fields);
    return [...composite, ...this.singleFields(group, query, scope)].flatMap((fields) =>
      scansOfIndex(fields, isDescending),
    );
  }

  /** Made by themselves for every field, but for those that are excepted. */
  private singleFields(group: string, query: QuerySpec, scope: string): IndexedField[][] {
    const fields = new Set(
      [...query.filters, ...query.orders]
        .filter(({ segments }) => !isName(segments))
        .map(({ segments }) => segments.join('.')),
    );
    return [...fields].flatMap((fieldPath) => {
      const override = this.file.fieldOverrides.find(
        (each) =>
          each.collectionGroup === group &&
          // That of a map is one of all that is in it.
          (each.fieldPath === fieldPath || fieldPath.startsWith(`${each.fieldPath}.`)),
      );
      if (override !== undefined) {
        return override.indexes
          .filter(({ queryScope = 'COLLECTION' }) => queryScope === scope)
          .map((index) => [{ fieldPath, ...index }]);
      }
      if (scope !== 'COLLECTION') return [];
      return [
        [{ fieldPath, order: 'ASCENDING' }],
        [{ fieldPath, order: 'DESCENDING' }],
        [{ fieldPath, arrayConfig: 'CONTAINS' }],
      ];
    });
  }
}

/** A query as it would need the same index, if it sorted by the field of which the sum is asked for before the name. */
function sortedBy(query: QuerySpec, summed: Segments): QuerySpec {
  const orders = completeOrders(query).filter(({ segments }) => !isName(segments));
  const isSorted = orders.some(({ segments }) => segments.join('.') === summed.join('.'));
  return {
    ...query,
    orders: isSorted ? orders : [...orders, { segments: summed, isDescending: false }],
  };
}

/** An index is read from either end; what comes before the fields that sort is compared with values. */
function scansOfIndex(fields: readonly IndexedField[], isDescending: boolean): Scan[] {
  const endsDown = fields.at(-1)?.order === 'DESCENDING';
  const isReversed = endsDown !== isDescending;
  return Array.from({ length: fields.length + 1 }, (_, compared): Scan | undefined => {
    const [equal, rest] = [fields.slice(0, compared), fields.slice(compared)];
    if (rest.some(({ arrayConfig }) => arrayConfig !== undefined)) return undefined;
    const order = rest.map((field) =>
      sorted(field.fieldPath, (field.order === 'DESCENDING') !== isReversed),
    );
    return {
      equal: new Set(
        equal.map(({ fieldPath, arrayConfig }) =>
          arrayConfig === undefined ? equalTo(fieldPath) : containing(fieldPath),
        ),
      ),
      order: [...order, sorted('__name__', isDescending)],
    };
  }).filter((scan) => scan !== undefined);
}
