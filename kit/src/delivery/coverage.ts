/**
 * Which recipients one ledger entry covers, decided from where its recipients are found; pure.
 */
import type { RecipientSource } from '../model/notification/recipients';
import type { Coverage } from './delivery-document';
import { idBytes, shardCount } from './shards';

/** User ids that one entry names, in bytes: it also holds a reason for each, and all that in Firestore's 1 MiB. */
const MAX_LISTED_BYTES = 150_000;

/**
 * Small lists are covered as they are; what is larger, or not known yet, is spread over shards.
 *
 * @param users the path of the users' collection.
 */
export function planCoverage(source: RecipientSource, shardSize: number, users: string): Coverage {
  if ('collection' in source) return { kind: 'paged-shards', ...source };
  if ('everyone' in source) {
    const { everyone: _all, ...filter } = source;
    return { kind: 'paged-shards', collection: users, ...filter };
  }
  if ('topic' in source) return { kind: 'topic', ...source };
  if ('condition' in source) return { kind: 'condition', ...source };
  if ('addresses' in source) return { kind: 'addresses' };
  const { uids } = source;
  const bytes = idBytes(uids);
  return uids.length <= shardSize && bytes <= MAX_LISTED_BYTES
    ? { kind: 'listed', uids }
    : { kind: 'hashed-shards', shards: shardCount(uids.length, bytes, shardSize) };
}

/** A large audience: the sum of its shards. */
export type SpreadCoverage = Extract<Coverage, { kind: 'hashed-shards' | 'paged-shards' }>;

/** Whether shards cover it; the number of them does not tell, because it is not known while pages are still begun. */
export function isSpread(coverage: Pick<Coverage, 'kind'> | undefined): coverage is SpreadCoverage {
  return coverage?.kind === 'hashed-shards' || coverage?.kind === 'paged-shards';
}

/** The number of shards, where there are any and it is known yet. */
export function shardTotal(coverage: Coverage | undefined): number | undefined {
  return isSpread(coverage) ? coverage.shards : undefined;
}
