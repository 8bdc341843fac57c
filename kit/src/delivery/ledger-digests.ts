/**
 * Entries of the ledger that tell what was gathered: made before their time, and given what to send once their window is closed.
 */
import { FieldValue, Timestamp } from '@google-cloud/firestore';
import type { Draft } from '../model/notification/content';
import { LARGE_KEPT_MS } from './attempts';
import type { HeldEntry } from './ledger-entry';
import type { LedgerWrites } from './ledger-writes';
import { aboutEvent } from './order';

/** What an entry says of the window that it closes. */
export interface PreparedDigest {
  readonly uid: string;
  readonly content: Draft;
  /** It is worth sending for so long after it was told, ms. */
  readonly lifeMs: number;
  /** Of the windows' document. */
  readonly digest: string;
  /** When it is to begin, and when at the latest it closes its window, ms since 1970. */
  readonly beginsAt: number;
  readonly latestAt: number;
  /** The task that begins it. */
  readonly due: string;
}

export class LedgerDigests {
  private readonly writes: LedgerWrites;
  private readonly leaseMs: number;

  constructor(writes: LedgerWrites, leaseMs: number) {
    this.writes = writes;
    this.leaseMs = leaseMs;
  }

  /** Makes an entry that begins at its time, as round 0; the sweep finds it where its task is lost. One that is there stays as it is. */
  async prepare(id: string, prepared: PreparedDigest): Promise<void> {
    const { uid, lifeMs, digest, beginsAt, latestAt, due } = prepared;
    const coverage = { kind: 'listed', uids: [uid] } as const;
    const { expiresAt, ...untouched } = this.writes.untouched({ coverage });
    const end = untouched.createdAt.toMillis() + lifeMs;
    const content = { ...prepared.content, expiresAt: end };
    await this.writes.create(id, {
      ...aboutEvent(
        { id, type: content.type, document: undefined, eventAt: undefined },
        [uid],
        ['all', 'open'],
      ),
      ...untouched,
      ...{ content, coverage, digest, due },
      state: 'sending',
      attempts: 0,
      retryAt: Timestamp.fromMillis(beginsAt),
      leaseUntil: Timestamp.fromMillis(beginsAt + this.leaseMs),
      // A window may be open for longer than entries are kept.
      expiresAt: Timestamp.fromMillis(Math.max(expiresAt.toMillis(), latestAt + LARGE_KEPT_MS)),
    });
  }

  /**
   * Gives an entry whose window is closed what to send: nothing was sent before, and from now on it is like any other, which begins to
   * live now.
   */
  async tell(entry: HeldEntry, told: Draft): Promise<HeldEntry> {
    const now = this.writes.fromNow(0).toMillis();
    const lifeMs = told.expiresAt - entry.document.createdAt.toMillis();
    const content = { ...told, expiresAt: now + lifeMs };
    const fields = { content, attempts: 1 };
    const writtenAt = await this.writes.record(entry, {
      ...fields,
      digest: FieldValue.delete(),
      updatedAt: this.writes.fromNow(0),
    });
    const { id, isNew } = entry;
    const { digest: _closed, ...rest } = entry.document;
    return {
      ...{ id, isNew, inDoubt: false, document: { ...rest, ...fields } },
      ...(writtenAt === undefined ? {} : { writtenAt }),
    };
  }
}
