/**
 * Notes in the ledger: what is known of an event for which there is no delivery, so that whoever asks for one finds out why. Nothing
 * is ever sent, or left out, because of a note.
 */
import { FieldValue, Timestamp } from '@google-cloud/firestore';
import type { NoteDocument } from './delivery-document';
import { noteIds } from './entry-ids';
import type { LedgerWrites } from './ledger-writes';
import { aboutEvent, type EventFacts } from './order';

/** An event that a note is about; `id` is that of the delivery that it would have been. */
export type NotedEvent = EventFacts & { readonly eventAt: number };

export class LedgerNotes {
  private readonly writes: LedgerWrites;

  constructor(writes: LedgerWrites) {
    this.writes = writes;
  }

  /** Records that `compose` told nobody; of an event that came twice, once. */
  async nobody(event: NotedEvent, why: string, people: readonly string[]): Promise<void> {
    const id = noteIds(event.id).nobody;
    const note: NoteDocument = {
      ...noted({ ...event, id }, people, 'nobody'),
      nobody: why,
      ...this.writes.written(),
    };
    await this.writes.create(id, note);
  }

  /** Records that `compose` failed, and that the event comes again until `until` (ms since 1970); of many times, how often. */
  async composeFailed(event: NotedEvent, error: string, until: number): Promise<void> {
    const id = noteIds(event.id).compose;
    const { createdAt: _later, ...written } = this.writes.written();
    await this.writes.ref(id).set(
      {
        ...noted({ ...event, id }, [], 'compose'),
        composing: {
          error,
          tries: FieldValue.increment(1),
          until: Timestamp.fromMillis(until),
        },
        ...written,
        // The same each time, so that nothing has to be read.
        createdAt: Timestamp.fromMillis(event.eventAt),
      },
      { merge: true },
    );
  }
}

function noted(event: NotedEvent, people: readonly string[], group: 'nobody' | 'compose') {
  return {
    ...aboutEvent(event, people, [group]),
    eventAt: Timestamp.fromMillis(event.eventAt),
    state: 'noted',
  } as const;
}
