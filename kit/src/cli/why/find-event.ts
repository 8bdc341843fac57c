/** Reads everything that the ledger has about one event; thin. */
import type { Collections } from '../../store/collections';
import { isSpread } from '../../delivery/coverage';
import type { Coverage, DeliveryDocument, NoteDocument } from '../../delivery/delivery-document';
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
  const entry = found?.data() as DeliveryDocument | undefined;
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
    return { number: shardNumberOf(found.id) ?? 0, document };
  }
  const wanted =
    person !== undefined && coverage?.kind === 'hashed-shards'
      ? shardOf(person, coverage.shards)
      : number;
  if (wanted === undefined) return undefined;
  const found = await deliveries.doc(shardId(id, wanted)).get();
  const document = found.data() as DeliveryDocument | undefined;
  return { number: wanted, ...(document === undefined ? {} : { document }) };
}
