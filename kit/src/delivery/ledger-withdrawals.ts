/**
 * What the ledger tells whoever withdraws a push: which delivery was of a document, and whom it has reached.
 */
import type { RecipientSource } from '../model/notification/recipients';
import type { DeliveryDocument, NoteDocument } from './delivery-document';
import { documentKey } from './find-by';
import { entriesBy } from './ledger-search';
import type { LedgerWrites } from './ledger-writes';
import { isUnderWay, reachedBy, sourceReachedBy, usersIn, type Reached } from './withdrawal';

/** A document of the app's, from its creation to its deletion, ms since 1970. */
export interface Life {
  readonly path: string;
  /** Undefined where the event did not say. */
  readonly from: number | undefined;
  readonly until: number;
}

export interface FoundDelivery {
  readonly id: string;
  readonly document: DeliveryDocument;
}

/** An instance's clock and Firestore's may differ by so much, ms. */
const SKEW_MS = 60_000;
/** An event's time and the creation that it tells of may, ms. */
const EVENT_SKEW_MS = 1_000;

export class LedgerWithdrawals {
  private readonly writes: LedgerWrites;

  constructor(writes: LedgerWrites) {
    this.writes = writes;
  }

  /** The delivery of this kind that told of the document's creation; one query. A document of the same path, before or after, has its own. */
  async ofCreation(type: string, { path, from, until }: Life): Promise<FoundDelivery | undefined> {
    const window = from === undefined ? {} : { since: from - SKEW_MS };
    const { docs } = await entriesBy(this.writes.entries, [documentKey(path)], window).get();
    const earliest = (from ?? 0) - EVENT_SKEW_MS;
    return docs
      .map((found) => ({ id: found.id, document: found.data() as DeliveryDocument | NoteDocument }))
      .filter((found): found is FoundDelivery => {
        const { document } = found;
        if (document.state === 'noted' || 'withdraws' in document) return false;
        const at = (document.eventAt ?? document.createdAt).toMillis();
        return document.type === type && at >= earliest && at <= until;
      })
      .at(-1);
  }

  /** Whom a delivery has reached; undefined while it is being sent. */
  async reached(id: string): Promise<RecipientSource | 'nobody' | undefined> {
    const found = (await this.writes.ref(id).get()).data() as DeliveryDocument | undefined;
    switch (found?.coverage?.kind) {
      case 'topic':
      case 'condition':
        return sourceReachedBy(found);
      case 'paged-shards':
        return sourceReachedBy(found, await this.shardsOf(id, found));
      case 'hashed-shards':
        return this.reachedByShards(id);
      case 'listed':
      case 'addresses':
      case 'range':
      case undefined: {
        const names = found === undefined ? [] : reachedBy(found);
        return names && usersIn(names);
      }
    }
  }

  /** How far the shards are of a delivery that is left to them; of one that is still being sent, only those that are not final. */
  private async shardsOf(id: string, { state, coverage }: DeliveryDocument): Promise<Reached[]> {
    const isBegun = coverage?.kind === 'paged-shards' && coverage.shards !== undefined;
    if (state !== 'sending' || !isBegun) return [];
    const shards = this.writes.entries
      .where('parent', '==', id)
      .select('state', 'retryAt', 'attempts', 'counts');
    const read = async (query: typeof shards) =>
      (await query.get()).docs.map((shard) => shard.data() as DeliveryDocument);
    const open = await read(shards.where('state', '==', 'sending'));
    return open.some(isUnderWay) ? open : read(shards);
  }

  private async reachedByShards(id: string): Promise<RecipientSource | 'nobody' | undefined> {
    const { docs } = await this.writes.entries.where('parent', '==', id).get();
    const names: string[] = [];
    for (const shard of docs) {
      const reached = reachedBy(shard.data() as DeliveryDocument);
      if (reached === undefined) return undefined;
      names.push(...reached);
    }
    return usersIn(names);
  }
}
