/**
 * What a world will be like, all of it decided before it begins: people, phones, what people do, and what goes wrong. Plain data, so that
 * parts of it can be taken away to find what matters.
 */
import type { Kind } from './catalogue.ts';
import type { Trouble } from './troubles.ts';

export interface Plan {
  readonly seed: number;
  /** When it begins, true time in ms since 1970. */
  readonly startAt: number;
  readonly setup: Setup;
  readonly people: readonly PersonPlan[];
  readonly phones: readonly PhonePlan[];
  readonly actions: readonly Action[];
  readonly troubles: readonly Trouble[];
}

/** What is there before anybody does anything. */
export type Beginning = Pick<Plan, 'setup' | 'people' | 'phones'>;

/** What is a scene's own; all else is as in any world. */
export interface Scene extends Pick<Plan, 'actions' | 'troubles'> {
  readonly setup?: Partial<Setup>;
  readonly people?: readonly PersonPlan[];
  readonly phones?: readonly PhonePlan[];
}

/** How the project is deployed, and how quick everything is. */
export interface Setup {
  readonly shardSize: number;
  readonly maxTakeoversPerDay: number;
  readonly maxAddressesPerUser: number;
  readonly instances: number;
  readonly skewsMs: readonly number[];
  readonly latencyMs: number;
  readonly lagMs: number;
  /** Tasks dispatched at once. */
  readonly tasksAtOnce: number;
  /** How Firestore settles who comes first: both are what it may do. */
  readonly contention: 'optimistic' | 'pessimistic';
  /** What is deployed at the beginning is the release before, until the first `deploy`. */
  readonly startsOlder?: true;
  /** What is there at the beginning has just been written, and functions are told of it. */
  readonly isNew?: true;
  /** Days for which the ledger is kept; absent: for longer than the world takes, and no TTL policy comes to anything. */
  readonly ledgerDays?: number;
  /** Nothing limits whoever causes events, and no call asks for it: of worlds that were found before it did, in which calls are numbered. */
  readonly isUnlimited?: true;
  /** The functions' credential is one of another project: FCM knows none of the tokens. */
  readonly isWrongProject?: true;
}

/** When somebody is not to be disturbed, as their document says it. */
export interface NightPlan {
  /** Absent: that of the backend. */
  readonly zone?: string;
  readonly hours: Readonly<Record<string, string>>;
}

export interface PersonPlan {
  readonly uid: string;
  readonly mutes: readonly Kind[];
  readonly night?: NightPlan;
  /** Kinds that they want to see, and not to hear. */
  readonly silences?: readonly Kind[];
  /** Whom they have blocked, by their places. */
  readonly blocks?: readonly number[];
  /** What they want to hear nothing of, for so long after the beginning, ms; absent: for ever. */
  readonly mutesTarget?: { readonly target: string; readonly forMs?: number };
  /** Has no document of their own. */
  readonly isUnknown?: true;
}

export interface PhonePlan {
  readonly number: number;
  readonly kind: 'fcm' | 'apns';
  /** Who has it registered from the beginning, by their place among the people. */
  readonly person?: number;
  /** Its app is gone, and nobody knows. */
  readonly isGone?: true;
}

type At = { readonly at: number };

/** Something that people do, `at` ms after the beginning. People and phones by their places. */
export type Action = At &
  (
    | {
        readonly do: 'notify';
        readonly kind: Kind;
        readonly id: string;
        readonly from: number;
        readonly to: readonly number[] | 'members' | 'everyone';
        /** Those of `to: 'members'`. */
        readonly members?: readonly number[];
        readonly ttl?: number;
        readonly readsWall?: true;
        /** What it is about. */
        readonly target?: string;
      }
    | {
        readonly do: 'push';
        readonly id: string;
        readonly to: readonly number[] | 'everyone' | 'topic';
        /** Sent to the addresses of these phones instead. */
        readonly phones?: readonly number[];
        readonly title: string;
        readonly inMs?: number;
      }
    | {
        readonly do: 'edit-push';
        readonly id: string;
        readonly title: string;
        readonly inMs?: number;
      }
    | { readonly do: 'cancel-push' | 'delete-push'; readonly id: string }
    | { readonly do: 'mute' | 'unmute' | 'silence'; readonly person: number; readonly kind: Kind }
    /** `forMs` absent: for ever. */
    | {
        readonly do: 'mute-target';
        readonly person: number;
        readonly target: string;
        readonly forMs?: number;
      }
    | { readonly do: 'unmute-target'; readonly person: number; readonly target: string }
    | { readonly do: 'block' | 'unblock'; readonly person: number; readonly who: number }
    /** `night` absent: they may be disturbed at any time. */
    | { readonly do: 'set-night'; readonly person: number; readonly night?: NightPlan }
    | {
        readonly do: 'login';
        readonly phone: number;
        readonly person: number;
        readonly by: 'call' | 'array';
      }
    | { readonly do: 'logout'; readonly phone: number; readonly by: 'call' | 'array' }
    | { readonly do: 'logout-everywhere'; readonly person: number }
    | {
        readonly do: 'renew';
        readonly phone: number;
        readonly tells: 'replaces' | 'plain' | 'nobody';
      }
    | { readonly do: 'start-app'; readonly phone: number }
    | { readonly do: 'uninstall'; readonly phone: number }
    | { readonly do: 'delete-account'; readonly person: number }
    | { readonly do: 'edit-profile'; readonly person: number }
    | { readonly do: 'deploy' }
    | { readonly do: 'sweep-stale' }
    | { readonly do: 'retry' | 'cancel'; readonly id: string }
  );
