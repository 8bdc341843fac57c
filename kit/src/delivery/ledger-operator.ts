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
import { forEachBounded } from '../model/concurrency';
import { sumCounts, type Counts } from '../model/counts';
import { transact } from '../store/transact';
import { hasTrouble } from './answers';
import { isSpread } from './coverage';
import { PARENT_CHECK_MS } from './deadline';
import type { DeliveryDocument, NoteDocument } from './delivery-document';
import { rootOf } from './entry-ids';
import { abandon, CANCELLED } from './give-up';
import { notTold } from './ledger-senders';
import type { LedgerWrites } from './ledger-writes';
import { newEnd, reopening, unnamedIn, type NotReopened, type ReopenOptions } from './reopen';

/** One entry, and what of it can be sent again. */
export interface Retriable {
  readonly id: string;
  readonly devices: number;
  /** Devices that failed, too, but cannot be sent to again: the entry has no room for which they are. */
  readonly unnamed: number;
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

/** Shards read or reopened at a time. */
const AT_ONCE = 20;

/** Of many reasons why nothing is sent again the one that says most. */
const TELLING: readonly NotReopened[] = [
  'cancelled',
  'under-way',
  'content-gone',
  'recipients-unknown',
  'devices-unknown',
  'outcome-unknown',
  'nothing-composed',
  'nothing-failed',
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
      return { part, entry, plan: reopening(entry, whole.content !== undefined, options) };
    });
    const entries = plans.flatMap(({ part, entry, plan }): Retriable[] => {
      if (typeof plan === 'string') return [];
      const { pending, hasRest, recompose } = plan;
      const unnamed = unnamedIn(entry);
      return [
        { id: part, devices: pending.length, unnamed, hasRest, ...(recompose && { recompose }) },
      ];
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
    const parts = plan.entries.map((entry) => entry.id).filter((part) => part !== delivery);
    const isWhole = parts.length < plan.entries.length;
    // The whole before its parts: the last of them to end ends it, too, and none begins of one that is at its end.
    if (isWhole && !(await this.reopen(delivery, options))) return [];
    if (!isWhole && !(await this.reopenWhole(delivery, options.now))) return [];
    const reopened = new Set(isWhole ? [delivery] : []);
    await forEachBounded(parts.length, AT_ONCE, async (index) => {
      const part = parts[index] as string;
      if (await this.reopen(part, options)) reopened.add(part);
    });
    return [...reopened];
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
        ...this.writes.foundAtEnd({ id: delivery, document: found }, ['trouble'], ended.reasons),
        ...notTold({ document: found }, { counts, isFailed: true }),
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
    const { coverage, errorCode, state, sent } = whole;
    if (!isSpread(coverage)) return [[delivery, whole]];
    if (errorCode === 'CANCELLED') return 'cancelled';
    if (coverage.kind === 'hashed-shards' && !sent) {
      // Whoever is in a list that was never written down is known to the event only.
      return state === 'sending' ? 'under-way' : 'recipients-unknown';
    }
    const ids = (await this.shardsOf(delivery, whole))
      .filter(
        ([, { state, counts, codes = {} }]) => state === 'failed' || hasTrouble(counts, codes),
      )
      .map(([id]) => id);
    const parts: [string, DeliveryDocument][] = [[delivery, whole]];
    await forEachBounded(ids.length, AT_ONCE, async (index) => {
      const id = ids[index] as string;
      const entry = await this.read(id);
      if (entry !== undefined) parts.push([id, entry]);
    });
    return parts;
  }

  /** What little is needed of all shards of a delivery: there may be thousands, and each may be large. */
  private async shardsOf(
    delivery: string,
    { coverage }: DeliveryDocument,
  ): Promise<[string, Shard][]> {
    if (!isSpread(coverage)) return [];
    const shards = this.writes.entries.where('parent', '==', delivery);
    const { docs } = await shards.select('state', 'counts', 'codes').get();
    return docs.map((found) => [found.id, found.data() as DeliveryDocument]);
  }

  private async reopen(id: string, options: ReopenOptions): Promise<boolean> {
    return transact(this.db, async (transaction) => {
      const read = async (each: string) => entryOf(await transaction.get(this.writes.ref(each)));
      const entry = await read(id);
      if (entry === undefined) return false;
      const { parent } = entry;
      const whole = parent === undefined ? entry : await read(parent);
      // Nobody would add up what comes of a shard whose delivery has come to its end.
      if (parent !== undefined && whole?.state !== 'sending') return false;
      const plan = reopening(entry, whole?.content !== undefined, options);
      if (typeof plan === 'string') return false;
      const { hasRest: _, ...again } = plan;
      transaction.update(this.writes.ref(id), {
        ...again,
        ...this.begun(entry),
        ...(options.unknown === true ? {} : stillInDoubt(entry)),
        ...this.writes.found({ id, document: entry }, ['open', 'waiting']),
      });
      return true;
    });
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
      // What is its own: recipients whose ids are not valid. One that was given up never had the sum of its shards.
      counts:
        entry.state === 'done'
          ? difference(entry.counts, sumCounts(shards.map(([, { counts }]) => counts)))
          : entry.counts,
      codes: {},
      // Its shards come first.
      leaseUntil: Timestamp.fromMillis(now + PARENT_CHECK_MS),
    });
    return written !== undefined;
  }

  /** As an entry is whose worker is gone, with a life of its push from now. */
  private begun({ round, content, coverage, ...entry }: DeliveryDocument) {
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
      // The tasks of pages are named by it, and a name is not taken a second time.
      attempts: isSpread(coverage) ? entry.attempts : 0,
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

/** What was sent without a record before it was given up is sent no more often than if it had not been. */
function stillInDoubt({ resends }: DeliveryDocument) {
  const next = resends?.next;
  return next === undefined ? {} : { resends: { next }, attempts: 1 };
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
