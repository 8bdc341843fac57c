/**
 * What a trigger hands to the engine, and what the ledger says of it from the beginning; pure.
 */
import { Timestamp } from '@google-cloud/firestore';
import type { Once } from '../model/notification/choice';
import type { Composed } from '../model/notification/complete';
import type { Coverage } from './delivery-document';
import { findByOf, idsIn, toldKey, type FindGroup } from './find-by';

/** One event's push, as its trigger hands it over. */
export interface DeliveryOrder extends Composed {
  /** Stable across retries of the event, unique per notification: `{type}-{eventId}`. */
  readonly id: string;
  /** Path of the document that it is about. */
  readonly document?: string | undefined;
  /** When that was written, or was to be sent, ms since 1970. */
  readonly eventAt?: number;
  /** Id of the push document that asked for it. */
  readonly outbox?: string;
  /** Id of the delivery that it withdraws. */
  readonly withdraws?: string;
  /** It counts against the limits of people: they cause it, and are told of it. Absent: a server asked for it, or they must be told. */
  readonly limited?: { readonly once: Once };
}

/** People of one entry who can be told so often an hour at most; of more it is not known what they got. */
const MAX_CAPPED = 50;

/**
 * What an entry says of its event, and by what it is found.
 *
 * @param isCapped each person is notified so often an hour at most: who has been can be counted.
 */
export function aboutOrder(order: DeliveryOrder, coverage: Coverage, isCapped = false) {
  const { recipients, actor, limited } = order;
  const isListed = coverage.kind === 'listed' && 'uids' in recipients;
  const people = [...(isListed ? recipients.uids : []), ...(actor === undefined ? [] : [actor])];
  const groups = ['all', 'open', ...(isListed ? [] : (['spread'] as const))] as const;
  const { findBy, ...rest } = about(order, people, groups);
  const isCounted =
    isCapped && limited !== undefined && isListed && recipients.uids.length <= MAX_CAPPED;
  if (!isCounted) return { ...rest, findBy };
  const told = recipients.uids.filter((uid) => uid !== actor).map(toldKey);
  return { ...rest, findBy: [...findBy, ...told] };
}

/** The same where Firestore does not take what was composed: without whatever is of that. */
export function aboutRefused(order: DeliveryOrder) {
  return about(order, [], ['all', 'trouble']);
}

function about(
  { id, content: { type }, document, eventAt, outbox, withdraws }: DeliveryOrder,
  people: readonly string[],
  groups: readonly FindGroup[],
) {
  return {
    ...aboutEvent({ id, type, document, eventAt }, people, groups),
    ...(outbox === undefined ? {} : { outbox }),
    ...(withdraws === undefined ? {} : { withdraws }),
  };
}

/** What is known of an event before anything was composed. */
export interface EventFacts {
  /** Of the entry. */
  readonly id: string;
  readonly type: string;
  readonly document: string | undefined;
  /** ms since 1970. */
  readonly eventAt: number | undefined;
}

/** @param people whom it is about, besides those whose ids stand in the document's path. */
export function aboutEvent(
  { id, type, document, eventAt }: EventFacts,
  people: readonly string[],
  groups: readonly FindGroup[],
) {
  const named = [...people, ...(document === undefined ? [] : idsIn(document))];
  return {
    type,
    ...(document === undefined ? {} : { document }),
    ...(eventAt === undefined ? {} : { eventAt: Timestamp.fromMillis(eventAt) }),
    findBy: findByOf({ id, type, document, people: named, groups }),
  };
}
