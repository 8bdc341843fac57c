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
import type { Choice, Withdraw } from '../model/notification/choice';
import { choiceOf as choiceOfKind, type Kind } from '../model/notification/kind';
import type { ImagePolicy } from '../model/notification/image-url';
import { isInvalidArgument } from '../store/firestore-errors';
import { isTransient } from '../store/transact';
import type { Ledger } from '../delivery/ledger';
import type { Recomposed } from '../delivery/deps';
import type { GivenUp } from '../delivery/ledger-entry';
import type { LedgerNotes, NotedEvent } from '../delivery/ledger-notes';
import { aboutEvent, type EventFacts } from '../delivery/order';
import type { DeliveryEngine } from '../delivery/engine';
import { completed, type Composed } from '../model/notification/complete';
import { InvalidInputError } from '../model/invalid-input';
import type { Notification } from '../model/notification/notification';
import { nobody, type Nobody } from './nobody';
import { digestOf, type DigestDefinition } from './digest';
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
export interface NotificationDefinition<Path extends string, Document> extends Omit<
  Kind,
  'isGathered'
> {
  /**
   * Short name, e.g. `like`: in the payload's `data.type`, the ledger, and `users/{uid}.notificationSettings`. 1 to 64 of
   * `a-z A-Z 0-9 - _`; neither `push` nor anything that begins with `push-`.
   */
  readonly name: string;
  /** Path of the document whose creation is the event, of names and wildcards, e.g. `posts/{postId}/likes/{likerId}`. */
  readonly document: Path;
  /** The fields that `compose` needs. A document that does not fit is recorded as failed, with the reason, and not retried. */
  readonly schema: z.ZodType<Document>;
  /** How it is told with others of its kind, to people who want it so (`delivery: 'digest'`). Default: it is not. */
  readonly digest?: DigestDefinition | undefined;
  /**
   * What becomes of its pushes when the document is deleted: `before`, what has not gone out by then is not sent; `shown`, also what has
   * gone out is taken from the devices that allow it; `no`, nothing. See `docs/withdraw.md`, before a kind that is deployed becomes or
   * ceases to be `shown`. Default: `before`; of a mandatory kind `no`.
   */
  readonly withdraw?: Withdraw | undefined;
  /**
   * What counts as told already: for `REPEAT_MINUTES` one push is enough for the same `document`, however often it is deleted and
   * created anew; with `actor` for whatever the same person did to the same people; with `event` everything is told. Default: `document`.
   */
  readonly once?: 'document' | 'actor' | 'event' | undefined;
  /**
   * What becomes of a push when whoever caused it has used up `SENDER_PER_MINUTE` or `SENDER_PER_DAY`: it is dropped, or waits for up to a
   * day. Default: `drop`.
   */
  readonly overBudget?: 'drop' | 'wait' | undefined;
  /**
   * Decides whom to notify of what; `nobody('why')`, or null: nobody. May run more than once for one event, so it should only read.
   *
   * If it throws, the event is retried for `COMPOSE_RETRY_MINUTES`, then recorded as failed.
   */
  readonly compose: (
    input: ComposeInput<Path, Document>,
  ) => Promise<Notification | Nobody | null> | Notification | Nobody | null;
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
  readonly ledger: Pick<Ledger, 'fail'> & { readonly notes: Pick<LedgerNotes, keyof LedgerNotes> };
  /** Of which events that tell nobody the ledger has an entry: each is a write. */
  readonly recordNobody: RecordNobody;
  readonly reader: Reader;
  /** Reads a whole document, for an event that came without it; undefined if it is gone. */
  readonly load: (path: string) => Promise<unknown>;
  readonly now: () => number;
  /** How long an event whose `compose` throws is retried, ms. */
  readonly composeRetryMs: number;
  /** Which pictures pushes may have. Default: any of a public host. */
  readonly images?: ImagePolicy;
  readonly log: {
    unusableEvent(event: EventFacts, failure: GivenUp): void;
    composeFailed(event: EventFacts, error: unknown): void;
    nothingToTell(event: EventFacts, why: string | undefined): void;
    /** The push goes without its picture. */
    pictureLeftOut(event: EventFacts, reason: string): void;
    /** Why there is no push could not be noted in the ledger; nobody gets one push less for it. */
    notNoted(event: EventFacts, error: unknown): void;
  };
}

/** `explained`: of those that say why. */
export type RecordNobody = 'none' | 'explained' | 'all';

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
  const { log, ledger } = deps;
  const eventAt = Date.parse(event.time);
  let facts: NotedEvent = {
    id: deliveryId(type, event.id),
    type,
    document: event.paths[0],
    eventAt,
  };
  const note = async (write: Promise<void>): Promise<void> =>
    write.catch((error: unknown) => {
      log.notNoted(facts, error);
    });

  let found: Awaited<ReturnType<typeof compose>>;
  try {
    const created = await documentOf(event, deps.load);
    if (created !== undefined) facts = { ...facts, document: created.path };
    found = created === undefined ? DELETED : await compose(definition, created, facts, deps);
  } catch (error) {
    // What Firestore was in trouble over is no fault of the app's code, and passes: also for an event that came late.
    const patienceMs = isTransient(error) ? FIRESTORE_RETRY_MS : 0;
    const until = eventAt + Math.max(deps.composeRetryMs, patienceMs);
    const failure = failureOf(error);
    if (failure.errorCode === 'COMPOSE_FAILED' && deps.now() <= until) {
      log.composeFailed(facts, error);
      await note(ledger.notes.composeFailed(facts, failure.error, until));
      throw error;
    }
    log.unusableEvent(facts, failure);
    const about = aboutEvent(facts, [], ['all', 'trouble']);
    return ledger.fail(facts.id, { ...about, ...failure });
  }
  if (found !== null && !('nobody' in found)) {
    const { mandatory = false, once = 'document' } = definition;
    return deps.engine.deliver({ ...found, ...facts, ...(mandatory ? {} : { limited: { once } }) });
  }
  const why = found?.nobody;
  log.nothingToTell(facts, why);
  const { recordNobody } = deps;
  if (recordNobody === 'all' || (recordNobody === 'explained' && why !== undefined)) {
    await note(ledger.notes.nobody(facts, why ?? UNEXPLAINED, found?.about ?? []));
  }
}

/**
 * Composes an event once more whose entry failed, of the document as it stands now.
 *
 * Rejects when that should be tried again, because Firestore is in trouble.
 */
export async function composeAgain<Path extends string, Document>(
  definition: NotificationDefinition<Path, Document>,
  event: NotedEvent,
  deps: NotifyDeps,
): Promise<Recomposed> {
  try {
    const { document: path } = event;
    const created = await documentOf(
      { paths: path === undefined ? [] : [path], data: undefined },
      deps.load,
    );
    // Its time to live counts from now: it was asked for anew.
    const now = { ...event, eventAt: deps.now() };
    const made = created === undefined ? DELETED : await compose(definition, created, now, deps);
    if (made !== null && !('nobody' in made))
      return { kind: 'order', order: { ...made, ...event } };
    return { kind: 'nobody', why: made?.nobody ?? UNEXPLAINED, about: made?.about ?? [] };
  } catch (error) {
    if (isTransient(error)) throw error;
    return { kind: 'failed', failure: failureOf(error) };
  }
}

function failureOf(error: unknown): GivenUp {
  return {
    error: messageOf(error).slice(0, MAX_REASON_LENGTH).toWellFormed(),
    errorCode: isFinal(error) ? 'INVALID_INPUT' : 'COMPOSE_FAILED',
  };
}

/** The platform delivers an event for 24 hours: what has not passed an hour before that is recorded. */
const FIRESTORE_RETRY_MS = 23 * 60 * 60_000;

/** Said of an event whose document was gone before it could be read. */
const DELETED = nobody('its document was deleted before it could be read');
/** Noted where `compose` did not say why. */
export const UNEXPLAINED = 'compose returned null';

/** The notification of an event, or that nobody is to be notified. */
async function compose<Path extends string, Document>(
  { document: pattern, schema, compose, ...kind }: NotificationDefinition<Path, Document>,
  { path, data }: { readonly path: string; readonly data: unknown },
  event: NotedEvent,
  { reader, images, log }: NotifyDeps,
): Promise<Composed | Nobody | null> {
  const { id: deliveryId, type, eventAt: eventTime } = event;
  const params = idsOf(pattern, path);
  if (params === undefined) {
    throw new InvalidInputError(`Document ${path}: expected one of ${pattern}.`);
  }
  const document = checked(path, schema, data);
  const notification = await compose({ params: params as IdsOf<Path>, document, reader });
  if (notification === null || 'nobody' in notification) return notification;
  const { composed, pictureProblem } = completed(notification, {
    ...{ type, deliveryId, eventTime },
    ...(images === undefined ? {} : { images }),
    choice: choiceOf(kind),
  });
  if (pictureProblem !== undefined) log.pictureLeftOut(event, pictureProblem);
  return composed;
}

/** What a definition says of who gets its pushes, and when. */
function choiceOf({
  delivery,
  mandatory,
  overBudget,
  // A security code may be deleted as soon as it is used, and people must hear of it all the same.
  withdraw = mandatory === true ? 'no' : 'before',
  digest,
}: Pick<
  NotificationDefinition<string, unknown>,
  'delivery' | 'mandatory' | 'digest' | 'overBudget' | 'withdraw'
>): Choice {
  return {
    ...choiceOfKind({ delivery, mandatory }),
    ...(digest === undefined ? {} : { digest: digestOf(digest) }),
    ...(overBudget === 'wait' ? { overBudget } : {}),
    ...(withdraw === 'no' ? {} : { withdraw }),
  };
}

/** The document that was created, from the event or, where that could not hold it, from the database; undefined if it is gone. */
async function documentOf(
  { paths, data }: Pick<CreatedDocument, 'paths' | 'data'>,
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
