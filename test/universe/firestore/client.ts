/**
 * Firestore's Node client, as far as the backend uses it, over the server in memory: what it checks itself, how it retries, what its
 * snapshots say.
 */
import type { Wire } from './wire.ts';
import { CODE, FirestoreError } from './codes.ts';
import type { Fields } from './order.ts';
import {
  OPERATORS,
  type Cursor,
  type Filter,
  type Operator,
  type Order,
  type QuerySpec,
} from './query.ts';
import type { Server, ServerTransaction, Version } from './server.ts';
import { FieldPath, FieldValue, NAME_FIELD, Timestamp } from './values.ts';
import { fieldAt, isMap, type FieldWrite, type Write } from './write.ts';

type Data = Readonly<Record<string, unknown>>;
type Precondition = { readonly exists?: boolean; readonly lastUpdateTime?: Timestamp };

/** Tries of one transaction, and the waits between them, ms; as the client has them. */
const DEFAULT_MAX_ATTEMPTS = 5;
const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 60_000;
const BACKOFF_FACTOR = 1.5;

/** Answers after which the client runs a transaction once more. */
const AGAIN: ReadonlySet<number> = new Set([
  ...[CODE.ABORTED, CODE.CANCELLED, CODE.UNKNOWN, CODE.DEADLINE_EXCEEDED],
  ...[CODE.INTERNAL, CODE.UNAVAILABLE, CODE.RESOURCE_EXHAUSTED],
]);

export class Firestore {
  readonly server: Server;
  readonly wire: Wire;

  constructor(server: Server, wire: Wire) {
    this.server = server;
    this.wire = wire;
  }

  collection(path: string): CollectionReference {
    checkPath(path, 1, 'collectionPath');
    return new CollectionReference(this, path);
  }

  doc(path: string): DocumentReference {
    checkPath(path, 0, 'documentPath');
    return new DocumentReference(this, path);
  }

  async getAll(...args: readonly unknown[]): Promise<DocumentSnapshot[]> {
    const { refs, mask } = getAllArguments(args);
    return this.wire.call('read', () => this.readAll(refs, mask));
  }

  async runTransaction<T>(
    body: (transaction: Transaction) => Promise<T>,
    { maxAttempts = DEFAULT_MAX_ATTEMPTS }: { readonly maxAttempts?: number } = {},
  ): Promise<T> {
    let backoff = 0;
    for (let attempt = 1; ; attempt += 1) {
      const transaction = new Transaction(this);
      try {
        const result = await body(transaction);
        await transaction.commit();
        return result;
      } catch (error) {
        const { code, message } = error as { code?: number; message?: string };
        const isOver =
          code === CODE.INVALID_ARGUMENT && /transaction has expired/.test(message ?? '');
        if (attempt === maxAttempts || !(isOver || AGAIN.has(code ?? 0))) throw error;
        if (code === CODE.RESOURCE_EXHAUSTED) backoff = LONGEST_BACKOFF_MS;
        if (backoff > 0) await this.wire.sleep(backoff * (0.5 + this.wire.random()));
        backoff = Math.min(
          Math.max(FIRST_BACKOFF_MS, backoff * BACKOFF_FACTOR),
          LONGEST_BACKOFF_MS,
        );
      }
    }
  }

  /** At the server. */
  readAll(
    refs: readonly DocumentReference[],
    mask: Mask,
    transaction?: ServerTransaction,
  ): DocumentSnapshot[] {
    const versions = refs.map(({ path }) => this.server.read(path, transaction));
    const readTime = transaction?.readAt ?? this.server.time();
    return versions.map((version, index) => {
      return new DocumentSnapshot(refs[index] as DocumentReference, version, mask, readTime);
    });
  }
}

export class Query {
  readonly firestore: Firestore;
  readonly spec: QuerySpec;
  protected readonly mask: Mask;

  constructor(firestore: Firestore, spec: QuerySpec, mask?: Mask) {
    this.firestore = firestore;
    this.spec = spec;
    this.mask = mask;
  }

  where(field: string | FieldPath, op: Operator, value: unknown): Query {
    if (!OPERATORS.includes(op)) throw new Error(`The operator ${op} is not simulated.`);
    const filter: Filter = { segments: segmentsOf(field), op, value };
    return this.with({ filters: [...this.spec.filters, filter] });
  }

  orderBy(field: string | FieldPath, direction: 'asc' | 'desc' = 'asc'): Query {
    const order: Order = { segments: segmentsOf(field), isDescending: direction === 'desc' };
    return this.with({ orders: [...this.spec.orders, order] });
  }

  limit(limit: number): Query {
    return this.with({ limit });
  }

  select(...fields: readonly (string | FieldPath)[]): Query {
    return new Query(this.firestore, this.spec, fields.map(segmentsOf));
  }

  startAfter(...values: readonly unknown[]): Query {
    return this.with({ start: cursor(values, true) });
  }

  startAt(...values: readonly unknown[]): Query {
    return this.with({ start: cursor(values, false) });
  }

  endAt(...values: readonly unknown[]): Query {
    return this.with({ end: cursor(values, true) });
  }

  endBefore(...values: readonly unknown[]): Query {
    return this.with({ end: cursor(values, false) });
  }

  count(): AggregateQuery {
    return new AggregateQuery(this);
  }

  async get(): Promise<QuerySnapshot> {
    return this.firestore.wire.call('query', () => this.find());
  }

  async *stream(): AsyncIterable<DocumentSnapshot> {
    yield* (await this.get()).docs;
  }

  /** At the server. */
  find(transaction?: ServerTransaction): QuerySnapshot {
    const found = this.firestore.server.query(this.spec, transaction);
    const readTime = transaction?.readAt ?? this.firestore.server.time();
    return new QuerySnapshot(
      found.map((version) => {
        const ref = new DocumentReference(this.firestore, version.path);
        return new DocumentSnapshot(ref, version, this.mask, readTime);
      }),
      Timestamp.fromMicros(readTime),
    );
  }

  private with(more: Partial<QuerySpec>): Query {
    return new Query(this.firestore, { ...this.spec, ...more }, this.mask);
  }
}

export class CollectionReference extends Query {
  readonly path: string;

  constructor(firestore: Firestore, path: string) {
    super(firestore, { collection: path, filters: [], orders: [] });
    this.path = path;
  }

  get id(): string {
    return lastOf(this.path);
  }

  doc(id: string): DocumentReference {
    if (typeof id !== 'string' || id === '') {
      throw new Error(
        'Value for argument "documentPath" is not a valid resource path. Path must be a non-empty string.',
      );
    }
    const path = `${this.path}/${id}`;
    if (id.includes('/')) checkPath(path, 0, 'documentPath');
    return new DocumentReference(this.firestore, path);
  }
}

export class AggregateQuery {
  readonly query: Query;

  constructor(query: Query) {
    this.query = query;
  }

  async get(): Promise<AggregateSnapshot> {
    return this.query.firestore.wire.call('count', () => this.counted());
  }

  /** At the server. */
  counted(transaction?: ServerTransaction): AggregateSnapshot {
    const count = this.query.firestore.server.count(this.query.spec, transaction);
    return { data: () => ({ count }) };
  }
}

interface AggregateSnapshot {
  data(): { readonly count: number };
}

export class DocumentReference {
  readonly firestore: Firestore;
  readonly path: string;

  constructor(firestore: Firestore, path: string) {
    this.firestore = firestore;
    this.path = path;
  }

  get id(): string {
    return lastOf(this.path);
  }

  get parent(): CollectionReference {
    return new CollectionReference(this.firestore, this.path.slice(0, this.path.lastIndexOf('/')));
  }

  collection(path: string): CollectionReference {
    return this.firestore.collection(`${this.path}/${path}`);
  }

  isEqual(other: unknown): boolean {
    return other instanceof DocumentReference && other.path === this.path;
  }

  async get(): Promise<DocumentSnapshot> {
    const [snapshot] = await this.firestore.getAll(this);
    return snapshot as DocumentSnapshot;
  }

  async create(data: Data): Promise<WriteResult> {
    return this.commit(replacing(this, data, { exists: false }));
  }

  async set(data: Data, options: SetOptions = {}): Promise<WriteResult> {
    return this.commit(setting(this, data, options));
  }

  async update(data: Data, precondition: Precondition = {}): Promise<WriteResult> {
    return this.commit(updating(this, data, precondition));
  }

  async delete(precondition: Precondition = {}): Promise<WriteResult> {
    return this.commit(deleting(this, precondition));
  }

  private async commit(write: Write): Promise<WriteResult> {
    const { server, wire } = this.firestore;
    const { writeTimes } = await wire.call('commit', () => server.commit([write]));
    return { writeTime: Timestamp.fromMicros(writeTimes[0] as number) };
  }
}

export interface WriteResult {
  readonly writeTime: Timestamp;
}

interface SetOptions {
  readonly merge?: boolean;
}

export class Transaction {
  private readonly firestore: Firestore;
  private readonly writes: Write[] = [];
  private begun: ServerTransaction | undefined;

  constructor(firestore: Firestore) {
    this.firestore = firestore;
  }

  async get(target: DocumentReference | Query | AggregateQuery): Promise<unknown> {
    this.checkMayRead();
    const { wire } = this.firestore;
    if (target instanceof Query) return wire.call('query', () => target.find(this.atServer()));
    if (target instanceof AggregateQuery) {
      return wire.call('count', () => target.counted(this.atServer()));
    }
    const [snapshot] = await this.getAll(target);
    return snapshot;
  }

  async getAll(...args: readonly unknown[]): Promise<DocumentSnapshot[]> {
    this.checkMayRead();
    const { refs, mask } = getAllArguments(args);
    return this.firestore.wire.call('read', () =>
      this.firestore.readAll(refs, mask, this.atServer()),
    );
  }

  create(ref: DocumentReference, data: Data): this {
    return this.add(replacing(ref, data, { exists: false }));
  }

  set(ref: DocumentReference, data: Data, options: SetOptions = {}): this {
    return this.add(setting(ref, data, options));
  }

  update(ref: DocumentReference, data: Data, precondition: Precondition = {}): this {
    return this.add(updating(ref, data, precondition));
  }

  delete(ref: DocumentReference, precondition: Precondition = {}): this {
    return this.add(deleting(ref, precondition));
  }

  /** Of the client's own making; a transaction that neither read nor wrote asks the server for nothing. */
  async commit(): Promise<void> {
    const { server, wire } = this.firestore;
    if (this.begun === undefined && this.writes.length === 0) return;
    await wire.call('commit', () => server.commit(this.writes, this.begun));
  }

  private add(write: Write): this {
    this.writes.push(write);
    return this;
  }

  private atServer(): ServerTransaction {
    this.begun ??= this.firestore.server.begin();
    return this.begun;
  }

  private checkMayRead(): void {
    if (this.writes.length > 0) {
      throw new Error('Firestore transactions require all reads to be executed before all writes.');
    }
  }
}

export class DocumentSnapshot {
  readonly ref: DocumentReference;
  readonly readTime: Timestamp;
  private readonly version: Version | undefined;
  private readonly mask: Mask;

  constructor(ref: DocumentReference, version: Version | undefined, mask: Mask, readTime: number) {
    this.ref = ref;
    this.version = version;
    this.mask = mask;
    this.readTime = Timestamp.fromMicros(readTime);
  }

  get id(): string {
    return this.ref.id;
  }

  get exists(): boolean {
    return this.version !== undefined;
  }

  get createTime(): Timestamp | undefined {
    return this.version && Timestamp.fromMicros(this.version.createTime);
  }

  get updateTime(): Timestamp | undefined {
    return this.version && Timestamp.fromMicros(this.version.updateTime);
  }

  data(): Fields | undefined {
    return this.version && masked(this.version.fields, this.mask);
  }

  get(field: string | FieldPath): unknown {
    const segments = segmentsOf(field);
    const { mask } = this;
    if (mask === undefined) return fieldAt(this.version?.fields, segments);
    return fieldAt(this.data(), segments);
  }
}

export class QuerySnapshot {
  readonly docs: readonly DocumentSnapshot[];
  readonly readTime: Timestamp;

  constructor(docs: readonly DocumentSnapshot[], readTime: Timestamp) {
    this.docs = docs;
    this.readTime = readTime;
  }

  get size(): number {
    return this.docs.length;
  }

  get empty(): boolean {
    return this.docs.length === 0;
  }
}

/** Which fields are read; undefined: all. */
type Mask = readonly (readonly string[])[] | undefined;

function masked(fields: Fields, mask: Mask): Fields {
  if (mask === undefined) return fields;
  const copy: Record<string, unknown> = {};
  for (const [name, ...inner] of mask) {
    if (name === undefined || !Object.hasOwn(fields, name)) continue;
    const value = fields[name];
    if (inner.length === 0) copy[name] = value;
    else if (isMap(value)) {
      const known = isMap(copy[name]) ? copy[name] : {};
      copy[name] = { ...known, ...masked(value, [inner]) };
    }
  }
  return copy;
}

function getAllArguments(args: readonly unknown[]): {
  readonly refs: readonly DocumentReference[];
  readonly mask: Mask;
} {
  const last = args.at(-1);
  if (last instanceof DocumentReference) {
    return { refs: args as readonly DocumentReference[], mask: undefined };
  }
  const { fieldMask } = last as { readonly fieldMask?: readonly (string | FieldPath)[] };
  return {
    refs: args.slice(0, -1) as readonly DocumentReference[],
    mask: fieldMask?.map(segmentsOf),
  };
}

function replacing(
  ref: DocumentReference,
  data: Data,
  precondition?: Write['precondition'],
): Write {
  const fields = Object.entries(data).map(([name, value]) => {
    checkValue(value, name);
    if (value instanceof FieldValue && value.kind === 'delete') {
      throw new Error(
        'FieldValue.delete() must appear at the top-level and can only be used in update() or set() with {merge:true}.',
      );
    }
    return { segments: [name], value };
  });
  return {
    path: ref.path,
    kind: 'replace',
    fields: withoutInner(fields),
    ...(precondition && { precondition }),
  };
}

function setting(ref: DocumentReference, data: Data, { merge = false }: SetOptions): Write {
  if (!merge) return replacing(ref, data);
  return { path: ref.path, kind: 'merge', fields: leaves(data, []) };
}

/** Transforms within maps are applied where they stand; the map is written without them. */
function withoutInner(fields: readonly FieldWrite[]): readonly FieldWrite[] {
  if (!fields.some(({ value }) => isMap(value) && hasSentinel(value))) return fields;
  const plain: FieldWrite[] = [];
  const inner: FieldWrite[] = [];
  for (const { segments, value } of fields) {
    if (!isMap(value) || !hasSentinel(value)) plain.push({ segments, value });
    else {
      const own = leaves(value, segments);
      plain.push({ segments, value: {} });
      inner.push(...own);
    }
  }
  return [...plain, ...inner];
}

function hasSentinel(map: Fields): boolean {
  return Object.values(map).some(
    (value) => value instanceof FieldValue || (isMap(value) && hasSentinel(value)),
  );
}

/** The fields that a merge writes: of maps their own fields, an empty map itself. */
function leaves(map: Fields, above: readonly string[]): FieldWrite[] {
  return Object.entries(map).flatMap(([name, value]) => {
    const segments = [...above, name];
    if (isMap(value) && Object.keys(value).length > 0) return leaves(value, segments);
    checkValue(value, name);
    return [{ segments, value }];
  });
}

function updating(ref: DocumentReference, data: Data, precondition: Precondition): Write {
  const fields = Object.entries(data).map(([name, value]): FieldWrite => {
    checkValue(value, name);
    if (isMap(value) && hasDelete(value)) {
      throw new Error(
        `Update() requires FieldValue.delete() to appear at the top-level (found in field "${name}").`,
      );
    }
    return { segments: segmentsOf(name), value };
  });
  if (fields.length === 0) throw new Error('At least one field must be updated.');
  checkNoConflict(fields);
  return {
    path: ref.path,
    kind: 'merge',
    fields: withoutInner(fields),
    precondition: preconditionOf({ exists: true, ...precondition }),
  };
}

function hasDelete(map: Fields): boolean {
  return Object.values(map).some(
    (value) =>
      (value instanceof FieldValue && value.kind === 'delete') ||
      (isMap(value) && hasDelete(value)),
  );
}

function deleting(ref: DocumentReference, precondition: Precondition): Write {
  return { path: ref.path, kind: 'delete', fields: [], precondition: preconditionOf(precondition) };
}

function preconditionOf({
  exists,
  lastUpdateTime,
}: Precondition): NonNullable<Write['precondition']> {
  return lastUpdateTime === undefined
    ? { ...(exists === undefined ? {} : { exists }) }
    : { updateTime: lastUpdateTime.toMicros() };
}

function checkNoConflict(fields: readonly FieldWrite[]): void {
  const paths = fields.map(({ segments }) => segments.join('\0')).sort();
  for (let index = 1; index < paths.length; index += 1) {
    if (paths[index]?.startsWith(`${paths[index - 1]}\0`) === true) {
      throw new Error(`Field "${paths[index - 1]}" was specified multiple times.`);
    }
  }
}

/** What the client itself refuses, whatever the server would say. */
function checkValue(value: unknown, field: string, isInList = false): void {
  if (typeof value !== 'object' || value === null || value instanceof Timestamp) return;
  if (value instanceof FieldValue) {
    if (isInList)
      throw new Error(`FieldValue cannot be used inside of an array (found in field "${field}").`);
    return;
  }
  if (Array.isArray(value)) {
    for (const each of value as unknown[]) checkValue(each, field, true);
    return;
  }
  if (isMap(value)) for (const name of Object.keys(value)) checkValue(value[name], name, isInList);
}

const SEGMENTS = new Map<string, readonly string[]>();

function segmentsOf(field: string | FieldPath): readonly string[] {
  if (field instanceof FieldPath) return field.segments;
  let segments = SEGMENTS.get(field);
  if (segments === undefined) {
    if (field === '' || /^\.|\.$|\.\.|[~*/[\]]/.test(field)) {
      throw new Error(
        `Value for argument "field" is not a valid field path. Paths can't be empty and must not contain "*~/[]".`,
      );
    }
    segments = field.split('.');
    if (SEGMENTS.size > 1_000) SEGMENTS.clear();
    SEGMENTS.set(field, segments);
  }
  return segments;
}

function cursor(values: readonly unknown[], isAfter: boolean): Cursor {
  return {
    values: values.map((value) => (value instanceof DocumentReference ? value.id : value)),
    isAfter,
  };
}

function checkPath(path: string, parity: 0 | 1, name: string): void {
  const parts = path.split('/');
  if (parts.some((part) => part === '')) {
    throw new Error(
      `Value for argument "${name}" is not a valid resource path. Paths must not contain //.`,
    );
  }
  if (parts.length % 2 !== parity) {
    const isCollection = parity === 1;
    throw new Error(
      `Value for argument "${name}" must point to a ${isCollection ? 'collection' : 'document'}, but was "${path}".`,
    );
  }
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export { FieldPath, FieldValue, FirestoreError, NAME_FIELD, Timestamp };
