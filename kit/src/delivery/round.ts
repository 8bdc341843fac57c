/**
 * One round of work on one ledger entry: tries again what is due, sends to recipients that were not reached yet, step by step, and
 * records how it went.
 *
 * Invariants: what was recorded is never sent again. What may have been sent and was not recorded is sent again: once if no instance
 * dies over that, else once for each that does, a few times at most. Each time is noted before it begins, and when it has come to its
 * end, which was the last time then.
 */
import { fingerprint } from '../model/address';
import { messageOf } from '../model/redact';
import { forEachBounded } from '../model/concurrency';
import type { Draft } from '../model/notification/content';
import { PayloadTooLargeError } from '../providers/fit';
import { UNSENT, type Outcome } from '../model/outcome';
import { LeaseLostError, type HeldEntry } from './ledger-entry';
import type { PendingAddress } from './delivery-document';
import type { ErrorCode } from './error-code';
import { isRefusedForGood } from '../store/transact';
import type { Target } from './audience';
import { heldKey, heldPeople } from './collapse';
import { LEASE_MARGIN_MS } from './deadline';
import { doubtAfter, isLeft, noted, type StepPart } from './doubt';
import type { EngineDeps, Said } from './deps';
import { decideStep } from './decide-step';
import { UNKNOWN_CODE } from './give-up';
import { release } from './hold';
import { persist } from './persist';
import type { RecipientReader } from './recipients';
import { handOn } from './hand-on';
import { releaseTotals } from './release';
import {
  isUnsent,
  reportRefusals,
  StepSender,
  TOO_LATE,
  type Audience,
  type StepResult,
} from './step-sender';
import { settle, settlePlainly, type Result, type Settlement } from './settle';
import { readAtOf, resendOf, STEP_RECIPIENTS, stepOf, upToResent } from './step';
import { summaryOf } from './summary';
import { NO_TOTALS, Tally, type StepTotals } from './tally';
import { dueTogether, taskId, type DeliveryTask } from './tasks';

/** Addresses to be tried again that an entry holds before it begins no further step, and at most, in bytes of Firestore's 1 MiB. */
const PENDING_SOFT_BYTES = 250_000;
const PENDING_HARD_BYTES = 550_000;
/** Up to so many addresses a retry shares its task with those of other deliveries: alone, hundreds of them would wait for the queue. */
const FEW_PENDING = 20;
/** People at once of whom it is asked whether something newer is held for them. */
const HOLDS_AT_ONCE = 20;

const UNKNOWN_OUTCOME: Outcome = {
  kind: 'failed',
  code: UNKNOWN_CODE,
  detail: 'it was sent, perhaps more than once, and no record of how it went could be kept',
};
/** What the ledger says where Firestore does not take what there is to say of each person. */
const NO_REASONS =
  'the reasons were more than the entry can hold, or held a value that Firestore does not take';

/** A round that no further try could bring to its end. */
export class UndeliverableError extends Error {
  /** The entry as far as the round came, recorded or not. */
  readonly entry: HeldEntry;
  readonly code: ErrorCode;

  constructor(entry: HeldEntry, cause: unknown) {
    super(messageOf(cause), { cause });
    this.name = 'UndeliverableError';
    this.entry = entry;
    this.code = cause instanceof PayloadTooLargeError ? 'PAYLOAD_TOO_LARGE' : 'FIRESTORE_REFUSED';
  }
}

type RetryTask = Extract<DeliveryTask, { kind: 'retry' | 'due' }>;

export class Round {
  private readonly deps: EngineDeps;
  private readonly content: Draft;
  /** No send begins after this, ms since 1970. */
  private readonly until: number;
  private readonly earlier: ReadonlyMap<string, PendingAddress>;
  private readonly sender: StepSender;
  private entry: HeldEntry;
  private readonly tally: Tally;
  private readonly settled = { retry: false, next: false };
  /** Whether something may have been sent that is not recorded. */
  private isUnrecorded = false;

  /** @param until when the function that works on this has to come to its end, ms since 1970. */
  constructor(deps: EngineDeps, entry: HeldEntry, content: Draft, until: number) {
    const { document } = entry;
    this.deps = deps;
    this.entry = entry;
    this.content = content;
    this.until = Math.min(until, document.leaseUntil.toMillis() - LEASE_MARGIN_MS);
    this.earlier = new Map(document.pending.map((address) => [address.fingerprint, address]));
    this.sender = new StepSender(deps, entry, content);
    this.tally = new Tally(document);
  }

  /**
   * Works until everything is final, has to wait, or the time is over, and records which.
   *
   * @throws {UndeliverableError} when the push is too large for everybody, or Firestore refuses for good what the round needs.
   */
  async run(source: RecipientReader): Promise<void> {
    await this.letGoOnError(async () => {
      const isRetry = await this.retryDue(source);
      const next = this.entry.document.sent ? 'nobody' : await this.reachFurther(source, !isRetry);
      await this.end(next);
    });
  }

  /** Sends to whoever the provider knows under this name, and records how that went. */
  async broadcast(name: string, send: () => Promise<Outcome>): Promise<void> {
    await this.letGoOnError(async () => {
      const now = this.deps.clock.now();
      const isFirst = !this.entry.document.sent;
      const due = this.tally.dueAt(now);
      if (isFirst || due.length > 0) {
        this.tally.take(due);
        const target = { uid: name, address: name };
        await this.step(
          [target],
          isFirst ? { kind: 'next', until: name } : { kind: 'retry', dueBy: now },
          isFirst ? { counts: { recipients: 1, addresses: 1 }, reasons: new Map() } : NO_TOTALS,
          async () => {
            const outcome = this.sender.isTooLate ? TOO_LATE : await send();
            const results = [{ ...target, outcome }];
            reportRefusals(this.deps.log, this.said, results);
            return { results, gone: [] };
          },
        );
      }
      await this.end('nobody');
    });
  }

  /** Tries again what is due, for whoever still has the address; what is not due yet keeps waiting. */
  private async retryDue(source: RecipientReader): Promise<boolean> {
    // What is sent again is what was due then: whatever is due besides has its turn after it.
    const dueBy = this.entry.document.resends?.retry?.dueBy ?? this.deps.clock.now();
    const due = this.tally.dueAt(dueBy);
    if (due.length === 0) return false;
    const replaced = await this.replacedPeople(due);
    const wanted = due.filter(({ uid }) => !replaced.has(uid));
    const found = await this.sender.presentOf(source, wanted);
    const { targets, readAt, at } = found;
    this.tally.take(due);
    const collapsed = due
      .filter(({ uid }) => replaced.has(uid))
      .map((each) => ({ ...each, why: 'collapsed' }));
    const released = { ...found, gone: [...found.gone, ...collapsed] };
    const totals = releaseTotals(released, this.content.expiresAt);
    await this.step(targets, { kind: 'retry', dueBy }, totals, () => {
      return this.sendTo(source, { targets, readAt, at });
    });
    return true;
  }

  /** Those for whom something newer about the same was held as well. */
  private async replacedPeople(due: readonly PendingAddress[]): Promise<ReadonlySet<string>> {
    const people = heldPeople(due, this.content);
    const replaced = new Set<string>();
    const { id, document } = this.entry;
    await forEachBounded(people.length, HOLDS_AT_ONCE, async (index) => {
      const uid = people[index] as string;
      const key = heldKey(uid, this.content);
      const isNewer = await this.deps.ledger.holds.hasNewer({ ...document, id }, key, (error) => {
        this.deps.log.limitsUnread(this.said, error);
      });
      if (isNewer) replaced.add(uid);
    });
    return replaced;
  }

  /** Sends to recipients that were not reached yet. Returns who is left: nobody, some whose turn may come at once, or some who have to wait. */
  private async reachFurther(
    source: RecipientReader,
    isFirstStep: boolean,
  ): Promise<'nobody' | 'some' | 'waiting'> {
    for (let isFirst = isFirstStep; ; isFirst = false) {
      if (this.tally.retryBytes > PENDING_SOFT_BYTES) return 'waiting';
      if (!this.mayBegin()) return 'some';
      // Only between steps: a small audience is recorded once. Where that fails, the end of a round may still be recorded.
      if (!isFirst && !(await this.recordProgress())) return 'some';
      // Whoever takes this up next ends it: nothing of it is in doubt.
      if (!isFirst && (await this.isStopped())) return 'some';
      const next = await source.next(this.tally.reached ?? '', STEP_RECIPIENTS);
      const page = upToResent(this.entry.document, stepOf(next));
      const last = page.records.at(-1)?.uid;
      if (last === undefined) return 'nobody';
      const what = { entry: this.entry, content: this.content };
      const { targets, totals } = await decideStep(this.deps, what, this.sender, page.records);
      const results = await this.step(targets, { kind: 'next', until: last }, totals, () =>
        this.sendTo(source, { targets, readAt: readAtOf(page.records), at: page.at }),
      );
      this.tally.reached = last;
      if (page.isLast) return 'nobody';
      // Whoever is left would fare as these did: later they may not.
      if (results.length > 0 && results.every(isUnprocessed)) return 'waiting';
    }
  }

  /** Whether an operator stopped the delivery that this is a part of. */
  private async isStopped(): Promise<boolean> {
    const { parent } = this.entry.document;
    if (parent === undefined) return false;
    return (await this.deps.ledger.read(parent))?.errorCode === 'CANCELLED';
  }

  /** Sends one step, unless it was sent too often without a record, and takes note of what came of it. */
  private async step(
    targets: readonly Target[],
    part: StepPart,
    totals: StepTotals,
    send: () => Promise<StepResult>,
  ): Promise<readonly Result[]> {
    const resend = resendOf(this.entry.document, part);
    let found: StepResult;
    if (isLeft(resend)) {
      const unsent = new Set(resend?.unsent);
      const results = targets.map((target) => {
        const isUntold = unsent.has(fingerprint(target.address));
        return { ...target, outcome: isUntold ? UNSENT : UNKNOWN_OUTCOME };
      });
      found = { results, gone: [] };
    } else {
      if (this.entry.inDoubt && targets.length > 0) {
        const note = noted(this.entry.document.resends, part, { times: (resend?.times ?? 0) + 1 });
        this.entry = await this.persist(() => this.deps.ledger.noteResends(this.entry, note));
      }
      this.isUnrecorded = targets.length > 0;
      found = await send();
      if (found.results.every(isUntold)) this.isUnrecorded = false;
      if (this.isUnrecorded && this.entry.inDoubt) await this.noteSent(part, found.results);
    }
    const settlement = this.settle(found.results);
    const gone = [...(totals.gone ?? []), ...found.gone];
    this.tally.add(totals, gone, settlement, this.deps.clock.now());
    this.settled[part.kind] = true;
    return found.results;
  }

  /** What was sent is recorded, even where its account cannot be made as it should. */
  private settle(results: readonly Result[]): Settlement {
    const { clock, random, log } = this.deps;
    try {
      return settle(results, {
        earlier: this.earlier,
        now: clock.now(),
        expiresAt: this.content.expiresAt,
        random,
        pendingBytes: PENDING_HARD_BYTES - this.tally.pendingBytes,
      });
    } catch (error) {
      log.recordedPlainly(this.said, error);
      return settlePlainly(results);
    }
  }

  private async sendTo(source: RecipientReader, audience: Audience): Promise<StepResult> {
    // Only what is too large for the very first who are sent to is too large for everybody.
    const mayBeTooLarge = this.tally.counts.addresses === 0;
    try {
      return await this.sender.send(source, audience, { mayBegin: this.mayBegin, mayBeTooLarge });
    } catch (error) {
      // It rejects only when nothing was sent to anybody.
      this.isUnrecorded = false;
      throw error;
    }
  }

  private readonly mayBegin = (): boolean => this.deps.clock.now() < this.until;

  /** Records a step, and returns whether that went well. */
  private async recordProgress(): Promise<boolean> {
    const doubt = doubtAfter(this.entry, this.settled);
    try {
      this.entry = await this.persist((isPlain) => {
        return this.deps.ledger.progress(this.entry, this.tally.result(isPlain), doubt);
      });
    } catch (error) {
      if (error instanceof LeaseLostError) throw error;
      this.deps.log.stepNotRecorded(this.said, error);
      return false;
    }
    this.isUnrecorded = false;
    return true;
  }

  /** Records the round, and has whatever is left to do enqueued. */
  private async end(left: 'nobody' | 'some' | 'waiting'): Promise<void> {
    const { ledger, log, clock } = this.deps;
    const { id } = this.entry;
    if (left === 'nobody' && this.tally.pending.length === 0) {
      await this.persist((isPlain) => {
        const result = this.tally.result(isPlain);
        return ledger.finish(this.entry, isPlain ? { ...result, error: NO_REASONS } : result);
      });
      const { counts, codes } = this.tally;
      log.finished(summaryOf(id, { ...this.entry.document, counts, codes }, clock.now()));
      return;
    }
    const dues = this.tally.pending.map(({ dueAt }) => dueAt);
    const retryAt = left === 'some' || dues.length === 0 ? clock.now() : Math.min(...dues);
    const sent = left === 'nobody';
    const doubt = doubtAfter(this.entry, sent ? { ...this.settled, next: true } : this.settled);
    const held = heldPeople(this.tally.pending, this.content);
    const keys = held.map((uid) => heldKey(uid, this.content));
    let task: RetryTask | undefined;
    // Recorded before it is enqueued: if we stop in between, the sweep finds the entry overdue.
    const round = await this.persist((isPlain) => {
      task = sent && dues.length <= FEW_PENDING ? this.togetherAt(retryAt) : undefined;
      const due = task === undefined ? {} : { due: taskId(task) };
      const result = { ...this.tally.result(isPlain), sent, retryAt, keys, ...due };
      return ledger.wait(this.entry, result, doubt);
    });
    this.isUnrecorded = false;
    task ??= { kind: 'retry', delivery: id, round, dueAt: retryAt };
    if (!(await handOn(this.deps, this.said, task))) return this.letGo();
    const { pending } = this.tally;
    log.retryScheduled(this.said, pending.length, retryAt, pending[0]?.code);
  }

  /** The task that makes this retry with others, unless the push would be past its end by then. */
  private togetherAt(retryAt: number): ReturnType<typeof dueTogether> | undefined {
    const task = dueTogether(retryAt, this.deps.clock.now());
    return task.dueAt < this.content.expiresAt ? task : undefined;
  }

  private persist<T>(write: (isPlain: boolean) => Promise<T>): Promise<T> {
    const until = this.entry.document.leaseUntil.toMillis();
    return persist(this.deps, this.said, until, write);
  }

  /** Notes that a part has been sent again: whatever becomes of its record, that was the last time for all whom it may have reached. */
  private async noteSent(part: StepPart, results: readonly Result[]): Promise<void> {
    const { resends } = this.entry.document;
    const resend = resends?.[part.kind];
    if (resend === undefined) return;
    const unsent = results.filter(isUntold).map(({ address }) => fingerprint(address));
    const note = noted(resends, part, {
      times: resend.times,
      isSent: true,
      ...(unsent.length === 0 ? {} : { unsent }),
    });
    try {
      this.entry = await this.deps.ledger.noteResends(this.entry, note);
    } catch (error) {
      if (error instanceof LeaseLostError) throw error;
      // The record that follows says more.
      this.deps.log.stepNotRecorded(this.said, error);
    }
  }

  private async letGoOnError(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof LeaseLostError) throw error;
      // The same push would be too large again, and the same request refused.
      if (error instanceof PayloadTooLargeError || isRefusedForGood(error)) {
        const { counts, reasons, pending, answers, codes } = this.tally;
        const document = { ...this.entry.document, counts, reasons, pending, answers, codes };
        throw new UndeliverableError({ ...this.entry, document }, error);
      }
      await this.letGo();
      throw error;
    }
  }

  private get said(): Said {
    return { id: this.entry.id, type: this.content.type };
  }

  private letGo(): Promise<void> {
    return release(this.deps, this.entry, !this.isUnrecorded && !this.entry.inDoubt);
  }
}

/** Whether nothing can have reached an address. */
function isUntold(result: Result): boolean {
  return isUnsent(result) || isUnprocessed(result);
}

/** Whether an address may fare better later, and so may all others: the provider took nothing of this. */
function isUnprocessed({ outcome }: Result): boolean {
  return (
    outcome.kind === 'retry' && (outcome.cause === 'unprocessed' || outcome.cause === 'credential')
  );
}
