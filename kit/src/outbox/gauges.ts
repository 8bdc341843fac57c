/**
 * How far behind the backend is, in a few numbers: a handful of reads, however large the ledger is.
 */
import type { Timestamp } from '@google-cloud/firestore';
import { groupKeys, type FindGroup } from '../delivery/find-by';
import { entriesBy } from '../delivery/ledger-search';
import type { Collections } from '../store/collections';

export interface Gauges {
  /** Deliveries, and shards of large ones, that are not final. */
  readonly open: number;
  /** Age of the oldest of them, ms; 0 if there is none. */
  readonly oldestOpenMs: number;
  /** Of them, those with addresses that wait to be tried again. */
  readonly waiting: number;
  /** Pushes of the outbox that are to be sent later. */
  readonly scheduled: number;
}

/** @param now ms since 1970. */
export async function readGauges(collections: Collections, now: number): Promise<Gauges> {
  const { deliveries, pushes } = collections;
  const group = (name: FindGroup) => entriesBy(deliveries, groupKeys(name));
  const [open, oldest, waiting, scheduled] = await Promise.all([
    group('open').count().get(),
    group('open').select('createdAt').limit(1).get(),
    group('waiting').count().get(),
    pushes.where('state', '==', 'scheduled').count().get(),
  ]);
  const createdAt = oldest.docs[0]?.get('createdAt') as Timestamp | undefined;
  return {
    open: open.data().count,
    oldestOpenMs: createdAt === undefined ? 0 : Math.max(0, now - createdAt.toMillis()),
    waiting: waiting.data().count,
    scheduled: scheduled.data().count,
  };
}
