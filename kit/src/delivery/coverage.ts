/**
 * Which recipients one ledger entry covers, decided from an audience; pure.
 */
import type { Coverage } from '../store/collections';
import type { Audience } from '../model/notification';
import { idBytes, shardCount } from './shards';

/** User ids that one entry names, in bytes: it also holds a reason for each, and all that in Firestore's 1 MiB. */
const MAX_LISTED_BYTES = 150_000;

/** Small lists are covered as they are; what is larger, or not known yet, is spread over shards. */
export function coverageOf(audience: Audience, shardSize: number): Coverage {
  if ('collection' in audience) return { kind: 'paged-shards', ...audience };
  if ('topic' in audience) return { kind: 'topic', ...audience };
  if ('condition' in audience) return { kind: 'condition', ...audience };
  if ('addresses' in audience) return { kind: 'addresses' };
  const { uids } = audience;
  const bytes = idBytes(uids);
  return uids.length <= shardSize && bytes <= MAX_LISTED_BYTES
    ? { kind: 'listed', uids }
    : { kind: 'hashed-shards', shards: shardCount(uids.length, bytes, shardSize) };
}
