/** Judges what is left of somebody who has left. */
import type { World } from './world.ts';

/** Of somebody who logged out everywhere or is gone nothing is left once that is answered. @param began ms since 1970. */
export function judgeForgotten({ server, witness }: World, uid: string, began: number): void {
  for (const { fields, updateTime } of server.documents('devices')) {
    if (fields['uid'] !== uid || updateTime >= began * 1000) continue;
    const words = `${witness.name(String(fields['address']))} is still ${uid}'s on record, who has left everything`;
    witness.fail('left', words);
  }
}
