/** The client's transactions: what is read within one, what is written in the end, and when it is run once more. */
import { CODE } from './codes.ts';
import { Backoff, commit, read } from './requests.ts';
import {
  AggregateQuery,
  getAllArguments,
  Query,
  readAll,
  type Client,
  type DocumentReference,
} from './references.ts';
import type { ServerTransaction } from './server-transaction.ts';
import type { CallKind } from './wire.ts';
import type { DocumentSnapshot } from './snapshots.ts';
import type { Write } from './write.ts';
import * as writes from './writes.ts';

export interface TransactionOptions {
  readonly maxAttempts?: number;
  readonly readOnly?: boolean;
}

const DEFAULT_MAX_ATTEMPTS = 5;

/** Answers after which a transaction is run once more. */
const AGAIN: ReadonlySet<unknown> = new Set([
  ...[CODE.ABORTED, CODE.CANCELLED, CODE.UNKNOWN, CODE.DEADLINE_EXCEEDED, CODE.INTERNAL],
  ...[CODE.UNAVAILABLE, CODE.UNAUTHENTICATED, CODE.RESOURCE_EXHAUSTED],
]);

export class Transaction<C extends Client = Client> {
  private readonly firestore: C;
  private readonly isReadOnly: boolean;
  private readonly writes: Write[] = [];
  /** Once the first read was answered, the server knows of it: until then, other reads wait. */
  private begun: Promise<ServerTransaction> | undefined;

  constructor(firestore: C, isReadOnly: boolean) {
    this.firestore = firestore;
    this.isReadOnly = isReadOnly;
  }

  get(target: DocumentReference<C> | Query<C> | AggregateQuery<C>): Promise<unknown> {
    this.checkMayRead();
    if (target instanceof Query) return this.read('query', (own) => target.find(own));
    if (target instanceof AggregateQuery) return this.read('count', (own) => target.counted(own));
    return this.getAll(target).then(([snapshot]) => snapshot);
  }

  getAll(...args: readonly unknown[]): Promise<DocumentSnapshot<DocumentReference<C>>[]> {
    this.checkMayRead();
    const { refs, mask } = getAllArguments<C>(args);
    return this.read('read', (own) => readAll(this.firestore, refs, mask, own));
  }

  create(ref: DocumentReference<C>, data: writes.Data): this {
    return this.add(() => writes.creating(ref.path, data));
  }

  set(ref: DocumentReference<C>, data: writes.Data, options?: writes.SetOptions): this {
    return this.add(() => writes.setting(ref.path, data, options));
  }

  update(ref: DocumentReference<C>, data: writes.Data, precondition?: writes.Precondition): this {
    return this.add(() => writes.updating(ref.path, data, precondition));
  }

  delete(ref: DocumentReference<C>, precondition?: writes.Precondition): this {
    return this.add(() => writes.deleting(ref.path, precondition));
  }

  /** Not for whoever writes a transaction. */
  async commit(): Promise<void> {
    if (this.isReadOnly || (this.begun === undefined && this.writes.length === 0)) return;
    const { server, wire } = this.firestore;
    const own = await this.begun;
    writes.checkSendable(this.writes);
    await commit(wire, true, () => server.commit(this.writes, own));
    this.begun = undefined;
  }

  /** Not for whoever writes a transaction; nobody waits for it. */
  rollback(): void {
    const { server, wire } = this.firestore;
    // Only locks are released.
    if (!server.isPessimistic || this.isReadOnly) return;
    this.begun
      ?.then((own) => wire.call('commit', () => server.rollback(own)))
      .catch(() => undefined);
  }

  private add(make: () => Write): this {
    if (this.isReadOnly) throw new Error('Firestore read-only transactions cannot execute writes.');
    this.writes.push(make());
    return this;
  }

  private async read<T>(
    kind: Exclude<CallKind, 'commit'>,
    atServer: (own: ServerTransaction) => T,
  ): Promise<T> {
    const { server, wire } = this.firestore;
    if (this.begun !== undefined) {
      const own = await this.begun;
      return read(wire, kind, () => atServer(own));
    }
    const first = read(wire, kind, () => {
      const own = server.begin(this.isReadOnly);
      return { own, result: atServer(own) };
    });
    this.begun = first.then(({ own }) => own);
    // Whoever made the first read hears of its failure.
    this.begun.catch(() => undefined);
    return (await first).result;
  }

  private checkMayRead(): void {
    if (this.writes.length > 0) {
      throw new Error('Firestore transactions require all reads to be executed before all writes.');
    }
  }
}

/** Runs a transaction until it gets through, or fails for good, or failed too often. */
export async function runTransaction<C extends Client, T>(
  firestore: C,
  body: (transaction: Transaction<C>) => Promise<T>,
  { maxAttempts = DEFAULT_MAX_ATTEMPTS, readOnly = false }: TransactionOptions,
): Promise<T> {
  const attempts = readOnly ? 1 : maxAttempts;
  let backoff: Backoff | undefined;
  for (let attempt = 1; ; attempt += 1) {
    const transaction = new Transaction(firestore, readOnly);
    try {
      const promise = body(transaction);
      if (!(promise instanceof Promise)) {
        throw new Error('You must return a Promise in your transaction()-callback.');
      }
      const result = await promise;
      await transaction.commit();
      return result;
    } catch (error) {
      transaction.rollback();
      if (attempt === attempts || !isPassing(error)) throw error;
      backoff ??= new Backoff(firestore.wire);
      if ((error as { code?: unknown }).code === CODE.RESOURCE_EXHAUSTED) backoff.resetToLongest();
      await backoff.wait();
    }
  }
}

function isPassing(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (code === CODE.INVALID_ARGUMENT) return /transaction has expired/.test(String(message));
  return AGAIN.has(code);
}
