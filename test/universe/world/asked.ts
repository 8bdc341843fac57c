/** What was asked for, and what is known of what was sent for it. */
import type { Kind } from './catalogue.ts';

/** What somebody is to be notified of. */
export interface Asked {
  readonly deliveryId: string;
  readonly kind: Kind | 'push';
  /** Undefined: everyone, or whoever joined a topic. */
  readonly to: ReadonlySet<string> | undefined;
  /** Tokens that a push lists itself. */
  readonly addresses?: ReadonlySet<string>;
  readonly actor: string | undefined;
  /** What it is about. */
  readonly target?: string;
  /** When it was asked for, ms. */
  readonly at: number;
  /** Time to live, ms. */
  readonly ttlMs: number | undefined;
  /** How often an operator had it sent again. */
  readonly retries?: number;
  /** When a push is due, ms; Infinity: it was cancelled in time. */
  readonly notBefore?: number;
  /** When its document was cancelled or deleted in time, ms. */
  readonly withdrawnAt?: number;
  /** What a push may say: as it was written, and edited. */
  readonly titles?: readonly string[];
  /** When an operator's call to stop it was answered, ms. */
  readonly cancelledAt?: number;
}

/** What is known of one address and one delivery. */
export interface Pair {
  readonly token: string;
  readonly deliveryId: string;
  /** When the first of its requests left, ms. */
  readonly at: number;
  /** Requests that left, and of these those with which nothing went wrong. */
  requests: number;
  untroubled: number;
  /** Those with which something went wrong that no other try mends. */
  lasting: number;
  /** How often the provider took it. */
  accepted: number;
  /** How often it may have been taken without the sender hearing so. */
  doubtful: number;
  /** For whom it may have been sent: a device that changes hands between two of them is told for both. */
  readonly owners: Set<string>;
  /** Not before, ms: what the provider asked for, from the last answer on. */
  notBefore: number;
  /** When a request first and last went wrong, ms. */
  firstTroubledAt?: number;
  troubledAt?: number;
}

/** A request as a provider's model reads it. */
export interface Request {
  readonly token: string;
  readonly server: string;
  readonly deliveryId: string | undefined;
  readonly isDryRun: boolean;
  readonly title: string | undefined;
  /** Whether it makes a sound. */
  readonly isHeard: boolean;
}

/** What goes wrong with it. */
export interface Fate {
  /** It may be taken without the sender hearing so. */
  readonly isDoubtful: boolean;
  readonly isTroubled: boolean;
  /** The push may be lost to the address by this alone. */
  readonly isLasting: boolean;
}
