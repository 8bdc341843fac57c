/**
 * What the delivery engine is given: stores, providers, queue, clock and random numbers.
 */
import type { Outcome } from '../model/outcome';
import type { Broadcaster } from '../providers/provider';
import type { Limits } from '../decision/limits';
import type { Digests } from './digests';
import type { Ledger } from './ledger';
import type { GivenUp } from './ledger-entry';
import type { NotedEvent } from './ledger-notes';
import type { DeliveryOrder } from './order';
import type { LocalTimes } from '../decision/local-times';
import type { CreationTime } from '../store/creation-time';
import type { UserStore } from '../store/users';
import type { Localiser } from './localise';
import type { DeviceStore } from '../devices/device-store';
import type { Providers } from './send';
import type { DeliverySummary } from './summary';
import type { TaskQueue } from './tasks';

/** Which entry something is said of, and of which kind its notification is. */
export interface Said {
  readonly id: string;
  readonly type: string;
}

/** What the engine has to say; `log.ts` says it. */
export interface EngineLog {
  /** It came to its end, or was given up. */
  finished(summary: DeliverySummary): void;
  /** `code`: why the first of the addresses has to wait; undefined if there is none, only recipients who were not reached in time. */
  retryScheduled(about: Said, addresses: number, at: number, code: string | undefined): void;
  pruned(about: Said, addresses: readonly string[], kept: readonly string[]): void;
  breakerTripped(about: Said, dead: number, sent: number): void;
  pruneFailed(about: Said, error: unknown): void;
  /** A push, or an address that could not be proven dead, was not acceptable. */
  rejected(about: Said, outcome: Extract<Outcome, { kind: 'rejected' }>): void;
  /** Our credential or configuration is at fault: somebody has to act. */
  configurationRefused(about: Said, outcome: Extract<Outcome, { kind: 'failed' | 'retry' }>): void;
  /** Another worker holds the entry until then (ms since 1970), or took it over: the ordinary course. */
  held(id: string, until?: number): void;
  /** What there is to say of each person could not be recorded: only the counts are. */
  recordedPlainly(about: Said, error: unknown): void;
  /** Recipients whose turn came late could not be read again: they wait for a further round. */
  notLookedUpAgain(id: string, error: unknown): void;
  /** A step could not be recorded, so that the round ends here. */
  stepNotRecorded(about: Said, error: unknown): void;
  /** The task of a retry could not be enqueued: the sweep finds what is left to do. */
  notEnqueued(about: Said, error: unknown): void;
  /** What limits whoever caused it could not be read, so that nothing does. */
  limitsUnread(about: Said, error: unknown): void;
  /** It waits until then (ms since 1970), because whoever caused it has used up what they may have told. */
  waitsForBudget(about: Said, at: number): void;
  /** The lease could not be given back after an error: the entry is resumed when it ends. */
  leaseKept(id: string, error: unknown): void;
}

/** What is known of addresses besides users' lists of them. */
export interface AddressBook {
  /** The addresses that a push document lists, and when they were read (ms since 1970, Firestore's clock); undefined if it is gone. */
  listed(
    pushId: string,
  ): Promise<{ readonly addresses: readonly string[]; readonly readAt: number } | undefined>;
  /** The locale of each address's device, of whatever type; undefined where it is not known. In the addresses' order. */
  locales(addresses: readonly string[]): Promise<readonly unknown[]>;
  /** Whose an address is. */
  ownerOf(address: string): Promise<string | undefined>;
}

/** What came of composing an event once more. */
export type Recomposed =
  | { readonly kind: 'order'; readonly order: DeliveryOrder }
  | { readonly kind: 'nobody'; readonly why: string; readonly about: readonly string[] }
  | { readonly kind: 'failed'; readonly failure: GivenUp };

export interface EngineDeps {
  readonly ledger: Ledger;
  readonly users: UserStore;
  readonly digests: Digests;
  readonly devices: Pick<DeviceStore, 'prune' | 'replacementsOf'>;
  readonly providers: Providers;
  /** Sends to topics and conditions; without it such a push fails. */
  readonly topics?: Broadcaster;
  /** Knows the addresses that push documents list; without it such a push fails. */
  readonly addressBook?: AddressBook;
  readonly localiser: Localiser;
  /** What time it is where people are; called only where that decides. */
  readonly localTimes: () => Promise<LocalTimes>;
  /** The app's Android channel without a sound, for people who want to see a kind and not to hear it. */
  readonly silentChannelId?: string;
  /** Composes an event once more whose entry failed before; rejects when that should be tried again. Without it such an entry fails. */
  readonly recompose?: (event: NotedEvent) => Promise<Recomposed>;
  /** Tells of documents that may have been deleted; without it nothing is withdrawn. */
  readonly createdAt?: CreationTime;
  readonly tasks: TaskQueue;
  readonly log: EngineLog;
  readonly clock: { readonly now: () => number; readonly sleep: (ms: number) => Promise<void> };
  readonly random: () => number;
  /** What actors may send, and how often people are notified; without it nothing is limited. */
  readonly limits?: Limits;
  /** Recipients that one function call sends to; larger audiences are spread over tasks. */
  readonly shardSize: number;
}
