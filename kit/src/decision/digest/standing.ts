/**
 * How an event stands to the windows of its digest, by the times at which Firestore committed what; pure.
 *
 * Each window tells the items that were committed from the closing before it until its own. These intervals have no gaps and do not
 * overlap, so every item is told in exactly one of them, whatever its worker has seen; `delivery/digests.ts` says why that suffices.
 */
import { HOUR_MS } from '../../model/durations';
import { isEarlier, isIn, type CommitTime, type Interval } from './commit-time';

/** A window that is closed. */
export interface ClosedWindow<Time extends CommitTime = CommitTime> extends Interval {
  /** Id of the entry that tells it. */
  readonly window: string;
  readonly from: Time;
  readonly at: Time;
}

/** The windows of one digest, as their document says it. */
export interface WindowState<Time extends CommitTime = CommitTime> {
  /** The latest: id of the entry that tells it. */
  readonly window: string;
  /** When the one before it was closed that told something last. */
  readonly from: Time;
  /** When it is to be closed, or looked at, ms since 1970. */
  readonly closesAt: number;
  /** When it is to be closed in any case, ms since 1970. */
  readonly latestAt: number;
  /** Whether there is an entry that closes it. */
  readonly isArmed: boolean;
  readonly isClosed: boolean;
  /** Those before it, the latest first. */
  readonly history: readonly ClosedWindow<Time>[];
  /** When this was written; of a closed one when it was closed. */
  readonly writtenAt: Time;
}

export type Standing<Time extends CommitTime = CommitTime> =
  /** A window told it, or is about to; absent where it is too long ago to know which. */
  | { readonly kind: 'told'; readonly window: string | undefined }
  /** The window will. */
  | { readonly kind: 'open'; readonly window: string; readonly from: Time }
  /** The window will once there is an entry that closes it. */
  | {
      readonly kind: 'unarmed';
      readonly window: string;
      readonly from: Time;
      readonly closesAt: number;
      readonly latestAt: number;
    }
  /** The next window has to be opened, for what was committed from then on; undefined: for all. */
  | {
      readonly kind: 'none';
      readonly from: Time | undefined;
      readonly history: readonly ClosedWindow<Time>[];
    };

/**
 * A window whose entry has not closed it so long after its time has none any more, ms: somebody cancelled it. Where it only is late, it
 * finds another window in its place, which tells what it would have.
 */
export const LOST_AFTER_MS = HOUR_MS;
/** Closed windows that are remembered: by them an entry that goes on after a crash finds what it closed. */
const REMEMBERED = 20;

/**
 * @param item when the item was committed.
 * @param now ms since 1970.
 */
export function standingOf<Time extends CommitTime>(
  state: WindowState<Time> | undefined,
  item: CommitTime,
  now: number,
): Standing<Time> {
  if (state === undefined) return { kind: 'none', from: undefined, history: [] };
  const { window, from, closesAt, latestAt, isArmed, isClosed, history } = state;
  const told = toldBy(state).find((each) => isIn(each, item));
  if (told !== undefined) return { kind: 'told', window: told.window };
  const closed = isClosed ? state.writtenAt : from;
  if (isEarlier(item, closed)) return { kind: 'told', window: undefined };
  if (isClosed) return { kind: 'none', from: closed, history: remembered(state) };
  const isOver = now >= (isArmed ? latestAt + LOST_AFTER_MS : closesAt);
  // What it did not tell is the next one's to tell.
  if (isOver) return { kind: 'none', from, history };
  return isArmed
    ? { kind: 'open', window, from }
    : { kind: 'unarmed', window, from, closesAt, latestAt };
}

/** What an entry has to tell; `open`: its window is not closed yet; undefined: another window has taken its place, and tells it. */
export function intervalOf<Time extends CommitTime>(
  state: WindowState<Time> | undefined,
  window: string,
): ClosedWindow<Time> | 'open' | undefined {
  if (state === undefined) return undefined;
  if (state.window === window && !state.isClosed) return 'open';
  return toldBy(state).find((each) => each.window === window);
}

function toldBy<Time extends CommitTime>(state: WindowState<Time>): readonly ClosedWindow<Time>[] {
  return state.isClosed ? remembered(state) : state.history;
}

function remembered<Time extends CommitTime>({
  window,
  from,
  writtenAt,
  history,
}: WindowState<Time>): readonly ClosedWindow<Time>[] {
  return [{ window, from, at: writtenAt }, ...history].slice(0, REMEMBERED);
}
