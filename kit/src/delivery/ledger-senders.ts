/**
 * What the ledger knows of those who cause deliveries, and of the people who are notified: how many an actor reached, what was told
 * already, how often somebody heard something.
 *
 * Entries stand in the order of `sender.at`, which Firestore gives them as they are claimed. Whoever is withheld, or waits, has none,
 * and counts for nothing.
 */
import { AggregateField, FieldPath, FieldValue, Timestamp } from '@google-cloud/firestore';
import type { DeliveryDocument, SenderFields, Withheld } from './delivery-document';
import { toldKey } from './find-by';
import type { HeldEntry, RoundResult } from './ledger-entry';
import type { LedgerWrites } from './ledger-writes';

export class LedgerSenders {
  private readonly writes: LedgerWrites;
  private readonly leaseMs: number;

  constructor(writes: LedgerWrites, leaseMs: number) {
    this.writes = writes;
    this.leaseMs = leaseMs;
  }

  /** People whom an actor's events reached after `since`: one read for a thousand events. */
  async reached(actor: string, since: Timestamp): Promise<number> {
    const { used } = (await this.ofActor(actor, since).aggregate({ used: SIZES }).get()).data();
    return used;
  }

  /**
   * The same of an entry's own actor and its time, of those that stand before the entry, and of the entry itself; those of the same
   * moment in order of size, as the index has them.
   *
   * @param windowMs of the time before the entry.
   */
  async reachedUpTo(id: string, { at, actor, size }: Placed, windowMs: number): Promise<number> {
    const before = this.ofActor(actor, earlier(at, windowMs))
      .orderBy('sender.at')
      .orderBy('sender.size')
      .orderBy(FieldPath.documentId())
      .endAt(at, size, id);
    const { used } = (await before.aggregate({ used: SIZES }).get()).data();
    return used;
  }

  /** Which entry was the first after `since` to tell this; undefined: none. */
  async firstOf(once: string, since: Timestamp): Promise<string | undefined> {
    const { docs } = await this.writes.entries
      .where('sender.once', '==', once)
      .where('sender.at', '>', since)
      .orderBy('sender.at')
      .select()
      .limit(1)
      .get();
    return docs[0]?.id;
  }

  /** Where an entry stands among its actor's as Firestore has it; undefined where another worker took it over, or ended it. */
  async placeOf({ id, document }: HeldEntry): Promise<Placed | undefined> {
    const found = (await this.writes.ref(id).get()).data() as DeliveryDocument | undefined;
    const { at, actor, size } = found?.sender ?? {};
    if (found?.claim !== document.claim) return undefined;
    return at === undefined || actor === undefined || size === undefined
      ? undefined
      : { at, actor, size };
  }

  /**
   * Has an entry wait for the budget of whoever caused it, until `retryAt` (ms since 1970); meanwhile it counts for nothing. Recipients
   * whom only its event knows are composed once more then.
   *
   * @param due names the task that goes on with it then.
   */
  async wait(entry: HeldEntry, retryAt: number, due: string): Promise<void> {
    const { round, coverage } = entry.document;
    await this.writes.record(entry, {
      'sender.at': FieldValue.delete(),
      ...(coverage?.kind === 'hashed-shards' ? { recompose: true } : {}),
      round: round + 1,
      attempts: 0,
      due,
      retryAt: Timestamp.fromMillis(retryAt),
      leaseUntil: Timestamp.fromMillis(retryAt + this.leaseMs),
      expiresAt: this.writes.keptFor(entry.document, retryAt),
      updatedAt: this.writes.fromNow(0),
    });
  }

  /**
   * How many entries tell a person, or told them, in so long before an entry, and with it; counted up to `most`.
   *
   * @param windowMs of the time before the entry.
   */
  async timesTold(
    uid: string,
    { id, document: { createdAt } }: HeldEntry,
    { windowMs, most }: { readonly windowMs: number; readonly most: number },
  ): Promise<number> {
    const before = this.writes.entries
      .where('findBy', 'array-contains', toldKey(uid))
      .where('createdAt', '>', earlier(createdAt, windowMs))
      .orderBy('createdAt')
      .orderBy(FieldPath.documentId())
      .endAt(createdAt, id)
      .limit(most);
    return (await before.count().get()).data().count;
  }

  private ofActor(actor: string, since: Timestamp) {
    return this.writes.entries.where('sender.actor', '==', actor).where('sender.at', '>', since);
  }
}

/** An entry's place among those of its actor. */
export interface Placed {
  readonly at: Timestamp;
  readonly actor: string;
  readonly size: number;
}

const SIZES = AggregateField.sum('sender.size');

/** So many milliseconds before. */
export function earlier(at: Timestamp, ms: number): Timestamp {
  return Timestamp.fromMillis(at.toMillis() - ms);
}

/** A new entry takes its place among those of its actor. */
export function stamped(sender: SenderFields | undefined) {
  return sender === undefined
    ? {}
    : { sender: { ...sender, at: FieldValue.serverTimestamp() } as never };
}

/** What becomes of an entry's place at its end: what told nobody takes nobody's place. */
export function notTold(
  { document: { sender } }: Pick<HeldEntry, 'document'>,
  {
    counts,
    withheld,
    isFailed = false,
  }: Pick<RoundResult, 'counts'> & {
    readonly withheld?: Withheld;
    readonly isFailed?: boolean;
  },
) {
  if (sender === undefined || counts.delivered > 0) return {};
  const isLimited = withheld === 'repeated' || withheld === 'over-budget';
  if (isLimited || isFailed) return { sender: FieldValue.delete() };
  return sender.once === undefined ? {} : { 'sender.once': FieldValue.delete() };
}
