/**
 * Which ids in the ledger belong to one delivery: its own, those of its shards and those of its notes; pure.
 */

/** The ledger id of a shard. No other delivery's id holds a tilde followed by nothing but digits. */
export function shardId(delivery: string, shard: number): string {
  return `${delivery}~${shard}`;
}

/** The ledger ids of the notes of a delivery: no shard's ends so. */
export const noteIds = (delivery: string) => ({
  nobody: `${delivery}~nobody`,
  compose: `${delivery}~compose`,
});

const PART = /^(?<root>.+)~(?:(?<shard>\d+)|nobody|compose)$/s;

/** The delivery that an entry belongs to: of a shard or a note that which it is a part of, else itself. */
export function rootOf(id: string): string {
  return PART.exec(id)?.groups?.['root'] ?? id;
}

/** Which shard of its delivery an entry is; undefined for one that is none. */
export function shardNumberOf(id: string): number | undefined {
  const shard = PART.exec(id)?.groups?.['shard'];
  return shard === undefined ? undefined : Number(shard);
}
