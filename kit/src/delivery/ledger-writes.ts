/**
 * How an entry of the ledger is made and written: by the worker that holds it, and nobody else; what ends it is told to the push
 * document that asked for it, in the same write.
 */
import {
  FieldValue,
  Timestamp,
  type CollectionReference,
  type DocumentData,
  type DocumentReference,
  type Transaction,
  type UpdateData,
} from '@google-cloud/firestore';
import { NO_COUNTS } from '../model/counts';
import { nameInMap } from '../model/describe-value';
import { own } from '../model/own';
import type { Collections } from '../store/collections';
import { hasStatus, STATUS } from '../store/firestore-errors';
import { transact } from '../store/transact';
import { LARGE_KEPT_MS } from './attempts';
import { isSpread } from './coverage';
import type { Coverage, DeliveryDocument, NoteDocument } from './delivery-document';
import { inGroups, withTold } from './find-by';
import { LeaseLostError, type Ending, type HeldEntry } from './ledger-entry';

export interface LedgerOptions {
  readonly collections: Collections;
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

export class LedgerWrites {
  private readonly options: LedgerOptions;

  constructor(options: LedgerOptions) {
    this.options = options;
  }

  /** Makes the entry and returns when; undefined if there is one already. */
  async create(
    id: string,
    document: DeliveryDocument | NoteDocument,
  ): Promise<Timestamp | undefined> {
    try {
      return (await this.ref(id).create(document)).writeTime;
    } catch (error) {
      if (hasStatus(error, STATUS.ALREADY_EXISTS)) return undefined;
      throw error;
    }
  }

  /** Makes an entry that is at its end from the beginning, and tells the push document so; one that is there already stays as it is. */
  async createEnded(id: string, document: DeliveryDocument, ending: Ending): Promise<void> {
    if (document.outbox === undefined) {
      await this.create(id, document);
      return;
    }
    const ref = this.ref(id);
    await transact(this.options.collections.db, async (transaction) => {
      if ((await transaction.get(ref)).exists) return;
      await this.tellOutbox(transaction, document, ending);
      transaction.create(ref, document);
    });
  }

  /** Changes an entry that still is as it was read at `readAt`, and returns when; undefined if somebody has written it since. */
  async amend(
    id: string,
    readAt: Timestamp,
    fields: UpdateData<DocumentData>,
  ): Promise<Timestamp | undefined> {
    try {
      return (await this.ref(id).update(fields, { lastUpdateTime: readAt })).writeTime;
    } catch (error) {
      if (hasStatus(error, STATUS.FAILED_PRECONDITION, STATUS.NOT_FOUND)) return undefined;
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
  async record(
    entry: HeldEntry,
    fields: UpdateData<DocumentData>,
    ending?: Ending,
  ): Promise<Timestamp | undefined> {
    const { id, document, writtenAt } = entry;
    const ref = this.ref(id);
    if (writtenAt !== undefined && (document.outbox === undefined || ending === undefined)) {
      const writtenNow = await this.amend(id, writtenAt, fields);
      if (writtenNow !== undefined) return writtenNow;
      // Taken over, or written by this very call, whose answer was lost: the transaction tells.
    }
    await transact(this.options.collections.db, async (transaction) => {
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
  async tellOutbox(
    transaction: Transaction,
    { outbox }: DeliveryDocument,
    ending: Ending,
  ): Promise<void> {
    if (outbox === undefined) return;
    const push = this.options.collections.pushes.doc(outbox);
    // Somebody may have deleted it meanwhile: then nobody wants to know.
    const document = (await transaction.get(push)).data();
    if (document === undefined) return;
    transaction.update(push, this.options.endingInPush(document, ending, this.fromNow(0)));
  }

  /** What is said of an entry that ends; what was needed only to work on it goes. */
  final() {
    return {
      leaseUntil: this.fromNow(0),
      retryAt: FieldValue.delete(),
      pending: [],
      updatedAt: this.fromNow(0),
    };
  }

  /**
   * By what an entry is found from now on; nothing for one of an earlier version, which is not found by anything.
   *
   * @param keys further ones.
   */
  found(
    { id, document: { findBy } }: Pick<HeldEntry, 'id' | 'document'>,
    groups: Parameters<typeof inGroups>[2],
    keys: readonly string[] = [],
  ) {
    if (findBy === undefined) return {};
    return { findBy: [...new Set([...inGroups(findBy, id, groups), ...keys])] };
  }

  /** By what an entry is found at its end. @param reasons of its people. */
  foundAtEnd(
    { id, document }: Pick<HeldEntry, 'id' | 'document'>,
    groups: Parameters<typeof inGroups>[2],
    reasons: DeliveryDocument['reasons'],
  ) {
    const { findBy, coverage } = document;
    const uids = coverage?.kind === 'listed' ? coverage.uids : [];
    const told = uids.filter((uid) => own(reasons, nameInMap(uid))?.includes('delivered'));
    const kept = findBy === undefined ? {} : { findBy: withTold(findBy, told) };
    return this.found({ id, document: { ...document, ...kept } }, groups);
  }

  /** What an entry says before anything was done. */
  untouched({ coverage, parent }: { readonly coverage?: Coverage; readonly parent?: string }) {
    const isLarge = parent !== undefined || isSpread(coverage);
    return {
      claim: this.options.newClaim(),
      attempts: 1,
      sent: false,
      pending: [],
      round: 0,
      counts: NO_COUNTS,
      reasons: {},
      ...this.written(isLarge ? LARGE_KEPT_MS : 0),
    };
  }

  /** When an entry was made, and how long it is kept. @param leastMs however soon others go. */
  written(leastMs = 0) {
    return {
      createdAt: this.fromNow(0),
      updatedAt: this.fromNow(0),
      expiresAt: this.fromNow(Math.max(this.options.retentionMs, leastMs)),
    };
  }

  /** How long an entry is kept that waits until `retryAt`, ms since 1970: what waits is not to be deleted before its turn. */
  keptFor({ expiresAt }: Pick<DeliveryDocument, 'expiresAt'>, retryAt: number): Timestamp {
    const until = retryAt + this.options.retentionMs;
    return Timestamp.fromMillis(Math.max(expiresAt.toMillis(), until));
  }

  /** A name for a hold that no other has. */
  newClaim(): string {
    return this.options.newClaim();
  }

  /** So many milliseconds from now. */
  fromNow(ms: number): Timestamp {
    return Timestamp.fromMillis(this.options.now() + ms);
  }

  ref(id: string): DocumentReference {
    return this.entries.doc(id);
  }

  get entries(): CollectionReference {
    return this.options.collections.deliveries;
  }
}
