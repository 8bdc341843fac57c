/**
 * Firestore's server in memory: documents with their versions, commits, queries, transactions.
 *
 * Of what Firestore may do about contention there are two extremes. Optimistic: a transaction reads one moment, and its commit is refused
 * where something that it read has changed since. Pessimistic: nobody changes what a transaction has read until it is over; instead of
 * having others wait for that, as Firestore does for a while before it refuses them, they are refused at once, which their client
 * cannot tell from a wait that was too long.
 */
import { FirestoreError } from './codes.ts';
import { isWithin, select, type QuerySpec } from './query.ts';
import type { Indexes } from './indexes.ts';
import { idRefusal, sizeRefusal } from './limits.ts';
import { isIdentical } from './order.ts';
import { ServerTransaction, TRANSACTION_MS } from './server-transaction.ts';
import type { Fields } from './fields.ts';
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
  before: Slot | undefined;
}

/** One document that a commit changed. */
export interface Change {
  readonly path: string;
  readonly before: Version | undefined;
  readonly after: Version | undefined;
  /** µs since 1970. */
  readonly at: number;
}

export interface ServerOptions {
  /** Default: optimistic. */
  readonly contention?: 'optimistic' | 'pessimistic';
  /** Queries that need an index that is not among them are refused; default: none is. */
  readonly indexes?: Indexes;
}

export class Server {
  private readonly collections = new Map<string, Map<string, Slot>>();
  private readonly now: () => number;
  private readonly onChange: (change: Change) => void;
  readonly isPessimistic: boolean;
  private readonly indexes: Indexes | undefined;
  /** The last moment that was read or written, µs since 1970. */
  private last = 0;
  /** Those that hold what they read; pessimistic only. */
  private readonly holders = new Set<ServerTransaction>();

  /** @param now ms since 1970. */
  constructor(
    now: () => number,
    onChange: (change: Change) => void = () => undefined,
    { contention = 'optimistic', indexes }: ServerOptions = {},
  ) {
    this.now = now;
    this.onChange = onChange;
    this.isPessimistic = contention === 'pessimistic';
    this.indexes = indexes;
  }

  /** µs since 1970, not earlier than any commit so far and earlier than any to come. */
  time(): number {
    this.last = Math.max(Math.floor(this.now() * 1000), this.last);
    return this.last;
  }

  read(path: string, transaction?: ServerTransaction): Version | undefined {
    const moment = this.momentOf(transaction);
    const found = slotAt(this.slotOf(split(path)), moment);
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

  begin(isReadOnly = false): ServerTransaction {
    const transaction = new ServerTransaction(this.now(), isReadOnly);
    if (this.isPessimistic && !isReadOnly) this.holders.add(transaction);
    return transaction;
  }

  rollback(transaction: ServerTransaction): void {
    transaction.close();
    this.holders.delete(transaction);
  }

  /**
   * Makes all writes or none; returns when, and for each when its document was last changed, µs since 1970.
   *
   * @throws {FirestoreError} ABORTED for contention.
   */
  commit(
    writes: readonly Write[],
    transaction?: ServerTransaction,
  ): { readonly at: number; readonly writeTimes: readonly number[] } {
    transaction?.use(this.now());
    try {
      return this.commitNow(writes, transaction);
    } finally {
      if (transaction !== undefined) this.rollback(transaction);
    }
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

  private commitNow(
    writes: readonly Write[],
    transaction: ServerTransaction | undefined,
  ): { readonly at: number; readonly writeTimes: readonly number[] } {
    if (transaction !== undefined) this.checkUnchanged(transaction);
    const at = this.time() + 1;
    // What each document is to be; there is only one, nearly always.
    const changes = new Map<
      string,
      { readonly before: Version | undefined; after: Version | undefined }
    >();
    const writeTimes: number[] = [];
    for (const write of writes) {
      const { path } = write;
      const name = split(path);
      let change = changes.get(path);
      if (change === undefined) {
        const before = this.slotOf(name)?.version;
        change = { before, after: before };
        changes.set(path, change);
      }
      const present = change.after;
      if (write.kind !== 'delete' && write.refusal !== undefined) throw write.refusal;
      checkPrecondition(write, present);
      const fields = applied(present?.fields, write, at);
      // A write that changes nothing leaves the time of the last change, and nobody hears of it.
      if (present !== undefined && fields !== undefined && isIdentical(present.fields, fields)) {
        writeTimes.push(present.updateTime);
        continue;
      }
      writeTimes.push(at);
      change.after = fields && {
        id: name.id,
        path,
        fields,
        createTime: present?.createTime ?? at,
        updateTime: at,
      };
    }
    for (const [path, { before, after }] of changes) {
      if (after === undefined || after === before) continue;
      const refusal = sizeRefusal(path, after.fields);
      if (refusal !== undefined) throw refusal;
    }
    if (this.holders.size > 0) {
      for (const { before, after } of changes.values())
        this.checkNotHeld(before, after, transaction);
    }
    this.last = at;
    for (const [path, { before, after }] of changes) {
      if (before !== after) this.put({ path, before, after, at });
    }
    return { at, writeTimes };
  }

  private find(query: QuerySpec, moment: number): Version[] {
    this.indexes?.check(query);
    if (query.isGroup !== true) {
      const slots = this.collections.get(query.collection);
      return slots === undefined ? [] : select(versionsAt(slots, moment), query);
    }
    const found: Version[] = [];
    for (const [path, slots] of this.collections) {
      if (path === query.collection || path.endsWith(`/${query.collection}`)) {
        found.push(...versionsAt(slots, moment));
      }
    }
    return select(found, query);
  }

  private slotOf({ collection, id, refusal }: Name): Slot | undefined {
    if (refusal !== undefined) throw refusal;
    return this.collections.get(collection)?.get(id);
  }

  private momentOf(transaction: ServerTransaction | undefined): number {
    if (transaction === undefined) return Infinity;
    transaction.use(this.now());
    transaction.readAt ??= this.time();
    return this.isPessimistic && !transaction.isReadOnly ? Infinity : transaction.readAt;
  }

  private checkUnchanged({ read, queries, counts }: ServerTransaction): void {
    if (this.isPessimistic) return;
    for (const [path, updateTime] of read) {
      if ((this.slotOf(split(path))?.version?.updateTime ?? 0) !== updateTime) throw contention();
    }
    for (const { query, result } of queries) {
      if (identityOf(this.find(query, Infinity)) !== result) throw contention();
    }
    for (const { query, count } of counts) {
      if (this.find(query, Infinity).length !== count) throw contention();
    }
  }

  private checkNotHeld(
    before: Version | undefined,
    after: Version | undefined,
    own: ServerTransaction | undefined,
  ): void {
    const now = this.now();
    for (const holder of this.holders) {
      if (holder === own) continue;
      if (holder.isOver(now)) this.holders.delete(holder);
      else if (isHeld(holder, before) || isHeld(holder, after)) throw contention();
    }
  }

  private put(change: Change): void {
    const { path, after, at } = change;
    const { collection, id } = split(path);
    let slots = this.collections.get(collection);
    if (slots === undefined) {
      slots = new Map();
      this.collections.set(collection, slots);
    }
    const before = slots.get(id);
    // No transaction is so old as to read what was before that.
    if (before !== undefined && before.since < at - TRANSACTION_MS * 1000)
      before.before = undefined;
    slots.set(id, { version: after, since: at, before });
    this.onChange(change);
  }
}

function contention(): FirestoreError {
  return new FirestoreError('ABORTED', 'Too much contention on these documents. Please try again.');
}

function isHeld(holder: ServerTransaction, version: Version | undefined): boolean {
  if (version === undefined) return false;
  if (holder.read.has(version.path)) return true;
  const { collection } = split(version.path);
  return [...holder.queries, ...holder.counts].some(({ query }) => {
    const isOfIt = query.isGroup
      ? collection === query.collection || collection.endsWith(`/${query.collection}`)
      : collection === query.collection;
    return isOfIt && isWithin(version, query);
  });
}

function identityOf(found: readonly Version[]): string {
  return found.map(({ path, updateTime }) => `${path} ${updateTime}`).join('/');
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
  if (updateTime === undefined || known?.updateTime === updateTime) return;
  throw new FirestoreError(
    'FAILED_PRECONDITION',
    `The stored version (${known?.updateTime ?? 0}) does not match the required base version (${updateTime})`,
  );
}

interface Name {
  readonly collection: string;
  readonly id: string;
  readonly refusal: FirestoreError | undefined;
}

const names = new Map<string, Name>();

/** Paths come again and again within a world; those of worlds that are over are forgotten all at once. */
function split(path: string): Name {
  const known = names.get(path);
  if (known !== undefined) return known;
  const end = path.lastIndexOf('/');
  const refusal = path
    .split('/')
    .map(idRefusal)
    .find((each) => each !== undefined);
  const name = { collection: path.slice(0, end), id: path.slice(end + 1), refusal };
  if (names.size > 5_000) names.clear();
  names.set(path, name);
  return name;
}
