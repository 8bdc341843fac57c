/**
 * The items of a digest, `deliveries/digest~{hash}/digestItems/{entry id}`: one for each event, made once.
 *
 * They are found by the server's stamp, which an index can be asked for, and told apart by the time of their commit, which decides: see
 * `digests.ts`.
 */
import { DAY_MS, MINUTE_MS } from '../model/durations';
import {
  FieldPath,
  FieldValue,
  Timestamp,
  type CollectionReference,
  type DocumentReference,
  type Query,
  type QueryDocumentSnapshot,
} from '@google-cloud/firestore';
import { isEarlier, isIn } from '../decision/digest/commit-time';
import type { ClosedWindow } from '../decision/digest/standing';
import type { DigestItem, OwnPush } from '../decision/digest/texts';
import type { Collections } from '../store/collections';
import { hasStatus, STATUS } from '../store/firestore-errors';
import { ContentionError } from '../store/transact';
import { SLOTS, slotOf } from './find-by';

/** Name of the collection below a window's document. */
const DIGEST_ITEMS = 'digestItems';
/** Items are kept so long, ms: while their window is open, and while an event that made one may come again. */
export const ITEM_KEPT_MS = 21 * DAY_MS;
/** A server stamps an item when the write reaches it, and commits it so much later at the most, ms. */
const COMMIT_MS = 5 * MINUTE_MS;
/** Items that are read at once, and at most. */
const PAGE = 300;
const MAX_ITEMS = 10_000;
/** What is read of each item that is told. Not its push, which is the largest part of it: of all of them one is needed. */
const OF_EACH = ['actor', 'name', 'document', 'at'] as const;

/** An item, as Firestore holds it. */
export interface ItemDocument extends Omit<DigestItem, 'id'> {
  readonly eventAt: Timestamp;
  /** When it reached the server. */
  readonly at: Timestamp;
  /** Spreads what comes at one time over the index; absent: it leads a window, and whoever closes one does not find it. */
  readonly slot?: number;
  /** What its own push would have said; absent: it leads a window, and was pushed. */
  readonly push?: OwnPush;
  /** The window that it leads. */
  readonly leads?: string;
  readonly expiresAt: Timestamp;
}

/** An item that is there. */
export interface PutItem {
  readonly committedAt: Timestamp;
  /** Whether it leads a window. */
  readonly leads: boolean;
}

export class DigestItems {
  private readonly collections: Collections;
  private readonly now: () => number;

  constructor(collections: Collections, now: () => number) {
    this.collections = collections;
    this.now = now;
  }

  ref(digest: string, id: string): DocumentReference {
    return this.of(digest).doc(id);
  }

  /** Makes an event's item, or reads the one that there is. @param event `eventAt`: ms since 1970. */
  async put(
    digest: string,
    event: { readonly item: DigestItem; readonly push: OwnPush; readonly eventAt: number },
  ): Promise<PutItem> {
    const { id, ...item } = event.item;
    const document = {
      ...item,
      push: event.push,
      eventAt: Timestamp.fromMillis(event.eventAt),
      at: FieldValue.serverTimestamp(),
      slot: slotOf(id),
      expiresAt: Timestamp.fromMillis(this.now() + ITEM_KEPT_MS),
    };
    try {
      return { committedAt: (await this.ref(digest, id).create(document)).writeTime, leads: false };
    } catch (error) {
      if (!hasStatus(error, STATUS.ALREADY_EXISTS)) throw error;
      return this.read(digest, id);
    }
  }

  async read(digest: string, id: string): Promise<PutItem> {
    const found = await this.ref(digest, id).get();
    if (found.createTime === undefined) throw new ContentionError(1);
    const { leads } = found.data() as ItemDocument;
    return { committedAt: found.createTime, leads: leads !== undefined };
  }

  /** What the push of an item that is told would have said. */
  async pushOf(digest: string, id: string): Promise<OwnPush> {
    const item = (await this.ref(digest, id).get()).data() as ItemDocument | undefined;
    // It was deleted since it was found: whoever looks again finds the one after it.
    if (item?.push === undefined) throw new ContentionError(1);
    return item.push;
  }

  /** When the latest came, ms since 1970; undefined: none did since then. */
  async newest(digest: string, since: Timestamp): Promise<number | undefined> {
    const newest = await this.stamped(digest, since).limit(1).get();
    const [item] = newest.docs;
    return item && (item.data() as ItemDocument).at.toMillis();
  }

  /** How many came since then: about as many as were committed. */
  async count(digest: string, since: Timestamp): Promise<number> {
    const count = await this.stamped(digest, since).count().get();
    return count.data().count;
  }

  /** Those that a closed window tells, the newest first. */
  async told(digest: string, interval: ClosedWindow<Timestamp>): Promise<DigestItem[]> {
    const since = Timestamp.fromMillis(Math.max(0, interval.from.toMillis() - COMMIT_MS));
    // Whoever goes on after a crash need not read what came since.
    const until = Timestamp.fromMillis(interval.at.toMillis() + COMMIT_MS);
    const items = this.stamped(digest, since)
      .where('at', '<=', until)
      .orderBy(FieldPath.documentId(), 'desc')
      .select(...OF_EACH)
      .limit(PAGE);
    const told: { readonly item: DigestItem; readonly committedAt: Timestamp }[] = [];
    for (let query = items; told.length < MAX_ITEMS;) {
      const { docs } = await query.get();
      for (const { id, createTime: committedAt, ...found } of docs.map(plain)) {
        if (isIn(interval, committedAt)) told.push({ item: { id, ...found }, committedAt });
      }
      const last = docs.at(-1);
      if (last === undefined || docs.length < PAGE) break;
      query = items.startAfter(last.get('at'), last.id);
    }
    return told
      .toSorted((a, b) => (isEarlier(a.committedAt, b.committedAt) ? 1 : -1))
      .slice(0, MAX_ITEMS)
      .map(({ item }) => item);
  }

  /** Which of the documents are there: a read each. */
  async existing(paths: readonly string[]): Promise<ReadonlySet<string>> {
    const { db } = this.collections;
    const there = new Set<string>();
    const all = [...new Set(paths)];
    for (let start = 0; start < all.length; start += PAGE) {
      const refs = all.slice(start, start + PAGE).map((path) => db.doc(path));
      for (const found of await db.getAll(...refs, { fieldMask: [] })) {
        if (found.exists) there.add(found.ref.path);
      }
    }
    return there;
  }

  /** Items that reached the server since then, the latest first, which is the way that their index goes; none that leads a window. */
  private stamped(digest: string, since: Timestamp): Query {
    const slots = Array.from({ length: SLOTS }, (_, slot) => slot);
    return this.of(digest)
      .where('slot', 'in', slots)
      .where('at', '>=', since)
      .orderBy('at', 'desc');
  }

  private of(digest: string): CollectionReference {
    return this.collections.deliveries.doc(digest).collection(DIGEST_ITEMS);
  }
}

function plain(found: QueryDocumentSnapshot): DigestItem & { readonly createTime: Timestamp } {
  const { at: _stamp, ...item } = found.data() as Pick<ItemDocument, (typeof OF_EACH)[number]>;
  return { id: found.id, createTime: found.createTime, ...item };
}
