/**
 * From the events of a kind that is withdrawn from devices: a creation notifies, a deletion withdraws, and nothing else does anything.
 *
 * Events may come in any order. A delivery enters the ledger before it looks for its document, and a deletion looks into the ledger after
 * the document is gone: so whichever is handled last finds the other.
 */
import type { RecipientSource } from '../model/notification/recipients';
import type { FoundDelivery, LedgerWithdrawals } from '../delivery/ledger-withdrawals';
import { withdrawalOf } from '../delivery/withdrawal';
import type { CreationTime } from '../store/creation-time';
import { deliveryId, notify, type NotificationDefinition, type NotifyDeps } from './compose';

/** The creation, change or deletion of a document, as the trigger hands it over. */
export interface ChangedDocument {
  /** Stable across retries. */
  readonly id: string;
  /** When, ms since 1970. */
  readonly writtenAt: number;
  /** The document's path; several if it can be read in several ways, none if it cannot be read at all. */
  readonly paths: readonly string[];
  /** As it was; undefined if there was none, or if the event came without the document, because that was too large for it. */
  readonly before: { readonly createdAt: number | undefined } | undefined;
  /** As it is now; likewise. */
  readonly after: { readonly data: unknown } | undefined;
}

export interface WithdrawDeps extends NotifyDeps {
  readonly ledger: NotifyDeps['ledger'] & {
    readonly withdrawals: Pick<LedgerWithdrawals, keyof LedgerWithdrawals>;
  };
  readonly createdAt: CreationTime;
  readonly sleep: (ms: number) => Promise<void>;
}

/** A delivery is being sent whose push is to be withdrawn: the event comes again, when that is over. */
class StillSendingError extends Error {
  constructor(id: string) {
    super(`Delivery ${id} is still being sent; what withdraws it is sent afterwards.`);
    this.name = 'StillSendingError';
  }
}

/** Waits for a delivery that is being sent, ms: most take a second. */
const WAITS_MS = [500, 1_000, 2_000, 4_000];
/** A document that an event came without was created by it if that was no longer ago than this, ms. */
const CREATION_MS = 1_000;

/** Handles one event to its end. Rejects when the event is to be delivered again. */
export async function notifyOrWithdraw<Path extends string, Document>(
  definition: NotificationDefinition<Path, Document>,
  event: ChangedDocument,
  deps: WithdrawDeps,
): Promise<void> {
  const { id, writtenAt, paths, after } = event;
  switch (await changeOf(event, deps.createdAt)) {
    case 'created': {
      const time = new Date(writtenAt).toISOString();
      return notify(definition, { id, time, paths, data: after?.data }, deps);
    }
    case 'deleted':
      for (const path of paths) await withdraw(definition.name, path, event, deps);
      return;
    case 'changed':
  }
}

async function changeOf(
  { before, after, paths, writtenAt }: ChangedDocument,
  createdAt: CreationTime,
): Promise<'created' | 'changed' | 'deleted'> {
  if (before !== undefined) return after === undefined ? 'deleted' : 'changed';
  if (after !== undefined) return 'created';
  const [path, ...others] = paths;
  // Nothing can be said of it: that it cannot be read is recorded as it is of any creation.
  if (path === undefined) return 'created';
  for (const each of [path, ...others]) {
    const time = await createdAt(each);
    if (time !== undefined) return writtenAt - time <= CREATION_MS ? 'created' : 'changed';
  }
  return 'deleted';
}

async function withdraw(
  type: string,
  path: string,
  { id, writtenAt, before }: ChangedDocument,
  deps: WithdrawDeps,
): Promise<void> {
  const life = { path, from: before?.createdAt, until: writtenAt };
  const found = await deps.ledger.withdrawals.ofCreation(type, life);
  if (found?.document.shownAs === undefined) return;
  const { shownAs } = found.document;
  const recipients = await reachedBy(found, deps);
  if (recipients === 'nobody') return;
  await deps.engine.deliver(
    withdrawalOf({
      id: `${deliveryId(type, id)}-withdrawal`,
      withdraws: found.id,
      ...{ type, document: path, deletedAt: writtenAt, shownAs, recipients },
    }),
  );
}

async function reachedBy(
  { id }: FoundDelivery,
  { ledger, sleep }: WithdrawDeps,
): Promise<RecipientSource | 'nobody'> {
  for (const waitMs of [0, ...WAITS_MS]) {
    if (waitMs > 0) await sleep(waitMs);
    const reached = await ledger.withdrawals.reached(id);
    if (reached !== undefined) return reached;
  }
  throw new StillSendingError(id);
}
