/**
 * Spreads a large audience over shards, each a ledger entry and a task of its own. Nothing is sent here: a shard that is claimed is
 * handed back to be worked on.
 */
import { forEachBounded } from '../model/concurrency';
import type { Coverage, DeliveryDocument } from './delivery-document';
import { checkAfterMs, PARENT_CHECK_MS } from './deadline';
import type { EngineDeps } from './deps';
import { shardId } from './entry-ids';
import { findByOf } from './find-by';
import { releaseOnError } from './hold';
import type { Claim, HeldEntry, NewEntry } from './ledger-entry';
import { readPage, type ReadRecords } from './recipients';
import { splitByHash, withinPage } from './shards';
import { summaryOf } from './summary';
import type { DeliveryTask } from './tasks';

/** Tasks enqueued at once: a few hundred milliseconds for a hundred shards. */
export const ENQUEUE_AT_ONCE = 25;

type PageTask = Extract<DeliveryTask, { kind: 'page' }>;
type PagedShards = Extract<Coverage, { kind: 'paged-shards' }>;
type Range = Extract<Coverage, { kind: 'range' }>;

/** A shard, as far as this worker got with it. */
export interface OpenedShard {
  readonly id: string;
  readonly claim: Claim;
  /** The recipients that were read to find its end, where this worker made it. */
  readonly records?: ReadRecords;
}

export class FanOut {
  private readonly deps: EngineDeps;

  constructor(deps: EngineDeps) {
    this.deps = deps;
  }

  /**
   * Writes down who is in which shard before any task begins: then a task that is lost loses nobody.
   *
   * Also where the queue takes no task. Rejects then, so that the event comes again; when it does so no more, the sweep goes on.
   */
  async beginLists(
    id: string,
    parent: DeliveryDocument,
    uids: readonly string[],
    shards: number,
  ): Promise<void> {
    const { ledger, tasks, clock } = this.deps;
    const lists = splitByHash(uids, shards);
    let failure: unknown;
    await forEachBounded(lists.length, ENQUEUE_AT_ONCE, async (index) => {
      const shard = shardId(id, index);
      const coverage: Coverage = { kind: 'listed', uids: lists[index] as string[] };
      await ledger.prepare(shard, shardEntry(id, shard, parent, coverage), PARENT_CHECK_MS);
      if (failure !== undefined) return;
      try {
        await tasks.enqueue({ kind: 'retry', delivery: shard, round: 0, dueAt: clock.now() });
      } catch (error) {
        failure = error;
      }
    });
    if (failure !== undefined) throw failure as Error;
    await this.leaveToShards(id, parent);
  }

  /** Begins with the first page, or goes on behind the last one that was begun: its task may be lost. */
  async beginPages(entry: HeldEntry, { shards }: PagedShards): Promise<void> {
    // Where their number is known, all pages were begun.
    if (shards === undefined) {
      await releaseOnError(this.deps, entry, () => this.enqueueNextPage(entry));
    }
    await this.leaveToShards(entry.id, entry.document);
  }

  /** Leaves the parent to its shards, or finishes it if they are done. */
  async leaveToShards(id: string, parent: DeliveryDocument): Promise<void> {
    await this.deps.ledger.shards.leave(id, this.checkAfter(parent));
    await this.finishParent(id);
  }

  /** Finishes a parent whose shards are done. */
  async finishParent(id: string): Promise<void> {
    const parent = await this.deps.ledger.shards.finish(id);
    if (parent !== undefined) {
      this.deps.log.finished(summaryOf(id, parent, this.deps.clock.now()));
    }
  }

  /**
   * Claims one page as a shard and hands the next page on; undefined where its parent is done.
   *
   * The page's end is fixed in the ledger before the next page begins: a page that is resumed, or dispatched twice while people
   * come and go, covers exactly what it did, and the next begins exactly there.
   */
  async openPage(task: PageTask): Promise<OpenedShard | undefined> {
    const { delivery, shard } = task;
    const { ledger } = this.deps;
    const parent = await ledger.read(delivery);
    if (parent?.state !== 'sending' || parent.coverage?.kind !== 'paged-shards') return undefined;
    // The last page was dispatched twice, and handed on by whoever did not see that it was the last.
    if (shard >= (parent.coverage.shards ?? Infinity)) return undefined;
    const id = shardId(delivery, shard);
    // A later attempt has begun to hand pages on: one chain of them is enough.
    const handsOn = task.attempt >= parent.attempts;
    const known = (await ledger.read(id))?.coverage;
    if (known?.kind !== 'range') {
      return this.openNewPage(task, parent, parent.coverage, handsOn);
    }
    if (handsOn) await this.handPageOn(task, known.until);
    return { id, claim: await ledger.claim(id, shardEntry(delivery, id, parent, known)) };
  }

  private async openNewPage(
    task: PageTask,
    parent: DeliveryDocument,
    { collection, where }: PagedShards,
    handsOn: boolean,
  ): Promise<OpenedShard> {
    const { delivery, shard, after } = task;
    const { ledger, users, shardSize, clock } = this.deps;
    const id = shardId(delivery, shard);
    const at = clock.now();
    const filter = { collection, ...(where === undefined ? {} : { where }) };
    const read = await readPage(users, filter, after, shardSize);
    const records = withinPage(read);
    const until = records.at(-1)?.uid ?? after;
    const range: Range = { kind: 'range', ...filter, after, until };
    const claim = await ledger.claim(id, shardEntry(delivery, id, parent, range));
    const isNew = claim.kind === 'held-by-us' && claim.entry.isNew;
    const isLast = records.length === read.length && read.length < shardSize;
    const goOn = async (): Promise<void> => {
      if (isNew && isLast) {
        return ledger.shards.leave(delivery, this.checkAfter(parent), shard + 1);
      }
      // Another worker may have fixed this page a moment ago, with another end.
      const fixed = isNew ? range : (await ledger.read(id))?.coverage;
      if (handsOn && fixed?.kind === 'range') await this.handPageOn(task, fixed.until);
    };
    await (claim.kind === 'held-by-us' ? releaseOnError(this.deps, claim.entry, goOn) : goOn());
    return { id, claim, ...(isNew ? { records: { records, at } } : {}) };
  }

  private async enqueueNextPage({ id, document, isNew }: HeldEntry): Promise<void> {
    const { ledger, tasks } = this.deps;
    const shards = isNew ? 0 : await ledger.shards.count(id);
    const last = shards === 0 ? undefined : await ledger.read(shardId(id, shards - 1));
    const after = last?.coverage?.kind === 'range' ? last.coverage.until : '';
    const next = after === '' ? { shard: 0, after: '' } : { shard: shards, after };
    await tasks.enqueue({ kind: 'page', delivery: id, attempt: document.attempts, ...next });
  }

  private checkAfter({ createdAt, reopenedAt = createdAt }: DeliveryDocument): number {
    return checkAfterMs(this.deps.clock.now() - reopenedAt.toMillis());
  }

  private handPageOn({ delivery, attempt, shard }: PageTask, until: string): Promise<void> {
    const next = { shard: shard + 1, after: until };
    return this.deps.tasks.enqueue({ kind: 'page', delivery, attempt, ...next });
  }
}

/** What the entry of a shard says. */
function shardEntry(
  delivery: string,
  id: string,
  parent: DeliveryDocument,
  coverage: Coverage,
): NewEntry {
  const { type, eventAt } = parent;
  return {
    type,
    ...(eventAt === undefined ? {} : { eventAt }),
    // Its people are not named: which shard has somebody is computed, or found by where its range begins.
    findBy: findByOf({ id, type, groups: ['open'], isShard: true }),
    ...(coverage.kind === 'range' ? { after: coverage.after } : {}),
    ...(parent.actor === undefined ? {} : { actor: parent.actor }),
    coverage,
    parent: delivery,
    audienceBegan: parent.createdAt,
  };
}
