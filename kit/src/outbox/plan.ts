/**
 * Decides what is to be done about a push document as it stands; pure.
 *
 * Words: a document is *accepted* when the server has taken note of its fields (`accepted.hash`, `accepted.state`). An *edit* is
 * a difference from that. Until sending begins an edit is accepted anew; afterwards it is *refused*, with the reason. A push that
 * failed for its fields alone may be *fixed*: nothing of it was sent.
 *
 * Invariant: planned again after its own update, a document needs no further update.
 */
import { createHash } from 'node:crypto';
import { Timestamp } from '@google-cloud/firestore';
import { LARGE_KEPT_MS } from '../delivery/attempts';
import { checkAfterMs } from '../delivery/deadline';
import type { DeliveryOrder } from '../delivery/order';
import { complete } from '../model/notification/complete';
import { InvalidInputError } from '../model/invalid-input';
import type { Choice } from '../model/notification/choice';
import type { ImagePolicy } from '../model/notification/image-url';
import { bytesOf, MAX_PUSH_BYTES } from '../store/document-size';
import type { PushDocument, PushServerFields, PushState } from './push-document';
import { inTodaysWords } from './accepted';
import { localTimeOf, spanOf } from './local-send-time';
import { hashOf, readPush, senderFields, withoutForgeries, type Push } from './fields';

/** Fields to write; `undefined` deletes one. */
export type PushUpdate = { [Field in keyof PushServerFields]: PushServerFields[Field] | undefined };

export type Next =
  | { readonly kind: 'nothing' }
  /** Its task has to be in the queue. `dueAt`: ms since 1970. */
  | { readonly kind: 'await'; readonly dueAt: number; readonly revision: number }
  | { readonly kind: 'deliver'; readonly order: DeliveryOrder };

export interface Plan {
  readonly update?: PushUpdate;
  readonly next: Next;
}

export interface PlanInput {
  readonly id: string;
  readonly document: PushDocument;
  /** What the ledger knows of this push. */
  readonly delivery: 'none' | 'begun';
  /** ms since 1970. */
  readonly now: number;
  /** How long the document is kept after it is due, ms. */
  readonly retentionMs: number;
  /** Which pictures a push may have. Default: any of a public host. */
  readonly images?: ImagePolicy | undefined;
  /** What a kind says of who gets its pushes, and when. Default: nothing. */
  readonly choiceOf?: ((type: string) => Choice) | undefined;
}

/** A scheduled push whose task is this late is looked after by the sweep. */
const TASK_GRACE_MS = 2 * 60_000;

const NOTHING: Plan = { next: { kind: 'nothing' } };
const DRY_RUN_NOTE =
  'Dry run: nothing was delivered and no address pruned; counts say what would have happened. ' +
  'APNs has no dry run, so native APNs tokens count as delivered without being checked.';

/** Bytes that a ledger id may have: a shard's number is added to it, and Firestore takes 1,500. */
const MAX_DELIVERY_BYTES = 1_400;

/**
 * The ledger id of a push, `push-{id}`; for an id that is too long for that, or holds the `~` that shards' numbers follow,
 * `push~` and its SHA-256.
 */
export function deliveryOf(pushId: string): string {
  const plain = `push-${pushId}`;
  if (!pushId.includes('~') && Buffer.byteLength(plain) <= MAX_DELIVERY_BYTES) return plain;
  return `push~${createHash('sha256').update(pushId).digest('hex')}`;
}

export function plan(asWritten: PlanInput): Plan {
  const document = withoutForgeries(inTodaysWords(asWritten.document));
  const input = { ...asWritten, document };
  const { accepted, state } = document;
  if (accepted === undefined) return accept(input, 1);
  const isEdited = hashOf(document) !== accepted.hash;
  const isMoved = state !== accepted.state;
  if (!isEdited && !isMoved) return goOn(input, accepted);
  const isFixable = accepted.state === 'failed' && document.errors !== undefined;
  if (accepted.state !== 'scheduled' && !isFixable) {
    const refused = refuse(input, LATE[accepted.state]);
    if (!isOverdue(input)) return refused;
    return input.delivery === 'none'
      ? fail(input, EDITED_AMID)
      : goOnInSpite(input, accepted, refused);
  }
  if (state === 'cancelled' || isEdited) return accept(input, accepted.revision + 1);
  return refuse(input, 'only the server sets the state, except that you may set it to "cancelled"');
}

const EDITED_AMID =
  'It was edited just as sending began, and nothing was sent. Write a new document.';
const SENT_BEFORE =
  'A push of this id was sent before, according to the ledger: a document is sent once. Write a new one with another id.';
/** Short, because there may be little room left for it. */
const TOO_LARGE = 'Over 960 KiB. Keep recipients in a collection: to.members.';

/** Why an edit counts for nothing, by how far the push has come. */
const LATE: Readonly<Record<PushState, string>> = {
  pending: '',
  scheduled: '',
  sending: 'it was already being sent when you edited it. Write a new document',
  sent: 'it was already sent when you edited it. Write a new document',
  partial: 'it was already sent when you edited it. Write a new document',
  failed: 'it had already failed when you edited it. Write a new document',
  cancelled: 'it had already been cancelled when you edited it. Write a new document',
};

/** Takes note of new fields, and begins. */
function accept(input: PlanInput, revision: number): Plan {
  const { document, delivery, now } = input;
  if (document.state === 'cancelled') {
    return finish(input, revision, {
      state: 'cancelled',
      error: undefined,
      errors: undefined,
    });
  }
  if (delivery !== 'none') {
    return finish(input, revision, {
      state: 'failed',
      error: SENT_BEFORE,
      errors: undefined,
    });
  }
  if (bytesOf(senderFields(document)) > MAX_PUSH_BYTES) {
    return finish(input, revision, {
      state: 'failed',
      error: TOO_LARGE,
      errors: undefined,
    });
  }
  const read = readPush(document, input.images);
  if ('errors' in read) return refuseFields(input, revision, read.errors);
  const { sendAt = now } = read.push;
  if (sendAt <= now) return send(input, revision, read.push, now);
  return {
    update: {
      ...noted(input, 'scheduled', revision, sendAt),
      scheduledAt: at(now),
      nextAt: at(sendAt + TASK_GRACE_MS),
      finishedAt: undefined,
      error: undefined,
      errors: undefined,
    },
    next: { kind: 'await', dueAt: sendAt, revision },
  };
}

/** Goes on with what was accepted. */
function goOn(
  input: PlanInput,
  { state, revision, dueAt }: NonNullable<PushServerFields['accepted']>,
): Plan {
  const { document, now } = input;
  if (state !== 'scheduled' && state !== 'sending') return NOTHING;
  if (state === 'scheduled' && dueAt.toMillis() > now) {
    return { next: { kind: 'await', dueAt: dueAt.toMillis(), revision } };
  }
  const read = readPush(document, input.images);
  // What was accepted may not be any more, after a deployment that is stricter.
  if ('errors' in read) return refuseFields(input, revision, read.errors);
  return send(input, revision, read.push, dueAt.toMillis());
}

/**
 * Goes on with what is under way although it was edited: its worker may have died before everybody on its list was written down, and only
 * the document says who they are. What they are told stands in the ledger.
 */
function goOnInSpite(
  input: PlanInput,
  accepted: NonNullable<PushServerFields['accepted']>,
  refused: Plan,
): Plan {
  const { update, next } = goOn(input, accepted);
  if (next.kind === 'deliver') return { update: { ...refused.update, ...update }, next };
  // What it says now cannot be sent: the sweep comes back to it.
  return { ...refused, update: { ...refused.update, nextAt: nextCheck(input) } };
}

function send(input: PlanInput, revision: number, push: Push, dueAt: number): Plan {
  const { id, document, now } = input;
  let order: DeliveryOrder;
  try {
    order = orderOf(id, push, dueAt, input);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    return refuseFields(input, revision, { '(push)': error.message });
  }
  const isBegun = document.accepted?.state === 'sending';
  return {
    update: isBegun
      ? { nextAt: nextCheck(input) }
      : {
          ...noted(input, 'sending', revision, dueAt),
          sendingAt: at(now),
          nextAt: at(now + checkAfterMs(0)),
          finishedAt: undefined,
          error: undefined,
          errors: undefined,
          ...(push.validateOnly ? { note: DRY_RUN_NOTE } : {}),
        },
    next: { kind: 'deliver', order },
  };
}

function orderOf(
  id: string,
  push: Push,
  dueAt: number,
  { images, choiceOf }: Pick<PlanInput, 'images' | 'choiceOf'>,
): DeliveryOrder {
  const { type, notification, toAddresses, validateOnly, local } = push;
  const deliveryId = deliveryOf(id);
  const composed = complete(notification, {
    ...{ type, deliveryId },
    // Its time to live counts from when the last of its people may have it.
    eventTime: local === undefined ? dueAt : Math.max(dueAt, spanOf(local).last),
    ...(images === undefined ? {} : { images }),
    choice: {
      ...choiceOf?.(type),
      ...(local === undefined ? {} : { notBefore: localTimeOf(local) }),
    },
  });
  return {
    ...composed,
    content: { ...composed.content, ...(validateOnly ? { validateOnly } : {}) },
    recipients: toAddresses ? { addresses: true } : composed.recipients,
    id: deliveryId,
    eventAt: dueAt,
    outbox: id,
  };
}

/** When the sweep looks again at a push that is under way. */
function nextCheck({ document: { accepted }, now }: PlanInput): Timestamp {
  return at(now + checkAfterMs(now - (accepted?.dueAt.toMillis() ?? now)));
}

/** Under way for long: where the ledger does not know it, its worker died before it began. */
function isOverdue({ document: { accepted, nextAt }, now }: PlanInput): boolean {
  return accepted?.state === 'sending' && nextAt !== undefined && nextAt.toMillis() <= now;
}

function fail(input: PlanInput, error: string): Plan {
  const revision = input.document.accepted?.revision ?? 1;
  return finish(input, revision, { state: 'failed', error, errors: undefined });
}

/** Fields that the sentence about wrong ones names. */
const MAX_NAMED = 10;

function refuseFields(
  input: PlanInput,
  revision: number,
  errors: Readonly<Record<string, string>>,
): Plan {
  const fields = Object.keys(errors);
  const named = fields.length > MAX_NAMED ? [...fields.slice(0, MAX_NAMED), '…'] : fields;
  const error = `Nothing was sent: ${named.join(', ')} ${fields.length === 1 ? 'is' : 'are'} invalid. See errors.`;
  return finish(input, revision, { state: 'failed', error, errors });
}

function finish(
  input: PlanInput,
  revision: number,
  { state, error, errors }: Pick<PushUpdate, 'error' | 'errors'> & { readonly state: PushState },
): Plan {
  const { now } = input;
  return {
    update: {
      ...noted(input, state, revision, now),
      error,
      errors,
      finishedAt: at(now),
      nextAt: undefined,
    },
    next: { kind: 'nothing' },
  };
}

/**
 * The end of a push into whose document nothing more could be written: Firestore called what was planned invalid, which it is for
 * ever. Undefined for what is under way or at its end already.
 *
 * @param error why; without it the update needs the least room there is.
 */
export function lastWords(input: PlanInput, error: string | undefined): PushUpdate | undefined {
  const document = withoutForgeries(input.document);
  const { accepted } = document;
  if (accepted !== undefined && accepted.state !== 'scheduled') return undefined;
  const {
    state,
    accepted: end,
    expiresAt,
  } = noted({ ...input, document }, 'failed', accepted?.revision ?? 1, input.now);
  return { state, accepted: end, expiresAt, error, scheduledAt: undefined, nextAt: undefined };
}

/** Leaves the push as it is, and says why. The sender's fields are theirs: they stay as edited. */
function refuse({ document, now }: PlanInput, why: string): Plan {
  const { accepted, refused, state } = document;
  const hash = hashOf(document);
  const isMoved = state !== accepted?.state;
  if (refused?.hash === hash && !isMoved) return NOTHING;
  const reason = `This edit was refused: ${why}.`;
  return {
    update: {
      ...(isMoved ? { state: accepted?.state } : {}),
      refused: { at: at(now), reason, hash },
    },
    next: { kind: 'nothing' },
  };
}

function noted(
  { document, now, retentionMs }: PlanInput,
  state: PushState,
  revision: number,
  dueAt: number,
): PushUpdate {
  const keptMs = state === 'sending' ? Math.max(retentionMs, LARGE_KEPT_MS) : retentionMs;
  return {
    state,
    accepted: { hash: hashOf(document), state, revision, dueAt: at(dueAt) },
    createdAt: document.accepted === undefined ? at(now) : (document.createdAt ?? at(now)),
    expiresAt: at(Math.max(dueAt, now) + keptMs),
  };
}

/** Firestore's last timestamp: however long documents are kept, they cannot be for longer. */
const LATEST_MS = Date.UTC(9999, 11, 31);

function at(ms: number): Timestamp {
  return Timestamp.fromMillis(Math.min(ms, LATEST_MS));
}
