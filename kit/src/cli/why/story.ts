/**
 * What became of one event, told in order: what `why` prints and the console shows.
 */
import type { AddressKind } from '../../model/address';

export interface Story {
  /** Id of the delivery, which is that of its entry in the ledger. */
  readonly delivery: string;
  /** The kind of notification: `like`. */
  readonly type: string;
  /** Path of the document whose creation was the event; absent in entries of earlier versions. */
  readonly document?: string;
  /** When that was written, or the entry made: ISO 8601. */
  readonly at: string;
  readonly state: StoryState;
  /** One sentence that answers "why", of the person who was asked about, or of all. */
  readonly answer: string;
  /** What to do about it; absent where nothing needs doing. */
  readonly remedy?: string;
  /** The same story in order of time. */
  readonly lines: readonly StoryLine[];
}

/**
 * Of the person who was asked about, else of all. `told`: every person who should be was told. `partly`: something failed. `failed`: nobody
 * was told. `nobody`: nobody was to be told. `under-way`: it is not final.
 */
export type StoryState = 'told' | 'partly' | 'failed' | 'nobody' | 'under-way';

export interface StoryLine {
  /** ISO 8601; absent where nobody knows when. */
  readonly at?: string;
  readonly what:
    'event' | 'compose' | 'nobody' | 'audience' | 'person' | 'device' | 'round' | 'next' | 'end';
  readonly severity: 'good' | 'note' | 'problem';
  /** A sentence. */
  readonly text: string;
  /** What to do; absent where nothing needs doing. */
  readonly remedy?: string;
  /** The code in the ledger that this puts into words. */
  readonly code?: string;
  readonly person?: string;
  readonly device?: StoryDevice;
}

/** A device without its address. */
export interface StoryDevice {
  readonly fingerprint: string;
  readonly kind?: AddressKind;
  /** What its record says; absent where there is none (any more). */
  readonly platform?: string;
}
