/** Reads everything that the ledger has about one event; thin. */
import type { Collections } from '../../store/collections';
import { isSpread } from '../../delivery/coverage';
import type { Coverage, DeliveryDocument, NoteDocument } from '../../delivery/delivery-document';
import { isBefore } from '../../model/document-id';
import { NO_COUNTS, sumCounts, type Counts } from '../../model/counts';
import { noteIds, shardId, shardNumberOf } from '../../delivery/entry-ids';
import { shardOf } from '../../delivery/shards';
import type { EventRecord, ShardCounts, ShardRecord } from './record';

/**
 * @param person whose shard is wanted, too.
 * @param number of a shard that is wanted whoever is in it.
 */
export async function readEvent(
  collections: Collections,
  id: string,
  { person, number }: { readonly person?: string | undefined; readonly number?: number },
): Promise<EventRecord> {
  const { db, deliveries } = collections;
  const noted = noteIds(id);
  const [found, ...notes] = await db.getAll(
    ...[id, noted.nobody, noted.compose].map((each) => deliveries.doc(each)),
  );
  const entry = await withShards(
    collections,
    id,
    found?.data() as DeliveryDocument | undefined,
    person,
  );
  const [nobody, compose] = notes.map((note) => note.data() as NoteDocument | undefined);
  const [shards, shard] = await Promise.all([
    entry === undefined ? undefined : shardCounts(collections, id, entry),
    shardRecord(collections, id, entry?.coverage, { person, number }),
  ]);
  return {
    id,
    ...(entry === undefined ? {} : { entry }),
    ...(nobody === undefined ? {} : { nobody }),
    ...(compose === undefined ? {} : { compose }),
    ...(shards === undefined ? {} : { shards }),
    ...(shard === undefined ? {} : { shard }),
  };
}

/** A delivery that was stopped counts what it knew by then; what its shards were sending at that moment went on, and is in theirs. */
async function withShards(
  { deliveries }: Collections,
  id: string,
  entry: DeliveryDocument | undefined,
  person: string | undefined,
): Promise<DeliveryDocument | undefined> {
  // Of a person their own shard says it.
  if (entry?.state !== 'failed' || entry.coverage === undefined || person !== undefined)
    return entry;
  if (!isSpread(entry.coverage)) return entry;
  const { docs } = await deliveries.where('parent', '==', id).select('counts').get();
  const sum = sumCounts(docs.map((shard) => shard.get('counts') as Counts));
  // What is nobody's shard, such as an id that can be no user's, is in its own.
  const counts = { ...NO_COUNTS };
  for (const name of Object.keys(counts) as (keyof Counts)[]) {
    counts[name] = Math.max(entry.counts[name], sum[name]);
  }
  return { ...entry, counts };
}

/** How far the shards of a delivery are; of one that is done nobody needs to count. */
export async function shardCounts(
  { deliveries }: Collections,
  id: string,
  { state, coverage }: Pick<DeliveryDocument, 'state' | 'coverage'>,
): Promise<ShardCounts | undefined> {
  if (!isSpread(coverage)) return undefined;
  if (state === 'done' && coverage.shards !== undefined) {
    return { begun: coverage.shards, final: coverage.shards };
  }
  const shards = deliveries.where('parent', '==', id);
  const [begun, final] = await Promise.all([
    shards.count().get(),
    shards.where('state', 'in', ['done', 'failed']).count().get(),
  ]);
  return { begun: begun.data().count, final: final.data().count };
}

/** The shard that is asked for, by its number or by a person; nobody's is looked for by reading all. */
async function shardRecord(
  { deliveries }: Collections,
  id: string,
  coverage: Coverage | undefined,
  {
    person,
    number,
  }: { readonly person?: string | undefined; readonly number?: number | undefined },
): Promise<ShardRecord | undefined> {
  if (person !== undefined && coverage?.kind === 'paged-shards') {
    const { docs } = await deliveries
      .where('parent', '==', id)
      .where('after', '<', person)
      .orderBy('after', 'desc')
      .limit(1)
      .get();
    const [found] = docs;
    if (found === undefined) return undefined;
    const document = found.data() as DeliveryDocument;
    // While pages are still being begun, whoever comes after the last one belongs to none of them yet.
    const isAfterAll =
      coverage.shards === undefined &&
      document.coverage?.kind === 'range' &&
      isBefore(document.coverage.until, person);
    return isAfterAll ? undefined : { number: shardNumberOf(found.id) ?? 0, document };
  }
  const wanted =
    person !== undefined && coverage?.kind === 'hashed-shards'
      ? shardOf(person, coverage.shards)
      : number;
  // A number that the delivery does not have, or any of one that is in one piece, is nobody's.
  const total = coverage !== undefined && isSpread(coverage) ? (coverage.shards ?? Infinity) : 0;
  if (wanted === undefined || wanted >= total) return undefined;
  const found = await deliveries.doc(shardId(id, wanted)).get();
  const document = found.data() as DeliveryDocument | undefined;
  return { number: wanted, ...(document === undefined ? {} : { document }) };
}
