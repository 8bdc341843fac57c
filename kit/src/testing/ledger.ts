/** Entries of the ledger as the engine writes them, for tests of what reads them. */
import { Timestamp } from '@google-cloud/firestore';
import type { DeliveryDocument, NoteDocument } from '../delivery/delivery-document';
import { NO_COUNTS } from '../model/counts';

/** When the events of these tests were, ms since 1970. */
export const EVENT_AT = Date.parse('2026-11-28T12:00:00.000Z');

export const at = (afterMs: number): Timestamp => Timestamp.fromMillis(EVENT_AT + afterMs);

/** A like of leo's on ana's post, delivered to one device; with what a test has otherwise. */
export function deliveryEntry(more: Partial<DeliveryDocument> = {}): DeliveryDocument {
  return {
    type: 'like',
    state: 'done',
    actor: 'leo',
    document: 'posts/p1/likes/leo',
    eventAt: at(0),
    leaseUntil: at(900),
    claim: 'worker-1',
    attempts: 1,
    sent: true,
    pending: [],
    round: 0,
    counts: { ...NO_COUNTS, recipients: 1, addresses: 1, delivered: 1 },
    reasons: { ana: 'delivered' },
    createdAt: at(400),
    updatedAt: at(900),
    expiresAt: at(30 * 86_400_000),
    ...more,
  };
}

/** What is noted of an event for which there is no delivery. */
export function noteEntry(more: Partial<NoteDocument> = {}): NoteDocument {
  return {
    type: 'like',
    state: 'noted',
    document: 'posts/p1/likes/leo',
    eventAt: at(0),
    findBy: [],
    createdAt: at(400),
    updatedAt: at(400),
    expiresAt: at(30 * 86_400_000),
    ...more,
  };
}
