/**
 * From one Firestore event to the engine: checks the document, composes the notification, and sorts what goes wrong.
 *
 * Invariant: only what is worth a retry is thrown, because the platform delivers a thrown event again for 24 hours.
 */
import { createHash } from 'node:crypto';
import type { ParamsOf } from 'firebase-functions';
import type { z } from 'zod';
import { messageOf } from '../model/redact';
import { documentsAt } from '../model/document-event';
import { idsOf, type DocumentId } from '../model/document-id';
import type { ImagePolicy } from '../model/notification/image-url';
import { isInvalidArgument } from '../store/firestore-errors';
import type { Ledger } from '../delivery/ledger';
import type { DeliveryEngine } from '../delivery/engine';
import { completed, type Composed } from '../model/notification/complete';
import { InvalidInputError } from '../model/invalid-input';
import type { Notification } from '../model/notification/notification';
import { checked, type Reader } from './reader';

/** The wildcards of a trigger's path, each with the id in its place in the document's path. */
export type IdsOf<Path extends string> = {
  readonly [Wildcard in keyof ParamsOf<Path>]: DocumentId;
};

/** What `compose` is given for one event. */
export interface ComposeInput<Path extends string, Document> {
  /** The ids in place of the path's wildcards, e.g. `{ postId, likerId }`. */
  readonly params: IdsOf<Path>;
  /** The created document, parsed by the schema. */
  readonly document: Document;
  /** Reads other documents. */
  readonly reader: Reader;
}

/** One notification of the catalogue: of which document it is, and what it tells whom. */
export interface NotificationDefinition<Path extends string, Document> {
  /**
   * Short name, e.g. `like`: in the payload's `data.type`, the ledger, and `users/{uid}.notificationSettings`. 1 to 64 of
   * `a-z A-Z 0-9 - _`; neither `push` nor anything that begins with `push-`.
   */
  readonly name: string;
  /** Path of the document whose creation is the event, of names and wildcards, e.g. `posts/{postId}/likes/{likerId}`. */
  readonly document: Path;
  /** The fields that `compose` needs. A document that does not fit is recorded as failed, with the reason, and not retried. */
  readonly schema: z.ZodType<Document>;
  /**
   * Decides whom to notify of what; null: nobody. May run more than once for one event, so it should only read.
   *
   * If it throws, the event is retried for `COMPOSE_RETRY_MINUTES`, then recorded as failed.
   */
  readonly compose: (
    input: ComposeInput<Path, Document>,
  ) => Promise<Notification | null> | Notification | null;
}

/** The creation of a document, as the trigger hands it over. */
export interface CreatedDocument {
  /** Stable across retries. */
  readonly id: string;
  /** ISO 8601. */
  readonly time: string;
  /** The document's path; several if it can be read in several ways, none if it cannot be read at all. */
  readonly paths: readonly string[];
  /** Its fields; undefined if the event came without them, because they were too large for it. */
  readonly data: unknown;
}

export interface NotifyDeps {
  readonly engine: Pick<DeliveryEngine, 'deliver'>;
  readonly ledger: Pick<Ledger, 'fail'>;
  readonly reader: Reader;
  /** Reads a whole document, for an event that came without it; undefined if it is gone. */
  readonly load: (path: string) => Promise<unknown>;
  readonly now: () => number;
  /** How long an event whose `compose` throws is retried, ms. */
  readonly composeRetryMs: number;
  /** Which pictures pushes may have. Default: any of a public host. */
  readonly images?: ImagePolicy;
  readonly log: {
    unusableEvent(delivery: string, type: string, reason: string): void;
    composeFailed(delivery: string, type: string, error: unknown): void;
    nothingToTell(delivery: string, type: string): void;
    /** The push goes without its picture. */
    pictureLeftOut(delivery: string, type: string, reason: string): void;
  };
}

/**
 * Handles one event to its end.
 *
 * Rejects when the event is to be delivered again: `compose` threw and its time is not over, or Firestore failed.
 */
export async function notify<Path extends string, Document>(
  definition: NotificationDefinition<Path, Document>,
  event: CreatedDocument,
  deps: NotifyDeps,
): Promise<void> {
  const { name: type } = definition;
  const id = deliveryId(type, event.id);
  const fail = async (error: unknown): Promise<void> => {
    const reason = messageOf(error).slice(0, MAX_REASON_LENGTH).toWellFormed();
    deps.log.unusableEvent(id, type, reason);
    await deps.ledger.fail(id, reason, { type });
  };

  let composed: Composed | undefined;
  try {
    composed = await compose(definition, event, id, deps);
  } catch (error) {
    const isOld = deps.now() - Date.parse(event.time) > deps.composeRetryMs;
    if (isFinal(error) || isOld) return fail(error);
    deps.log.composeFailed(id, type, error);
    throw error;
  }
  if (composed === undefined) return deps.log.nothingToTell(id, type);
  await deps.engine.deliver({ ...composed, id });
}

/** The notification of an event; undefined if nobody is to be notified. */
async function compose<Path extends string, Document>(
  { name: type, document: pattern, schema, compose }: NotificationDefinition<Path, Document>,
  event: CreatedDocument,
  id: string,
  { reader, load, images, log }: NotifyDeps,
): Promise<Composed | undefined> {
  const found = await documentOf(event, load);
  if (found === undefined) return undefined;
  const params = idsOf(pattern, found.path);
  if (params === undefined) {
    throw new InvalidInputError(`Document ${found.path}: expected one of ${pattern}.`);
  }
  const document = checked(found.path, schema, found.data);
  const notification = await compose({ params: params as IdsOf<Path>, document, reader });
  if (notification === null) return undefined;
  const { composed, pictureProblem } = completed(notification, {
    type,
    deliveryId: id,
    eventTime: Date.parse(event.time),
    ...(images === undefined ? {} : { images }),
  });
  if (pictureProblem !== undefined) log.pictureLeftOut(id, type, pictureProblem);
  return composed;
}

/** The document that was created, from the event or, where that could not hold it, from the database; undefined if it is gone. */
async function documentOf(
  { paths, data }: CreatedDocument,
  load: NotifyDeps['load'],
): Promise<{ readonly path: string; readonly data: unknown } | undefined> {
  const [path, ...others] = paths;
  if (path === undefined) throw new InvalidInputError('The event names no document.');
  if (data !== undefined && others.length === 0) return { path, data };
  const found = await documentsAt(paths, load);
  if (found.length <= 1) return found[0];
  // To choose could tell somebody of what is not theirs.
  throw new InvalidInputError(
    `The event came without its document, and both ${paths.join(' and ')} exist: it is not certain which one it is about.`,
  );
}

/** Whether the same event would fail in the same way for ever. */
function isFinal(error: unknown): boolean {
  return error instanceof InvalidInputError || isInvalidArgument(error);
}

/** Characters: a document of a thousand wrong fields must not make an entry that is too large to be written. */
const MAX_REASON_LENGTH = 4_000;
/** Bytes that an event's id may have as it is; a ledger id has room for it, the name, and the number of a shard. */
const MAX_EVENT_ID_BYTES = 1_000;

/**
 * The ledger id of an event: two functions on one write share the event's id, so the name is part of it. An id that cannot be
 * part of a document's id, or of a shard's, which are told by `~`, is hashed.
 */
export function deliveryId(functionName: string, eventId: string): string {
  const flat = eventId.replaceAll('/', '_');
  const isFit =
    flat.isWellFormed() && !flat.includes('~') && Buffer.byteLength(flat) <= MAX_EVENT_ID_BYTES;
  const name = isFit ? flat : createHash('sha256').update(eventId).digest('hex');
  return `${functionName}-${name}`;
}
