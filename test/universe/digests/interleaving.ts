/**
 * One interleaving of everything that may happen to a digest: events that come twice and late, workers that die at any call, documents
 * that are taken back and made again, windows that are closed by several workers at once.
 */
import { closeWindow, isFull, itemsToTell } from '../../../kit/src/delivery/digest-closing.ts';
import { digestId, Digests } from '../../../kit/src/delivery/digests.ts';
import { closingTimes } from '../../../kit/src/decision/digest/closing.ts';
import { digestContent, type DigestItem } from '../../../kit/src/decision/digest/texts.ts';
import type { Draft } from '../../../kit/src/model/notification/content.ts';
import type { Digest } from '../../../kit/src/model/notification/digest.ts';
import { Collections } from '../../../kit/src/store/collections.ts';
import { FirestoreError } from '../firestore/codes.ts';
import { Firestore } from '../firestore/sdk.ts';
import { Server } from '../firestore/server.ts';
import type { Wire } from '../firestore/wire.ts';
import { Random } from '../time/random.ts';
import { play, Scheduler } from '../time/scheduler.ts';

const START = 1_800_000_000_000;
const SECOND = 1_000;
const MINUTE = 60_000;
const PEOPLE = ['ann', 'bo', 'cy', 'di', 'ed', 'flo'];

const PUSH = { style: 'alert', priority: 'high', data: {}, requiredData: [] } as const;

/** One creation of a document. */
interface Event {
  readonly id: string;
  readonly actor: string;
  readonly document: string;
}

/** What a window's entry in the ledger says in the end. */
interface Told {
  readonly window: string;
  readonly items: readonly DigestItem[];
  readonly args?: Readonly<Record<string, string | number>> | undefined;
  /** Where a tap leads. */
  readonly link?: string | undefined;
  /** When it was looked what is there, ms since 1970. */
  readonly from: number;
  readonly to: number;
}

/** What happened. */
export interface Outcome {
  readonly events: readonly Event[];
  /** By event: that it leads, or the window that is to tell it. */
  readonly answers: ReadonlyMap<string, readonly (string | undefined)[]>;
  /** One for each entry of a window that came to its end. */
  readonly told: readonly Told[];
  /** Those that a window tells, taken back or not, each time that a worker looked. */
  readonly looks: ReadonlyMap<string, readonly string[][]>;
  /** Whether a document was there at each moment from one to another, at none, or at some; ms since 1970. */
  readonly wasThere: (
    document: string,
    from: number,
    to: number,
  ) => 'always' | 'never' | 'sometimes';
  readonly blocked: readonly string[];
}

/** A worker died: nothing that it waits for comes. */
const NEVER = new Promise<never>(() => undefined);

export async function interleave(seed: number): Promise<Outcome> {
  return new Interleaving(seed).run();
}

class Interleaving {
  private readonly random: Random;
  private readonly scheduler: Scheduler;
  private readonly server: Server;
  private readonly plan: Digest;
  private readonly digest = digestId('mia', 'wave', 'walls/w1');
  private readonly deaths: number;
  private readonly losses: number;
  private readonly slow: number;
  private readonly events: Event[] = [];
  private readonly answers = new Map<string, (string | undefined)[]>();
  private readonly entries = new Map<string, Told | undefined>();
  private readonly looks = new Map<string, string[][]>();
  /** When each document came and went. */
  private readonly lives = new Map<string, { at: number; isThere: boolean }[]>();
  private readonly blocked: string[];
  private windows = 0;

  constructor(seed: number) {
    const random = new Random(seed);
    this.random = random;
    this.scheduler = new Scheduler(START, random);
    this.server = new Server(() => this.scheduler.now);
    this.deaths = random.pick([0, 0.02, 0.1]);
    this.losses = random.pick([0, 0.02, 0.1]);
    this.slow = random.pick([20, 200, 3 * SECOND]);
    this.blocked = random.chance(0.3) ? [random.pick(PEOPLE)] : [];
    this.plan = {
      window: random.pick<Digest['window']>([
        { minutes: 1 },
        { minutes: 5 },
        { quietMinutes: 1, maxMinutes: 3 },
      ]),
      leadingEdge: random.chance(0.6),
      ...(random.chance(0.3) ? { closesAt: random.int(1, 4) } : {}),
      title: { key: 'wave.digest' },
    };
  }

  async run(): Promise<Outcome> {
    const { random, scheduler } = this;
    const span = random.pick([SECOND, MINUTE, 12 * MINUTE]);
    const count = random.int(1, 10);
    for (let number = 0; number < count; number += 1) {
      const actor = random.pick(PEOPLE);
      scheduler.after(random.next() * span, () => this.create(actor));
    }
    await play(scheduler, () => false);
    return {
      ...{ events: this.events, answers: this.answers, looks: this.looks },
      told: [...this.entries.values()].filter((told) => told !== undefined),
      wasThere: (document, from, to) => this.wasThere(document, from, to),
      blocked: this.blocked,
    };
  }

  /** Somebody makes a document, perhaps takes it back, and perhaps makes it again. */
  private create(actor: string): void {
    const { random } = this;
    const document = `walls/w1/waves/${actor}`;
    if (this.isThere(document)) return;
    this.change(document, true);
    const event = { id: `wave-e${this.events.length}`, actor, document };
    this.events.push(event);
    this.deliver(event);
    if (random.chance(0.3)) {
      this.scheduler.after(random.skewed(0, 5 * MINUTE), () => {
        this.change(document, false);
        if (random.chance(0.5)) {
          this.scheduler.after(random.skewed(0, MINUTE), () => this.create(actor));
        }
      });
    }
  }

  private deliver(event: Event): void {
    const { random, scheduler } = this;
    const times = random.chance(0.2) ? 2 : 1;
    for (let time = 0; time < times; time += 1) {
      scheduler.after(random.skewed(0, random.pick([SECOND, 3 * MINUTE])), () => {
        this.work((digests) => this.gather(digests, event));
      });
    }
  }

  private async gather(digests: Digests, { id, actor, document }: Event): Promise<void> {
    const { digest, plan } = this;
    const gathered = await digests.gather({
      ...{ type: 'wave', digest, eventAt: this.scheduler.now },
      item: { id, actor, document, ...(actor === 'flo' ? {} : { name: `N ${actor}` }) },
      push: { ...PUSH, link: `/${id}` },
      isFirstPushed: plan.leadingEdge !== false,
      times: (now) => closingTimes(plan.window, now, undefined, undefined),
      prepare: (window, { closesAt }) => {
        this.prepare(window, closesAt);
        return Promise.resolve();
      },
    });
    const leads = gathered.kind === 'leads';
    const window = leads ? undefined : gathered.window;
    this.answers.set(id, [...(this.answers.get(id) ?? []), leads ? 'leads' : window]);
    if (leads || window === undefined || gathered.from === undefined) return;
    if (plan.closesAt === undefined) return;
    if (isFull(plan, await digests.items.count(digest, gathered.from))) this.dispatch(window);
  }

  private prepare(window: string, closesAt: number): void {
    if (this.entries.has(window)) return;
    this.entries.set(window, undefined);
    const delay = closesAt - this.scheduler.now + this.random.skewed(0, MINUTE);
    this.scheduler.after(delay, () => this.dispatch(window));
    // As a queue does at times.
    if (this.random.chance(0.1)) this.scheduler.after(delay, () => this.dispatch(window));
  }

  private dispatch(window: string): void {
    this.work((digests) => this.close(digests, window));
  }

  private async close(digests: Digests, window: string): Promise<void> {
    const { digest, plan, blocked, scheduler } = this;
    if (this.entries.get(window) !== undefined) return;
    const closing = await closeWindow(digests, { digest, window, plan }, () => scheduler.now);
    if (closing.kind === 'wait') {
      scheduler.at(closing.until, () => this.dispatch(window));
      return;
    }
    const began = scheduler.now;
    if (closing.kind === 'replaced') return this.end({ window, items: [], from: began, to: began });
    const all = await digests.items.told(digest, closing.interval);
    this.looks.set(window, [...(this.looks.get(window) ?? []), all.map(({ id }) => id).toSorted()]);
    const items = await itemsToTell(digests, digest, closing.interval, {
      blocked,
      mustBeThere: true,
    });
    const content = { choice: { digest: plan } } as unknown as Draft;
    const [newest] = items;
    const push = newest && (await digests.items.pushOf(digest, newest.id));
    const { title } = push === undefined ? {} : digestContent(content, items, push);
    const args = typeof title === 'object' && 'key' in title ? title.args : undefined;
    this.end({ window, items, args, link: push?.link, from: began, to: scheduler.now });
  }

  private end(told: Told): void {
    if (this.entries.get(told.window) === undefined) this.entries.set(told.window, told);
  }

  /** Does something on an instance of its own, and again where that died, or was told that something failed. */
  private work(step: (digests: Digests) => Promise<void>, failures = 0): void {
    const { random, scheduler } = this;
    let isOver = false;
    const again = (): void => {
      if (isOver) return;
      isOver = true;
      scheduler.after(random.skewed(SECOND, 2 * MINUTE), () => this.work(step, failures + 1));
    };
    const db = new Firestore(this.server, this.wire(failures, again));
    const digests = new Digests(
      new Collections(db as never),
      () => scheduler.now,
      () => String((this.windows += 1)),
    );
    step(digests).then(() => {
      isOver = true;
    }, again);
  }

  /** @param die does the work again: whoever calls does not go on. */
  private wire(failures: number, die: () => void): Wire {
    const { random, scheduler } = this;
    let isDead = false;
    const deaths = failures > 6 ? 0 : this.deaths;
    const losses = failures > 6 ? 0 : this.losses;
    const trip = (): Promise<void> =>
      new Promise((resolve) => scheduler.after(random.skewed(1, this.slow), resolve));
    const dies = (): boolean => {
      if (!random.chance(deaths)) return false;
      isDead = true;
      die();
      return true;
    };
    return {
      call: async <T>(_kind: unknown, atServer: () => T): Promise<T> => {
        if (isDead || dies()) return NEVER;
        await trip();
        // What is on its way arrives, whatever becomes of whoever sent it.
        const answer = outcomeOf(atServer);
        await trip();
        if (isDead || dies()) return NEVER;
        if (random.chance(losses)) throw new FirestoreError('UNAVAILABLE', 'lost');
        return answer();
      },
      sleep: (ms) =>
        new Promise((resolve) => {
          scheduler.after(ms, resolve);
        }),
      refusesFor: () => 0,
      random: random.next,
    };
  }

  private change(document: string, isThere: boolean): void {
    const lives = this.lives.get(document) ?? [];
    lives.push({ at: this.scheduler.now, isThere });
    this.lives.set(document, lives);
    if (isThere)
      this.server.commit([
        {
          path: document,
          kind: 'replace',
          fields: {},
          transforms: [],
          refusal: undefined,
        } as never,
      ]);
    else this.server.commit([{ path: document, kind: 'delete' } as never]);
  }

  private isThere(document: string): boolean {
    return this.lives.get(document)?.at(-1)?.isThere === true;
  }

  private wasThere(document: string, from: number, to: number): ReturnType<Outcome['wasThere']> {
    const lives = this.lives.get(document) ?? [];
    const before = lives.findLast(({ at }) => at < from)?.isThere ?? false;
    const within = lives.filter(({ at }) => at >= from && at <= to).map(({ isThere }) => isThere);
    const all = new Set([before, ...within]);
    if (all.size > 1) return 'sometimes';
    return before ? 'always' : 'never';
  }
}

/** Does something, and says later what came of it. */
function outcomeOf<T>(work: () => T): () => T {
  try {
    const value = work();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}
