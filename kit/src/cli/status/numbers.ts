/**
 * How deliveries stand: what is asked of Firestore, in numbers. Times are ms since 1970.
 */

/** Documents that one query reads at the most. */
export const MAX_READ = 1_000;

/** Beyond the hour that retries take, nobody but an operator changes anything. */
export const OLD_MS = 65 * 60_000;

export interface Numbers {
  readonly at: number;
  readonly backlog: Backlog;
  readonly waiting: Waiting;
  /** Pushes of the outbox that wait for their time. */
  readonly scheduled: number;
  readonly lastHour: Failures;
  readonly lastDay: Failures;
  readonly composing: Composing;
  /** Deliveries to many people that are under way, the oldest first. */
  readonly large: readonly LargeDelivery[];
  readonly sweep: SweepLag;
}

/** Deliveries and shards that are not final. */
export interface Backlog {
  readonly count: number;
  readonly oldest?: { readonly delivery: string; readonly type: string; readonly since: number };
}

/** Those of them whose addresses wait for another try. */
export interface Waiting {
  readonly count: number;
  /** When the next of them goes on; of a very large number, of those that were looked at. */
  readonly nextAt?: number;
  readonly isCut: boolean;
}

/** Of the events of a time. */
export interface Failures {
  readonly since: number;
  /** Deliveries and shards of which something failed. */
  readonly deliveries: number;
  /** Addresses by code, deliveries as a whole by theirs; the most frequent first. */
  readonly codes: readonly CodeCount[];
  /** There are more, which were not looked at. */
  readonly isCut: boolean;
}

export interface CodeCount {
  readonly code: string;
  readonly count: number;
  /** Of addresses, or of deliveries that failed as a whole. */
  readonly of: 'addresses' | 'deliveries';
  /** One of the entries that have it: the last that was looked at. */
  readonly example?: string;
}

/** Events for which `compose` fails, and which come again. */
export interface Composing {
  readonly count: number;
  /** By kind, the most frequent first, with the error that the last of them had. */
  readonly kinds: readonly {
    readonly type: string;
    readonly count: number;
    readonly error: string;
  }[];
  readonly isCut: boolean;
}

export interface LargeDelivery {
  readonly delivery: string;
  readonly type: string;
  readonly document?: string;
  readonly since: number;
  /** Shards that are begun, and that are final. */
  readonly begun: number;
  readonly done: number;
  /** How many there will be; absent while pages are still being begun. */
  readonly total?: number;
}

/** Entries that nobody works on although they are not final. */
export interface SweepLag {
  readonly overdue: number;
  readonly oldest?: { readonly delivery: string; readonly since: number };
}
