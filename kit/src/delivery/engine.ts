/**
 * The delivery engine: claims an event in the ledger, resolves its audience, sends, prunes, records; resumes what was cut off.
 *
 * Invariant: an entry leaves `sending` only when each of its addresses has its final outcome; until then either a worker holds
 * it, or a task is enqueued for it, or the sweep will find it.
 */
import { NO_LIMITS } from '../decision/limits';
import { NO_COUNTS } from '../model/counts';
import { messageOf } from '../model/redact';
import { forEachBounded } from '../model/concurrency';
import type { Draft } from '../model/notification/content';
import {
  LeaseLostError,
  type Claim,
  type FailedEntry,
  type GivenUp,
  type HeldEntry,
  type NewEntry,
  type RoundResult,
} from './ledger-entry';
import type { AbandonedEntry } from './ledger';
import { isGivenUp, MAX_ATTEMPTS } from './attempts';
import type { DeliveryDocument, Withheld } from './delivery-document';
import { isRefusedForGood } from '../store/transact';
import { planCoverage } from './coverage';
import { WORK_MS } from './deadline';
import type { EngineDeps } from './deps';
import { ENQUEUE_AT_ONCE, FanOut } from './fan-out';
import { Gate } from './gate';
import { releaseOnError } from './hold';
import { abandon, CANCELLED, NOT_COMPOSED } from './give-up';
import { aboutOrder, aboutRefused, type DeliveryOrder } from './order';
import { readAhead, type ReadRecords } from './recipients';
import { persist } from './persist';
import { tellDigest } from './tell-digest';
import { retryTogether, untilDue } from './retries';
import { UndeliverableError } from './round';
import { runRound } from './run-round';
import { senderOf } from './sender';
import { summaryOf } from './summary';
import type { DeliveryTask } from './tasks';
import { shownAsOf } from './withdrawal';
import { mustBeThere, withholding } from './withhold';

/** Entries that a sweep found without a worker: how many, and for how long the longest of them had none, ms. */
export interface Abandoned {
  readonly overdue: number;
  readonly overdueMs: number;
}

/** What is sent, and of which document. */
interface Whole {
  readonly content: Draft;
  readonly document: string | undefined;
}

/** A resume that got lost is enqueued anew after this at the latest; until then sweeps find its id taken, and no queue fills up. */
const RESUME_AGAIN_MS = 15 * 60_000;

export class DeliveryEngine {
  private readonly deps: EngineDeps;
  private readonly fanOut: FanOut;
  private readonly gate: Gate;

  constructor(deps: EngineDeps) {
    this.deps = deps;
    this.fanOut = new FanOut(deps);
    this.gate = new Gate(deps, (entry, why) => this.withhold(entry, why));
  }

  /**
   * Delivers one event. Rejects when it should be delivered again, because Firestore failed; not when another worker holds it, who
   * finishes it, or the sweep does.
   */
  async deliver(order: DeliveryOrder): Promise<void> {
    const until = this.workEnd();
    await this.begin(order, until, {
      claimAs: (entry) => this.deps.ledger.claim(order.id, entry),
      refuse: (error) => this.refuse(order, error),
    });
  }

  /**
   * @param claimAs makes the entry, or fills the one that there is.
   * @param refuse records that Firestore does not take it.
   */
  private async begin(
    order: DeliveryOrder,
    until: number,
    {
      claimAs,
      refuse,
    }: {
      readonly claimAs: (entry: NewEntry) => Promise<Claim>;
      readonly refuse: (error: unknown) => Promise<void>;
    },
  ): Promise<void> {
    const { recipients, content } = order;
    const { users, shardSize, limits = NO_LIMITS, clock } = this.deps;
    const coverage = planCoverage(recipients, shardSize, users.collection);
    const sender = await senderOf(order, limits, (of, upTo) => users.count(of, upTo));
    const shownAs = shownAsOf(content);
    const claiming = claimAs({
      ...aboutOrder(order, coverage, limits.recipientPerHour > 0),
      content,
      coverage,
      ...(shownAs === undefined ? {} : { shownAs }),
      ...(sender === undefined ? {} : { sender }),
      ...(order.actor === undefined ? {} : { actor: order.actor }),
      ...('invalid' in recipients && recipients.invalid !== undefined
        ? { invalid: recipients.invalid }
        : {}),
    });
    const records = readAhead(users, coverage, clock.now);
    let claim: Claim;
    try {
      claim = await claiming;
    } catch (error) {
      if (!isRefusedForGood(error)) throw error;
      return refuse(error);
    }
    const known = 'uids' in recipients ? await this.openCoverage(order.id, claim) : undefined;
    if (known?.coverage?.kind === 'hashed-shards' && 'uids' in recipients) {
      // Nobody else ends it where only events come, and no task.
      if (claim.kind === 'held-by-us' && isGivenUp(known, clock.now())) {
        return this.work(claim.entry, until);
      }
      const mayBegin =
        claim.kind === 'held-by-us'
          ? this.gate.passes(claim.entry)
          : this.gate.wouldPass(order.id, known);
      if (!(await mayBegin)) return;
      // Only the event knows the recipients, so it does not wait for whoever holds the entry: no list is enqueued twice.
      return this.fanOut.beginLists(order.id, known, recipients.uids, known.coverage.shards);
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
        await untilDue(this.deps, task);
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

  /** Enqueues the work of entries whose worker is gone. Meant to run every few minutes. */
  async sweep(limit: number): Promise<Abandoned> {
    const abandoned = await this.deps.ledger.abandoned(limit);
    const now = this.deps.clock.now();
    const window = Math.floor(now / RESUME_AGAIN_MS);
    await forEachBounded(abandoned.length, ENQUEUE_AT_ONCE, async (index) => {
      const { id, leaseUntil } = abandoned[index] as AbandonedEntry;
      await this.deps.tasks.enqueue({ kind: 'resume', delivery: id, lease: leaseUntil, window });
    });
    const [longest] = abandoned;
    const overdueMs = longest === undefined ? 0 : now - longest.leaseUntil;
    return { overdue: abandoned.length, overdueMs };
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
    const { coverage, parent, recompose } = document;
    if (isGivenUp(document, this.deps.clock.now())) {
      const error = `given up after ${MAX_ATTEMPTS} attempts`;
      const errorCode = recompose === true ? 'COMPOSE_FAILED' : 'ATTEMPTS_USED_UP';
      return this.fail(entry, { error, errorCode });
    }
    if (!(await this.gate.passes(entry))) return;
    if (recompose === true) return this.composeAgain(entry, until);
    if (coverage?.kind === 'hashed-shards') {
      // Without the event its recipients are not known here: the shards, or the event's own retry, go on.
      return this.fanOut.leaveToShards(id, document);
    }
    if (coverage?.kind === 'paged-shards') return this.fanOut.beginPages(entry, coverage);
    if (document.digest !== undefined) return this.closeDigest(entry, until);
    const whole = await releaseOnError(this.deps, entry, () => this.wholeOf(document));
    if ('errorCode' in whole) return this.fail(entry, whole);
    const { content } = whole;
    if (await releaseOnError(this.deps, entry, () => this.isWithdrawn(entry, whole))) {
      return this.withhold(entry, 'withdrawn');
    }
    try {
      const missing = await runRound(this.deps, entry, content, { until, records });
      if (missing !== undefined) return await this.fail(entry, missing);
    } catch (error) {
      if (error instanceof LeaseLostError) return this.deps.log.held(id);
      if (error instanceof UndeliverableError) {
        return this.fail(error.entry, { error: error.message, errorCode: error.code });
      }
      // Before anything was sent.
      if (isRefusedForGood(error)) {
        return this.fail(entry, { error: messageOf(error), errorCode: 'FIRESTORE_REFUSED' });
      }
      throw error;
    }
    if (parent !== undefined) await this.fanOut.finishParent(parent);
  }

  /** Firestore does not take the entry, and never will: so it is recorded without what it may not take. */
  private async refuse(order: DeliveryOrder, error: unknown): Promise<void> {
    const { ledger, log, clock } = this.deps;
    const { id } = order;
    const failed: FailedEntry = {
      ...aboutRefused(order),
      error: `Firestore refused its ledger entry: ${messageOf(error)}`,
      errorCode: 'FIRESTORE_REFUSED',
    };
    log.finished(summaryOf(id, { ...failed, counts: NO_COUNTS, round: 0 }, clock.now()));
    try {
      await ledger.fail(id, failed);
    } catch (again) {
      if (!isRefusedForGood(again)) throw again;
      log.recordedPlainly({ id, type: failed.type }, again);
    }
  }

  /** Makes the retries that are due together. */
  private async runDue(task: Extract<DeliveryTask, { kind: 'due' }>): Promise<void> {
    await untilDue(this.deps, { delivery: 'several', dueAt: task.dueAt });
    const until = this.workEnd();
    await retryTogether(this.deps, task, until, async ({ id, round }) =>
      this.goOn(id, await this.deps.ledger.takeOver(id, round), until),
    );
  }

  /** Works on one page of a large audience. */
  private async runPage(task: Extract<DeliveryTask, { kind: 'page' }>): Promise<void> {
    const until = this.workEnd();
    const shard = await this.fanOut.openPage(task);
    if (shard === undefined) return;
    const entry = this.claimedEntry(shard.id, shard.claim);
    if (entry !== undefined) await this.work(entry, until, shard.records);
    else if (shard.claim.kind === 'done') await this.fanOut.finishParent(task.delivery);
  }

  /** Goes on with an entry for which nothing could be composed, once an operator has asked for that. */
  private async composeAgain(entry: HeldEntry, until: number): Promise<void> {
    const { id, document } = entry;
    const { ledger, log, clock, recompose } = this.deps;
    const { type, eventAt = document.createdAt, coverage } = document;
    const event = { id, type, document: document.document, eventAt: eventAt.toMillis() };
    const made =
      recompose === undefined
        ? ({ kind: 'failed', failure: NOT_COMPOSED } as const)
        : await releaseOnError(this.deps, entry, () => recompose(event));
    if (coverage?.kind === 'hashed-shards') {
      // A worker died over their lists: those that it wrote stay as they are, and nobody moves from one to another.
      if (made.kind === 'order' && 'uids' in made.order.recipients) {
        return this.fanOut.beginLists(id, document, made.order.recipients.uids, coverage.shards);
      }
      if (document.sent || (await releaseOnError(this.deps, entry, () => this.hasShards(id)))) {
        return this.fanOut.leaveToShards(id, document);
      }
      // It has waited for its sender's budget: what is over meanwhile is nobody else's to end.
      const { content } = document;
      if (made.kind === 'nobody' && content !== undefined) {
        const whole = { content, document: document.document };
        if (await releaseOnError(this.deps, entry, () => this.isWithdrawn(entry, whole))) {
          return this.withhold(entry, 'withdrawn');
        }
      }
    }
    if (made.kind === 'failed') return this.fail(entry, made.failure);
    if (made.kind === 'order') {
      return this.begin(made.order, until, {
        claimAs: (fields) => ledger.fill(entry, fields),
        refuse: (error) => {
          const words = `Firestore refused its ledger entry: ${messageOf(error)}`;
          return this.fail(entry, { error: words, errorCode: 'FIRESTORE_REFUSED' });
        },
      });
    }
    await ledger.notes.nobody(event, made.why, made.about);
    const nothing = { counts: NO_COUNTS, reasons: {}, pending: [], answers: [], codes: {} };
    await ledger.finish(entry, { ...nothing, reached: undefined });
    log.finished(summaryOf(id, { ...document, ...nothing }, clock.now()));
  }

  private async hasShards(id: string): Promise<boolean> {
    return (await this.deps.ledger.shards.count(id)) > 0;
  }

  /** What to send, and of which document: a shard has both from the delivery that it belongs to, unless that was stopped. */
  private async wholeOf({ content, document, parent }: DeliveryDocument): Promise<Whole | GivenUp> {
    if (content !== undefined) return { content, document };
    const whole = parent === undefined ? undefined : await this.deps.ledger.read(parent);
    if (whole?.errorCode === 'CANCELLED') return CANCELLED;
    if (whole?.content === undefined) {
      return { error: 'the delivery it belongs to is gone', errorCode: 'PARENT_GONE' };
    }
    return { content: whole.content, document: whole.document };
  }

  /** Whether what it tells of was deleted, as far as its kind asks for that to be looked up. */
  private async isWithdrawn(entry: HeldEntry, { content, document }: Whole): Promise<boolean> {
    const { createdAt, clock } = this.deps;
    if (createdAt === undefined || document === undefined) return false;
    if (!mustBeThere(entry, content.choice?.withdraw, clock.now())) return false;
    return (await createdAt(document)) === undefined;
  }

  /** Closes the window of a digest, if its time has come, and tells what it gathered. */
  private async closeDigest(entry: HeldEntry, until: number): Promise<void> {
    try {
      const told = await releaseOnError(this.deps, entry, () => tellDigest(this.deps, entry));
      if (told === 'waits') return;
      if (told === 'empty') return await this.withhold(entry, 'digest-empty');
      await this.work(told.entry, until, told.records);
    } catch (error) {
      if (!(error instanceof LeaseLostError)) throw error;
      this.deps.log.held(entry.id);
    }
  }

  /** Ends an entry of which nothing, or nothing more, is sent. */
  private async withhold(entry: HeldEntry, why: Withheld): Promise<void> {
    const ending = withholding(entry.document, why, this.deps.clock.now());
    await this.end(entry, ending, (told) => this.deps.ledger.finish(entry, told));
  }

  private async fail(entry: HeldEntry, why: GivenUp): Promise<void> {
    const ending = { ...abandon(entry.document, this.deps.clock.now()), ...why };
    await this.end(entry, ending, (told) => this.deps.ledger.giveUp(entry, told));
  }

  /** Records an entry's end by itself, says so, and finishes the delivery that it may have been the last part of. */
  private async end<Ending extends Omit<RoundResult, 'pending' | 'reached'>>(
    { id, document }: HeldEntry,
    ending: Ending,
    record: (told: Ending) => Promise<void>,
  ): Promise<void> {
    const { log, clock } = this.deps;
    const { type, leaseUntil, parent } = document;
    try {
      await persist(this.deps, { id, type }, leaseUntil.toMillis(), (isPlain) =>
        record(isPlain ? { ...ending, reasons: {}, answers: [] } : ending),
      );
    } catch (error) {
      if (error instanceof LeaseLostError) return log.held(id);
      throw error;
    }
    log.finished(summaryOf(id, { ...document, ...ending }, clock.now()));
    if (parent !== undefined) await this.fanOut.finishParent(parent);
  }
}
