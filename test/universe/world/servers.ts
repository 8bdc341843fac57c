/** Firestore as a world watches it, and as the release before this one writes to it. */
import file from '../../../firestore.indexes.json' with { type: 'json' };
import { Indexes } from '../firestore/indexes.ts';
import { Server, type Change, type Version } from '../firestore/server.ts';
import type { ServerTransaction } from '../firestore/server-transaction.ts';
import type { Write } from '../firestore/write.ts';
import { deleting } from '../firestore/writes.ts';

/** Those that are deployed: a query without one is refused. */
const INDEXES = new Indexes(file);

/** Counts what is read of people outside of transactions: to notify them, and to prune. */
export class WatchedServer extends Server {
  userReads = 0;
  /** What a TTL policy deleted, as it was then. */
  private readonly expired = new Map<string, Version>();

  constructor(
    now: () => number,
    onChange: (change: Change) => void,
    contention: 'optimistic' | 'pessimistic',
  ) {
    super(now, onChange, { contention, indexes: INDEXES });
  }

  /** A document as it is, or was when its time was over: for whoever judges, and costs nothing. */
  peek(path: string): Version | undefined {
    return super.read(path) ?? this.expired.get(path);
  }

  /** The documents of a collection, and those of which the time was over. */
  *all(collection: string): Iterable<Version> {
    yield* this.documents(collection);
    for (const version of this.expired.values()) {
      if (version.path === `${collection}/${version.id}`) yield version;
    }
  }

  /** A TTL policy deletes a document. */
  expire(path: string): void {
    const version = super.read(path);
    if (version !== undefined) this.expired.set(path, version);
    this.commit([deleting(path, undefined)]);
  }

  override read(path: string, transaction?: ServerTransaction): Version | undefined {
    if (transaction === undefined && path.startsWith('users/')) this.userReads += 1;
    return super.read(path, transaction);
  }
}

/** Fields of ledger entries that the release before did not know (0.1.0; see test/upgrade). */
const NEWER: ReadonlySet<string> = new Set([
  ...['findBy', 'eventAt', 'document', 'answers', 'codes', 'rounds', 'after', 'sender'],
]);

/** The same server for instances of the release before, which write entries without what they do not know. */
export function olderServer(server: Server): Server {
  const older: Pick<Server, keyof Server> = {
    isPessimistic: server.isPessimistic,
    time: () => server.time(),
    read: (path, transaction) => server.read(path, transaction),
    seed: (path, fields) => server.seed(path, fields),
    query: (query, transaction, mask) => server.query(query, transaction, mask),
    aggregate: (query, field, transaction, mask) =>
      server.aggregate(query, field, transaction, mask),
    begin: (isReadOnly) => server.begin(isReadOnly),
    rollback: (transaction) => server.rollback(transaction),
    commit: (writes, transaction) => server.commit(writes.map(withoutNewer), transaction),
    documents: (collection) => server.documents(collection),
    collectionPaths: () => server.collectionPaths(),
  };
  return older as Server;
}

function withoutNewer(write: Write): Write {
  if (!write.path.startsWith('deliveries/')) return write;
  switch (write.kind) {
    case 'replace': {
      const fields = Object.entries(write.fields).filter(([name]) => !NEWER.has(name));
      return { ...write, fields: Object.freeze(Object.fromEntries(fields)) };
    }
    case 'merge':
      return {
        ...write,
        changes: write.changes.filter(({ segments }) => !NEWER.has(segments[0] as string)),
      };
    case 'delete':
      return write;
  }
}
