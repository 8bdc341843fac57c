/**
 * Firestore's server in memory: documents with their versions, commits, queries, transactions.
 *
 * Transactions are optimistic: they read one moment, and a commit is refused where something that was read has changed since. Locks,
 * which Firestore takes by default, only make fewer of the same outcomes happen.
 */
import { checkId, checkSize } from './check.ts';
import { FirestoreError } from './codes.ts';
import { isSame, type Fields } from './order.ts';
import { select, type QuerySpec } from './query.ts';
import { applied, type Write } from './write.ts';

/** A document as it is, or was, from `updateTime` on; times in µs since 1970. */
export interface Version {
  readonly id: string;
  readonly path: string;
  readonly fields: Fields;
  readonly createTime: number;
  readonly updateTime: number;
}

/** A document, or its absence, and what was before. */
interface Slot {
  readonly version: Version | undefined;
  readonly since: number;
  readonly before: Slot | undefined;
}

/** One document that a commit changed. */
export interface Change {
  readonly path: string;
  readonly before: Version | undefined;
  readonly after: Version | undefined;
  /** µs since 1970. */
  readonly at: number;
}

/** A transaction lives for so long at most, and for so long without a request, ms. */
const TRANSACTION_MS = 270_000;
const IDLE_MS = 60_000;

export class ServerTransaction {
  /** The moment that is read, µs since 1970; set by the first read. */
  readAt: number | undefined;
  readonly read = new Map<string, number>();
  readonly queries: { readonly query: QuerySpec; readonly result: string }[] = [];
  readonly counts: { readonly query: QuerySpec; readonly count: number }[] = [];
  private readonly begun: number;
  private lastUsed: number;

  constructor(now: number) {
    this.begun = now;
    this.lastUsed = now;
  }

  /** @throws {FirestoreError} if it is over. */
  use(now: number): void {
    if (now - this.begun > TRANSACTION_MS || now - this.lastUsed > IDLE_MS) {
      throw new FirestoreError(
        'INVALID_ARGUMENT',
        'The referenced transaction has expired or is no longer valid.',
      );
    }
    this.lastUsed = now;
  }
}

export class Server {
  private readonly collections = new Map<string, Map<string, Slot>>();
  private readonly now: () => number;
  private readonly onChange: (change: Change) => void;
  private lastCommit = 0;

  /** @param now ms since 1970. */
  constructor(now: () => number, onChange: (change: Change) => void = () => undefined) {
    this.now = now;
    this.onChange = onChange;
  }

  /** µs since 1970, later than every commit so far and not later than any to come. */
  time(): number {
    return Math.max(Math.floor(this.now() * 1000), this.lastCommit);
  }

  read(path: string, transaction?: ServerTransaction): Version | undefined {
    const { collection, id } = split(path);
    checkId(id);
    const found = slotAt(this.collections.get(collection)?.get(id), this.momentOf(transaction));
    transaction?.read.set(path, found?.updateTime ?? 0);
    return found;
  }

  query(query: QuerySpec, transaction?: ServerTransaction): Version[] {
    const found = this.find(query, this.momentOf(transaction));
    transaction?.queries.push({ query, result: identityOf(found) });
    return found;
  }

  count(query: QuerySpec, transaction?: ServerTransaction): number {
    const count = this.find(query, this.momentOf(transaction)).length;
    transaction?.counts.push({ query, count });
    return count;
  }

  begin(): ServerTransaction {
    return new ServerTransaction(this.now());
  }

  /**
   * Makes all writes or none; returns when, and for each when its document was last changed, µs since 1970.
   *
   * @throws {FirestoreError} ABORTED where something that the transaction read has changed.
   */
  commit(
    writes: readonly Write[],
    transaction?: ServerTransaction,
  ): { readonly at: number; readonly writeTimes: readonly number[] } {
    if (transaction !== undefined) {
      transaction.use(this.now());
      this.checkUnchanged(transaction);
    }
    const at = Math.max(Math.floor(this.now() * 1000), this.lastCommit + 1);
    const present = new Map<string, Version | undefined>();
    const before = new Map<string, Version | undefined>();
    const writeTimes: number[] = [];
    for (const write of writes) {
      const { path } = write;
      const { collection, id } = split(path);
      checkId(id);
      if (!present.has(path)) {
        const found = this.collections.get(collection)?.get(id)?.version;
        before.set(path, found);
        present.set(path, found);
      }
      const known = present.get(path);
      checkPrecondition(write, known);
      const fields = applied(known?.fields, write, at);
      if (fields === undefined) {
        present.set(path, undefined);
        writeTimes.push(at);
        continue;
      }
      // A write that changes nothing leaves the time of the last change, and nobody hears of it.
      if (known !== undefined && isSame(known.fields, fields)) {
        writeTimes.push(known.updateTime);
        continue;
      }
      checkSize(path, fields);
      present.set(path, { id, path, fields, createTime: known?.createTime ?? at, updateTime: at });
      writeTimes.push(at);
    }
    this.lastCommit = at;
    for (const [path, version] of present) this.put(path, before.get(path), version, at);
    return { at, writeTimes };
  }

  /** Every document of a collection, as it is. */
  *documents(collection: string): Iterable<Version> {
    for (const { version } of this.collections.get(collection)?.values() ?? []) {
      if (version !== undefined) yield version;
    }
  }

  /** The paths of all collections that ever held a document. */
  collectionPaths(): Iterable<string> {
    return this.collections.keys();
  }

  private find(query: QuerySpec, moment: number): Version[] {
    const slots = this.collections.get(query.collection);
    return slots === undefined ? [] : select(versionsAt(slots, moment), query);
  }

  private momentOf(transaction: ServerTransaction | undefined): number {
    if (transaction === undefined) return Infinity;
    transaction.use(this.now());
    transaction.readAt ??= this.time();
    return transaction.readAt;
  }

  private checkUnchanged({ read, queries, counts }: ServerTransaction): void {
    for (const [path, updateTime] of read) {
      const { collection, id } = split(path);
      const found = this.collections.get(collection)?.get(id)?.version;
      if ((found?.updateTime ?? 0) !== updateTime) throw contention();
    }
    for (const { query, result } of queries) {
      if (identityOf(this.find(query, Infinity)) !== result) throw contention();
    }
    for (const { query, count } of counts) {
      if (this.find(query, Infinity).length !== count) throw contention();
    }
  }

  private put(
    path: string,
    before: Version | undefined,
    after: Version | undefined,
    at: number,
  ): void {
    if (before === after) return;
    const { collection, id } = split(path);
    let slots = this.collections.get(collection);
    if (slots === undefined) {
      slots = new Map();
      this.collections.set(collection, slots);
    }
    slots.set(id, { version: after, since: at, before: slots.get(id) });
    this.onChange({ path, before, after, at });
  }
}

function contention(): FirestoreError {
  return new FirestoreError('ABORTED', 'Too much contention on these documents. Please try again.');
}

function identityOf(found: readonly Version[]): string {
  return found.map(({ id, updateTime }) => `${id} ${updateTime}`).join('/');
}

function* versionsAt(slots: ReadonlyMap<string, Slot>, moment: number): Iterable<Version> {
  for (const slot of slots.values()) {
    const version = slotAt(slot, moment);
    if (version !== undefined) yield version;
  }
}

function slotAt(slot: Slot | undefined, moment: number): Version | undefined {
  let found = slot;
  while (found !== undefined && found.since > moment) found = found.before;
  return found?.version;
}

function checkPrecondition({ precondition, path }: Write, known: Version | undefined): void {
  if (precondition === undefined) return;
  const { exists, updateTime } = precondition;
  if (exists === false && known !== undefined) {
    throw new FirestoreError('ALREADY_EXISTS', `Document already exists: ${path}`);
  }
  if (exists === true && known === undefined) {
    throw new FirestoreError('NOT_FOUND', `No document to update: ${path}`);
  }
  if (updateTime !== undefined && known?.updateTime !== updateTime) {
    throw known === undefined
      ? new FirestoreError('NOT_FOUND', `No document to update: ${path}`)
      : new FirestoreError(
          'FAILED_PRECONDITION',
          'The stored version does not match the required base version.',
        );
  }
}

const splits = new Map<string, { readonly collection: string; readonly id: string }>();

/** Paths come again and again within a world; those of worlds that are over are forgotten all at once. */
function split(path: string): { readonly collection: string; readonly id: string } {
  const known = splits.get(path);
  if (known !== undefined) return known;
  const end = path.lastIndexOf('/');
  const parts = { collection: path.slice(0, end), id: path.slice(end + 1) };
  if (splits.size > 5_000) splits.clear();
  splits.set(path, parts);
  return parts;
}
