/**
 * The ledger, `deliveries/{id}`: who may work on a delivery, and how it went.
 *
 * Invariant: at every moment at most one worker holds an entry; what is recorded as final is never worked on again.
 */
import { FieldPath, FieldValue, Timestamp } from '@google-cloud/firestore';
import { NO_COUNTS } from '../model/counts';
import { ContentionError, isTransient } from '../store/transact';
import type { DeliveryDocument, Resends, Withheld } from './delivery-document';
import { hasTrouble, withRound } from './answers';
import { NO_DOUBT, type Doubt } from './doubt';
import type { Claim, FailedEntry, GivenUp, HeldEntry, NewEntry, RoundResult } from './ledger-entry';
import { LedgerDigests } from './ledger-digests';
import { LedgerHolds } from './ledger-holds';
import { LedgerNotes } from './ledger-notes';
import { LedgerOperator } from './ledger-operator';
import { LedgerSenders, notTold, stamped } from './ledger-senders';
import { LedgerShards } from './ledger-shards';
import { LedgerWithdrawals } from './ledger-withdrawals';
import { LedgerWrites, type LedgerOptions } from './ledger-writes';

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
  /** ms since 1970. */
  readonly createdAt: number;
}

/** Others who write an entry between this worker's reading and taking it, before it leaves the entry to them. */
const MAX_TAKE_OVERS = 10;

export class Ledger {
  /** Of parents: entries that are the sum of others. */
  readonly shards: LedgerShards;
  /** Of events for which there is no delivery. */
  readonly notes: LedgerNotes;
  /** Of what was gathered. */
  readonly digests: LedgerDigests;
  /** Of what quiet hours hold. */
  readonly holds: LedgerHolds;
  /** Of what is to be withdrawn from devices. */
  readonly withdrawals: LedgerWithdrawals;
  /** What people do with entries by hand. */
  readonly operator: LedgerOperator;
  /** How many people actors reached, and how often people are notified. */
  readonly senders: LedgerSenders;
  private readonly options: LedgerOptions;
  private readonly writes: LedgerWrites;

  constructor(options: LedgerOptions) {
    this.options = options;
    this.writes = new LedgerWrites(options);
    this.shards = new LedgerShards(options.collections.db, this.writes);
    this.notes = new LedgerNotes(this.writes);
    this.digests = new LedgerDigests(this.writes, options.leaseMs);
    this.holds = new LedgerHolds(this.writes.entries);
    this.withdrawals = new LedgerWithdrawals(this.writes);
    this.operator = new LedgerOperator(options.collections.db, this.writes);
    this.senders = new LedgerSenders(this.writes, options.leaseMs);
  }

  /** Makes the entry, in one write and no read, or says why this worker may not begin. */
  async claim(id: string, { invalid = [], sender, ...entry }: NewEntry): Promise<Claim> {
    const document: DeliveryDocument = {
      ...entry,
      ...this.writes.untouched(entry),
      state: 'sending',
      leaseUntil: this.writes.fromNow(this.options.leaseMs),
      ...(invalid.length === 0 ? {} : withInvalid(invalid)),
    };
    let lost: unknown;
    try {
      const writtenAt = await this.writes.create(id, { ...document, ...stamped(sender) });
      if (writtenAt !== undefined) {
        const known = sender === undefined ? {} : { sender: { ...sender, at: writtenAt } };
        return held(id, { ...document, ...known }, { isNew: true, writtenAt });
      }
    } catch (error) {
      if (!isTransient(error)) throw error;
      lost = error;
    }
    // Mostly it is held or done: a plain read says so without locking out whoever works on it.
    const found = await this.writes.ref(id).get();
    const data = found.data() as DeliveryDocument | undefined;
    if (data === undefined && lost !== undefined) throw lost as Error;
    // It was written, and the answer was lost on its way.
    if (data?.claim === document.claim && found.updateTime !== undefined) {
      return held(id, data, { isNew: true, writtenAt: found.updateTime });
    }
    return this.refusal(data) ?? this.takeOver(id);
  }

  /**
   * Takes an entry whose lease is over, or the retry it is waiting for if `round` names that.
   *
   * A task of an earlier round finds the round gone by and has nothing to do. No transaction: two who come at once would lock each
   * other out for seconds, while a precondition lets the first through and tells the other.
   */
  async takeOver(id: string, round?: number): Promise<Claim> {
    const claim = this.options.newClaim();
    let lost: unknown;
    for (let tries = 0; tries < MAX_TAKE_OVERS; tries += 1) {
      const snapshot = await this.writes.ref(id).get();
      const { updateTime: readAt } = snapshot;
      const found = snapshot.data() as DeliveryDocument | undefined;
      if (found === undefined || readAt === undefined) return { kind: 'done' };
      // It was written, and the answer was lost on its way.
      if (found.claim === claim) {
        const how = { isNew: false, inDoubt: found.attempts > 1, writtenAt: readAt };
        return held(id, found, how);
      }
      const refusal = this.refusal(found, round);
      if (refusal !== undefined) return refusal;
      const { retryAt: _begun, due: _dispatched, isUntouched = false, ...rest } = found;
      const hold = {
        claim,
        attempts: found.attempts + 1,
        leaseUntil: this.writes.fromNow(this.options.leaseMs),
      };
      const inDoubt = hold.attempts > 1 && !isUntouched;
      const { sender } = found;
      // It waited for the budget of whoever caused it: it takes its place among their events anew.
      const isWaiting = sender !== undefined && sender.at === undefined;
      const writtenAt = await this.writes
        .amend(id, readAt, {
          ...hold,
          retryAt: FieldValue.delete(),
          due: FieldValue.delete(),
          isUntouched: FieldValue.delete(),
          ...(isWaiting ? { 'sender.at': FieldValue.serverTimestamp() } : {}),
          updatedAt: this.writes.fromNow(0),
        })
        .catch((error: unknown) => {
          if (!isTransient(error)) throw error;
          lost = error;
          return undefined;
        });
      if (writtenAt !== undefined) {
        const known = isWaiting ? { sender: { ...sender, at: writtenAt } } : {};
        return held(id, { ...rest, ...hold, ...known }, { isNew: false, inDoubt, writtenAt });
      }
    }
    throw new ContentionError(MAX_TAKE_OVERS, lost);
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

  /**
   * Gives an entry what to send and to whom, which could not be composed before.
   *
   * Recipients who are not in the entry itself are composed once more by whoever comes after a crash, until their lists are written.
   */
  async fill(
    entry: HeldEntry,
    { invalid = [], sender: _asked, ...composed }: NewEntry,
  ): Promise<Claim> {
    const fields = { ...composed, ...(invalid.length === 0 ? {} : withInvalid(invalid)) };
    const isWhole = composed.coverage.kind !== 'hashed-shards';
    const writtenAt = await this.writes.record(entry, {
      ...fields,
      ...(isWhole ? { recompose: FieldValue.delete() } : {}),
      updatedAt: this.writes.fromNow(0),
    });
    const { recompose: _done, ...rest } = entry.document;
    return {
      kind: 'held-by-us',
      entry: { ...after(entry, { ...rest, ...fields }, writtenAt), isNew: true },
    };
  }

  /** Records a finished entry; what was needed only to work on it is deleted, unless something failed, which could be sent again. */
  async finish(
    entry: HeldEntry,
    {
      reached: _all,
      ...result
    }: RoundResult & { readonly error?: string; readonly withheld?: Withheld },
  ): Promise<void> {
    const { content, coverage, recompose } = entry.document;
    const isTrouble = hasTrouble(result.counts, result.codes);
    await this.writes.record(
      entry,
      {
        ...result,
        ...this.writes.final(),
        ...this.writes.foundAtEnd(entry, isTrouble ? ['trouble'] : [], result.reasons),
        ...notTold(entry, result),
        ...resendsAfter(entry, NO_DOUBT),
        state: 'done',
        sent: true,
        ...(recompose === undefined ? {} : { recompose: FieldValue.delete() }),
        ...(content === undefined || isTrouble ? {} : { content: FieldValue.delete() }),
        ...(coverage?.kind !== 'listed' || isTrouble ? {} : { coverage: FieldValue.delete() }),
      },
      result,
    );
  }

  /**
   * Records a round that left something to do at `retryAt` (ms since 1970): addresses to try again, recipients that were not
   * reached yet. The lease lasts until that is overdue. Returns the round's number, which its task has to name.
   *
   * @param due names a task that makes all retries of that name; else it needs its own.
   * @param keys by which it is found besides: see `collapse.ts`.
   */
  async wait(
    entry: HeldEntry,
    {
      reached,
      keys,
      ...result
    }: RoundResult & {
      readonly sent: boolean;
      readonly retryAt: number;
      readonly due?: string;
      readonly keys?: readonly string[];
    },
    doubt: Doubt,
  ): Promise<number> {
    const round = entry.document.round + 1;
    const { pending } = result;
    const at = this.options.now();
    const [first] = pending;
    const note = {
      at,
      waiting: pending.length,
      ...(first === undefined ? {} : { code: first.code }),
      dueAt: result.retryAt,
    };
    await this.writes.record(entry, {
      ...result,
      ...this.writes.found(entry, first === undefined ? ['open'] : ['open', 'waiting'], keys),
      ...(reached === undefined ? {} : { reached }),
      round,
      rounds: withRound(entry.document.rounds ?? [], note),
      // One more makes two: whoever takes it over then knows that there was somebody before.
      attempts: doubt.inDoubt ? 1 : 0,
      retryAt: Timestamp.fromMillis(result.retryAt),
      leaseUntil: Timestamp.fromMillis(result.retryAt + this.options.leaseMs),
      expiresAt: this.writes.keptFor(entry.document, result.retryAt),
      ...resendsAfter(entry, doubt),
      updatedAt: this.writes.fromNow(0),
    });
    return round;
  }

  /** Records one step of a round that goes on; a crash after that repeats nothing of it. */
  async progress(
    entry: HeldEntry,
    { reached, ...result }: RoundResult,
    doubt: Doubt,
  ): Promise<HeldEntry> {
    const fields = { ...result, ...(reached === undefined ? {} : { reached }), attempts: 1 };
    const writtenAt = await this.writes.record(entry, {
      ...fields,
      ...resendsAfter(entry, doubt),
      updatedAt: this.writes.fromNow(0),
    });
    const { resends: _before, ...rest } = entry.document;
    const { inDoubt, resends } = doubt;
    const document = { ...rest, ...fields, ...(resends === undefined ? {} : { resends }) };
    return { ...after(entry, document, writtenAt), inDoubt };
  }

  /** Notes, before it happens, that a part is sent again of which nobody knows whether it was sent before. */
  async noteResends(entry: HeldEntry, resends: Resends): Promise<HeldEntry> {
    const writtenAt = await this.writes.record(entry, {
      resends,
      updatedAt: this.writes.fromNow(0),
    });
    return after(entry, { ...entry.document, resends }, writtenAt);
  }

  /** Lets others take the entry over at once, after an error. `isUntouched`: nothing that was not recorded can have been sent. */
  async release(entry: HeldEntry, isUntouched: boolean): Promise<void> {
    await this.writes.record(entry, {
      leaseUntil: this.writes.fromNow(0),
      ...(isUntouched ? { isUntouched } : {}),
      updatedAt: this.writes.fromNow(0),
    });
  }

  /**
   * Records an entry that is given up. What to send is kept, unless it is itself the cause: once that is mended, it can be sent to
   * whoever was not reached.
   */
  async giveUp(
    entry: HeldEntry,
    { error, errorCode, ...result }: GivenUp & Omit<RoundResult, 'pending' | 'reached'>,
  ): Promise<void> {
    await this.writes.record(
      entry,
      {
        ...result,
        ...this.writes.final(),
        ...this.writes.foundAtEnd(entry, ['trouble'], result.reasons),
        ...notTold(entry, { ...result, isFailed: true }),
        state: 'failed',
        error,
        errorCode,
        ...(errorCode === 'PAYLOAD_TOO_LARGE' ? { content: FieldValue.delete() } : {}),
      },
      { ...result, error },
    );
  }

  /**
   * Makes an entry that nobody works on yet: its task may begin at once, as round 0, and the sweep has it resumed `overdueMs` later
   * if that task is lost. One that is there already stays as it is.
   */
  async prepare(id: string, entry: NewEntry, overdueMs: number): Promise<void> {
    await this.writes.create(id, {
      ...entry,
      ...this.writes.untouched(entry),
      state: 'sending',
      attempts: 0,
      retryAt: this.writes.fromNow(0),
      leaseUntil: this.writes.fromNow(overdueMs),
    });
  }

  /** Records that a delivery failed before it began. An entry that is there already stays as it is: its worker finishes it. */
  async fail(id: string, entry: FailedEntry): Promise<void> {
    const document: DeliveryDocument = {
      ...entry,
      ...this.writes.untouched({}),
      state: 'failed',
      leaseUntil: this.writes.fromNow(0),
    };
    await this.writes.createEnded(id, document, { ...document, error: entry.error });
  }

  /** The entry as it stands. */
  async read(id: string): Promise<DeliveryDocument | undefined> {
    return (await this.writes.ref(id).get()).data() as DeliveryDocument | undefined;
  }

  /** Entries that nobody holds any more although they are not final, the longest abandoned first. */
  async abandoned(limit: number): Promise<AbandonedEntry[]> {
    const snapshot = await this.writes.entries
      .where('state', '==', 'sending')
      .where('leaseUntil', '<', this.writes.fromNow(0))
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
    let query = this.writes.entries
      .where('due', '==', due)
      .orderBy(FieldPath.documentId())
      .select('round', 'createdAt')
      .limit(limit);
    if (after !== '') query = query.startAfter(after);
    const { docs } = await query.get();
    return docs.map((found) => ({
      id: found.id,
      round: found.get('round') as number,
      createdAt: (found.get('createdAt') as Timestamp).toMillis(),
    }));
  }
}

/** What was sent again is noted for as long as it is in doubt. */
function resendsAfter({ document }: HeldEntry, { resends }: Doubt) {
  return document.resends === undefined ? {} : { resends: resends ?? FieldValue.delete() };
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

/** Recipients whose ids are not valid have had their turn before anything is sent. */
function withInvalid(invalid: readonly string[]): Pick<DeliveryDocument, 'counts' | 'reasons'> {
  return {
    counts: { ...NO_COUNTS, recipients: invalid.length, unreachable: invalid.length },
    reasons: Object.fromEntries(invalid.map((described) => [described, 'invalid-id'])),
  };
}
