/**
 * An entry of the ledger, as Firestore holds it.
 */
import type { Timestamp } from '@google-cloud/firestore';
import type { Draft, ExpoFormat } from '../model/notification/content';
import type { UserFilter } from '../model/notification/recipients';
import type { Counts } from '../model/counts';
import type { Answer, RoundNote } from './answers';
import type { ErrorCode } from './error-code';

/** In the place of a fingerprint: all devices that a person has when their time comes. */
export const EVERY_DEVICE = '*';

/** One address that is still to be tried again; named by fingerprint, so that the ledger holds no tokens. */
export interface PendingAddress {
  readonly uid: string;
  /** Or {@link EVERY_DEVICE}, of somebody who is not to be notified yet. */
  readonly fingerprint: string;
  /** Tries so far; 0 if its round ended before its turn came. */
  readonly attempts: number;
  /** First failure, ms since 1970. */
  readonly since: number;
  /** Not to be tried before, ms since 1970. */
  readonly dueAt: number;
  readonly code: string;
}

/** Whether it is a person who waits, and not one of their devices. */
export function isPerson({ fingerprint }: Pick<PendingAddress, 'fingerprint'>): boolean {
  return fingerprint === EVERY_DEVICE;
}

/** Which recipients a ledger entry covers. */
export type Coverage =
  /** Exactly these. */
  | { readonly kind: 'listed'; readonly uids: readonly string[] }
  /** The addresses that the push document lists, which the ledger does not keep. */
  | { readonly kind: 'addresses' }
  /** Whoever is subscribed: FCM knows, we do not. */
  | { readonly kind: 'topic'; readonly topic: string }
  | { readonly kind: 'condition'; readonly condition: string }
  /** The documents of a collection with `after < id <= until`, and of these only those that `where` accepts. */
  | {
      readonly kind: 'range';
      readonly collection: string;
      readonly where?: UserFilter;
      readonly after: string;
      readonly until: string;
    }
  /** The sum of its shards, spread over `shards` lists by a hash of the user id. */
  | { readonly kind: 'hashed-shards'; readonly shards: number }
  /** The sum of its shards, page after page of a collection; `shards` is set once the last page is known. */
  | {
      readonly kind: 'paged-shards';
      readonly collection: string;
      readonly where?: UserFilter;
      readonly shards?: number;
    };

/** That a part of an entry is sent again although nobody knows whether it was sent before. */
export interface Resend {
  /** How often that was begun. */
  readonly times: number;
  /** It came to its end, though perhaps not to its record: it is not sent once more. */
  readonly isSent?: true;
  /** With `isSent`: fingerprints of those whom nothing can have reached then, because their turn did not come or the provider took nothing. */
  readonly unsent?: readonly string[];
}

/** Each part has a note of its own: workers may die over one and then over the other. */
export interface Resends {
  /** The addresses whose retry was due by then, ms since 1970. */
  readonly retry?: Resend & { readonly dueBy: number };
  /** The recipients who came next, up to this one. */
  readonly next?: Resend & { readonly until: string };
}

/** Why a delivery as a whole was not sent, although nothing failed; also the reason of each of its people. */
export type Withheld =
  /** One push about the same is enough for a while. */
  | 'repeated'
  /** Whoever did it has used up what they may send. */
  | 'over-budget'
  /** Its document was deleted before it was sent. */
  | 'withdrawn'
  /** Nothing that it gathered was left to tell. */
  | 'digest-empty';

/** What it takes to withdraw a push from the devices that show it. */
export interface ShownAs {
  /** See `Content.tag`. */
  readonly tag: string;
  /** Other pushes have the same tag: the notification asked for a collapse key. */
  readonly isShared?: true;
  /** As its content says. */
  readonly expiresAt: number;
  readonly expo?: ExpoFormat;
  /** APNs topic that the notification named itself. */
  readonly topic?: string;
}

/** What limits an entry: whoever caused it, and what was told already. */
export interface SenderFields {
  /** Whose budget it counts against; absent where there is none. */
  readonly actor?: string;
  /** People whom it reaches; of a topic nobody knows. */
  readonly size: number;
  /** Names what counts as the same; absent where everything is told. */
  readonly once?: string;
}

/** The same, and its place in the order of events. */
export interface Sender extends SenderFields {
  /** When it was claimed, by Firestore's clock. Absent while it waits for the budget: then it counts for nothing. */
  readonly at?: Timestamp;
}

/** `deliveries/{deliveryId}`: the ledger entry of one event, or of one shard of it. Server only. */
export interface DeliveryDocument {
  readonly type: string;
  /** `sending` until every address has its final outcome; `failed`: the delivery as a whole could not be made. */
  readonly state: 'sending' | 'done' | 'failed';
  /** What to send, so that it can be resumed without the event; gone once all is done, and kept where something failed. */
  readonly content?: Draft;
  readonly coverage?: Coverage;
  readonly actor?: string;
  /** What limits it; gone where it was withheld, or failed before anything was sent. Not on shards, nor on what only servers may ask for. */
  readonly sender?: Sender;
  /** Whoever works on this may do so until then; afterwards others take over. */
  readonly leaseUntil: Timestamp;
  /** Names the worker that holds this: by it a claim whose answer was lost recognises itself. */
  readonly claim: string;
  /** How often work on this was begun since it last got on. */
  readonly attempts: number;
  /** The last worker gave up before it sent anything, so that nothing is in doubt. */
  readonly isUntouched?: boolean;
  /** What was sent again without a record of how it went. */
  readonly resends?: Resends;
  /** Id of the last recipient whose outcomes are recorded; absent: of none. */
  readonly reached?: string;
  /** Whether every recipient was reached. */
  readonly sent: boolean;
  readonly pending: readonly PendingAddress[];
  /** Set while waiting for a retry; cleared when it begins. */
  readonly retryAt?: Timestamp;
  /** Names the task that makes this retry together with others that are due then; absent where it has a task of its own. */
  readonly due?: string;
  /** Number of the next retry. */
  readonly round: number;
  readonly counts: Counts;
  /**
   * What became of it for each person: uid → one of
   * - `delivered`, `delivered:unchecked`, `expired`, `pruned`, `kept:<why>`, `rejected:<code>`, `failed:<code>`, or for now `retrying:<code>`;
   *   where one device took it and another did not, both: `delivered + failed:<code>`;
   * - for now `held:QUIET_HOURS` and `held:LOCAL_TIME`; from them `expired:<the same>`, and `collapsed` by a newer one about the same;
   * - `digested:<delivery id>` that tells it with others, and `digested` where that is not known any more;
   * - left out: `is-actor`, `muted`, `muted-target`, `blocked`, `always-quiet`, `capped`, or why all of it was: {@link Withheld};
   * - not to be reached: `no-user`, `no-address`, `invalid-id`, `address-removed`.
   *
   * `docs/reasons.md` explains each.
   */
  readonly reasons: Readonly<Record<string, string>>;
  /** Why nothing, or nothing more, of it was sent. */
  readonly withheld?: Withheld;
  /** How devices show it, where its kind is withdrawn from them. */
  readonly shownAs?: ShownAs;
  /** Id of the delivery that this withdraws from the devices that show it. */
  readonly withdraws?: string;
  /** Why the delivery as a whole failed, in words, and as a code. */
  readonly error?: string;
  readonly errorCode?: ErrorCode;
  /** Path of the document that this is about. Not on shards. */
  readonly document?: string;
  /** When that document was written. */
  readonly eventAt?: Timestamp;
  /** What this is found by, see `find-by.ts`; absent in entries of earlier versions. */
  readonly findBy?: readonly string[];
  /** What each device answered last, as far as there is room: `counts` also count those without. See `answers.ts`. */
  readonly answers?: readonly Answer[];
  /** The last rounds that left something to do, the latest last. */
  readonly rounds?: readonly RoundNote[];
  /** How many addresses ended with each code that somebody may have to act upon. */
  readonly codes?: Readonly<Record<string, number>>;
  /** Of the windows' document of a digest, one of which this closes and then tells; gone once it is known what to tell. */
  readonly digest?: string;
  /** Nothing was composed, and an operator has that done once more. */
  readonly recompose?: true;
  /** When an operator last had it sent again to whoever was not reached. */
  readonly reopenedAt?: Timestamp;
  /** On shards: the delivery they belong to, and when that began. */
  readonly parent?: string;
  readonly audienceBegan?: Timestamp;
  /** On shards of a collection: the id after which their part of it begins. */
  readonly after?: string;
  /** Id of the push document that asked for this, and is told how it ended. Not on shards. */
  readonly outbox?: string;
  readonly createdAt: Timestamp;
  readonly updatedAt: Timestamp;
  /** Firestore's TTL policy deletes the entry after this. */
  readonly expiresAt: Timestamp;
}

/**
 * `deliveries/{deliveryId}~nobody` and `deliveries/{deliveryId}~compose`: what is known of an event for which there is no delivery, or
 * none yet. Nothing is ever sent because of one.
 */
export interface NoteDocument {
  readonly type: string;
  readonly state: 'noted';
  /** Why `compose` told nobody. */
  readonly nobody?: string;
  /** `compose` failed, and the event comes again until `until`. */
  readonly composing?: {
    readonly error: string;
    readonly tries: number;
    readonly until: Timestamp;
  };
  readonly document?: string;
  readonly eventAt: Timestamp;
  readonly findBy: readonly string[];
  readonly createdAt: Timestamp;
  readonly updatedAt: Timestamp;
  readonly expiresAt: Timestamp;
}
