/**
 * The delivery engine: claims an event in the ledger, resolves its audience, sends, prunes, records; resumes what was cut off.
 *
 * Invariant: an entry leaves `sending` only when each of its addresses has its final outcome; until then either a worker holds
 * it, or a task is enqueued for it, or the sweep will find it.
 */
import { messageOf } from '../model/redact';
import { forEachBounded } from '../model/concurrency';
import type { Draft } from '../model/notification/content';
import { LeaseLostError, type Claim, type HeldEntry, type NewEntry } from './ledger-entry';
import type { AbandonedEntry, WaitingEntry } from './ledger';
import type { Coverage, DeliveryDocument } from '../store/collections';
import { isRefusedForGood } from '../store/transact';
import { addressSource, byOwner } from './direct';
import { planCoverage } from './coverage';
import { WORK_MS } from './deadline';
import type { EngineDeps } from './deps';
import { abandon } from './give-up';
import type { Composed } from '../model/notification/complete';
import { readAhead, readPage, userSource, type ReadRecords } from './recipients';
import { persist } from './persist';
import { Round, UndeliverableError } from './round';
import { splitByHash, withinPage } from './shards';
import { shardId, taskId, type DeliveryTask } from './tasks';

/** One event's push, as its trigger hands it over. */
export interface DeliveryOrder extends Composed {
  /** Stable across retries of the event, unique per notification: `{type}-{eventId}`. */
  readonly id: string;
  /** Id of the push document that asked for it. */
  readonly outbox?: string;
}

/** A task came long before its time, which a real queue never does: it has to come again. */
export class TooEarlyError extends Error {
  constructor(id: string, dueAt: number) {
    super(`Delivery ${id} is due at ${new Date(dueAt).toISOString()}; try again then.`);
    this.name = 'TooEarlyError';
  }
}

/** Work on one entry is begun this often without getting on; then it is recorded as failed, so that nothing loops for ever. */
const MAX_ATTEMPTS = 50;
/** Tasks enqueued at once: a few hundred milliseconds for a hundred shards. */
const ENQUEUE_AT_ONCE = 25;
/** Retries that one task makes, and how many of them at once: a few addresses each. */
const DUE_TOGETHER = 200;
const DUE_AT_ONCE = 20;
/** A parent whose shards are under way is looked at by the sweep this often. */
const PARENT_CHECK_MS = 10 * 60_000;
/** A resume that got lost is enqueued anew after this at the latest; until then sweeps find its id taken, and no queue fills up. */
const RESUME_AGAIN_MS = 15 * 60_000;
/** An emulated queue dispatches at once and the task waits here; a real one never comes this early. */
const MAX_EARLY_MS = 5 * 60_000;

/** What a broadcast's ledger entry calls it, since there is no recipient whom it could name. */
const BROADCAST_NAMES = { topic: 'the topic', condition: 'the condition' } as const;

export class DeliveryEngine {
  private readonly deps: EngineDeps;

  constructor(deps: EngineDeps) {
    this.deps = deps;
  }

  /**
   * Delivers one event. Rejects when it should be delivered again, because Firestore failed; not when another worker holds it, who
   * finishes it, or the sweep does.
   */
  async deliver(order: DeliveryOrder): Promise<void> {
    const until = this.workEnd();
    const { recipients, content } = order;
    const coverage = planCoverage(recipients, this.deps.shardSize);
    const claiming = this.deps.ledger.claim(order.id, {
      type: content.type,
      content,
      coverage,
      ...(order.actor === undefined ? {} : { actor: order.actor }),
      ...(order.outbox === undefined ? {} : { outbox: order.outbox }),
      ...('invalid' in recipients && recipients.invalid !== undefined
        ? { invalid: recipients.invalid }
        : {}),
    });
    const records = readAhead(this.deps.users, coverage, this.deps.clock.now);
    let claim: Claim;
    try {
      claim = await claiming;
    } catch (error) {
      if (!isRefusedForGood(error)) throw error;
      return this.refuse(order, error);
    }
    const known = 'uids' in recipients ? await this.openCoverage(order.id, claim) : undefined;
    if (known?.coverage?.kind === 'hashed-shards' && 'uids' in recipients) {
      // Only the event knows the recipients, so it does not wait for whoever holds the entry: no list is enqueued twice.
      return this.beginShards(order.id, known, recipients.uids, known.coverage.shards);
    }
    const entry = this.claimedEntry(order.id, claim);
    // An entry that was there before covers what its first event said.
    return entry && this.work(entry, until, entry.isNew ? await records : undefined);
  }

  /** Runs one task of the queue. Rejects when the task should be dispatched again. */
  async run(task: DeliveryTask): Promise<void> {
    switch (task.kind) {
      case 'page':
        return this.runPage(task);
      case 'retry': {
        await this.untilDue(task);
        const until = this.workEnd();
        const claim = await this.deps.ledger.takeOver(task.delivery, task.round);
        return this.goOn(task.delivery, claim, until);
      }
      case 'due':
        return this.runDue(task);
      case 'resume': {
        const until = this.workEnd();
        return this.goOn(task.delivery, await this.deps.ledger.takeOver(task.delivery), until);
      }
    }
  }

  /** Enqueues the work of entries whose worker is gone; returns how many. Meant to run every few minutes. */
  async sweep(limit: number): Promise<number> {
    const abandoned = await this.deps.ledger.abandoned(limit);
    const window = Math.floor(this.deps.clock.now() / RESUME_AGAIN_MS);
    await forEachBounded(abandoned.length, ENQUEUE_AT_ONCE, async (index) => {
      const { id, leaseUntil } = abandoned[index] as AbandonedEntry;
      await this.deps.tasks.enqueue({ kind: 'resume', delivery: id, lease: leaseUntil, window });
    });
    return abandoned.length;
  }

  /** When a worker that begins now has to begin its last send, ms since 1970. */
  private workEnd(): number {
    return this.deps.clock.now() + WORK_MS;
  }

  /** What an entry covers that is not final yet, whoever holds it. */
  private async openCoverage(id: string, claim: Claim): Promise<DeliveryDocument | undefined> {
    if (claim.kind === 'held-by-us') return claim.entry.document;
    if (claim.kind === 'done') return undefined;
    const held = await this.deps.ledger.read(id);
    return held?.state === 'sending' ? held : undefined;
  }

  private claimedEntry(id: string, claim: Claim): HeldEntry | undefined {
    if (claim.kind === 'held-by-us') return claim.entry;
    if (claim.kind === 'held-by-other') this.deps.log.held(id, claim.until);
    return undefined;
  }

  private async goOn(id: string, claim: Claim, until: number): Promise<void> {
    const entry = this.claimedEntry(id, claim);
    if (entry !== undefined) await this.work(entry, until);
  }

  /** Goes on with an entry from wherever it stands. */
  private async work(entry: HeldEntry, until: number, records?: ReadRecords): Promise<void> {
    const { id, document } = entry;
    const { attempts, coverage, parent } = document;
    if (attempts > MAX_ATTEMPTS) return this.fail(entry, `given up after ${MAX_ATTEMPTS} attempts`);
    if (coverage?.kind === 'hashed-shards') {
      // Without the event its recipients are not known here: the shards, or the event's own retry, go on.
      return this.leaveToShards(id);
    }
    if (coverage?.kind === 'paged-shards') {
      // Where their number is known, all pages were begun.
      if (coverage.shards === undefined) {
        await this.orLetGo(entry, () => this.enqueueNextPage(entry));
      }
      return this.leaveToShards(id);
    }
    const content =
      document.content ?? (await this.orLetGo(entry, () => this.contentOfParent(parent)));
    if (content === undefined) return this.fail(entry, 'the delivery it belongs to is gone');
    try {
      const missing = await this.send(entry, content, until, records);
      if (missing !== undefined) return await this.fail(entry, missing);
    } catch (error) {
      if (error instanceof LeaseLostError) return this.deps.log.held(id);
      if (error instanceof UndeliverableError) return this.fail(error.entry, error.message);
      // Before anything was sent.
      if (isRefusedForGood(error)) return this.fail(entry, messageOf(error));
      throw error;
    }
    if (parent !== undefined) await this.finishParent(parent);
  }

  /** Sends what is to be sent now; else says what of it is missing for good. */
  private async send(
    entry: HeldEntry,
    content: Draft,
    until: number,
    records: ReadRecords | undefined,
  ): Promise<string | undefined> {
    const { addressBook, topics, users, localiser, clock, devices } = this.deps;
    const { coverage, outbox } = entry.document;
    switch (coverage?.kind) {
      case 'topic':
      case 'condition': {
        if (topics === undefined) return 'no provider for topics';
        // One message for all: texts by key are in the default language. Those by locKey are put into each device's on the device.
        const localised = await this.orLetGo(entry, () =>
          localiser.localise(content, localiser.localeFor(undefined)),
        );
        await new Round(this.deps, entry, content, until).broadcast(
          BROADCAST_NAMES[coverage.kind],
          () => topics.broadcast(localised, coverage),
        );
        return undefined;
      }
      case 'addresses': {
        const source =
          addressBook && outbox !== undefined
            ? await this.orLetGo(entry, () => addressSource(addressBook, outbox))
            : undefined;
        if (source === undefined || addressBook === undefined) {
          return 'the push document that lists its addresses is gone';
        }
        const deps = { ...this.deps, devices: byOwner(devices, addressBook) };
        await new Round(deps, entry, content, until).run(source);
        return undefined;
      }
      case 'listed':
      case 'range': {
        const source = userSource(users, coverage, clock.now, records);
        await new Round(this.deps, entry, content, until).run(source);
        return undefined;
      }
      case 'hashed-shards':
      case 'paged-shards':
      case undefined:
        return 'the entry does not say whom it covers';
    }
  }

  /** Firestore does not take the entry, and never will: so it is recorded without what it may not take. */
  private async refuse({ id, content, outbox }: DeliveryOrder, error: unknown): Promise<void> {
    const { ledger, log } = this.deps;
    const reason = `Firestore refused its ledger entry: ${messageOf(error)}`;
    log.failed(id, content.type, reason);
    try {
      await ledger.fail(id, reason, {
        type: content.type,
        ...(outbox === undefined ? {} : { outbox }),
      });
    } catch (again) {
      if (!isRefusedForGood(again)) throw again;
      log.recordedPlainly(id, again);
    }
  }

  /** Writes down who is in which shard before any task begins: then a task that is lost loses nobody. */
  private async beginShards(
    id: string,
    parent: DeliveryDocument,
    uids: readonly string[],
    shards: number,
  ): Promise<void> {
    const { ledger, tasks, clock } = this.deps;
    const lists = splitByHash(uids, shards);
    await forEachBounded(lists.length, ENQUEUE_AT_ONCE, async (index) => {
      const shard = shardId(id, index);
      const coverage: Coverage = { kind: 'listed', uids: lists[index] as string[] };
      await ledger.prepare(shard, shardEntry(id, parent, coverage), PARENT_CHECK_MS);
      await tasks.enqueue({ kind: 'retry', delivery: shard, round: 0, dueAt: clock.now() });
    });
    await this.leaveToShards(id);
  }

  private async leaveToShards(id: string): Promise<void> {
    await this.deps.ledger.leaveToShards(id, PARENT_CHECK_MS);
    await this.finishParent(id);
  }

  /** Makes the retries that are due together, some at once; what is more than a few hundred goes to a further task. */
  private async runDue(task: Extract<DeliveryTask, { kind: 'due' }>): Promise<void> {
    const { ledger, tasks, clock } = this.deps;
    await this.untilDue({ delivery: 'several', dueAt: task.dueAt });
    const until = this.workEnd();
    const due = taskId({ ...task, after: '' });
    const waiting = await ledger.dueTogether(due, task.after, DUE_TOGETHER);
    const last = waiting.at(-1);
    if (last !== undefined && waiting.length === DUE_TOGETHER) {
      await tasks.enqueue({ ...task, after: last.id });
    }
    let failure: unknown;
    let begun = 0;
    await forEachBounded(waiting.length, DUE_AT_ONCE, async (index) => {
      // The first in any case: it records that its time is over, and the task for the rest has a name of its own.
      if (index > 0 && clock.now() >= until) return;
      begun = index + 1;
      const { id, round } = waiting[index] as WaitingEntry;
      try {
        await this.goOn(id, await ledger.takeOver(id, round), until);
      } catch (error) {
        // One delivery's trouble is not the others'.
        failure ??= error;
      }
    });
    if (failure !== undefined) throw failure as Error;
    // The time of this function is over: a further one makes the rest.
    const latest = waiting[begun - 1];
    if (latest !== undefined && latest !== last) await tasks.enqueue({ ...task, after: latest.id });
  }

  /** Begins with the first page, or goes on behind the last one that was begun: its task may be lost. */
  private async enqueueNextPage({ id, document, isNew }: HeldEntry): Promise<void> {
    const { ledger, tasks } = this.deps;
    const shards = isNew ? 0 : await ledger.countShards(id);
    const last = shards === 0 ? undefined : await ledger.read(shardId(id, shards - 1));
    const after = last?.coverage?.kind === 'range' ? last.coverage.until : '';
    const next = after === '' ? { shard: 0, after: '' } : { shard: shards, after };
    await tasks.enqueue({ kind: 'page', delivery: id, attempt: document.attempts, ...next });
  }

  /**
   * Claims one page as a shard, hands the next page on, then sends.
   *
   * The page's end is fixed in the ledger before the next page begins: a page that is resumed, or dispatched twice while people
   * come and go, covers exactly what it did, and the next begins exactly there.
   */
  private async runPage(task: Extract<DeliveryTask, { kind: 'page' }>): Promise<void> {
    const { delivery, shard, after } = task;
    const { ledger, users, shardSize, clock } = this.deps;
    const workEnd = this.workEnd();
    const parent = await ledger.read(delivery);
    const coverage = parent?.coverage;
    if (parent?.state !== 'sending' || coverage?.kind !== 'paged-shards') return;
    // A later attempt has begun to hand pages on: one chain of them is enough.
    const handsOn = task.attempt >= parent.attempts;
    const { collection, where } = coverage;
    const known = (await ledger.read(shardId(delivery, shard)))?.coverage;
    if (known?.kind === 'range') {
      if (handsOn) await this.handPageOn(task, known.until);
      return this.runShard(delivery, shard, parent, known, workEnd);
    }
    const at = clock.now();
    const read = await readPage(users, coverage, after, shardSize);
    const records = withinPage(read);
    const until = records.at(-1)?.uid ?? after;
    const range: Coverage = {
      kind: 'range',
      collection,
      ...(where === undefined ? {} : { where }),
      after,
      until,
    };
    await this.runShard(delivery, shard, parent, range, workEnd, { records, at }, async (isNew) => {
      if (isNew && records.length === read.length && read.length < shardSize) {
        await ledger.leaveToShards(delivery, PARENT_CHECK_MS, shard + 1);
        return;
      }
      // Another worker may have fixed this page a moment ago, with another end.
      const fixed = isNew ? range : (await ledger.read(shardId(delivery, shard)))?.coverage;
      if (handsOn && fixed?.kind === 'range') await this.handPageOn(task, fixed.until);
    });
  }

  private handPageOn(
    { delivery, attempt, shard }: Extract<DeliveryTask, { kind: 'page' }>,
    until: string,
  ): Promise<void> {
    const next = { shard: shard + 1, after: until };
    return this.deps.tasks.enqueue({ kind: 'page', delivery, attempt, ...next });
  }

  private async runShard(
    delivery: string,
    shard: number,
    parent: DeliveryDocument,
    coverage: Coverage,
    until: number,
    records?: ReadRecords,
    afterClaim?: (isNew: boolean) => Promise<void>,
  ): Promise<void> {
    const id = shardId(delivery, shard);
    const claim = await this.deps.ledger.claim(id, shardEntry(delivery, parent, coverage));
    if (claim.kind === 'held-by-us') {
      await this.orLetGo(claim.entry, async () => afterClaim?.(claim.entry.isNew));
    } else {
      await afterClaim?.(false);
    }
    const entry = this.claimedEntry(id, claim);
    if (entry !== undefined) await this.work(entry, until, entry.isNew ? records : undefined);
    else if (claim.kind === 'done') await this.finishParent(delivery);
  }

  private async contentOfParent(parent: string | undefined): Promise<Draft | undefined> {
    return parent === undefined ? undefined : (await this.deps.ledger.read(parent))?.content;
  }

  private async finishParent(id: string): Promise<void> {
    const counts = await this.deps.ledger.finishParent(id);
    if (counts !== undefined) this.deps.log.finished(id, counts.type, counts.counts);
  }

  private async fail(entry: HeldEntry, reason: string): Promise<void> {
    const { id, document } = entry;
    const ending = abandon(document);
    try {
      await persist(this.deps, id, document.leaseUntil.toMillis(), (isPlain) =>
        this.deps.ledger.giveUp(entry, reason, isPlain ? { ...ending, reasons: {} } : ending),
      );
    } catch (error) {
      if (error instanceof LeaseLostError) return this.deps.log.held(id);
      throw error;
    }
    this.deps.log.failed(id, document.type, reason);
    if (document.parent !== undefined) await this.finishParent(document.parent);
  }

  /**
   * What has to be done with an entry in hand before a round begins. Where it fails nothing was sent, and the next try need not wait
   * for the end of the lease.
   */
  private async orLetGo<T>(entry: HeldEntry, prepare: () => Promise<T>): Promise<T> {
    try {
      return await prepare();
    } catch (error) {
      const { ledger, log } = this.deps;
      await ledger
        .release(entry, !entry.inDoubt)
        .catch((again: unknown) => log.leaseKept(entry.id, again));
      throw error;
    }
  }

  private async untilDue({ delivery, dueAt }: { delivery: string; dueAt: number }): Promise<void> {
    const { clock } = this.deps;
    const early = dueAt - clock.now();
    if (early > MAX_EARLY_MS) throw new TooEarlyError(delivery, dueAt);
    if (early > 0) await clock.sleep(early);
  }
}

/** What the entry of a shard says. */
function shardEntry(delivery: string, parent: DeliveryDocument, coverage: Coverage): NewEntry {
  return {
    type: parent.type,
    ...(parent.actor === undefined ? {} : { actor: parent.actor }),
    coverage,
    parent: delivery,
    audienceBegan: parent.createdAt,
  };
}
