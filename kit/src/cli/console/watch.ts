/**
 * Looks at the ledger for as long as somebody looks at the page, and tells everybody what it saw: one reader for all of them.
 */
import { randomUUID } from 'node:crypto';
import { within } from '../../model/within';
import { Feed, type Change, type Snapshot } from './feed';
import { plainly } from './plainly';
import type { ConsoleSource, Status } from './source';

/** From the end of one look at new entries to the next. */
export const POLL_MS = 1_500;
const STATUS_MS = 5_000;
/** An answer that takes longer counts as none: Firestore's client itself would wait for minutes. */
const PATIENCE_MS = 10_000;
/** After so long without anybody the list is begun anew: what came meanwhile may be very much. */
const STALE_MS = 60_000;
/** Ten minutes of {@link STATUS_MS}: what the line of the backlog shows. */
const MOST_SAMPLES = 120;

/** How many were under way at a time. */
export interface Sample {
  readonly at: string;
  readonly backlog: number;
}

/** What goes to the page. `name` is the event's name there. */
export type Told =
  | { readonly name: 'snapshot'; readonly id: string; readonly data: Snapshot }
  | { readonly name: 'rows'; readonly id: string; readonly data: Change }
  | {
      readonly name: 'status';
      readonly data: { readonly status: Status; readonly samples: readonly Sample[] };
    }
  /** What is wrong, in plain words; null: nothing is any more. */
  | { readonly name: 'trouble'; readonly data: { readonly message: string | null } };

export type Listener = (told: Told) => void;

export interface WatchOptions {
  readonly source: ConsoleSource;
  readonly now?: () => number;
  readonly pollMs?: number;
  readonly statusMs?: number;
}

export class Watch {
  private readonly options: Required<WatchOptions>;
  private readonly listeners = new Set<Listener>();
  private feed: Feed;
  /** Names this list in event ids: revisions of another one mean nothing. */
  private name = randomUUID();
  private status: Status | undefined;
  private samples: Sample[] = [];
  private readonly troubles = new Map<'rows' | 'status', string>();
  private readonly loops = new Map<'rows' | 'status', Loop>();
  private leftAt: number | undefined;

  constructor({ now = Date.now, pollMs = POLL_MS, statusMs = STATUS_MS, source }: WatchOptions) {
    this.options = { source, now, pollMs, statusMs };
    this.feed = new Feed(source, now);
  }

  get size(): number {
    return this.listeners.size;
  }

  /**
   * Tells how things stand and from then on what changes, until the returned function is called.
   *
   * @param lastId of the last event that this listener had, if it had one: it then gets only what changed since.
   */
  listen(listener: Listener, lastId?: string): () => void {
    this.renewIfStale();
    for (const told of this.standing(lastId)) listener(told);
    this.listeners.add(listener);
    this.start();
    return () => {
      if (!this.listeners.delete(listener) || this.size > 0) return;
      this.leftAt = this.options.now();
      void this.stop();
    };
  }

  /** Stops looking, whoever listens. Resolves when nothing is being read any more. */
  async stop(): Promise<void> {
    const loops = [...this.loops.values()];
    this.loops.clear();
    await Promise.all(loops.map((loop) => loop.stop()));
  }

  private *standing(lastId: string | undefined): Generator<Told> {
    yield this.trouble();
    if (this.feed.isLoaded) {
      const [name, revision] = lastId?.split('~') ?? [];
      const change = name === this.name ? this.feed.since(Number(revision)) : undefined;
      if (change === undefined) yield this.snapshot();
      else yield this.rows(change);
    }
    if (this.status !== undefined) {
      yield { name: 'status', data: { status: this.status, samples: this.samples } };
    }
  }

  private renewIfStale(): void {
    const { leftAt } = this;
    this.leftAt = undefined;
    if (leftAt === undefined || this.options.now() - leftAt < STALE_MS) return;
    this.feed = new Feed(this.options.source, this.options.now);
    this.name = randomUUID();
    this.status = undefined;
    this.samples = [];
  }

  private start(): void {
    const { pollMs, statusMs } = this.options;
    if (this.loops.size > 0) return;
    this.loops.set('rows', new Loop(pollMs, () => this.look('rows', () => this.readRows())));
    this.loops.set(
      'status',
      new Loop(statusMs, () => this.look('status', () => this.readStatus())),
    );
  }

  private async readRows(): Promise<void> {
    const { feed } = this;
    const wasLoaded = feed.isLoaded;
    const change = await within(PATIENCE_MS, () => feed.poll(), LATE);
    // Somebody may have come back after long, and begun another list.
    if (feed !== this.feed) return;
    if (!wasLoaded) this.tell(this.snapshot());
    else if (change !== undefined) this.tell(this.rows(change));
  }

  private async readStatus(): Promise<void> {
    const status = await within(PATIENCE_MS, () => this.options.source.status(), LATE);
    this.status = status;
    const sample = { at: status.at, backlog: status.backlog };
    this.samples = [...this.samples, sample].slice(-MOST_SAMPLES);
    this.tell({ name: 'status', data: { status, samples: this.samples } });
  }

  /** A failure is told once, and once that it is over; the next look comes as always. */
  private async look(what: 'rows' | 'status', read: () => Promise<void>): Promise<void> {
    const before = this.trouble().data.message;
    try {
      await read();
      this.troubles.delete(what);
    } catch (error) {
      this.troubles.set(what, plainly(error));
    }
    const trouble = this.trouble();
    if (trouble.data.message !== before) this.tell(trouble);
  }

  private tell(told: Told): void {
    for (const listener of this.listeners) listener(told);
  }

  private snapshot(): Told & { name: 'snapshot' } {
    const data = this.feed.snapshot();
    return { name: 'snapshot', id: `${this.name}~${data.revision}`, data };
  }

  private rows(data: Change): Told {
    return { name: 'rows', id: `${this.name}~${data.revision}`, data };
  }

  private trouble(): Told & { name: 'trouble' } {
    const message = this.troubles.get('rows') ?? this.troubles.get('status') ?? null;
    return { name: 'trouble', data: { message } };
  }
}

const LATE = 'Firestore did not answer within 10 seconds.';

/** Does something at once, and again a while after it is done. */
class Loop {
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;
  private current: Promise<void>;

  constructor(ms: number, work: () => Promise<void>) {
    const turn = async (): Promise<void> => {
      await work();
      if (this.isStopped) return;
      this.timer = setTimeout(() => {
        this.current = turn();
      }, ms);
    };
    this.current = turn();
  }

  stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    return this.current;
  }
}
