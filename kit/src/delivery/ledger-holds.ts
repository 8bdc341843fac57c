/**
 * Finds out whether something newer is held for a person, in the ledger itself: an entry that holds a push says so among the keys it is
 * found by, in the write that it makes anyway.
 */
import {
  FieldPath,
  type CollectionReference,
  type DocumentSnapshot,
  type QueryDocumentSnapshot,
  type Timestamp,
} from '@google-cloud/firestore';
import { creationTime } from '../store/creation-time';
import { isTransient } from '../store/transact';
import { entriesBy } from './ledger-search';

/** Of two entries one is newer, mostly: the other is the one that asks. */
const FIRST_LOOK = 2;
/** Entries that are looked at where those were stopped: of these any that was not counts. */
const MAX_LOOKED_AT = 20;

type Asking = { readonly id: string; readonly createdAt: Timestamp };

export class LedgerHolds {
  private readonly entries: CollectionReference;

  constructor(entries: CollectionReference) {
    this.entries = entries;
  }

  /**
   * Whether an entry with this key is newer than this one and is neither stopped nor withdrawn; of two of the same moment the greater id
   * is newer. Where that cannot be read for good, such as without its index, none is: to hold it for ever would be worse.
   *
   * @param unread hears of that.
   */
  async hasNewer(asking: Asking, key: string, unread: (error: unknown) => void): Promise<boolean> {
    try {
      return await this.findNewer(asking, key);
    } catch (error) {
      if (isTransient(error)) throw error;
      unread(error);
      return false;
    }
  }

  private async findNewer(asking: Asking, key: string): Promise<boolean> {
    const found = entriesBy(this.entries, [key], { since: asking.createdAt.toMillis() }).select(
      ...['createdAt', 'withheld', 'errorCode', 'document', 'content.choice', 'parent'],
    );
    const { docs } = await found.limit(FIRST_LOOK).get();
    if (await this.hasStanding(docs, asking)) return true;
    const last = docs.at(-1);
    if (last === undefined || docs.length < FIRST_LOOK) return false;
    const further = found
      .orderBy(FieldPath.documentId())
      .startAfter(last.get('createdAt'), last.id);
    const { docs: more } = await further.limit(MAX_LOOKED_AT - FIRST_LOOK).get();
    return this.hasStanding(more, asking);
  }

  /** Whether any is newer, and will be sent. */
  private async hasStanding(
    docs: readonly QueryDocumentSnapshot[],
    { id, createdAt }: Asking,
  ): Promise<boolean> {
    const newer = docs.filter((found) => {
      const at = (found.get('createdAt') as Timestamp).toMillis();
      return at > createdAt.toMillis() || found.id > id;
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
    if (hasEnded(found) || hasEnded(whole)) return true;
    const path = whole.get('document') as string | undefined;
    if (path === undefined || whole.get('content.choice.withdraw') === undefined) return false;
    return (await creationTime(this.entries.firestore)(path)) === undefined;
  }
}

/** Whether an entry ended with nothing more of it to be sent. */
function hasEnded(entry: DocumentSnapshot): boolean {
  return entry.get('withheld') !== undefined || entry.get('errorCode') !== undefined;
}
