/**
 * The ledger, `deliveries/{id}`: who may work on a delivery, and how it went.
 *
 * Invariant: at every moment at most one worker holds an entry; what is recorded as final is never worked on again.
 */
import {
  FieldPath,
  FieldValue,
  Timestamp,
  type DocumentData,
  type Firestore,
  type QueryDocumentSnapshot,
  type Transaction,
  type UpdateData,
} from '@google-cloud/firestore';
import {
  LeaseLostError,
  type Claim,
  type Ending,
  type HeldEntry,
  type NewEntry,
  type RoundResult,
} from './ledger-entry';
import { COLLECTIONS } from '../store/collections';
import { NO_COUNTS, sumCounts, type Counts } from '../model/counts';
import type { DeliveryDocument, Resent } from './delivery-document';
import { isTransient, transact } from '../store/transact';

export interface LedgerOptions {
  readonly db: Firestore;
  readonly now: () => number;
  /** Makes a name for a worker's hold that no other has. */
  readonly newClaim: () => string;
  /** How long one worker may hold an entry: longer than any function may run. */
  readonly leaseMs: number;
  /** How long entries are kept. */
  readonly retentionMs: number;
  /** How an ending reads in the push document that asked for the delivery, which is `document` as it stands. */
  readonly endingInPush: (
    document: DocumentData,
    ending: Ending,
    at: Timestamp,
  ) => UpdateData<DocumentData>;
}

/** What a sweep knows of an entry that nobody holds any more. */
export interface AbandonedEntry {
  readonly id: string;
  /** When its lease ended, ms since 1970. */
  readonly leaseUntil: number;
}

/** An entry that waits for its next round. */
export interface WaitingEntry {
  readonly id: string;
  readonly round: number;
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
  async claim(id: string, { invalid = [], ...entry }: NewEntry): Promise<Claim> {
    const document: DeliveryDocument = {
      ...entry,
      ...this.untouched(),
      state: 'sending',
      leaseUntil: this.fromNow(this.options.leaseMs),
      ...(invalid.length === 0 ? {} : withInvalid(invalid)),
    };
    let lost: unknown;
    try {
      const writtenAt = await this.create(id, document);
      if (writtenAt !== undefined) return held(id, document, { isNew: true, writtenAt });
    } catch (error) {
      if (!isTransient(error)) throw error;
      lost = error;
    }
    // Mostly it is held or done: a plain read says so without locking out whoever works on it.
    const found = await this.ref(id).get();
    const data = found.data() as DeliveryDocument | undefined;
    if (data === undefined && lost !== undefined) throw lost as Error;
    // It was written, and the answer was lost on its way.
    if (data?.claim === document.claim && found.updateTime !== undefined) {
      return held(id, document, { isNew: true, writtenAt: found.updateTime });
    }
    return this.refusal(data) ?? this.takeOver(id);
  }

  /**
   * Takes an entry whose lease is over, or the retry it is waiting for if `round` names that.
   *
   * A task of an earlier round finds the round gone by and has nothing to do.
   */
  async takeOver(id: string, round?: number): Promise<Claim> {
    const ref = this.ref(id);
    const claim = this.options.newClaim();
    return transact<Claim>(this.options.db, async (transaction) => {
      const found = (await transaction.get(ref)).data() as DeliveryDocument | undefined;
      if (found === undefined) return { kind: 'done' };
      // The answer to this transaction's commit was lost, and it runs again.
      if (found.claim === claim) {
        return held(id, found, { isNew: false, inDoubt: found.attempts > 1 });
      }
      const refusal = this.refusal(found, round);
      if (refusal !== undefined) return refusal;
      const { retryAt: _begun, due: _dispatched, isUntouched = false, ...rest } = found;
      const document: DeliveryDocument = {
        ...rest,
        claim,
        attempts: found.attempts + 1,
        leaseUntil: this.fromNow(this.options.leaseMs),
      };
      transaction.update(ref, {
        claim,
        attempts: document.attempts,
        leaseUntil: document.leaseUntil,
        retryAt: FieldValue.delete(),
        due: FieldValue.delete(),
        isUntouched: FieldValue.delete(),
        updatedAt: this.fromNow(0),
      });
      return held(id, document, { isNew: false, inDoubt: document.attempts > 1 && !isUntouched });
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
    result: Pick<DeliveryDocument, 'counts' | 'reasons'> & { readonly error?: string },
  ): Promise<void> {
    await this.record(
      entry,
      {
        ...result,
        ...this.final(),
        ...this.undoubted(entry),
        state: 'done',
        sent: true,
        ...(entry.document.content === undefined ? {} : { content: FieldValue.delete() }),
        ...(entry.document.coverage?.kind === 'listed' ? { coverage: FieldValue.delete() } : {}),
      },
      result,
    );
  }

  /**
   * Records a round that left something to do at `retryAt` (ms since 1970): addresses to try again, recipients that were not
   * reached yet. The lease lasts until that is overdue. Returns the round's number, which its task has to name.
   *
   * @param due names a task that makes all retries of that name; else it needs its own.
   */
  async wait(
    entry: HeldEntry,
    {
      reached,
      ...result
    }: RoundResult & { readonly sent: boolean; readonly retryAt: number; readonly due?: string },
  ): Promise<number> {
    const round = entry.document.round + 1;
    await this.record(entry, {
      ...result,
      ...(reached === undefined ? {} : { reached }),
      round,
      attempts: 0,
      retryAt: Timestamp.fromMillis(result.retryAt),
      leaseUntil: Timestamp.fromMillis(result.retryAt + this.options.leaseMs),
      ...this.undoubted(entry),
      updatedAt: this.fromNow(0),
    });
    return round;
  }

  /**
   * Records one step of a round that goes on; a crash after that repeats nothing of it.
   *
   * @param inDoubt whether an earlier worker may have sent what comes next.
   */
  async progress(
    entry: HeldEntry,
    { reached, ...result }: RoundResult,
    inDoubt: boolean,
  ): Promise<HeldEntry> {
    const fields = { ...result, ...(reached === undefined ? {} : { reached }), attempts: 1 };
    const writtenAt = await this.record(entry, {
      ...fields,
      ...this.undoubted(entry),
      updatedAt: this.fromNow(0),
    });
    const { resent: _settled, ...document } = entry.document;
    return { ...after(entry, { ...document, ...fields }, writtenAt), inDoubt };
  }

  /** Notes, before it happens, that a part is sent again of which nobody knows whether it was sent before. */
  async noteResend(entry: HeldEntry, resent: Resent): Promise<HeldEntry> {
    const writtenAt = await this.record(entry, { resent, updatedAt: this.fromNow(0) });
    return after(entry, { ...entry.document, resent }, writtenAt);
  }

  /** Lets others take the entry over at once, after an error. `isUntouched`: nothing that was not recorded can have been sent. */
  async release(entry: HeldEntry, isUntouched: boolean): Promise<void> {
    await this.record(entry, {
      leaseUntil: this.fromNow(0),
      ...(isUntouched ? { isUntouched } : {}),
      updatedAt: this.fromNow(0),
    });
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

  /**
   * Makes an entry that nobody works on yet: its task may begin at once, as round 0, and the sweep has it resumed `overdueMs` later
   * if that task is lost. One that is there already stays as it is.
   */
  async prepare(id: string, entry: NewEntry, overdueMs: number): Promise<void> {
    await this.create(id, {
      ...entry,
      ...this.untouched(),
      state: 'sending',
      attempts: 0,
      retryAt: this.fromNow(0),
      leaseUntil: this.fromNow(overdueMs),
    });
  }

  /** Records that a delivery failed before it began. An entry that is there already stays as it is: its worker finishes it. */
  async fail(id: string, error: string, entry: Pick<NewEntry, 'type' | 'outbox'>): Promise<void> {
    await this.create(id, {
      ...entry,
      ...this.untouched(),
      state: 'failed',
      error,
      leaseUntil: this.fromNow(0),
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

  /** How many shards of a parent were begun; they are numbered from 0 without a gap. */
  async countShards(id: string): Promise<number> {
    return (await this.shardsOf(id).count().get()).data().count;
  }

  /** Finishes a parent whose shards are all final: its counts are their sum. Safe to call at any time, by anyone. Undefined while there is work. */
  async finishParent(id: string): Promise<Pick<DeliveryDocument, 'type' | 'counts'> | undefined> {
    const parent = await this.read(id);
    const coverage = parent?.coverage;
    if (parent?.state !== 'sending' || coverage === undefined || !('shards' in coverage)) return;
    const shards = this.shardsOf(id);
    const final = await shards.where('state', 'in', ['done', 'failed']).count().get();
    if (final.data().count < (coverage.shards ?? Infinity)) return;

    // Its own: recipients whose ids are none.
    let { counts, reasons } = parent;
    // Of more shards there are more reasons than a push document names.
    const isNamed = parent.outbox !== undefined && final.data().count <= FEW_SHARDS;
    const fields = isNamed ? ['counts', 'reasons'] : ['counts'];
    for await (const found of shards.select(...fields).stream()) {
      const shard = found as unknown as QueryDocumentSnapshot;
      counts = sumCounts([counts, shard.get('counts') as Counts]);
      if (isNamed) reasons = { ...reasons, ...(shard.get('reasons') as typeof reasons) };
    }
    return transact(this.options.db, async (transaction) => {
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
  async abandoned(limit: number): Promise<AbandonedEntry[]> {
    const snapshot = await this.options.db
      .collection(COLLECTIONS.deliveries)
      .where('state', '==', 'sending')
      .where('leaseUntil', '<', this.fromNow(0))
      .orderBy('leaseUntil')
      // An entry may be large, and hundreds of them more than an instance holds.
      .select('leaseUntil')
      .limit(limit)
      .get();
    return snapshot.docs.map((found) => ({
      id: found.id,
      leaseUntil: (found.get('leaseUntil') as Timestamp).toMillis(),
    }));
  }

  /** Retries that one task makes together, in order of id after `after`. */
  async dueTogether(due: string, after: string, limit: number): Promise<WaitingEntry[]> {
    let query = this.options.db
      .collection(COLLECTIONS.deliveries)
      .where('due', '==', due)
      .orderBy(FieldPath.documentId())
      .select('round')
      .limit(limit);
    if (after !== '') query = query.startAfter(after);
    const { docs } = await query.get();
    return docs.map((found) => ({ id: found.id, round: found.get('round') as number }));
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
   * Writes what this worker found, if it still holds the entry, and returns when, where no transaction was needed.
   *
   * An entry that nobody but this worker has written since needs no read: a precondition does.
   *
   * @throws {LeaseLostError} when another worker took the entry over.
   */
  private async record(
    entry: HeldEntry,
    fields: UpdateData<DocumentData>,
    ending?: Ending,
  ): Promise<Timestamp | undefined> {
    const { id, document, writtenAt } = entry;
    const ref = this.ref(id);
    if (writtenAt !== undefined && (document.outbox === undefined || ending === undefined)) {
      try {
        return (await ref.update(fields, { lastUpdateTime: writtenAt })).writeTime;
      } catch (error) {
        if (!hasCode(error, FAILED_PRECONDITION)) throw error;
        // Taken over, or written by this very call, whose answer was lost: the transaction tells.
      }
    }
    await transact(this.options.db, async (transaction) => {
      const found = (await transaction.get(ref)).data() as DeliveryDocument | undefined;
      if (found?.claim !== document.claim) throw new LeaseLostError(id);
      // Ended by this very call: the answer to its first try was lost.
      if (found.state !== 'sending') return;
      if (ending !== undefined) await this.tellOutbox(transaction, found, ending);
      transaction.update(ref, fields);
    });
    return undefined;
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
    const document = (await transaction.get(push)).data();
    if (document === undefined) return;
    transaction.update(push, this.options.endingInPush(document, ending, this.fromNow(0)));
  }

  private final() {
    return {
      leaseUntil: this.fromNow(0),
      retryAt: FieldValue.delete(),
      pending: [],
      updatedAt: this.fromNow(0),
    };
  }

  private undoubted({ document }: HeldEntry) {
    return document.resent === undefined ? {} : { resent: FieldValue.delete() };
  }

  /** What an entry says before anything was done. */
  private untouched() {
    return {
      claim: this.options.newClaim(),
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

  private shardsOf(id: string) {
    return this.options.db.collection(COLLECTIONS.deliveries).where('parent', '==', id);
  }

  private ref(id: string) {
    return this.options.db.collection(COLLECTIONS.deliveries).doc(id);
  }
}

function held(
  id: string,
  document: DeliveryDocument,
  how: Partial<HeldEntry> & Pick<HeldEntry, 'isNew'>,
): Claim {
  return { kind: 'held-by-us', entry: { id, document, inDoubt: false, ...how } };
}

/** The entry after this worker wrote it. */
function after(
  { writtenAt: _before, ...entry }: HeldEntry,
  document: DeliveryDocument,
  writtenAt: Timestamp | undefined,
): HeldEntry {
  return { ...entry, document, ...(writtenAt === undefined ? {} : { writtenAt }) };
}

/** Recipients whose ids are none have had their turn before anything is sent. */
function withInvalid(invalid: readonly string[]): Pick<DeliveryDocument, 'counts' | 'reasons'> {
  return {
    counts: { ...NO_COUNTS, recipients: invalid.length, unreachable: invalid.length },
    reasons: Object.fromEntries(invalid.map((described) => [described, 'invalid-id'])),
  };
}

function hasCode(error: unknown, code: number): boolean {
  return (error as { code?: unknown }).code === code;
}
