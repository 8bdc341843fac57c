/**
 * The running account of a round: counts, a reason for each recipient, who is to be tried again, and how far the audience was reached.
 */
import { sumCounts, type Counts } from '../model/counts';
import { isHeld } from './collapse';
import type { DeliveryDocument, PendingAddress } from './delivery-document';
import { withAnswers, withCodes, type Answer } from './answers';
import type { RoundResult } from './ledger-entry';
import { mergeReasons } from './reasons';
import type { Gone } from './step';
import { pendingBytes, type Settlement } from './settle';

/** What is known of a step before it is sent. */
export interface StepTotals {
  readonly counts: Partial<Counts>;
  readonly reasons: ReadonlyMap<string, string>;
  /** Addresses that were to be tried again, and are their recipients' no more. Default: none. */
  readonly gone?: readonly Gone[];
  /** People who are not to be notified yet. Default: none. */
  readonly held?: readonly PendingAddress[];
}

export const NO_TOTALS: StepTotals = { counts: {}, reasons: new Map() };

export class Tally implements RoundResult {
  counts: Counts;
  reasons: DeliveryDocument['reasons'];
  pending: readonly PendingAddress[];
  reached: string | undefined;
  answers: readonly Answer[];
  codes: Readonly<Record<string, number>>;

  constructor({ counts, reasons, pending, reached, answers, codes }: DeliveryDocument) {
    this.counts = counts;
    this.answers = answers ?? [];
    this.codes = codes ?? {};
    this.reasons = reasons;
    this.pending = pending;
    this.reached = reached;
  }

  /**
   * Adds a step, which ended at `at` (ms since 1970), and what became of its addresses.
   *
   * @param gone those that were their recipients' no more when their turn came.
   */
  add(totals: StepTotals, gone: readonly Gone[], settlement: Settlement, at: number): void {
    const { counts, pending } = settlement;
    this.counts = sumCounts([this.counts, totals.counts, counts, { unregistered: gone.length }]);
    const reasons = new Map(totals.reasons);
    for (const { uid, why } of gone) reasons.set(uid, why);
    this.reasons = mergeReasons(mergeReasons(this.reasons, reasons), settlement.reasons);
    this.pending = [...this.pending, ...(totals.held ?? []), ...pending];
    const left = gone.map(({ uid, fingerprint: device }): Answer => {
      return { uid, device, outcome: 'gone', at };
    });
    this.codes = withCodes(this.codes, settlement.answers);
    this.answers = withAnswers(this.answers, [...settlement.answers, ...left], this.pendingBytes);
  }

  /** What is due for another try at `now`, ms since 1970. */
  dueAt(now: number): readonly PendingAddress[] {
    return this.pending.filter(({ dueAt }) => dueAt <= now);
  }

  /** These are tried now: a step says what becomes of them. */
  take(due: readonly PendingAddress[]): void {
    this.pending = this.pending.filter((address) => !due.includes(address));
  }

  /** The same of those of whom no person is held: these say that something is wrong, and are not to become too many. */
  get retryBytes(): number {
    return pendingBytes(this.pending.filter((address) => !isHeld(address)));
  }

  /** Bytes of the entry that those to be tried again take. */
  get pendingBytes(): number {
    return pendingBytes(this.pending);
  }

  /** What the ledger records; plain: without what an entry may be too large for, or holds a value that Firestore does not take. */
  result(isPlain: boolean): RoundResult {
    const { counts, reasons, pending, reached, codes, answers } = this;
    const told = isPlain ? { reasons: {}, answers: [] } : { reasons, answers };
    return { counts, ...told, pending, reached, codes };
  }
}
