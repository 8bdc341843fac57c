/**
 * A parent in the ledger and its shards: the parent is nobody's to work on, and is done when all of them are.
 */
import { FieldValue, type Firestore, type QueryDocumentSnapshot } from '@google-cloud/firestore';
import { sumCounts, type Counts } from '../model/counts';
import { transact } from '../store/transact';
import { hasTrouble, sumCodes } from './answers';
import { isSpread } from './coverage';
import type { DeliveryDocument } from './delivery-document';
import { notTold } from './ledger-senders';
import type { LedgerWrites } from './ledger-writes';

/** Shards whose reasons are gathered for a push document. */
const FEW_SHARDS = 2;

export class LedgerShards {
  private readonly db: Firestore;
  private readonly writes: LedgerWrites;

  constructor(db: Firestore, writes: LedgerWrites) {
    this.db = db;
    this.writes = writes;
  }

  /** Leaves a parent to its shards: no worker holds it for `forMs`, and the sweep looks at it afterwards. */
  async leave(id: string, forMs: number, shards?: number): Promise<void> {
    await this.writes.ref(id).update({
      sent: true,
      recompose: FieldValue.delete(),
      leaseUntil: this.writes.fromNow(forMs),
      updatedAt: this.writes.fromNow(0),
      ...(shards === undefined ? {} : { 'coverage.shards': shards }),
    });
  }

  /** How many shards of a parent were begun; they are numbered from 0 without a gap. */
  async count(id: string): Promise<number> {
    return (await this.shardsOf(id).count().get()).data().count;
  }

  /** Finishes a parent whose shards are all final: its counts are their sum. Safe to call at any time, by anyone. Undefined while there is work. */
  async finish(id: string): Promise<DeliveryDocument | undefined> {
    const parent = (await this.writes.ref(id).get()).data() as DeliveryDocument | undefined;
    const coverage = parent?.coverage;
    if (parent?.state !== 'sending' || !isSpread(coverage)) return undefined;
    const shards = this.shardsOf(id);
    const final = shards.where('state', 'in', ['done', 'failed']).count();
    const { count } = (await final.get()).data();
    if (count < (coverage.shards ?? Infinity)) return undefined;
    // Of a page that was dispatched twice another can be behind the last one, so that their number alone does not tell.
    const open = shards.where('state', '==', 'sending').count();
    if ((await open.get()).data().count > 0) return undefined;

    // Its own: recipients whose ids are not valid.
    let { counts, reasons, codes = {} } = parent;
    let isTrouble = false;
    // Of more shards there are more reasons than a push document names.
    const isNamed = parent.outbox !== undefined && count <= FEW_SHARDS;
    const fields = ['counts', 'codes', 'state', ...(isNamed ? ['reasons'] : [])];
    for await (const found of shards.select(...fields).stream()) {
      const shard = found as unknown as QueryDocumentSnapshot;
      const own = shard.get('counts') as Counts;
      const ownCodes = (shard.get('codes') ?? {}) as typeof codes;
      counts = sumCounts([counts, own]);
      codes = sumCodes([codes, ownCodes]);
      isTrouble ||= shard.get('state') === 'failed' || hasTrouble(own, ownCodes);
      if (isNamed) reasons = { ...reasons, ...(shard.get('reasons') as typeof reasons) };
    }
    return transact(this.db, async (transaction) => {
      const found = (await transaction.get(this.writes.ref(id))).data() as
        DeliveryDocument | undefined;
      if (found?.state !== 'sending') return undefined;
      // An operator may have had some sent again since they were added up: those who do that end it.
      if (found.claim !== parent.claim) return undefined;
      if ((await transaction.get(final)).data().count < count) return undefined;
      if ((await transaction.get(open)).data().count > 0) return undefined;
      await this.writes.tellOutbox(transaction, found, { counts, reasons });
      transaction.update(this.writes.ref(id), {
        ...this.writes.final(),
        ...this.writes.found({ id, document: found }, isTrouble ? ['trouble'] : []),
        ...notTold({ document: found }, { counts }),
        state: 'done',
        counts,
        codes,
        // What shards could send again stands here.
        ...(isTrouble ? {} : { content: FieldValue.delete() }),
      });
      return { ...found, state: 'done', counts, codes };
    });
  }

  private shardsOf(id: string) {
    return this.writes.entries.where('parent', '==', id);
  }
}
