/**
 * The gate that every event passes after it was claimed, and before anything of it is sent: whether whoever caused it may have it told.
 *
 * A small audience passes the same gate as a large one, and in the same order: that of the events.
 */
import type { Withheld, DeliveryDocument } from './delivery-document';
import type { EngineDeps } from './deps';
import { handOn } from './hand-on';
import { releaseOnError } from './hold';
import { LeaseLostError, type HeldEntry } from './ledger-entry';
import { verdictOn } from './limits';
import { dueTogether, taskId } from './tasks';

/** Somebody else holds a delivery that is not to be told, and may be dead: its event has to come again. */
class UndecidedError extends Error {
  constructor(id: string) {
    super(`Delivery ${id} is beyond a limit, and another worker holds it; try again.`);
    this.name = 'UndecidedError';
  }
}

export class Gate {
  private readonly deps: EngineDeps;
  private readonly withhold: (entry: HeldEntry, why: Withheld) => Promise<void>;

  /** @param withhold ends an entry of which nothing is sent. */
  constructor(deps: EngineDeps, withhold: (entry: HeldEntry, why: Withheld) => Promise<void>) {
    this.deps = deps;
    this.withhold = withhold;
  }

  /** Whether whoever caused an entry may have it told now; if not, it was withheld, or waits, or is another worker's. */
  async passes(entry: HeldEntry): Promise<boolean> {
    if (!isUndecided(entry.document)) return true;
    const verdict = await releaseOnError(this.deps, entry, () => verdictOn(this.deps, entry));
    switch (verdict?.kind) {
      case 'pass':
        return true;
      case 'drop':
        await this.withhold(entry, verdict.why);
        return false;
      case 'wait':
        await this.wait(entry, verdict.until);
        return false;
      case undefined:
        this.deps.log.held(entry.id);
        return false;
    }
  }

  /**
   * The same of an entry that another worker holds, who may be dead: what would not pass is not begun.
   *
   * @throws {UndecidedError} where nobody else may ever end it.
   */
  async wouldPass(id: string, document: DeliveryDocument): Promise<boolean> {
    // A task goes on with what waits.
    if (document.sender !== undefined && document.sender.at === undefined) return false;
    if (!isUndecided(document)) return true;
    const entry = { id, document, isNew: false, inDoubt: false };
    const verdict = await verdictOn(this.deps, entry);
    if (verdict?.kind !== 'pass') throw new UndecidedError(id);
    return true;
  }

  private async wait(entry: HeldEntry, until: number): Promise<void> {
    const { id, document } = entry;
    const { ledger, log, clock } = this.deps;
    const said = { id, type: document.type };
    const task = dueTogether(until, clock.now());
    try {
      await ledger.senders.wait(entry, task.dueAt, taskId(task));
    } catch (error) {
      if (error instanceof LeaseLostError) return log.held(id);
      throw error;
    }
    if (await handOn(this.deps, said, task)) log.waitsForBudget(said, task.dueAt);
  }
}

/** Whether an entry has yet to pass: nothing of it was begun. To decide it again gives the same, or lets it pass. */
function isUndecided({ sender, sent, reached, counts }: DeliveryDocument): boolean {
  return sender !== undefined && !sent && reached === undefined && counts.addresses === 0;
}
