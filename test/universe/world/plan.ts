/**
 * What a world will be like, all of it decided by one integer before it begins: people, phones, what people do, and what goes wrong.
 * Pure, and plain data, so that parts of it can be taken away to find what matters.
 */
import type { Random } from '../time/random.ts';
import { actionsOf } from './actions.ts';
import type { Kind } from './catalogue.ts';
import { sceneOf } from './scenes.ts';
import { troublesOf, type Trouble } from './troubles.ts';

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
  /** The functions' credential is one of another project: FCM knows none of the tokens. */
  readonly isWrongProject?: true;
}

export interface PersonPlan {
  readonly uid: string;
  readonly mutes: readonly Kind[];
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
    | { readonly do: 'mute' | 'unmute'; readonly person: number; readonly kind: Kind }
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

const MINUTE = 60_000;
/** A moment in 2027, well after everything that is older than its world. */
const FIRST_START = Date.UTC(2027, 0, 1);

/** User ids that people and their providers make up, and some that have tripped programs. */
const UIDS = [
  ...['ana', 'ben', 'cleo', 'dora', 'emil', 'fay', 'gus'],
  ...[
    'constructor',
    'toString',
    'hasOwnProperty',
    'valueOf',
    '__proto',
    'a.b',
    '~x',
    'ünï 🎈',
    '0',
  ],
];

export function planOf(seed: number, random: Random): Plan {
  const setup = setupOf(random);
  const people = peopleOf(random);
  const phones = phonesOf(random, people.length);
  const scene = random.chance(0.2) ? sceneOf(random, { setup, people, phones }) : undefined;
  const actions = scene?.actions ?? actionsOf(random, people.length, phones.length);
  return {
    seed,
    startAt: FIRST_START + random.int(0, 365 * 24 * 60) * MINUTE + random.int(0, 59_999),
    people,
    phones,
    actions,
    troubles: scene?.troubles ?? troublesOf(random, actions.length),
    ...scene,
    setup: { ...setup, ...scene?.setup },
  };
}

function setupOf(random: Random): Setup {
  return {
    shardSize: random.pick([1, 2, 2, 3, 500]),
    maxTakeoversPerDay: random.pick([1, 2, 20]),
    maxAddressesPerUser: random.pick([2, 3, 20, 20]),
    instances: random.int(1, 3),
    skewsMs: random.chance(0.3) ? Array.from({ length: 3 }, () => random.int(-3_000, 3_000)) : [0],
    latencyMs: random.pick([10, 30, 30, 100, 1_500]),
    lagMs: random.pick([50, 200, 2_000, 60_000]),
    tasksAtOnce: random.pick([1, 3, 20]),
    contention: random.chance(0.8) ? 'optimistic' : 'pessimistic',
    ...(random.chance(0.1) ? { startsOlder: true as const } : {}),
    ...(random.chance(0.2) ? { isNew: true as const } : {}),
    ...(random.chance(0.1) ? { ledgerDays: 2 } : {}),
    ...(random.chance(0.02) ? { isWrongProject: true as const } : {}),
  };
}

function peopleOf(random: Random): PersonPlan[] {
  return random.some(UIDS, random.chance(0.06) ? 6 : random.int(2, 3)).map((uid) => ({
    uid,
    mutes: random.chance(0.15) ? [random.pick(['wave', 'offer'] as const)] : [],
    ...(random.chance(0.04) ? { isUnknown: true as const } : {}),
  }));
}

function phonesOf(random: Random, people: number): PhonePlan[] {
  const share = random.pick([0.5, 1, 1, 1.6]);
  return Array.from({ length: Math.max(1, Math.round(people * share)) }, (_, index) => ({
    number: index + 1,
    kind: random.chance(0.7) ? 'fcm' : 'apns',
    ...(random.chance(0.9) ? { person: random.int(0, people - 1) } : {}),
    ...(random.chance(0.12) ? { isGone: true as const } : {}),
  }));
}
