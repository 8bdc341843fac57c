/**
 * The outbox: brings a push document from what its sender wrote to what became of it, one transaction a step.
 *
 * Invariant: a document that is `scheduled` or `sending` has a task or a ledger entry that goes on with it, or the sweep finds it
 * by its `nextAt`.
 */
import type { DeliveryEngine } from '../delivery/engine';
import type { Choice } from '../model/notification/choice';
import type { ImagePolicy } from '../model/notification/image-url';
import { forEachBounded } from '../model/concurrency';
import type { OverduePush, PushStore } from './pushes';
import { acceptedOf } from './accepted';
import { isInvalidArgument } from '../store/firestore-errors';
import type { PushDocument } from './push-document';
import { deliveryOf, lastWords, plan, type Plan, type PlanInput } from './plan';
import { taskFor, waitOf, type PushQueue, type PushTask } from './tasks';

export interface OutboxDeps {
  readonly pushes: Pick<PushStore, 'advance' | 'overdue'>;
  /** The path of a push document. */
  readonly pathOf: (id: string) => string;
  readonly engine: Pick<DeliveryEngine, 'deliver'>;
  readonly queue: PushQueue;
  readonly clock: { now(): number; sleep(ms: number): Promise<void> };
  /** How long documents are kept after they are due, ms. */
  readonly retentionMs: number;
  /** Which pictures pushes may have. Default: any of a public host. */
  readonly images?: ImagePolicy;
  /** What a kind says of who gets its pushes, and when. Default: nothing. */
  readonly choiceOf?: (type: string) => Choice;
  readonly log: {
    planned(push: string, plan: Plan): void;
    swept(overdue: number): void;
    /** Nothing more can be written into the document; `isTold`: but for its end, `failed`. */
    unwritable(push: string, isTold: boolean, error: unknown): void;
  };
}

/** A task of the sweep that got lost is enqueued anew after this at the latest; until then its id is taken, and no queue fills up. */
const SWEEP_AGAIN_MS = 15 * 60_000;
/** Tasks enqueued at once. */
const ENQUEUE_AT_ONCE = 25;

export class Outbox {
  private readonly deps: OutboxDeps;

  constructor(deps: OutboxDeps) {
    this.deps = deps;
  }

  /**
   * A push document was written: by its sender, or by this server, which costs no read. `document` is undefined if it was deleted.
   *
   * Rejects when the event should come again.
   */
  async onWritten(id: string, document: PushDocument | undefined): Promise<void> {
    if (document === undefined) return;
    const { clock } = this.deps;
    const now = clock.now();
    // Assumed unknown to the ledger: what it knows is read before anything is done.
    const { update, next } = plan({ id, document, delivery: 'none', now, ...this.terms });
    // What is being sent goes on in whoever began it.
    const isUnderWay = acceptedOf(document)?.state === 'sending' && next.kind === 'deliver';
    if (update === undefined || isUnderWay) return;
    await this.advance(id, 0);
  }

  /** The same, of an event that came without the document, which was too large for it: it is read. */
  async onWrittenUnseen(id: string): Promise<void> {
    await this.advance(id, 0);
  }

  /** A scheduled push is due, or its task has to be handed on. Rejects when the task should be dispatched again. */
  async run(task: PushTask): Promise<void> {
    const { clock } = this.deps;
    const wait = waitOf(task, clock.now());
    if (wait > 0) await clock.sleep(wait);
    await this.advance(task.push, task.hop + 1, task);
  }

  /** Has pushes looked at that did not get on; returns how many. Meant to run every few minutes. */
  async sweep(limit: number): Promise<number> {
    const { pushes, queue, clock, log } = this.deps;
    const now = clock.now();
    const overdue = await pushes.overdue(now, limit);
    const window = Math.floor(now / SWEEP_AGAIN_MS) * SWEEP_AGAIN_MS;
    await forEachBounded(overdue.length, ENQUEUE_AT_ONCE, (index) => {
      const { id, nextAt, revision, dueAt } = overdue[index] as OverduePush;
      return queue.enqueue({ push: id, dueAt, revision, hop: Math.max(nextAt, window), at: now });
    });
    log.swept(overdue.length);
    return overdue.length;
  }

  private async advance(id: string, hop: number, task?: PushTask): Promise<void> {
    const { engine, queue, clock, log } = this.deps;
    const planned = await this.step(id, task);
    if (planned === undefined) return;
    log.planned(id, planned);
    const { next } = planned;
    if (next.kind === 'await') await queue.enqueue(taskFor(id, next, hop, clock.now()));
    if (next.kind === 'deliver') {
      await engine.deliver({ ...next.order, document: this.deps.pathOf(id) });
    }
  }

  /** What holds for every push. */
  private get terms(): Pick<PlanInput, 'retentionMs' | 'images' | 'choiceOf'> {
    const { retentionMs, images, choiceOf } = this.deps;
    return { retentionMs, images, choiceOf };
  }

  /** Plans and writes; undefined if there is nothing to go on with. */
  private async step(id: string, task: PushTask | undefined): Promise<Plan | undefined> {
    const { pushes, clock } = this.deps;
    try {
      return await pushes.advance(id, deliveryOf(id), (document, delivery): Plan =>
        task !== undefined && isStale(task, document)
          ? { next: { kind: 'nothing' } }
          : plan({ id, document, delivery, now: clock.now(), ...this.terms }),
      );
    } catch (error) {
      if (!isInvalidArgument(error)) throw error;
      await this.giveUp(id, error);
      return undefined;
    }
  }

  /** Ends a push whose document takes nothing that was planned: with the reason, or without where there is no room for it. */
  private async giveUp(id: string, error: unknown): Promise<void> {
    const { pushes, clock, retentionMs, log } = this.deps;
    for (const words of [UNWRITABLE, undefined]) {
      try {
        const ended = await pushes.advance(id, deliveryOf(id), (document, delivery) => {
          const update = lastWords(
            { id, document, delivery, now: clock.now(), retentionMs },
            words,
          );
          return update === undefined ? {} : { update };
        });
        return log.unwritable(id, ended?.update !== undefined, error);
      } catch (again) {
        if (!isInvalidArgument(again)) throw again;
      }
    }
    log.unwritable(id, false, error);
  }
}

/** Short, because there may be little room left for it. */
const UNWRITABLE = 'Firestore refuses to write to this document.';

/** Whether the push was scheduled anew or cancelled since the task was enqueued; one that has to be accepted anew was not. */
function isStale(task: PushTask, document: PushDocument): boolean {
  const accepted = acceptedOf(document);
  if (accepted === undefined) return false;
  return accepted.revision !== task.revision || accepted.dueAt.toMillis() !== task.dueAt;
}
