/** Writes push documents and reads what became of them. */

import type { DocumentReference, Firestore, Query, WhereFilterOp } from '@google-cloud/firestore';
import { waitUntil } from '../stack/condition.ts';
import type { PushFields } from './options.ts';
import { stateOf, type Shown } from './show.ts';

/** Each asking is one read; a push takes a second or two. */
const ASK_EVERY_MS = 500;

const FINAL = new Set(['sent', 'partial', 'failed', 'cancelled']);

/** The recipients that are looked up, as far as they can be counted. */
interface Audience {
  everyone?: boolean;
  members?: string;
  users?: { field: string; op: WhereFilterOp; value: unknown };
}

/** What was asked for cannot be done; the message says why. */
export class PushError extends Error {
  override name = 'PushError';
}

export class OutboxClient {
  private readonly db: Firestore;

  constructor(db: Firestore) {
    this.db = db;
  }

  /** Writes a push; its id. @throws PushError if there is one of this id. */
  async write(id: string | undefined, fields: PushFields): Promise<string> {
    const ref = id === undefined ? this.db.collection('pushes').doc() : this.ref(id);
    try {
      await ref.create(fields);
    } catch (error) {
      if ((error as { code?: unknown }).code !== 6) throw error;
      throw new PushError(`Expected a new id, but push ${ref.id} already exists.`, {
        cause: error,
      });
    }
    return ref.id;
  }

  async read(id: string): Promise<Shown> {
    const document = (await this.ref(id).get()).data();
    if (document === undefined) throw new PushError(`There is no push ${id}.`);
    return { id, document };
  }

  /**
   * How many people `to` reaches now, by a query that counts (one read per 1,000 of them). Undefined for topics and conditions,
   * of which only FCM knows.
   */
  async count(to: unknown): Promise<number | undefined> {
    const query = this.peopleOf(to as Audience);
    return query && (await query.count().get()).data().count;
  }

  private peopleOf({ everyone, members, users }: Audience): Query | undefined {
    if (members !== undefined) return this.db.collection(members);
    if (everyone !== true && users === undefined) return undefined;
    const all = this.db.collection('users');
    return users === undefined ? all : all.where(users.field, users.op, users.value);
  }

  /** The newest pushes, or the newest of a state, by when the server saw them. */
  async list(limit: number, state: string | undefined): Promise<Shown[]> {
    const newest = this.db.collection('pushes').orderBy('createdAt', 'desc');
    const shown: Shown[] = [];
    // Sorted out here: a query by state and time would need an index for this alone.
    for await (const found of newest.stream()) {
      const push = found as unknown as { id: string; data(): Record<string, unknown> };
      const document = push.data();
      if (state === undefined || stateOf(document) === state) shown.push({ id: push.id, document });
      if (shown.length >= limit) break;
    }
    return shown;
  }

  /** Waits until a push is final. @throws PushError after `timeoutMs`. */
  async follow(id: string, timeoutMs: number): Promise<Shown> {
    return this.until(
      id,
      timeoutMs,
      ({ document }) => FINAL.has(stateOf(document)) && isSeen(document),
    );
  }

  /** Cancels a push and waits for the server's word. @throws PushError if it was too late. */
  async cancel(id: string, timeoutMs: number): Promise<Shown> {
    const { document } = await this.read(id);
    const state = stateOf(document);
    if (state !== 'pending' && state !== 'scheduled') {
      throw new PushError(`Expected a push that has not been sent yet, but ${id} is ${state}.`);
    }
    await this.ref(id).update({ state: 'cancelled' });
    const shown = await this.until(id, timeoutMs, (push) => isSeen(push.document));
    if (stateOf(shown.document) !== 'cancelled') {
      throw new PushError(`Too late: ${id} is ${stateOf(shown.document)}.`);
    }
    return shown;
  }

  /** Asks again and again: a command that ends after seconds gains nothing from a listener, which may have to wait. */
  private async until(
    id: string,
    timeoutMs: number,
    isIt: (shown: Shown) => boolean,
  ): Promise<Shown> {
    let shown: Shown | undefined;
    const holds = async (): Promise<boolean> => {
      shown = await this.read(id);
      return isIt(shown);
    };
    if (!(await waitUntil(holds, timeoutMs, ASK_EVERY_MS)) || shown === undefined) {
      throw new TimeoutError(id, timeoutMs);
    }
    return shown;
  }

  private ref(id: string): DocumentReference {
    return this.db.collection('pushes').doc(id);
  }
}

/** The push did not come to its end in time; it goes on without us. */
export class TimeoutError extends Error {
  override name = 'TimeoutError';

  constructor(id: string, timeoutMs: number) {
    super(`Push ${id} did not finish within ${timeoutMs / 1000} s; see: status ${id}`);
  }
}

/** Whether the state is the server's word, and not what we wrote ourselves. */
function isSeen(document: Readonly<Record<string, unknown>>): boolean {
  const accepted = document['accepted'] as { state?: unknown } | undefined;
  return accepted !== undefined && accepted.state === document['state'];
}
