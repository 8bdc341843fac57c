/**
 * From one Firestore event to the engine: checks the document, composes the notification, and sorts what goes wrong.
 *
 * Invariant: only what is worth a retry is thrown, because the platform delivers a thrown event again for 24 hours.
 */
import type { ParamsOf } from 'firebase-functions';
import type { z } from 'zod';
import { wordsOf } from '../log';
import type { Ledger } from '../store/ledger';
import type { DeliveryEngine } from './engine';
import { complete, InvalidInputError, type Notification } from './notification';
import { checked, type Reader } from './reader';

/** What `compose` gets of one event. */
export interface ComposeInput<Path extends string, Document> {
  /** The wildcards of the path, e.g. `{ postId, likerId }`. */
  readonly params: ParamsOf<Path>;
  /** The created document, as the schema has it. */
  readonly document: Document;
  /** Reads other documents. */
  readonly reader: Reader;
}

export interface NotificationDefinition<Path extends string, Document> {
  /** Short name, e.g. `like`: in the payload's `data.type`, the ledger, and `users/{uid}.notificationSettings`. */
  readonly name: string;
  /** Path of the document whose creation is the event, e.g. `posts/{postId}/likes/{likerId}`. */
  readonly document: Path;
  /** The fields that `compose` needs. A document that does not fit is recorded as failed, with the reason, and not retried. */
  readonly schema: z.ZodType<Document>;
  /**
   * Decides what to tell whom; null for nothing. May run more than once for one event, so it should only read.
   *
   * If it throws, the event is retried for `COMPOSE_RETRY_MINUTES`, then recorded as failed.
   */
  readonly compose: (
    input: ComposeInput<Path, Document>,
  ) => Promise<Notification | null> | Notification | null;
}

/** One Firestore event, as the trigger received it. */
export interface DocumentEvent<Path extends string> {
  /** Stable across retries. */
  readonly id: string;
  /** ISO 8601. */
  readonly time: string;
  readonly path: string;
  readonly params: ParamsOf<Path>;
  readonly data: unknown;
}

export interface NotifyDeps {
  readonly engine: Pick<DeliveryEngine, 'deliver'>;
  readonly ledger: Pick<Ledger, 'fail'>;
  readonly reader: Reader;
  readonly now: () => number;
  /** How long an event whose `compose` throws is retried, ms. */
  readonly composeRetryMs: number;
  readonly log: {
    unusableEvent(delivery: string, type: string, reason: string): void;
    composeFailed(delivery: string, type: string, error: unknown): void;
    nothingToTell(delivery: string, type: string): void;
  };
}

/**
 * Handles one event to its end.
 *
 * Rejects when the event is to be delivered again: `compose` threw and its time is not over, or Firestore failed.
 */
export async function notify<Path extends string, Document>(
  definition: NotificationDefinition<Path, Document>,
  event: DocumentEvent<NoInfer<Path>>,
  deps: NotifyDeps,
): Promise<void> {
  const { name: type } = definition;
  const id = deliveryId(type, event.id);
  const fail = async (error: unknown): Promise<void> => {
    const reason = wordsOf(error);
    deps.log.unusableEvent(id, type, reason);
    await deps.ledger.fail(id, reason, { type });
  };

  let notification: Notification | null;
  try {
    const document = checked(event.path, definition.schema, event.data);
    notification = await definition.compose({
      params: event.params,
      document,
      reader: deps.reader,
    });
  } catch (error) {
    const isOld = deps.now() - Date.parse(event.time) > deps.composeRetryMs;
    if (error instanceof InvalidInputError || isOld) return fail(error);
    deps.log.composeFailed(id, type, error);
    throw error;
  }
  if (notification === null) return deps.log.nothingToTell(id, type);

  let composed;
  try {
    composed = complete(notification, {
      type,
      deliveryId: id,
      eventTime: Date.parse(event.time),
    });
  } catch (error) {
    return fail(error);
  }
  await deps.engine.deliver({ ...composed, id });
}

/** The ledger id of an event: two functions on one write share the event's id, so the name is part of it. */
export function deliveryId(functionName: string, eventId: string): string {
  return `${functionName}-${eventId.replaceAll('/', '_')}`;
}
