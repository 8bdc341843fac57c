/**
 * What the console shows, and whom it asks for it: nothing here knows of Firestore or of HTTP. The page uses these types, too.
 */
import type { Story, StoryLine, StoryState } from '../why/story';

/** Which ledger is looked at. */
export interface Place {
  readonly project: string;
  /** The instance of the kit, or the codebase. */
  readonly instance: string;
  /** `host:port` of the emulator; absent: Google Cloud. */
  readonly emulator?: string;
}

/** One line of the live list: a delivery, or a note of an event that notified nobody. */
export interface Row {
  /** Id of its entry in the ledger. */
  readonly id: string;
  /** The kind of notification: `like`. */
  readonly type: string;
  readonly document?: string;
  /** When the entry was made: ISO 8601. */
  readonly at: string;
  readonly state: StoryState;
  /** Absent on notes. */
  readonly counts?: RowCounts;
  /** Why nobody was notified, or what fails; absent where the counts say all. */
  readonly why?: string;
}

export interface RowCounts {
  readonly recipients: number;
  readonly addresses: number;
  readonly delivered: number;
  /** Rejected, failed or expired. */
  readonly failed: number;
  /** Waiting to be tried again. */
  readonly waiting: number;
}

/** How it goes as a whole. */
export interface Status {
  /** ISO 8601. */
  readonly at: string;
  /** Deliveries and shards that are not final. */
  readonly backlog: number;
  /** The oldest of them. */
  readonly oldest?: OldestDelivery;
  /** Of these, those that wait for a retry. */
  readonly waiting: number;
  readonly failures: { readonly hour: Failures; readonly day: Failures };
  /** Fan-outs that are under way. */
  readonly large: readonly LargeDelivery[];
}

export interface OldestDelivery {
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  /** It should have come to its end by itself. */
  readonly isOverdue: boolean;
}

export interface Failures {
  /** Deliveries and shards of which something failed. */
  readonly deliveries: number;
  /** The most frequent first. */
  readonly codes: readonly CodeCount[];
  /** There are more, which were not read. */
  readonly isCut: boolean;
}

export interface CodeCount {
  readonly code: string;
  readonly count: number;
}

export interface LargeDelivery {
  readonly id: string;
  readonly type: string;
  /** Shards; `all` is absent while the last is not known yet. */
  readonly done: number;
  readonly all?: number;
  /** When it may be over: ISO 8601. */
  readonly endsAt?: string;
}

/** What is asked about: exactly one of these. */
export interface Question {
  readonly by: 'person' | 'document' | 'delivery';
  readonly value: string;
  /** How far back, in ms; of a person only. */
  readonly within?: number;
}

/** What the text in the search box is. */
export type Found = Pick<Question, 'by' | 'value'>;

/** What cannot be asked: the message says what was expected. */
export class BadQuestionError extends Error {
  override name = 'BadQuestionError';
}

/** All that `why` has to say. */
export interface Report {
  /** The newest first. */
  readonly stories: readonly Story[];
  /** Events in that time that notified nobody and name no person; of a person only. */
  readonly unnamed: readonly UnnamedRow[];
  /** How the person and the document stand now. */
  readonly facts: readonly Fact[];
  /** Where nothing was found: what that can mean. */
  readonly hints: readonly string[];
  /** Searches that found more than was read. */
  readonly cut: readonly string[];
}

export type Fact = Pick<StoryLine, 'severity' | 'text' | 'remedy'>;

export interface UnnamedRow {
  readonly delivery: string;
  readonly type: string;
  readonly document?: string;
  /** ISO 8601. */
  readonly at: string;
  readonly why?: string;
  readonly isFailure: boolean;
}

/** The entries of the ledger as they come. */
export interface RowSource {
  /** Those made in `from <= createdAt < until` (ms since 1970), oldest first, no more than `limit`. */
  made(from: number, until: number, limit: number): Promise<readonly Row[]>;
  /** These as they are now; those that are gone are left out. */
  again(ids: readonly string[]): Promise<readonly Row[]>;
}

/** All that the console reads. Every method may be rejected where Firestore cannot be reached. */
export interface ConsoleSource extends RowSource {
  readonly place: Place;
  status(): Promise<Status>;
  /** @throws {BadQuestionError} */
  report(question: Question): Promise<Report>;
  /** @throws {BadQuestionError} where it can be neither. */
  find(text: string): Promise<Found>;
}
