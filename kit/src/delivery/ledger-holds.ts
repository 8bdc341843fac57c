/**
 * Finds out whether something newer is held for a person, in the ledger itself: an entry that holds a push says so among the keys it is
 * found by, in the write that it makes anyway.
 */
import type { CollectionReference, Timestamp } from '@google-cloud/firestore';
import { entriesBy } from './ledger-search';

/** Newer entries that are looked at: of these any that was not stopped counts. */
const MAX_LOOKED_AT = 20;

export class LedgerHolds {
  private readonly entries: CollectionReference;

  constructor(entries: CollectionReference) {
    this.entries = entries;
  }

  /** Whether an entry with this key is newer than this one and was not stopped; of two of the same moment the greater id is newer. */
  async hasNewer(
    { id, createdAt }: { readonly id: string; readonly createdAt: Timestamp },
    key: string,
  ): Promise<boolean> {
    const { docs } = await entriesBy(this.entries, [key], { since: createdAt.toMillis() })
      .select('createdAt', 'withheld', 'errorCode')
      .limit(MAX_LOOKED_AT)
      .get();
    return docs.some((found) => {
      const at = (found.get('createdAt') as Timestamp).toMillis();
      const isNewer = at > createdAt.toMillis() || found.id > id;
      return isNewer && found.get('withheld') === undefined && found.get('errorCode') === undefined;
    });
  }
}
