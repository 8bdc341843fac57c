/**
 * Plans how a large audience is split into units of bounded size; pure.
 */
import { createHash } from 'node:crypto';

/** How many shards a list of `recipients` needs for about `shardSize` in each, at least 1. */
export function shardCount(recipients: number, shardSize: number): number {
  return Math.max(1, Math.ceil(recipients / shardSize));
}

/**
 * Splits user ids over `shards` lists by a hash of each id.
 *
 * By hash, because an event that is retried composes its audience anew: whoever has joined or left meanwhile must not shift
 * the others into shards that were sent already.
 */
export function splitByHash(uids: readonly string[], shards: number): string[][] {
  const lists: string[][] = Array.from({ length: shards }, () => []);
  for (const uid of uids) {
    const hash = createHash('sha256').update(uid).digest().readUInt32BE(0);
    (lists[hash % shards] as string[]).push(uid);
  }
  return lists;
}
