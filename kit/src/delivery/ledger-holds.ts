/**
 * Finds out whether something newer is held for a person, in the ledger itself: an entry that holds a push says so among the keys it is
 * found by, in the write that it makes anyway.
 */
import type { CollectionReference, DocumentSnapshot, Timestamp } from '@google-cloud/firestore';
import { creationTime } from '../store/creation-time';
import { entriesBy } from './ledger-search';

/** Newer entries that are looked at: of these any that was not stopped counts. */
const MAX_LOOKED_AT = 20;

export class LedgerHolds {
  private readonly entries: CollectionReference;

  constructor(entries: CollectionReference) {
    this.entries = entries;
  }

  /** Whether an entry with this key is newer than this one and is neither stopped nor withdrawn; of two of the same moment the greater id is newer. */
  async hasNewer(
    { id, createdAt }: { readonly id: string; readonly createdAt: Timestamp },
    key: string,
  ): Promise<boolean> {
    const { docs } = await entriesBy(this.entries, [key], { since: createdAt.toMillis() })
      .select('createdAt', 'withheld', 'errorCode', 'document', 'content.choice', 'parent')
      .limit(MAX_LOOKED_AT)
      .get();
    const newer = docs.filter((found) => {
      const at = (found.get('createdAt') as Timestamp).toMillis();
      const isNewer = at > createdAt.toMillis() || found.id > id;
      return isNewer && found.get('withheld') === undefined && found.get('errorCode') === undefined;
    });
    for (const found of newer) {
      if (!(await this.isStopped(found))) return true;
    }
    return false;
  }

  /** Whether an entry will not be sent when its turn comes: its delivery was stopped, or its document is gone. */
  private async isStopped(found: DocumentSnapshot): Promise<boolean> {
    const parent = found.get('parent') as string | undefined;
    const whole = parent === undefined ? found : await this.entries.doc(parent).get();
    if (whole.get('withheld') !== undefined || whole.get('errorCode') !== undefined) return true;
    const path = whole.get('document') as string | undefined;
    if (path === undefined || whole.get('content.choice.withdraw') === undefined) return false;
    return (await creationTime(this.entries.firestore)(path)) === undefined;
  }
}
