/**
 * Plans how a large audience is split into units of bounded size; pure.
 */
import { createHash } from 'node:crypto';

/** User ids of one shard, in bytes: its entry also holds a reason for each, and all that in Firestore's 1 MiB. */
const SHARD_BYTES = 100_000;

/** How many shards a list of `recipients`, whose ids have so many bytes, needs for about `shardSize` in each, at least 1. */
export function shardCount(recipients: number, bytes: number, shardSize: number): number {
  return Math.max(1, Math.ceil(recipients / shardSize), Math.ceil(bytes / SHARD_BYTES));
}

/** User ids of one page, in bytes: the entry that covers it holds a reason for each, within Firestore's 1 MiB. */
const PAGE_BYTES = 150_000;

/** As many of the recipients that were read as one page may have: at least one, if there is any. */
export function withinPage<R extends { readonly uid: string }>(
  records: readonly R[],
): readonly R[] {
  let bytes = 0;
  const end = records.findIndex(({ uid }, index) => {
    bytes += Buffer.byteLength(uid);
    return index > 0 && bytes > PAGE_BYTES;
  });
  return end === -1 ? records : records.slice(0, end);
}

/** Bytes of user ids, as a list in JSON holds them. */
export function idBytes(uids: readonly string[]): number {
  return uids.reduce((sum, uid) => sum + Buffer.byteLength(uid) + JSON_BYTES, 0);
}

/** Quotes and comma. */
const JSON_BYTES = 3;

/**
 * Splits user ids over `shards` lists by a hash of each id.
 *
 * By hash, because an event that is retried composes its audience anew: whoever has joined or left meanwhile must not shift
 * the others into shards that were sent already.
 */
export function splitByHash(uids: readonly string[], shards: number): string[][] {
  const lists: string[][] = Array.from({ length: shards }, () => []);
  for (const uid of uids) (lists[shardOf(uid, shards)] as string[]).push(uid);
  return lists;
}

/** Which of `shards` lists a user id is in. */
export function shardOf(uid: string, shards: number): number {
  return createHash('sha256').update(uid).digest().readUInt32BE(0) % shards;
}
