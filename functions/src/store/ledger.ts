/**
 * The ledger, `deliveries/{id}`: who may work on a delivery, and how it went.
 *
 * Invariant: at every moment at most one worker holds an entry; what is recorded as final is never worked on again.
 */
import {
  FieldValue,
  Timestamp,
  type DocumentData,
  type Firestore,
  type QueryDocumentSnapshot,
  type Transaction,
  type UpdateData,
} from '@google-cloud/firestore';
import { LostHoldError, type Claim, type HeldEntry, type NewEntry } from './ledger-entry';
import { endingOfPush, type Ending } from './push-ending';
import { COLLECTIONS, NO_COUNTS, sumCounts, type Counts, type DeliveryDocument } from './schema';

export interface LedgerOptions {
  readonly db: Firestore;
  readonly now: () => number;
  /** How long one worker may hold an entry: longer than any function may run. */
  readonly leaseMs: number;
  /** How long entries are kept. */
  readonly retentionMs: number;
}

/** Shards whose reasons are gathered for a push document. */
const FEW_SHARDS = 2;
/** Firestore's refusals, as gRPC statuses. */
const ALREADY_EXISTS = 6;
const FAILED_PRECONDITION = 9;

export class Ledger {
  private readonly options: LedgerOptions;

  constructor(options: LedgerOptions) {
    this.options = options;
  }

  /** Makes the entry, in one write and no read, or says why this worker may not begin. */
  async claim(id: string, entry: NewEntry): Promise<Claim> {
    const document: DeliveryDocument = {
      ...entry,
      state: 'sending',
      leaseUntil: this.fromNow(this.options.leaseMs),
      ...this.untouched(),
    };
    const createdAt = await this.create(id, document);
    if (createdAt !== undefined) {
      return { kind: 'held-by-us', entry: { id, document, createdAt } };
    }
    // Mostly it is held or done: a plain read says so without locking out whoever works on it.
    return this.refusal(await this.read(id)) ?? this.takeOver(id);
  }

  /**
   * Takes an entry whose lease is over, or the retry it is waiting for if `round` names that.
   *
   * A task of an earlier round finds the round gone by and has nothing to do.
   */
  async takeOver(id: string, round?: number): Promise<Claim> {
    const ref = this.ref(id);
    return this.options.db.runTransaction<Claim>(async (transaction) => {
      const found = (await transaction.get(ref)).data() as DeliveryDocument | undefined;
      if (found === undefined) return { kind: 'done' };
      const refusal = this.refusal(found, round);
      if (refusal !== undefined) return refusal;
      const { retryAt: _begun, ...rest } = found;
      const document: DeliveryDocument = {
        ...rest,
        attempts: found.attempts + 1,
        leaseUntil: this.fromNow(this.options.leaseMs),
      };
      transaction.update(ref, {
        attempts: document.attempts,
        leaseUntil: document.leaseUntil,
        retryAt: FieldValue.delete(),
        updatedAt: this.fromNow(0),
      });
      return { kind: 'held-by-us', entry: { id, document } };
    });
  }

  /** Why an entry cannot be taken over now; undefined if it can. */
  private refusal(found: DeliveryDocument | undefined, round?: number): Claim | undefined {
    if (found?.state !== 'sending') return { kind: 'done' };
    if (round !== undefined && found.round !== round) return { kind: 'done' };
    const isOurRetry = round !== undefined && found.retryAt !== undefined;
    const leaseUntil = found.leaseUntil.toMillis();
    if (isOurRetry || leaseUntil <= this.options.now()) return undefined;
    return { kind: 'held-by-other', until: leaseUntil };
  }

  /** Records a finished entry; what was needed only to work on it is deleted. */
  async finish(
    entry: HeldEntry,
    result: Pick<DeliveryDocument, 'counts' | 'reasons'>,
  ): Promise<void> {
    await this.record(
      entry,
      {
        ...result,
        ...this.final(),
        state: 'done',
        sent: true,
        ...(entry.document.content === undefined ? {} : { content: FieldValue.delete() }),
        ...(entry.document.coverage?.kind === 'listed' ? { coverage: FieldValue.delete() } : {}),
      },
      result,
    );
  }

  /** Records a round after which some addresses wait for a retry; the lease lasts until that is overdue. */
  async wait(
    entry: HeldEntry,
    result: Pick<DeliveryDocument, 'counts' | 'reasons' | 'pending'> & { readonly retryAt: number },
  ): Promise<number> {
    const round = entry.document.round + 1;
    await this.record(entry, {
      ...result,
      sent: true,
      round,
      attempts: 0,
      retryAt: Timestamp.fromMillis(result.retryAt),
      leaseUntil: Timestamp.fromMillis(result.retryAt + this.options.leaseMs),
      updatedAt: this.fromNow(0),
    });
    return round;
  }

  /** Records an entry that is given up; what it still had to do is deleted. */
  async giveUp(
    entry: HeldEntry,
    error: string,
    result: Pick<DeliveryDocument, 'counts' | 'reasons'>,
  ): Promise<void> {
    await this.record(
      entry,
      { ...result, ...this.final(), state: 'failed', error, content: FieldValue.delete() },
      { ...result, error },
    );
  }

  /** Records that a delivery failed before it began. An entry that is there already stays as it is: its worker finishes it. */
  async fail(id: string, error: string, entry: Pick<NewEntry, 'type' | 'function'>): Promise<void> {
    await this.create(id, {
      ...entry,
      state: 'failed',
      error,
      leaseUntil: this.fromNow(0),
      ...this.untouched(),
    });
  }

  /** The entry as it stands. */
  async read(id: string): Promise<DeliveryDocument | undefined> {
    return (await this.ref(id).get()).data() as DeliveryDocument | undefined;
  }

  /** Leaves a parent to its shards: no worker holds it for `forMs`, and the sweep looks at it afterwards. */
  async leaveToShards(id: string, forMs: number, shards?: number): Promise<void> {
    await this.ref(id).update({
      sent: true,
      leaseUntil: this.fromNow(forMs),
      updatedAt: this.fromNow(0),
      ...(shards === undefined ? {} : { 'coverage.shards': shards }),
    });
  }

  /** Finishes a parent whose shards are all final: its counts are their sum. Safe to call at any time, by anyone. Undefined while there is work. */
  async finishParent(id: string): Promise<Pick<DeliveryDocument, 'type' | 'counts'> | undefined> {
    const parent = await this.read(id);
    const coverage = parent?.coverage;
    if (parent?.state !== 'sending' || coverage === undefined || !('shards' in coverage)) return;
    const shards = this.options.db.collection(COLLECTIONS.deliveries).where('parent', '==', id);
    const final = await shards.where('state', 'in', ['done', 'failed']).count().get();
    if (final.data().count < (coverage.shards ?? Infinity)) return;

    let counts = NO_COUNTS;
    let reasons: Record<string, string> = {};
    // Of more shards there are more reasons than a push document names.
    const isNamed = parent.outbox !== undefined && final.data().count <= FEW_SHARDS;
    const fields = isNamed ? ['counts', 'reasons'] : ['counts'];
    for await (const found of shards.select(...fields).stream()) {
      const shard = found as unknown as QueryDocumentSnapshot;
      counts = sumCounts([counts, shard.get('counts') as Counts]);
      if (isNamed) reasons = { ...reasons, ...(shard.get('reasons') as typeof reasons) };
    }
    return this.options.db.runTransaction(async (transaction) => {
      const found = (await transaction.get(this.ref(id))).data() as DeliveryDocument | undefined;
      if (found?.state !== 'sending') return undefined;
      await this.tellOutbox(transaction, found, { counts, reasons });
      transaction.update(this.ref(id), {
        ...this.final(),
        state: 'done',
        counts,
        content: FieldValue.delete(),
      });
      return { type: found.type, counts };
    });
  }

  /** Entries that nobody holds any more although they are not final, the longest abandoned first. */
  async abandoned(limit: number): Promise<HeldEntry[]> {
    const snapshot = await this.options.db
      .collection(COLLECTIONS.deliveries)
      .where('state', '==', 'sending')
      .where('leaseUntil', '<', this.fromNow(0))
      .orderBy('leaseUntil')
      .limit(limit)
      .get();
    return snapshot.docs.map((found) => ({
      id: found.id,
      document: found.data() as DeliveryDocument,
    }));
  }

  /** Makes the entry and returns when; undefined if there is one already. */
  private async create(id: string, document: DeliveryDocument): Promise<Timestamp | undefined> {
    try {
      return (await this.ref(id).create(document)).writeTime;
    } catch (error) {
      if (hasCode(error, ALREADY_EXISTS)) return undefined;
      throw error;
    }
  }

  /**
   * Writes what this worker found, if it still holds the entry.
   *
   * An entry that it made itself is as it was left, so a precondition does, without a read; one that it took over is known
   * by its round and attempt.
   *
   * @throws {LostHoldError} when another worker took the entry over.
   */
  private async record(
    entry: HeldEntry,
    fields: UpdateData<DocumentData>,
    ending?: Ending,
  ): Promise<void> {
    const { id, document, createdAt } = entry;
    const ref = this.ref(id);
    if (createdAt !== undefined && document.outbox === undefined) {
      try {
        await ref.update(fields, { lastUpdateTime: createdAt });
        return;
      } catch (error) {
        if (hasCode(error, FAILED_PRECONDITION)) throw new LostHoldError(id);
        throw error;
      }
    }
    await this.options.db.runTransaction(async (transaction) => {
      const found = (await transaction.get(ref)).data() as DeliveryDocument | undefined;
      const isHeld =
        found?.state === 'sending' &&
        found.round === document.round &&
        found.attempts === document.attempts;
      if (!isHeld) throw new LostHoldError(id);
      if (ending !== undefined) await this.tellOutbox(transaction, found, ending);
      transaction.update(ref, fields);
    });
  }

  /** Writes to the push document, in the transaction that ends its delivery: no crash can come between the two. */
  private async tellOutbox(
    transaction: Transaction,
    { outbox }: DeliveryDocument,
    ending: Ending,
  ): Promise<void> {
    if (outbox === undefined) return;
    const push = this.options.db.collection(COLLECTIONS.pushes).doc(outbox);
    // Somebody may have deleted it meanwhile: then nobody wants to know.
    if (!(await transaction.get(push)).exists) return;
    transaction.update(push, { ...endingOfPush(ending, this.fromNow(0)) });
  }

  private final() {
    return {
      leaseUntil: this.fromNow(0),
      retryAt: FieldValue.delete(),
      pending: [],
      updatedAt: this.fromNow(0),
    };
  }

  /** What an entry says before anything was done. */
  private untouched() {
    return {
      attempts: 1,
      sent: false,
      pending: [],
      round: 0,
      counts: NO_COUNTS,
      reasons: {},
      createdAt: this.fromNow(0),
      updatedAt: this.fromNow(0),
      expiresAt: this.fromNow(this.options.retentionMs),
    };
  }

  private fromNow(ms: number): Timestamp {
    return Timestamp.fromMillis(this.options.now() + ms);
  }

  private ref(id: string) {
    return this.options.db.collection(COLLECTIONS.deliveries).doc(id);
  }
}

function hasCode(error: unknown, code: number): boolean {
  return (error as { code?: unknown }).code === code;
}
