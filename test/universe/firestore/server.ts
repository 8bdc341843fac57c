/**
 * Firestore's server in memory: documents with their versions, commits, queries, transactions.
 *
 * Of what Firestore may do about contention there are two extremes. Optimistic: a transaction reads one moment, and its commit is refused
 * where something that it read has changed since. Pessimistic: nobody changes what a transaction has read until it is over; instead of
 * having others wait for that, as Firestore does for a while before it refuses them, they are refused at once, which their client
 * cannot tell from a wait that was too long.
 */
import { aggregated, type AggregateField } from './aggregates.ts';
import { FirestoreError } from './codes.ts';
import { isWithin, select, type QuerySpec } from './query.ts';
import type { Indexes } from './indexes.ts';
import { sizeRefusal } from './limits.ts';
import { isOfGroup, nameOf, type Name } from './names.ts';
import { isIdentical } from './order.ts';
import {
  aggregateRefusal,
  preconditionRefusal,
  queryRefusal,
  sequenceRefusal,
} from './refusals.ts';
import { ServerTransaction, TRANSACTION_MS } from './server-transaction.ts';
import type { Fields, Mask } from './fields.ts';
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

/** What a commit makes of a document. */
interface Pending {
  readonly before: Version | undefined;
  after: Version | undefined;
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
    const found = slotAt(this.slotOf(nameOf(path)), moment);
    transaction?.read.set(path, found?.updateTime ?? 0);
    return found;
  }

  /** @param mask which fields whoever asks wants: only their names are looked at. */
  query(query: QuerySpec, transaction?: ServerTransaction, mask?: Mask): Version[] {
    throwIf(queryRefusal(query, mask));
    const found = this.find(query, this.momentOf(transaction));
    transaction?.queries.push({ query, result: identityOf(found) });
    return found;
  }

  aggregate(
    query: QuerySpec,
    field: AggregateField,
    transaction?: ServerTransaction,
    mask?: Mask,
  ): number {
    throwIf(queryRefusal(query, mask) ?? aggregateRefusal(field, query, mask));
    const result = aggregated(field, this.find(query, this.momentOf(transaction), field));
    transaction?.aggregates.push({ query, field, result });
    return result;
  }

  /** Puts a document where it was before anything happened. @param fields as they are stored: frozen all through. */
  seed(path: string, fields: Fields): void {
    const at = this.time();
    const times = { createTime: at, updateTime: at };
    const { id } = nameOf(path);
    this.put({ path, before: undefined, after: { id, path, fields, ...times }, at });
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
    checkTogether(writes);
    // One document, nearly always.
    const changes = new Map<string, Pending>();
    for (const write of writes) this.apply(write, at, changes);
    for (const [path, pending] of changes) {
      const { before, after } = pending;
      if (after === undefined || after === before) continue;
      // A commit that changes nothing leaves the time of the last change, and nobody hears of it.
      const isUnchanged =
        before?.createTime === after.createTime && isIdentical(before.fields, after.fields);
      if (isUnchanged) pending.after = before;
      else throwIf(sizeRefusal(path, after.fields));
    }
    if (this.holders.size > 0) {
      for (const { before, after } of changes.values())
        this.checkNotHeld(before, after, transaction);
    }
    this.last = at;
    for (const [path, { before, after }] of changes) {
      if (before !== after) this.put({ path, before, after, at });
    }
    return { at, writeTimes: writes.map(({ path }) => changes.get(path)?.after?.updateTime ?? at) };
  }

  private apply(write: Write, at: number, changes: Map<string, Pending>): void {
    const { path } = write;
    const name = nameOf(path);
    let pending = changes.get(path);
    if (pending === undefined) {
      const before = this.slotOf(name)?.version;
      pending = { before, after: before };
      changes.set(path, pending);
    }
    const { before, after: present } = pending;
    throwIf(preconditionRefusal(write, before?.updateTime, present !== undefined));
    const fields = applied(present?.fields, write, at);
    const createTime = present?.createTime ?? at;
    pending.after = fields && { id: name.id, path, fields, createTime, updateTime: at };
  }

  private find(query: QuerySpec, moment: number, field?: AggregateField): Version[] {
    this.indexes?.check(query, field?.kind === 'sum' ? field.segments : undefined);
    if (query.isGroup !== true) {
      const slots = this.collections.get(query.collection);
      return slots === undefined ? [] : select(versionsAt(slots, moment), query);
    }
    const found: Version[] = [];
    for (const [path, slots] of this.collections) {
      if (isOfGroup(path, query.collection)) found.push(...versionsAt(slots, moment));
    }
    return select(found, query);
  }

  private slotOf({ collection, id, refusal }: Name): Slot | undefined {
    throwIf(refusal);
    return this.collections.get(collection)?.get(id);
  }

  private momentOf(transaction: ServerTransaction | undefined): number {
    if (transaction === undefined) return Infinity;
    transaction.use(this.now());
    if (this.isPessimistic && !transaction.isReadOnly) {
      transaction.readAt = this.time();
      return Infinity;
    }
    transaction.readAt ??= this.time();
    return transaction.readAt;
  }

  private checkUnchanged({ read, queries, aggregates }: ServerTransaction): void {
    if (this.isPessimistic) return;
    for (const [path, updateTime] of read) {
      if ((this.slotOf(nameOf(path))?.version?.updateTime ?? 0) !== updateTime) throw contention();
    }
    for (const { query, result } of queries) {
      if (identityOf(this.find(query, Infinity)) !== result) throw contention();
    }
    for (const { query, field, result } of aggregates) {
      if (!Object.is(aggregated(field, this.find(query, Infinity)), result)) throw contention();
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
    const { collection, id } = nameOf(path);
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

/** @throws {FirestoreError} for what is wrong with them whatever there is. */
function checkTogether(writes: readonly Write[]): void {
  for (const [index, write] of writes.entries()) {
    const { refusal, writeRefusal } = nameOf(write.path);
    throwIf(write.kind === 'delete' ? refusal : (writeRefusal ?? write.refusal));
    if (index === 0) continue;
    const earlier = writes.slice(0, index).filter(({ path }) => path === write.path);
    throwIf(sequenceRefusal(earlier, write));
  }
}

function throwIf(refusal: FirestoreError | undefined): void {
  if (refusal !== undefined) throw refusal;
}

function contention(): FirestoreError {
  return new FirestoreError('ABORTED', 'Too much contention on these documents. Please try again.');
}

function isHeld(holder: ServerTransaction, version: Version | undefined): boolean {
  if (version === undefined) return false;
  if (holder.read.has(version.path)) return true;
  const { collection } = nameOf(version.path);
  return [...holder.queries, ...holder.aggregates].some(({ query }) => {
    const isOfIt = query.isGroup
      ? isOfGroup(collection, query.collection)
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
