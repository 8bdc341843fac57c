/**
 * The live list: the newest entries of the ledger, kept true by asking again and again, so that no listener of ours hangs on a busy
 * collection. It reads only when {@link Feed.poll} is called.
 */
import type { Row, RowSource } from './source';

/** Rows that are kept and shown. */
export const MOST_ROWS = 500;
/** Rows that the list begins with. */
const FIRST_ROWS = 100;
/** How far back the first look goes; where that is too much, how far the second goes. Each further one goes so much further. */
const FIRST_WINDOW_MS = 3_600_000;
const BUSY_WINDOW_MS = 2_000;
const WIDENING = 4;
const MAX_WINDOW_MS = 31 * 86_400_000;
/** Clocks of instances differ, and an entry is seen when its write is done: what was made so long before the newest may come late. */
const OVERLAP_MS = 5_000;
/** Entries that are not final and are read again with each poll: the longest not read first. */
const MOST_AGAIN = 50;
/** Behind by more than this, the list goes on with what is new and says that it left something out. */
const MAX_BEHIND_MS = 30_000;

/** What changed with a poll. */
export interface Change {
  /** Rises with each change. */
  readonly revision: number;
  /** New, or no longer as they were. */
  readonly rows: readonly Row[];
  /** Entries that were deleted. */
  readonly gone: readonly string[];
}

/** The list as it stands, the newest row first. */
export interface Snapshot {
  readonly revision: number;
  readonly rows: readonly Row[];
  /** More came than can be shown: some between these rows are missing. */
  readonly hasGaps: boolean;
}

interface Kept {
  readonly row: Row;
  readonly text: string;
  readonly revision: number;
  readonly readAt: number;
}

export class Feed {
  private readonly source: RowSource;
  private readonly now: () => number;
  private readonly kept = new Map<string, Kept>();
  private revision = 0;
  /** Where the next poll begins. Undefined: nothing was read yet. */
  private from: number | undefined;
  private lastGone = 0;
  private turn = 0;
  private hasGaps = false;

  constructor(source: RowSource, now: () => number) {
    this.source = source;
    this.now = now;
  }

  get isLoaded(): boolean {
    return this.from !== undefined;
  }

  snapshot(): Snapshot {
    const { revision, hasGaps } = this;
    return { revision, rows: this.sorted().map(({ row }) => row), hasGaps };
  }

  /** What changed after this revision; undefined where that cannot be told any more. */
  since(revision: number): Change | undefined {
    if (!(this.lastGone <= revision && revision <= this.revision)) return undefined;
    const rows = this.sorted().filter((kept) => kept.revision > revision);
    return { revision: this.revision, rows: rows.map(({ row }) => row), gone: [] };
  }

  /** Reads what is new, and again what was not final. Undefined: nothing changed. */
  async poll(): Promise<Change | undefined> {
    const now = this.now();
    // One that was given up as late may still come to its end, when another has read the same.
    const turn = (this.turn += 1);
    if (this.from === undefined) {
      const rows = await this.newest(now);
      if (turn !== this.turn) return undefined;
      this.from = now - OVERLAP_MS;
      return this.take(rows, []);
    }
    const rows = await this.source.made(this.from, now, MOST_ROWS);
    const again = await this.again(new Set(rows.map(({ id }) => id)));
    if (turn !== this.turn) return undefined;
    this.from = this.after(this.from, rows, now);
    return this.take([...rows, ...again.rows], again.gone);
  }

  /** Where to go on after these were read. */
  private after(from: number, rows: readonly Row[], now: number): number {
    const last = Date.parse(rows.at(-1)?.at ?? '');
    if (rows.length < MOST_ROWS) return now - OVERLAP_MS;
    if (now - last > MAX_BEHIND_MS) {
      this.hasGaps = true;
      return now - OVERLAP_MS;
    }
    // Without the overlap, which may be more than one poll reads; and never at the same place again.
    return Math.max(last, from + 1);
  }

  /** Those of the last hour, or of a busy ledger of the last seconds; then of longer and longer times before, until they are enough. */
  private async newest(now: number): Promise<Row[]> {
    const until = now + OVERLAP_MS;
    let span = FIRST_WINDOW_MS;
    let found = await this.source.made(now - span, until, MOST_ROWS);
    if (found.length === MOST_ROWS) {
      span = BUSY_WINDOW_MS;
      found = await this.source.made(now - span, until, MOST_ROWS);
    }
    const rows = [...found];
    // The index gives the oldest first: what is missing of a window is its newest.
    this.hasGaps = found.length === MOST_ROWS;
    while (rows.length < FIRST_ROWS && span < MAX_WINDOW_MS) {
      const end = now - span;
      span *= WIDENING;
      found = await this.source.made(now - span, end, MOST_ROWS);
      rows.push(...found);
      this.hasGaps ||= found.length === MOST_ROWS;
    }
    return rows;
  }

  private async again(fresh: ReadonlySet<string>) {
    const ids = [...this.kept.values()]
      .filter(({ row }) => row.state === 'under-way' && !fresh.has(row.id))
      .sort((one, other) => one.readAt - other.readAt)
      .slice(0, MOST_AGAIN)
      .map(({ row }) => row.id);
    if (ids.length === 0) return { rows: [], gone: [] };
    const rows = await this.source.again(ids);
    const found = new Set(rows.map(({ id }) => id));
    return { rows, gone: ids.filter((id) => !found.has(id)) };
  }

  private take(rows: readonly Row[], gone: readonly string[]): Change | undefined {
    const next = this.revision + 1;
    const changed: Row[] = [];
    for (const row of rows) {
      const text = JSON.stringify(row);
      const before = this.kept.get(row.id);
      const isSame = before?.text === text;
      if (!isSame) changed.push(row);
      const revision = isSame ? before.revision : next;
      this.kept.set(row.id, { row, text, revision, readAt: this.now() });
    }
    for (const id of gone) this.kept.delete(id);
    for (const { row } of this.sorted().slice(MOST_ROWS)) this.kept.delete(row.id);
    if (changed.length === 0 && gone.length === 0) return undefined;
    this.revision = next;
    if (gone.length > 0) this.lastGone = next;
    return { revision: next, rows: changed.filter(({ id }) => this.kept.has(id)), gone };
  }

  private sorted(): Kept[] {
    return [...this.kept.values()].sort(({ row: one }, { row: other }) => newestFirst(one, other));
  }
}

/** By the time that they were made, then by id, so that the order is always the same. */
function newestFirst(one: Row, other: Row): number {
  if (one.at !== other.at) return one.at < other.at ? 1 : -1;
  return one.id < other.id ? 1 : -1;
}
