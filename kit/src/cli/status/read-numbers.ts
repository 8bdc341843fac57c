/** Reads how deliveries stand: by counts, and by queries of a bounded number of documents; thin. */
import { Timestamp, type Query, type QueryDocumentSnapshot } from '@google-cloud/firestore';
import { shardTotal } from '../../delivery/coverage';
import type { Coverage, DeliveryDocument } from '../../delivery/delivery-document';
import { groupKeys, type FindGroup } from '../../delivery/find-by';
import { entriesBy, withoutDelivery } from '../../delivery/ledger-search';
import { redact } from '../../model/redact';
import type { Collections } from '../../store/collections';
import { DAY_MS, HOUR_MS } from '../../model/durations';
import { shardCounts } from '../why/find-event';
import {
  MAX_READ,
  type Composing,
  type Failures,
  type LargeDelivery,
  type Numbers,
  type SweepLag,
  type Waiting,
} from './numbers';
import { tallyFailures, type FailedEntry } from './tally-failures';

/** Large deliveries whose shards are counted. */
const MAX_LARGE = 20;

/** @param now ms since 1970. */
export async function readNumbers(collections: Collections, now: number): Promise<Numbers> {
  const { pushes } = collections;
  const [underWay, waiting, scheduled, failed, composing, sweep] = await Promise.all([
    readUnderWay(collections),
    readWaiting(collections),
    pushes.where('state', '==', 'scheduled').count().get(),
    readFailed(collections, now),
    readComposing(collections, now),
    readSweepLag(collections, now),
  ]);
  return {
    at: now,
    ...{ ...underWay, waiting, ...failed, composing, sweep },
    scheduled: scheduled.data().count,
  };
}

/** What is not final, and how far large deliveries are. */
export async function readUnderWay(
  collections: Collections,
): Promise<Pick<Numbers, 'backlog' | 'large'>> {
  const backlog = await readBacklog(collections);
  const since = backlog.oldest?.since;
  return { backlog, large: since === undefined ? [] : await readLarge(collections, since) };
}

/** How many wait for a retry. */
export function countWaiting(collections: Collections): Promise<number> {
  return countOf(inGroup(collections, 'waiting'));
}

/** What failed. Of the last hour nothing is read that was read of the last day. */
export async function readFailed(
  collections: Collections,
  now: number,
): Promise<Pick<Numbers, 'lastHour' | 'lastDay'>> {
  const [since, hour] = [now - DAY_MS, now - HOUR_MS];
  const day = await readTrouble(collections, since);
  const recent = day.isCut
    ? await readTrouble(collections, hour)
    : withCount(day.entries.filter(({ at }) => at >= hour));
  return { lastHour: failuresOf(recent, hour), lastDay: failuresOf(day, since) };
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
  const [count, { docs }] = await Promise.all([
    countWaiting(collections),
    inGroup(collections, 'waiting').select('retryAt').limit(MAX_READ).get(),
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

interface Trouble {
  readonly entries: readonly (FailedEntry & { readonly at: number })[];
  /** Also of those that were not read. */
  readonly count: number;
  readonly isCut: boolean;
}

async function readTrouble(collections: Collections, since: number): Promise<Trouble> {
  const trouble = inGroup(collections, 'trouble', since);
  const [count, { docs }] = await Promise.all([
    countOf(trouble),
    trouble.select('codes', 'errorCode', 'coverage.kind', 'createdAt').limit(MAX_READ).get(),
  ]);
  const entries = docs.map((found) => ({
    id: found.id,
    codes: found.get('codes') as DeliveryDocument['codes'],
    errorCode: found.get('errorCode') as DeliveryDocument['errorCode'],
    coverage: found.get('coverage') as Pick<Coverage, 'kind'> | undefined,
    at: timeIn(found, 'createdAt'),
  }));
  return { entries, count, isCut: count > docs.length };
}

function withCount(entries: Trouble['entries']): Trouble {
  return { entries, count: entries.length, isCut: false };
}

function failuresOf({ entries, count, isCut }: Trouble, since: number): Failures {
  return { since, deliveries: count, codes: tallyFailures(entries), isCut };
}

/** An event is repeated for a day at the most. */
async function readComposing(collections: Collections, now: number): Promise<Composing> {
  const { docs } = await inGroup(collections, 'compose', now - DAY_MS - HOUR_MS)
    .select('type', 'composing')
    .limit(MAX_READ)
    .get();
  const open = docs.filter((found) => timeIn(found, 'composing.until') > now);
  const failing = await withoutDelivery(collections.deliveries, open);
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
  const total = shardTotal(coverage);
  const document: unknown = found.get('document');
  return {
    delivery: found.id,
    type: textIn(found, 'type'),
    since: timeIn(found, 'createdAt'),
    begun: shards.begun,
    done: shards.final,
    ...(typeof document === 'string' ? { document } : {}),
    ...(total === undefined ? {} : { total }),
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
