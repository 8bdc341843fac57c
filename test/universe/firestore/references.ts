/** The client's documents, collections and queries, and what is asked of them outside of transactions. */
import { AggregateField } from './aggregates.ts';
import type { FirestoreError } from './codes.ts';
import { encodedOperand } from './encode.ts';
import { isName, segmentsOf, type Mask } from './fields.ts';
import { collectionPath, documentPath, idsOf, lastOf } from './paths.ts';
import { OPERATORS, type Cursor, type Filter, type Operator, type QuerySpec } from './query.ts';
import { maskRefusal } from './refusals.ts';
import { commit, read } from './requests.ts';
import type { Server } from './server.ts';
import type { ServerTransaction } from './server-transaction.ts';
import { DocumentSnapshot, QuerySnapshot, type AggregateSnapshot } from './snapshots.ts';
import { NameValue, Timestamp, type FieldPath } from './values.ts';
import type { Wire } from './wire.ts';
import type { Write } from './write.ts';
import * as writes from './writes.ts';

/** What references need of the client that made them. */
export interface Client {
  readonly server: Server;
  readonly wire: Wire;
}

/** What is asked for, by the name that the answer gives it. */
type AggregateFields = Readonly<Record<string, AggregateField>>;

interface Operand {
  readonly value: unknown;
  readonly refusal?: FirestoreError | undefined;
}

export interface WriteResult {
  readonly writeTime: Timestamp;
}

export class Query<C extends Client = Client> {
  readonly firestore: C;
  readonly spec: QuerySpec;
  readonly mask: Mask;

  constructor(firestore: C, spec: QuerySpec, mask?: Mask) {
    this.firestore = firestore;
    this.spec = spec;
    this.mask = mask;
  }

  where(field: string | FieldPath, op: Operator, value: unknown): Query<C> {
    if (!OPERATORS.includes(op)) throw new Error(`The operator ${op} is not simulated.`);
    this.checkNoCursor('a where() filter');
    const segments = segmentsOf(field);
    checkComparable(op, value);
    const operand = isName(segments)
      ? { value: this.nameOperand(op, value) }
      : encodedOperand(value, op === 'in' || op === 'array-contains-any' ? 'list' : 'one');
    const filter: Filter = { segments, op, value: operand.value };
    return this.with({ filters: [...this.spec.filters, filter] }, [operand]);
  }

  orderBy(field: string | FieldPath, direction: 'asc' | 'desc' = 'asc'): Query<C> {
    this.checkNoCursor('an orderBy() constraint');
    const order = { segments: segmentsOf(field), isDescending: direction === 'desc' };
    return this.with({ orders: [...this.spec.orders, order] });
  }

  limit(limit: number): Query<C> {
    if (!Number.isInteger(limit))
      throw new Error('Value for argument "limit" is not a valid integer.');
    return this.with({ limit });
  }

  select(...fields: readonly (string | FieldPath)[]): Query<C> {
    // The document's name is no field of it.
    const mask = fields.map(segmentsOf).filter((segments) => !isName(segments));
    return new Query(this.firestore, this.spec, mask);
  }

  startAfter(...values: readonly unknown[]): Query<C> {
    return this.withCursor('start', values, true);
  }

  startAt(...values: readonly unknown[]): Query<C> {
    return this.withCursor('start', values, false);
  }

  endAt(...values: readonly unknown[]): Query<C> {
    return this.withCursor('end', values, true);
  }

  endBefore(...values: readonly unknown[]): Query<C> {
    return this.withCursor('end', values, false);
  }

  count(): AggregateQuery<C> {
    return this.aggregate({ count: AggregateField.count() });
  }

  aggregate(fields: AggregateFields): AggregateQuery<C> {
    return new AggregateQuery(this, fields);
  }

  async get(): Promise<QuerySnapshot<DocumentSnapshot<DocumentReference<C>>>> {
    return read(this.firestore.wire, 'query', () => this.find());
  }

  async *stream(): AsyncIterable<DocumentSnapshot<DocumentReference<C>>> {
    yield* (await this.get()).docs;
  }

  /** At the server. */
  find(transaction?: ServerTransaction): QuerySnapshot<DocumentSnapshot<DocumentReference<C>>> {
    const { server } = this.firestore;
    const found = server.query(this.spec, transaction, this.mask);
    const readAt = transaction?.readAt ?? server.time();
    const docs = found.map((version) => {
      const ref = new DocumentReference(this.firestore, version.path);
      return new DocumentSnapshot(ref, version, this.mask, readAt);
    });
    return new QuerySnapshot(docs, Timestamp.fromMicros(readAt));
  }

  private with(more: Partial<QuerySpec>, operands: readonly Operand[] = []): Query<C> {
    const refusal = this.spec.refusal ?? operands.find((each) => each.refusal)?.refusal;
    const spec = { ...this.spec, ...more, ...(refusal && { refusal }) };
    return new Query(this.firestore, spec, this.mask);
  }

  private withCursor(end: 'start' | 'end', values: readonly unknown[], isAfter: boolean): Query<C> {
    const operands = this.cursorOperands(values);
    const cursor: Cursor = { values: operands.map(({ value }) => value), isAfter };
    return this.with({ [end]: cursor }, operands);
  }

  private checkNoCursor(what: string): void {
    if (this.spec.start === undefined && this.spec.end === undefined) return;
    throw new Error(
      `Cannot specify ${what} after calling startAt(), startAfter(), endBefore() or endAt().`,
    );
  }

  private cursorOperands(values: readonly unknown[]): readonly Operand[] {
    const { orders } = this.spec;
    if (values.length === 0)
      throw new Error('Function "Query.startAt()" requires at least 1 argument.');
    if (values.some((value) => value instanceof DocumentSnapshot)) {
      throw new Error('Cursors at snapshots are not simulated.');
    }
    if (values.length > orders.length) {
      throw new Error(
        'Too many cursor values specified. The specified values must match the orderBy() constraints of the query.',
      );
    }
    return values.map((value, index) => {
      const isOfName = isName(orders[index]?.segments ?? []);
      return isOfName ? { value: this.nameOf(value) } : encodedOperand(value, 'position');
    });
  }

  private nameOperand(op: Operator, value: unknown): unknown {
    if (op === 'array-contains' || op === 'array-contains-any') {
      throw new Error(
        `Invalid Query. You can't perform '${op}' queries on FieldPath.documentId().`,
      );
    }
    if (op !== 'in') return this.nameOf(value);
    if (!Array.isArray(value) || value.length === 0) {
      throw new Error(`Invalid Query. A non-empty array is required for '${op}' filters.`);
    }
    return value.map((each) => this.nameOf(each));
  }

  /** A document's name as the server compares it. */
  private nameOf(value: unknown): string {
    const { collection, isGroup } = this.spec;
    if (value instanceof NameValue) {
      if (isGroup) return value.path;
      const end = value.path.lastIndexOf('/');
      if (value.path.slice(0, end) === collection) return value.path.slice(end + 1);
      throw new Error(
        `"${value.path}" is not part of the query result set and cannot be used as a query boundary.`,
      );
    }
    if (typeof value !== 'string') {
      throw new Error(
        'The corresponding value for FieldPath.documentId() must be a string or a DocumentReference.',
      );
    }
    if (isGroup) return documentPath(value);
    if (value === '' || value.includes('/')) {
      throw new Error(
        `The corresponding value must be a plain document ID, but '${value}' is not.`,
      );
    }
    return value;
  }
}

function checkComparable(op: Operator, value: unknown): void {
  if (op === '==') return;
  if (value === null || Number.isNaN(value)) {
    // The client asks for something else then.
    if (op === 'array-contains')
      throw new Error(`array-contains ${String(value)} is not simulated.`);
    throw new Error(
      "Invalid query. You can only perform '==' and '!=' comparisons on Null and NaN.",
    );
  }
}

export class AggregateQuery<C extends Client = Client> {
  readonly query: Query<C>;
  private readonly fields: AggregateFields;

  constructor(query: Query<C>, fields: AggregateFields) {
    this.query = query;
    this.fields = fields;
  }

  async get(): Promise<AggregateSnapshot> {
    return read(this.query.firestore.wire, 'count', () => this.counted());
  }

  /** At the server. */
  counted(transaction?: ServerTransaction): AggregateSnapshot {
    const { firestore, spec, mask } = this.query;
    const [named, ...others] = Object.entries(this.fields);
    if (named === undefined || others.length > 0) {
      throw new Error('Aggregates other than one at a time are not simulated.');
    }
    const [name, field] = named;
    const result = firestore.server.aggregate(spec, field, transaction, mask);
    return { data: () => ({ [name]: result }) };
  }
}

export class CollectionReference<C extends Client = Client> extends Query<C> {
  readonly path: string;

  constructor(firestore: C, path: string) {
    super(firestore, { collection: path, filters: [], orders: [] });
    this.path = path;
  }

  get id(): string {
    return lastOf(this.path);
  }

  doc(id: string): DocumentReference<C> {
    return new DocumentReference(this.firestore, documentPath(id, this.path));
  }
}

export class DocumentReference<C extends Client = Client> extends NameValue {
  readonly firestore: C;

  constructor(firestore: C, path: string) {
    super(path);
    this.firestore = firestore;
  }

  get id(): string {
    return lastOf(this.path);
  }

  get parent(): CollectionReference<C> {
    return new CollectionReference(this.firestore, idsOf(this.path).slice(0, -1).join('/'));
  }

  collection(path: string): CollectionReference<C> {
    return new CollectionReference(this.firestore, collectionPath(path, this.path));
  }

  isEqual(other: unknown): boolean {
    return other instanceof DocumentReference && other.path === this.path;
  }

  async get(): Promise<DocumentSnapshot<DocumentReference<C>>> {
    const { wire } = this.firestore;
    const found = await read(wire, 'read', () => readAll(this.firestore, [this], undefined));
    return found[0] as DocumentSnapshot<DocumentReference<C>>;
  }

  async create(data: writes.Data): Promise<WriteResult> {
    return this.commit(writes.creating(this.path, data));
  }

  async set(data: writes.Data, options?: writes.SetOptions): Promise<WriteResult> {
    return this.commit(writes.setting(this.path, data, options));
  }

  async update(data: writes.Data, precondition?: writes.Precondition): Promise<WriteResult> {
    return this.commit(writes.updating(this.path, data, precondition));
  }

  async delete(precondition?: writes.Precondition): Promise<WriteResult> {
    return this.commit(writes.deleting(this.path, precondition));
  }

  private async commit(write: Write): Promise<WriteResult> {
    const { server, wire } = this.firestore;
    writes.checkSendable([write]);
    const { writeTimes } = await commit(wire, false, () => server.commit([write]));
    return { writeTime: Timestamp.fromMicros(writeTimes[0] as number) };
  }
}

/** At the server: documents of one moment. */
export function readAll<C extends Client>(
  { server }: C,
  refs: readonly DocumentReference<C>[],
  mask: Mask,
  transaction?: ServerTransaction,
): DocumentSnapshot<DocumentReference<C>>[] {
  const refusal = maskRefusal(mask);
  if (refusal !== undefined) throw refusal;
  const versions = refs.map(({ path }) => server.read(path, transaction));
  const readAt = transaction?.readAt ?? server.time();
  return versions.map((version, index) => {
    return new DocumentSnapshot(refs[index] as DocumentReference<C>, version, mask, readAt);
  });
}

/** The documents, and perhaps the fields, that a call of `getAll` names. */
export function getAllArguments<C extends Client>(
  args: readonly unknown[],
): { readonly refs: readonly DocumentReference<C>[]; readonly mask: Mask } {
  if (args.length === 0) throw new Error('Function "getAll()" requires at least 1 argument.');
  const last = args.at(-1);
  const isOfRefs = last instanceof DocumentReference;
  const refs = isOfRefs ? args : args.slice(0, -1);
  for (const [index, ref] of refs.entries()) {
    if (ref instanceof DocumentReference) continue;
    throw new Error(`Value for argument ${index} is not a valid DocumentReference.`);
  }
  const options = isOfRefs
    ? {}
    : (last as { readonly fieldMask?: readonly (string | FieldPath)[] });
  return {
    refs: refs as readonly DocumentReference<C>[],
    mask: options.fieldMask?.map(segmentsOf),
  };
}
