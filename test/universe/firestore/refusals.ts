/** What the server refuses of writes and queries that it understands; pure. */
import type { AggregateField } from './aggregates.ts';
import { FirestoreError } from './codes.ts';
import { isName, type Mask, type Segments } from './fields.ts';
import { fieldRefusal, idRefusal, invalid } from './limits.ts';
import { completeOrders, type QuerySpec } from './query.ts';
import type { Write } from './write.ts';

/**
 * @param updateTime of the document as it was before the commit; undefined if there was none.
 * @param isThere whether there is one after the commit's earlier writes.
 */
export function preconditionRefusal(
  { precondition, path }: Write,
  updateTime: number | undefined,
  isThere: boolean,
): FirestoreError | undefined {
  if (precondition === undefined) return undefined;
  if (precondition.exists === false && isThere) {
    return new FirestoreError('ALREADY_EXISTS', `Document already exists: ${path}`);
  }
  if (precondition.exists === true && !isThere) {
    return new FirestoreError('NOT_FOUND', `No document to update: ${path}`);
  }
  const wanted = precondition.updateTime;
  if (wanted === undefined || wanted === updateTime) return undefined;
  return new FirestoreError(
    'FAILED_PRECONDITION',
    `The stored version (${updateTime ?? 0}) does not match the required base version (${wanted}).`,
  );
}

/** What a write cannot mean after others of its document within one commit. */
export function sequenceRefusal(
  earlier: readonly Write[],
  later: Write,
): FirestoreError | undefined {
  const [first, last] = [earlier[0], earlier.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const { precondition } = later;
  const expectsNone = precondition?.exists === false;
  const expectsOne =
    precondition?.exists === true ||
    (precondition?.updateTime !== undefined && later.kind !== 'delete');
  if (last.kind === 'delete' ? expectsOne : expectsNone) {
    return invalid(`Cannot ${last.kind} then ${later.kind} a document in the same request.`);
  }
  // They become one write, which has the precondition of the first.
  const wanted = precondition?.updateTime;
  return wanted === undefined || wanted === first.precondition?.updateTime
    ? undefined
    : invalid('Cannot collapse mutations with different version preconditions.');
}

const IN: ReadonlySet<string> = new Set(['in', 'array-contains-any']);

export function queryRefusal(query: QuerySpec, mask: Mask): FirestoreError | undefined {
  const { collection, filters, orders, limit } = query;
  for (const id of collection.split('/')) {
    const refusal = idRefusal(id);
    if (refusal !== undefined) return refusal;
  }
  const fields = [...filters, ...orders].map(({ segments }) => segments);
  const refusal = query.refusal ?? fieldsRefusal(fields) ?? maskRefusal(mask);
  if (refusal !== undefined) return refusal;
  if (filters.some(({ op, value }) => IN.has(op) && (value as readonly unknown[]).length === 0)) {
    return invalid('a list of values to look for must have one at least');
  }
  if (limit !== undefined && limit < 0) return invalid('limit is negative');
  const complete = completeOrders(query);
  const named = complete.findIndex(({ segments }) => isName(segments));
  if (named < complete.length - 1) {
    return invalid('order by clause cannot contain more fields after the key');
  }
  if (named === 0 && filters.length === 0 && complete[0]?.isDescending === true) {
    return new FirestoreError(
      'FAILED_PRECONDITION',
      'Firestore does not support descending key scans',
    );
  }
  return undefined;
}

export function aggregateRefusal(
  { kind, segments }: AggregateField,
  { orders }: QuerySpec,
  mask: Mask,
): FirestoreError | undefined {
  if (kind === 'count') return undefined;
  if (mask !== undefined) return invalid('no fields are selected where one is summed');
  // The query is sorted by the field as well, and nothing comes after the name.
  const isSorted = orders.some((order) => order.segments.join('.') === segments.join('.'));
  if (!isSorted && orders.some((order) => isName(order.segments))) {
    return invalid('order by clause cannot contain more fields after the key');
  }
  return fieldsRefusal([segments]);
}

export function maskRefusal(mask: Mask): FirestoreError | undefined {
  return mask === undefined ? undefined : fieldsRefusal(mask);
}

function fieldsRefusal(fields: readonly Segments[]): FirestoreError | undefined {
  for (const segments of fields) {
    if (isName(segments)) continue;
    for (const name of segments) {
      const refusal = fieldRefusal(name);
      if (refusal !== undefined) return refusal;
    }
  }
  return undefined;
}
