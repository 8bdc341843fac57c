/** Reads how deliveries stand: by counts, and by queries of a bounded number of documents; thin. */
import { Timestamp, type Query, type QueryDocumentSnapshot } from '@google-cloud/firestore';
import type { Coverage, DeliveryDocument } from '../../delivery/delivery-document';
import { groupKeys, type FindGroup } from '../../delivery/find-by';
import { entriesBy } from '../../delivery/ledger-search';
import { own } from '../../model/own';
import { redact } from '../../model/redact';
import type { Collections } from '../../store/collections';
import { rootOf, shardCounts } from '../why/find-event';
import type { Composing, Failures, LargeDelivery, Numbers, SweepLag, Waiting } from './numbers';
import { tallyFailures } from './tally-failures';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
/** Documents that one query reads at the most. */
export const MAX_READ = 1_000;
/** Large deliveries whose shards are counted. */
const MAX_LARGE = 20;

/** @param now ms since 1970. */
export async function readNumbers(collections: Collections, now: number): Promise<Numbers> {
  const { pushes } = collections;
  const backlog = await readBacklog(collections);
  const [waiting, scheduled, lastHour, lastDay, composing, large, sweep] = await Promise.all([
    readWaiting(collections),
    pushes.where('state', '==', 'scheduled').count().get(),
    readFailures(collections, now - HOUR_MS),
    readFailures(collections, now - DAY_MS),
    readComposing(collections, now),
    backlog.oldest === undefined ? [] : readLarge(collections, backlog.oldest.since),
    readSweepLag(collections, now),
  ]);
  return {
    at: now,
    ...{ backlog, waiting, lastHour, lastDay, composing, large, sweep },
    scheduled: scheduled.data().count,
  };
}

function inGroup({ deliveries }: Collections, group: FindGroup, since?: number): Query {
  return entriesBy(deliveries, groupKeys(group), since === undefined ? {} : { since });
}

async function countOf(query: Query): Promise<number> {
  return (await query.count().get()).data().count;
}

async function readBacklog(collections: Collections) {
  const open = inGroup(collections, 'open');
  const [count, { docs }] = await Promise.all([
    countOf(open),
    open.select('type', 'createdAt').limit(1).get(),
  ]);
  const [oldest] = docs;
  if (oldest === undefined) return { count };
  return {
    count,
    oldest: {
      delivery: oldest.id,
      type: textIn(oldest, 'type'),
      since: timeIn(oldest, 'createdAt'),
    },
  };
}

async function readWaiting(collections: Collections): Promise<Waiting> {
  const waiting = inGroup(collections, 'waiting');
  const [count, { docs }] = await Promise.all([
    countOf(waiting),
    waiting.select('retryAt').limit(MAX_READ).get(),
  ]);
  const times = docs.flatMap((found) => {
    const retryAt: unknown = found.get('retryAt');
    return retryAt instanceof Timestamp ? [retryAt.toMillis()] : [];
  });
  return {
    count,
    isCut: count > docs.length,
    ...(times.length === 0 ? {} : { nextAt: Math.min(...times) }),
  };
}

async function readFailures(collections: Collections, since: number): Promise<Failures> {
  const trouble = inGroup(collections, 'trouble', since);
  const [deliveries, { docs }] = await Promise.all([
    countOf(trouble),
    trouble.select('codes', 'errorCode', 'coverage.kind').limit(MAX_READ).get(),
  ]);
  const entries = docs.map((found) => ({
    id: found.id,
    codes: found.get('codes') as DeliveryDocument['codes'],
    errorCode: found.get('errorCode') as DeliveryDocument['errorCode'],
    coverageKind: found.get('coverage.kind') as Coverage['kind'] | undefined,
  }));
  return { since, deliveries, codes: tallyFailures(entries), isCut: deliveries > docs.length };
}

/** An event is repeated for a day at the most. */
async function readComposing(collections: Collections, now: number): Promise<Composing> {
  const { docs } = await inGroup(collections, 'compose', now - DAY_MS - HOUR_MS)
    .select('type', 'composing')
    .limit(MAX_READ)
    .get();
  const open = docs.filter((found) => timeIn(found, 'composing.until') > now);
  const isComposed = await existing(
    collections,
    open.map(({ id }) => rootOf(id).root),
  );
  const failing = open.filter(({ id }) => !isComposed.has(rootOf(id).root));
  const kinds = [...Map.groupBy(failing, (found) => textIn(found, 'type'))].map(([type, all]) => ({
    type,
    count: all.length,
    error: redact(textIn(all.at(-1), 'composing.error')),
  }));
  return {
    count: failing.length,
    kinds: kinds.sort((one, other) => other.count - one.count),
    isCut: docs.length === MAX_READ,
  };
}

/** Which deliveries there are. */
async function existing(
  { db, deliveries }: Collections,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const refs = ids.map((id) => deliveries.doc(id));
  const found = await db.getAll(...refs, { fieldMask: ['state'] });
  return new Set(found.filter(({ exists }) => exists).map(({ id }) => id));
}

async function readLarge(collections: Collections, since: number): Promise<LargeDelivery[]> {
  const { docs } = await inGroup(collections, 'spread', since)
    .select('type', 'document', 'state', 'coverage', 'createdAt')
    .limit(MAX_READ)
    .get();
  const open = docs.filter((found) => found.get('state') === 'sending').slice(0, MAX_LARGE);
  const large = await Promise.all(open.map((found) => readProgress(collections, found)));
  return large.filter((each) => each !== undefined);
}

async function readProgress(
  collections: Collections,
  found: QueryDocumentSnapshot,
): Promise<LargeDelivery | undefined> {
  const coverage = found.get('coverage') as Coverage | undefined;
  const entry = { state: 'sending' as const, ...(coverage === undefined ? {} : { coverage }) };
  const shards = await shardCounts(collections, found.id, entry);
  // Topics and conditions have none.
  if (shards === undefined) return undefined;
  const total = own(coverage, 'shards');
  const document: unknown = found.get('document');
  return {
    delivery: found.id,
    type: textIn(found, 'type'),
    since: timeIn(found, 'createdAt'),
    begun: shards.begun,
    done: shards.final,
    ...(typeof document === 'string' ? { document } : {}),
    ...(typeof total === 'number' ? { total } : {}),
  };
}

async function readSweepLag({ deliveries }: Collections, now: number): Promise<SweepLag> {
  const overdue = deliveries
    .where('state', '==', 'sending')
    .where('leaseUntil', '<', Timestamp.fromMillis(now))
    .orderBy('leaseUntil');
  const [count, { docs }] = await Promise.all([
    countOf(overdue),
    overdue.select('leaseUntil').limit(1).get(),
  ]);
  const [oldest] = docs;
  if (oldest === undefined) return { overdue: count };
  return {
    overdue: count,
    oldest: { delivery: oldest.id, since: timeIn(oldest, 'leaseUntil') },
  };
}

function timeIn(found: QueryDocumentSnapshot, field: string): number {
  const time: unknown = found.get(field);
  return time instanceof Timestamp ? time.toMillis() : 0;
}

function textIn(found: QueryDocumentSnapshot | undefined, field: string): string {
  const text: unknown = found?.get(field);
  return typeof text === 'string' ? text : '';
}
