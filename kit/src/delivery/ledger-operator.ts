/**
 * What an operator does with entries by hand: has failed ones sent again to whoever was not reached, and stops what is under way.
 *
 * Invariant: an entry that was reopened is as one whose worker is gone, so that the sweep has it resumed, whatever becomes of the
 * operator's own terminal.
 */
import {
  FieldValue,
  Timestamp,
  type DocumentSnapshot,
  type Firestore,
} from '@google-cloud/firestore';
import { sumCounts, type Counts } from '../model/counts';
import { transact } from '../store/transact';
import { hasTrouble } from './answers';
import type { DeliveryDocument, NoteDocument } from './delivery-document';
import { abandon, CANCELLED } from './give-up';
import type { LedgerWrites } from './ledger-writes';
import { newEnd, reopening, type NotReopened, type ReopenOptions } from './reopen';
import { rootOf } from './tasks';

/** One entry, and what of it can be sent again. */
export interface Retriable {
  readonly id: string;
  readonly devices: number;
  /** Whether recipients are left who never had their turn. */
  readonly hasRest: boolean;
  /** Nothing was made of its event: it is composed once more. */
  readonly recompose?: true;
}

/** What of a delivery can be sent again: its own entry, or some of its shards. */
export type RetryPlan =
  | { readonly kind: 'retry'; readonly type: string; readonly entries: readonly Retriable[] }
  | { readonly kind: 'nothing'; readonly why: NotReopened | 'not-found' };

export type Cancelled =
  | { readonly kind: 'cancelled'; readonly counts: Counts }
  | { readonly kind: 'final' | 'not-found' };

type Shard = Pick<DeliveryDocument, 'state' | 'counts' | 'codes'>;

/** Shards reopened at a time. */
const AT_ONCE = 20;
/** The sweep looks at a delivery whose shards are sent again this often, ms. */
const PARENT_CHECK_MS = 10 * 60_000;

/** Of many reasons why nothing is sent again the one that says most. */
const TELLING: readonly NotReopened[] = [
  ...(['cancelled', 'under-way', 'content-gone', 'recipients-unknown'] as const),
  ...(['nothing-composed', 'nothing-failed'] as const),
];

export class LedgerOperator {
  private readonly db: Firestore;
  private readonly writes: LedgerWrites;

  constructor(db: Firestore, writes: LedgerWrites) {
    this.db = db;
    this.writes = writes;
  }

  /** What could be sent again of a delivery, or of the one that a shard is a part of. Changes nothing. */
  async planRetry(id: string, options: ReopenOptions): Promise<RetryPlan> {
    const delivery = rootOf(id);
    const whole = await this.read(delivery);
    if (whole === undefined) return { kind: 'nothing', why: 'not-found' };
    const parts = await this.partsOf(delivery, whole);
    if (typeof parts === 'string') return { kind: 'nothing', why: parts };
    const plans = parts.map(([part, entry]) => {
      return { part, plan: reopening(entry, whole.content !== undefined, options) };
    });
    const entries = plans.flatMap(({ part, plan }): Retriable[] => {
      if (typeof plan === 'string') return [];
      const { pending, hasRest, recompose } = plan;
      return [{ id: part, devices: pending.length, hasRest, ...(recompose && { recompose }) }];
    });
    if (entries.length > 0) return { kind: 'retry', type: whole.type, entries };
    const why = TELLING.find((each) => plans.some(({ plan }) => plan === each));
    // Shards of which nothing failed say nothing of those that are to come.
    const isOpen = whole.state === 'sending';
    return { kind: 'nothing', why: why ?? (isOpen ? 'under-way' : 'nothing-failed') };
  }

  /**
   * Reopens what {@link planRetry} names; returns the ids of the entries that were. One that somebody has written meanwhile, or that is
   * under way already, is left alone: to ask twice sends nothing twice.
   */
  async retry(id: string, options: ReopenOptions): Promise<string[]> {
    const delivery = rootOf(id);
    const plan = await this.planRetry(delivery, options);
    if (plan.kind === 'nothing') return [];
    const ids = plan.entries.map((entry) => entry.id);
    // The whole before its parts: the last of them to end ends it, too.
    const isSpread = !ids.includes(delivery);
    if (isSpread && !(await this.reopenWhole(delivery, options.now))) return [];
    const reopened: string[] = [];
    for (let start = 0; start < ids.length; start += AT_ONCE) {
      const some = ids.slice(start, start + AT_ONCE);
      const done = await Promise.all(some.map((part) => this.reopen(part, options)));
      reopened.push(...some.filter((_, index) => done[index]));
    }
    return reopened;
  }

  /** What {@link cancel} would find. Changes nothing. */
  async planCancel(id: string): Promise<Cancelled> {
    const delivery = rootOf(id);
    const entry = await this.read(delivery);
    if (entry === undefined) return { kind: 'not-found' };
    if (entry.state !== 'sending') return { kind: 'final' };
    const shards = await this.shardsOf(delivery, entry);
    return { kind: 'cancelled', counts: withShards(entry.counts, shards) };
  }

  /** Stops a delivery: what was sent stays sent, parts that are being sent end with their present step, and no other begins. */
  async cancel(id: string): Promise<Cancelled> {
    const delivery = rootOf(id);
    const entry = await this.read(delivery);
    const shards = entry === undefined ? [] : await this.shardsOf(delivery, entry);
    return transact(this.db, async (transaction): Promise<Cancelled> => {
      const ref = this.writes.ref(delivery);
      const found = entryOf(await transaction.get(ref));
      if (found === undefined) return { kind: 'not-found' };
      if (found.state !== 'sending') return { kind: 'final' };
      const ended = abandon(found, this.writes.fromNow(0).toMillis());
      const counts = withShards(ended.counts, shards);
      await this.writes.tellOutbox(transaction, found, { ...ended, ...CANCELLED, counts });
      transaction.update(ref, {
        ...ended,
        ...CANCELLED,
        counts,
        ...this.writes.final(),
        ...this.writes.found({ id: delivery, document: found }, ['trouble']),
        state: 'failed',
        // Whoever holds it loses it: what they have to say counts for nothing.
        claim: this.writes.newClaim(),
      });
      return { kind: 'cancelled', counts };
    });
  }

  private async read(id: string): Promise<DeliveryDocument | undefined> {
    return entryOf(await this.writes.ref(id).get());
  }

  /** The entries of which something may be left to send: the delivery's own, or those of shards. */
  private async partsOf(
    delivery: string,
    whole: DeliveryDocument,
  ): Promise<[string, DeliveryDocument][] | NotReopened> {
    const { coverage, errorCode, sent } = whole;
    if (coverage === undefined || !('shards' in coverage)) return [[delivery, whole]];
    if (errorCode === 'CANCELLED') return 'cancelled';
    const shards = await this.shardsOf(delivery, whole);
    // Whoever is in a list that was never written down is known to the event only.
    if (coverage.kind === 'hashed-shards' && !sent) return 'recipients-unknown';
    const ids = shards
      .filter(
        ([, { state, counts, codes = {} }]) => state === 'failed' || hasTrouble(counts, codes),
      )
      .map(([id]) => id);
    const parts: [string, DeliveryDocument][] = [];
    for (let start = 0; start < ids.length; start += AT_ONCE) {
      const some = ids.slice(start, start + AT_ONCE);
      const read = await Promise.all(some.map((id) => this.read(id)));
      read.forEach((entry, index) => {
        if (entry !== undefined) parts.push([some[index] as string, entry]);
      });
    }
    return parts;
  }

  /** What little is needed of all shards of a delivery: there may be thousands, and each may be large. */
  private async shardsOf(
    delivery: string,
    { coverage }: DeliveryDocument,
  ): Promise<[string, Shard][]> {
    if (coverage?.kind !== 'hashed-shards' && coverage?.kind !== 'paged-shards') return [];
    const shards = this.writes.entries.where('parent', '==', delivery);
    const { docs } = await shards.select('state', 'counts', 'codes').get();
    return docs.map((found) => [found.id, found.data() as DeliveryDocument]);
  }

  private async reopen(id: string, options: ReopenOptions): Promise<boolean> {
    const snapshot = await this.writes.ref(id).get();
    const entry = snapshot.data() as DeliveryDocument | undefined;
    if (entry === undefined || snapshot.updateTime === undefined) return false;
    const { parent } = entry;
    const whole = parent === undefined ? entry : await this.read(parent);
    const plan = reopening(entry, whole?.content !== undefined, options);
    if (typeof plan === 'string') return false;
    const { hasRest: _, ...again } = plan;
    const written = await this.writes.amend(id, snapshot.updateTime, {
      ...again,
      ...this.begun(entry),
      ...this.writes.found({ id, document: entry }, ['open', 'waiting']),
    });
    return written !== undefined;
  }

  /** The delivery that shards belong to, so that their end is its own again. */
  private async reopenWhole(delivery: string, now: number): Promise<boolean> {
    const snapshot = await this.writes.ref(delivery).get();
    const entry = snapshot.data() as DeliveryDocument | undefined;
    if (entry?.content === undefined || snapshot.updateTime === undefined) return false;
    if (entry.state === 'sending') return true;
    const shards = await this.shardsOf(delivery, entry);
    const written = await this.writes.amend(delivery, snapshot.updateTime, {
      ...this.begun(entry),
      ...this.writes.found({ id: delivery, document: entry }, ['open']),
      // What is its own: recipients whose ids are not valid.
      counts: difference(entry.counts, sumCounts(shards.map(([, { counts }]) => counts))),
      codes: {},
      // Its shards come first.
      leaseUntil: Timestamp.fromMillis(now + PARENT_CHECK_MS),
    });
    return written !== undefined;
  }

  /** As an entry is whose worker is gone, with a life of its push from now. */
  private begun({ round, content, ...entry }: DeliveryDocument) {
    const now = this.writes.fromNow(0);
    const from = entry.reopenedAt ?? entry.eventAt ?? entry.createdAt;
    return {
      state: 'sending',
      error: FieldValue.delete(),
      errorCode: FieldValue.delete(),
      resends: FieldValue.delete(),
      retryAt: FieldValue.delete(),
      due: FieldValue.delete(),
      claim: this.writes.newClaim(),
      attempts: 0,
      round: round + 1,
      reopenedAt: now,
      leaseUntil: now,
      updatedAt: now,
      ...(content === undefined
        ? {}
        : { 'content.expiresAt': newEnd(content, from.toMillis(), now.toMillis()) }),
    };
  }
}

/** Undefined where there is none, and for a note, which is no delivery. */
function entryOf(snapshot: DocumentSnapshot): DeliveryDocument | undefined {
  const found = snapshot.data() as DeliveryDocument | NoteDocument | undefined;
  return found?.state === 'noted' ? undefined : found;
}

function withShards(counts: Counts, shards: readonly (readonly [string, Shard])[]): Counts {
  return sumCounts([counts, ...shards.map(([, shard]) => shard.counts)]);
}

function difference(all: Counts, part: Counts): Counts {
  const left = sumCounts([all]) as Record<keyof Counts, number>;
  for (const key of Object.keys(left) as (keyof Counts)[]) {
    left[key] = Math.max(0, left[key] - part[key]);
  }
  return left;
}
