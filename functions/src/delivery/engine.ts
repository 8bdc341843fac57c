/**
 * The delivery engine: claims an event in the ledger, resolves its audience, sends, prunes, records; resumes what was cut off.
 *
 * Invariant: an entry leaves `sending` only when each of its addresses has its final outcome; until then either a worker holds
 * it, or a task is enqueued for it, or the sweep will find it.
 */
import { forEachBounded } from '../providers/bounded';
import { PayloadTooLargeError } from '../providers/fit';
import type { Draft } from '../providers/content';
import type { Claim, HeldEntry, NewEntry } from '../store/ledger-entry';
import type { Coverage } from '../store/schema';
import type { RecipientRecord } from '../store/users';
import type { EngineDeps } from './deps';
import type { Composed } from './notification';
import { coverageOf } from './coverage';
import { readAhead, readCovered, readPage } from './recipients';
import { splitByHash } from './shards';
import { shardId, type DeliveryTask } from './tasks';
import { abandon, retryPending, sendFirst } from './unit';
import { sendToListed } from './addresses';
import { sendToSubscribers } from './broadcast';

/** One event's push, as its trigger hands it over. */
export interface DeliveryOrder extends Composed {
  /** Stable across retries of the event, unique per function: `{function}-{eventId}`. */
  readonly id: string;
  readonly function: string;
  /** Id of the push document that asked for it. */
  readonly outbox?: string;
}

/** Another worker holds the entry: the event or task must come again, which the platform sees to when this is thrown. */
export class HeldByAnotherError extends Error {
  constructor(id: string, until: number) {
    super(
      `Delivery ${id} is being worked on until ${new Date(until).toISOString()}; try again then.`,
    );
    this.name = 'HeldByAnotherError';
  }
}

/** Work on one entry is begun this often without getting on; then it is recorded as failed, so that nothing loops for ever. */
const MAX_ATTEMPTS = 50;
/** Tasks enqueued at once: a few hundred milliseconds for a hundred shards. */
const ENQUEUE_AT_ONCE = 25;
/** A parent whose shards are under way is looked at by the sweep this often. */
const PARENT_CHECK_MS = 10 * 60_000;
/** An emulated queue dispatches at once and the task waits here; a real one never comes this early. */
const MAX_EARLY_MS = 5 * 60_000;

export class DeliveryEngine {
  private readonly deps: EngineDeps;

  constructor(deps: EngineDeps) {
    this.deps = deps;
  }

  /** Delivers one event. Rejects when it should be delivered again: held by another worker, or Firestore failed. */
  async deliver(order: DeliveryOrder): Promise<void> {
    const { shardSize } = this.deps;
    const { recipients } = order;
    const coverage = coverageOf(recipients, shardSize);
    const claiming = this.deps.ledger.claim(order.id, {
      type: order.content.type,
      function: order.function,
      content: order.content,
      coverage,
      ...(order.actor === undefined ? {} : { actor: order.actor }),
      ...(order.outbox === undefined ? {} : { outbox: order.outbox }),
    });
    const records = readAhead(this.deps.users, coverage);
    const claim = await claiming;
    const known = await this.coverageOf(order.id, claim);
    if (known?.kind === 'hashed-shards' && 'uids' in recipients) {
      // Only the event knows the recipients, so it does not wait for whoever holds the entry: no list is enqueued twice.
      return this.enqueueLists(order.id, recipients.uids, known.shards);
    }
    const entry = this.begun(order.id, claim);
    // An entry that was there before covers what its first event said.
    return entry && this.work(entry, isFirstWorker(entry) ? await records : undefined);
  }

  /** What an entry covers that is not final yet, whoever holds it. */
  private async coverageOf(id: string, claim: Claim): Promise<Coverage | undefined> {
    if (claim.kind === 'held-by-us') return claim.entry.document.coverage;
    if (claim.kind === 'done') return undefined;
    const held = await this.deps.ledger.read(id);
    return held?.state === 'sending' ? held.coverage : undefined;
  }

  /** Runs one task of the queue. Rejects when the task should be dispatched again. */
  async run(task: DeliveryTask): Promise<void> {
    switch (task.kind) {
      case 'list':
        return this.runList(task);
      case 'page':
        return this.runPage(task);
      case 'retry': {
        await this.untilDue(task);
        const entry = this.begun(
          task.delivery,
          await this.deps.ledger.takeOver(task.delivery, task.round),
        );
        return entry && this.work(entry);
      }
      case 'resume': {
        const entry = this.begun(task.delivery, await this.deps.ledger.takeOver(task.delivery));
        return entry && this.work(entry);
      }
    }
  }

  /** Enqueues the work of entries whose worker is gone; returns how many. Meant to run every few minutes. */
  async sweep(limit: number): Promise<number> {
    const abandoned = await this.deps.ledger.abandoned(limit);
    await forEachBounded(abandoned.length, ENQUEUE_AT_ONCE, async (index) => {
      const { id, document } = abandoned[index] as HeldEntry;
      const lease = document.leaseUntil.toMillis();
      await this.deps.tasks.enqueue({ kind: 'resume', delivery: id, lease });
    });
    return abandoned.length;
  }

  private begun(id: string, claim: Claim): HeldEntry | undefined {
    switch (claim.kind) {
      case 'done':
        return undefined;
      case 'held-by-other':
        throw new HeldByAnotherError(id, claim.until);
      case 'held-by-us':
        return claim.entry;
    }
  }

  /** Goes on with an entry from wherever it stands. */
  private async work(entry: HeldEntry, records?: readonly RecipientRecord[]): Promise<void> {
    const { id, document } = entry;
    if (document.attempts > MAX_ATTEMPTS) {
      return this.fail(entry, `given up after ${MAX_ATTEMPTS} attempts`);
    }
    const { coverage } = document;
    if (coverage?.kind === 'hashed-shards') {
      // Without the event its recipients are not known here: the shards, or the event's own retry, go on.
      await this.deps.ledger.leaveToShards(id, PARENT_CHECK_MS);
      await this.finishParent(id);
      return;
    }
    if (coverage?.kind === 'paged-shards') {
      await this.deps.tasks.enqueue({ kind: 'page', delivery: id, shard: 0, after: '' });
      await this.deps.ledger.leaveToShards(id, PARENT_CHECK_MS);
      await this.finishParent(id);
      return;
    }
    const content = await this.contentOf(entry);
    if (content === undefined) return this.fail(entry, 'the delivery it belongs to is gone');
    try {
      const missing = await this.send(entry, content, records);
      if (missing !== undefined) return await this.fail(entry, missing);
    } catch (error) {
      // The same push would be too large again.
      if (error instanceof PayloadTooLargeError) return this.fail(entry, error.message);
      throw error;
    }
    if (document.parent !== undefined) await this.finishParent(document.parent);
  }

  /** Sends what is to be sent now; else says what of it is missing for good. */
  private async send(
    entry: HeldEntry,
    content: Draft,
    records: readonly RecipientRecord[] | undefined,
  ): Promise<string | undefined> {
    const { addressBook, topics, users, shardSize } = this.deps;
    const { coverage, sent } = entry.document;
    if (coverage?.kind === 'topic' || coverage?.kind === 'condition') {
      if (topics === undefined) return 'no provider for topics';
      await sendToSubscribers(this.deps, entry, content, coverage, topics);
    } else if (coverage?.kind === 'addresses') {
      const done = addressBook && (await sendToListed(this.deps, entry, content, addressBook));
      if (done === undefined) return 'the push document that lists its addresses is gone';
    } else if (sent) {
      await retryPending(this.deps, entry, content);
    } else {
      await sendFirst(
        this.deps,
        entry,
        content,
        records ?? (await readCovered(users, coverage, shardSize)),
      );
    }
    return undefined;
  }

  private async enqueueLists(id: string, uids: readonly string[], shards: number): Promise<void> {
    const lists = splitByHash(uids, shards);
    await forEachBounded(lists.length, ENQUEUE_AT_ONCE, (shard) =>
      this.deps.tasks.enqueue({
        kind: 'list',
        delivery: id,
        shard,
        uids: lists[shard] as string[],
      }),
    );
    await this.deps.ledger.leaveToShards(id, PARENT_CHECK_MS);
    await this.finishParent(id);
  }

  private async runList(task: Extract<DeliveryTask, { kind: 'list' }>): Promise<void> {
    const parent = await this.deps.ledger.read(task.delivery);
    if (parent?.state !== 'sending') return;
    await this.runShard(task.delivery, task.shard, parent, { kind: 'listed', uids: task.uids });
  }

  /**
   * Claims one page as a shard, hands the next page on, then sends.
   *
   * The page's end is fixed in the ledger before the next page begins: a page that is resumed, or dispatched twice while people
   * come and go, covers exactly what it did, and the next begins exactly there.
   */
  private async runPage(task: Extract<DeliveryTask, { kind: 'page' }>): Promise<void> {
    const { delivery, shard, after } = task;
    const { ledger, users, shardSize } = this.deps;
    const parent = await ledger.read(delivery);
    const coverage = parent?.coverage;
    if (parent?.state !== 'sending' || coverage?.kind !== 'paged-shards') return;
    const { collection, where } = coverage;
    const known = (await ledger.read(shardId(delivery, shard)))?.coverage;
    if (known?.kind === 'range') {
      await this.handPageOn(delivery, shard, known.until);
      return this.runShard(delivery, shard, parent, known);
    }
    const records = await readPage(users, coverage, after, shardSize);
    const until = records.at(-1)?.uid ?? after;
    const range: Coverage = {
      kind: 'range',
      collection,
      ...(where === undefined ? {} : { where }),
      after,
      until,
    };
    await this.runShard(delivery, shard, parent, range, records, async (isNew) => {
      if (isNew && records.length < shardSize) {
        await ledger.leaveToShards(delivery, PARENT_CHECK_MS, shard + 1);
        return;
      }
      // Another worker may have fixed this page a moment ago, with another end.
      const fixed = isNew ? range : (await ledger.read(shardId(delivery, shard)))?.coverage;
      if (fixed?.kind === 'range') await this.handPageOn(delivery, shard, fixed.until);
    });
  }

  private handPageOn(delivery: string, shard: number, until: string): Promise<void> {
    return this.deps.tasks.enqueue({ kind: 'page', delivery, shard: shard + 1, after: until });
  }

  private async runShard(
    delivery: string,
    shard: number,
    parent: Pick<NewEntry, 'type' | 'function' | 'actor'>,
    coverage: Coverage,
    records?: readonly RecipientRecord[],
    afterClaim?: (isNew: boolean) => Promise<void>,
  ): Promise<void> {
    const id = shardId(delivery, shard);
    const claim = await this.deps.ledger.claim(id, {
      type: parent.type,
      function: parent.function,
      ...(parent.actor === undefined ? {} : { actor: parent.actor }),
      coverage,
      parent: delivery,
    });
    await afterClaim?.(claim.kind === 'held-by-us' && isFirstWorker(claim.entry));
    const entry = this.begun(id, claim);
    if (entry === undefined) await this.finishParent(delivery);
    else await this.work(entry, isFirstWorker(entry) ? records : undefined);
  }

  private async contentOf(entry: HeldEntry): Promise<Draft | undefined> {
    const { content, parent } = entry.document;
    if (content !== undefined || parent === undefined) return content;
    return (await this.deps.ledger.read(parent))?.content;
  }

  private async finishParent(id: string): Promise<void> {
    const counts = await this.deps.ledger.finishParent(id);
    if (counts !== undefined) this.deps.log.finished(id, counts.type, counts.counts);
  }

  private async fail(entry: HeldEntry, reason: string): Promise<void> {
    const { id, document } = entry;
    await this.deps.ledger.giveUp(entry, reason, abandon(document));
    this.deps.log.failed(id, document.type, reason);
    if (document.parent !== undefined) await this.finishParent(document.parent);
  }

  private async untilDue({ delivery, dueAt }: { delivery: string; dueAt: number }): Promise<void> {
    const { clock } = this.deps;
    const early = dueAt - clock.now();
    if (early > MAX_EARLY_MS) throw new HeldByAnotherError(delivery, dueAt);
    if (early > 0) await clock.sleep(early);
  }
}

/** Whether this worker made the entry, a moment ago: it covers what this worker wanted. */
function isFirstWorker({ createdAt }: HeldEntry): boolean {
  return createdAt !== undefined;
}
