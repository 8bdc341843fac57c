/**
 * What is gathered for digests: `deliveries/digest~{hash}`, the windows of one person and key, and below it an item for each event.
 *
 * Invariant: each item is told by exactly one window, or leads one and is pushed by itself; whoever's worker dies where.
 *
 * Membership is decided by the times of Firestore's commits, which are externally consistent: what was committed before a read or
 * another commit began has an earlier time, and every later read finds it.
 *
 * - An event makes its item first (committed at W), and reads the window then. If it finds the window open, that is closed later: at
 *   T > W. If it finds it closed at T > W, it was told: whoever closed it asked for the items after T. If it finds it closed at
 *   T <= W, it was not, and opens the next one, provided that nobody has written the window since it was read.
 * - Whoever closes a window marks it first (committed at T), and asks for the items then: all of W < T are found. It tells those that
 *   were committed since the closing before. T needs no record: nobody writes the window from its closing to the next opening, which
 *   puts T into the window's history.
 * - An event that leads a window is marked so in the commit that opens it, and is not found by whoever closes any. So a worker of
 *   an event whose window was not written since W knows, without a look, that no other worker has made that event lead.
 *
 * Nobody but whoever opens, arms or closes a window writes its document: 500 events a second write 500 documents. A window that is
 * read from a cache would not do: it may have been closed before W.
 *
 * An event costs a write and a read; opening a window two writes more, arming it one, besides its entry in the ledger. Closing it
 * costs a write, two reads for each item, of itself and of whether its document is still there, and one of the push that it is like.
 */
import { createHash } from 'node:crypto';
import {
  FieldValue,
  Timestamp,
  type DocumentReference,
  type DocumentSnapshot,
} from '@google-cloud/firestore';
import { isEarlier } from '../decision/digest/commit-time';
import type { ClosingTimes } from '../decision/digest/closing';
import {
  intervalOf,
  standingOf,
  type ClosedWindow,
  type Standing,
  type WindowState,
} from '../decision/digest/standing';
import type { DigestItem, OwnPush } from '../decision/digest/texts';
import type { Collections } from '../store/collections';
import { hasStatus, STATUS } from '../store/firestore-errors';
import { ContentionError, transact } from '../store/transact';
import { DigestItems, ITEM_KEPT_MS } from './digest-items';

/** Windows are kept longer than any item that they told, ms: else it would be told again. */
const WINDOW_KEPT_MS = 3 * ITEM_KEPT_MS;
/** Others who write the window's document between this worker's reading and writing it, before it gives up. */
const MAX_TRIES = 20;

/** `deliveries/digest~{hash}`. */
export interface WindowDocument {
  readonly state: 'digest';
  /** Id of the entry that tells the latest window. */
  readonly window: string;
  /** When a window was closed last, before this one. */
  readonly from: Timestamp;
  readonly closesAt: Timestamp;
  readonly latestAt: Timestamp;
  readonly isArmed: boolean;
  readonly isClosed: boolean;
  readonly history: readonly ClosedWindow<Timestamp>[];
  readonly expiresAt: Timestamp;
}

/** One event, for one person. */
export interface GatheredEvent {
  /** Its kind. */
  readonly type: string;
  /** Of the windows' document, see {@link digestId}. */
  readonly digest: string;
  readonly item: DigestItem;
  readonly push: OwnPush;
  /** ms since 1970. */
  readonly eventAt: number;
  /** Whether it is pushed by itself where it is the first. */
  readonly isFirstPushed: boolean;
  /** Times of a window that is opened now, in ms since 1970. */
  readonly times: (now: number) => ClosingTimes;
  /** Makes the entry that closes a window, if there is none yet, and has it begun at its time. */
  readonly prepare: (window: string, times: ClosingTimes) => Promise<void>;
}

export type Gathered =
  /** It is pushed by itself. */
  | { readonly kind: 'leads' }
  /** It is told by this window; absent where that is too long ago to know. `from`: of one that may be open, when that before it was closed. */
  | { readonly kind: 'gathered'; readonly window: string | undefined; readonly from?: Timestamp };

/** A window as it was found open. */
export interface OpenWindow extends ClosingTimes {
  readonly digest: string;
  readonly window: string;
  readonly from: Timestamp;
  readonly found: DocumentSnapshot;
}

/** Id of the document of one person's windows. @param key what is gathered together. */
export function digestId(uid: string, type: string, key: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([uid, type, key]))
    .digest('hex');
  return `digest~${hash}`;
}

export class Digests {
  readonly items: DigestItems;
  private readonly collections: Collections;
  private readonly now: () => number;
  private readonly newName: () => string;

  /** @param newName makes a name that no other has. */
  constructor(collections: Collections, now: () => number, newName: () => string) {
    this.items = new DigestItems(collections, now);
    this.collections = collections;
    this.now = now;
    this.newName = newName;
  }

  /** Has an event told with others, or finds that it has to be pushed by itself. The same again does no harm. */
  async gather(event: GatheredEvent): Promise<Gathered> {
    const {
      digest,
      isFirstPushed,
      item: { id },
    } = event;
    const { committedAt, leads } = await this.items.put(digest, event);
    if (leads) return { kind: 'leads' };
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const found = await this.windows(digest).get();
      const state = stateOf(found);
      // Another worker of this very event may have opened a window since; or this one, and the answer was lost.
      const mayLead = state !== undefined && isEarlier(committedAt, state.writtenAt);
      if (mayLead && (await this.items.read(digest, id)).leads) return { kind: 'leads' };
      const standing = standingOf(state, committedAt, this.now());
      switch (standing.kind) {
        case 'told':
          return { kind: 'gathered', window: standing.window };
        case 'open':
          return { kind: 'gathered', window: standing.window, from: standing.from };
        case 'unarmed': {
          const { window, from } = standing;
          // Before the window says that it is there: else nobody would make it after a crash.
          await event.prepare(window, standing);
          if ((await this.amend(found, { isArmed: true })) === undefined) break;
          return { kind: 'gathered', window, from };
        }
        case 'none': {
          const isOpened = await this.open(event, found, standing);
          if (isOpened && isFirstPushed) return { kind: 'leads' };
        }
      }
    }
    throw new ContentionError(MAX_TRIES);
  }

  /** What the entry of a window has to tell, if the window is closed; undefined: nothing, another window has taken its place. */
  async find(
    digest: string,
    window: string,
  ): Promise<
    { readonly open: OpenWindow } | { readonly closed: ClosedWindow<Timestamp> } | undefined
  > {
    const found = await this.windows(digest).get();
    const state = stateOf(found);
    const interval = intervalOf(state, window);
    if (state === undefined || interval === undefined) return undefined;
    if (interval !== 'open') return { closed: interval };
    const { from, closesAt, latestAt } = state;
    return { open: { digest, window, from, closesAt, latestAt, found } };
  }

  /** Closes a window; undefined if somebody has written it since it was found. */
  async close({ found, window, from }: OpenWindow): Promise<ClosedWindow<Timestamp> | undefined> {
    const at = await this.amend(found, { isClosed: true });
    return at && { window, from, at };
  }

  /** Has an open window closed later; undefined if somebody has written it since it was found. @param until ms since 1970. */
  async postpone({ found }: OpenWindow, until: number): Promise<Timestamp | undefined> {
    const at = Timestamp.fromMillis(until);
    return this.amend(found, { closesAt: at, latestAt: at });
  }

  /** Opens the next window, and says whether that went well: nobody has written the document since it was found. */
  private open(
    { type, digest, item, isFirstPushed, times }: GatheredEvent,
    found: DocumentSnapshot,
    { from = BEGINNING, history }: Extract<Standing<Timestamp>, { kind: 'none' }>,
  ): Promise<boolean> {
    const { closesAt, latestAt } = times(this.now());
    const document: WindowDocument = {
      state: 'digest',
      window: `${type}-digest-${this.newName()}`,
      from,
      closesAt: Timestamp.fromMillis(closesAt),
      latestAt: Timestamp.fromMillis(latestAt),
      isArmed: false,
      isClosed: false,
      history,
      expiresAt: this.fromNow(WINDOW_KEPT_MS),
    };
    const ref = this.windows(digest);
    return unlessWritten(
      transact(this.collections.db, (transaction) => {
        if (found.updateTime === undefined) transaction.create(ref, document);
        else transaction.update(ref, { ...document }, { lastUpdateTime: found.updateTime });
        if (isFirstPushed) {
          const gone = FieldValue.delete();
          const leading = { leads: document.window, slot: gone, push: gone };
          transaction.update(this.items.ref(digest, item.id), leading);
        }
        return Promise.resolve(true);
      }),
      false,
    );
  }

  /** Changes a window that still is as it was found, and returns when. */
  private amend(
    { ref, updateTime }: DocumentSnapshot,
    fields: Partial<WindowDocument>,
  ): Promise<Timestamp | undefined> {
    if (updateTime === undefined) return Promise.resolve(undefined);
    const written = { ...fields, expiresAt: this.fromNow(WINDOW_KEPT_MS) };
    return unlessWritten(
      ref.update(written, { lastUpdateTime: updateTime }).then(({ writeTime }) => writeTime),
      undefined,
    );
  }

  private windows(digest: string): DocumentReference {
    return this.collections.deliveries.doc(digest);
  }

  private fromNow(ms: number): Timestamp {
    return Timestamp.fromMillis(this.now() + ms);
  }
}

/** Before any commit. */
const BEGINNING = Timestamp.fromMillis(0);

function stateOf(found: DocumentSnapshot): WindowState<Timestamp> | undefined {
  const document = found.data() as WindowDocument | undefined;
  if (document === undefined || found.updateTime === undefined) return undefined;
  const { window, from, closesAt, latestAt, isArmed, isClosed, history } = document;
  return {
    ...{ window, from, isArmed, isClosed, history },
    closesAt: closesAt.toMillis(),
    latestAt: latestAt.toMillis(),
    writtenAt: found.updateTime,
  };
}

/** What a write came to, or `otherwise` where a document is not as the write wants it. */
async function unlessWritten<T>(write: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await write;
  } catch (error) {
    const { ALREADY_EXISTS, FAILED_PRECONDITION, NOT_FOUND } = STATUS;
    if (hasStatus(error, ALREADY_EXISTS, FAILED_PRECONDITION, NOT_FOUND)) return otherwise;
    throw error;
  }
}
