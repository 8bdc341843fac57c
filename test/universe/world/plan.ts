/**
 * What a world will be like, all of it decided by one integer before it begins: people, phones, what people do, and what goes wrong.
 * Pure, and plain data, so that parts of it can be taken away to find what matters.
 */
import type { Random } from '../time/random.ts';
import type { Kind } from './catalogue.ts';
import { deliverySceneOf } from './scenes-of-deliveries.ts';
import { sceneOfPhones } from './scenes-of-phones.ts';
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

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** A moment in 2027, well after everything that is older than its world. */
const FIRST_START = Date.UTC(2027, 0, 1);

/** So many of the scenes are about whose a phone is. */
const SCENES_OF_PHONES = 0.25;

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
  const scene: Scene | undefined = random.chance(0.2)
    ? random.chance(SCENES_OF_PHONES)
      ? sceneOfPhones(random, { setup, people, phones })
      : sceneOf(random, people.length, phones)
    : undefined;
  const actions = scene?.actions ?? actionsOf(random, people.length, phones);
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

/** What a world is about: each draws from a few kinds of actions only, so that they meet. */
const THEMES: readonly (readonly Action['do'][])[] = [
  ['notify'],
  ['notify', 'notify', 'mute', 'unmute', 'edit-profile'],
  ['notify', 'login', 'logout', 'login'],
  ['notify', 'renew', 'start-app', 'uninstall'],
  ['notify', 'login', 'logout', 'renew', 'delete-account', 'logout-everywhere', 'start-app'],
  ['push', 'edit-push', 'cancel-push', 'delete-push'],
  ['push', 'push', 'edit-push', 'cancel-push'],
  ['push', 'notify', 'deploy'],
  ['notify', 'retry', 'cancel', 'deploy'],
  ['login', 'logout', 'login', 'renew', 'logout-everywhere', 'sweep-stale'],
];

function actionsOf(random: Random, people: number, phones: readonly PhonePlan[]): Action[] {
  const theme = random.pick(THEMES);
  const spanMs = random.pick([1, 2 * SECOND, 20 * SECOND, 10 * MINUTE, 3 * HOUR]);
  // Small, so that many are played; what goes wrong in large ones mostly does in small ones, only seldom.
  const count = random.int(1, 2) + (random.chance(0.1) ? random.int(1, 6) : 0);
  const context: Context = { random, people, phones: phones.length, ids: [], nextId: 1 };
  // The first of a theme is what the others are about.
  return Array.from({ length: count }, (_, index): Action => {
    const at = index === 0 ? 0 : Math.floor(random.next() * spanMs);
    return {
      at,
      ...actionOf(index === 0 ? (theme[0] as Action['do']) : random.pick(theme), context),
    };
  }).sort((a, b) => a.at - b.at);
}

/** Things that have to come together to show anything, and seldom do by chance. */
function sceneOf(random: Random, people: number, phones: readonly PhonePlan[]): Scene {
  if (random.chance(0.35)) return deliverySceneOf(random, people, phones.length);
  const everybody = [...Array(people).keys()];
  const notify = {
    at: 0,
    do: 'notify',
    kind: 'wave',
    id: 'n1',
    from: random.int(0, people - 1),
    to: random.chance(0.4) ? 'everyone' : everybody,
  } as const;
  const nth = random.int(0, 3);
  const says = (what: 'UNAVAILABLE' | 'INVALID_PAYLOAD' | 'QUOTA_EXCEEDED'): Trouble => ({
    in: 'fcm',
    nth,
    is: { kind: 'answer', says: { what } },
  });
  switch (random.int(0, 3)) {
    case 0:
      return {
        actions: [notify, { at: 20 * MINUTE, do: 'retry', id: 'n1' }],
        troubles: [says('INVALID_PAYLOAD')],
      };
    case 1:
      return {
        actions: [notify, { at: random.int(200, 40 * SECOND), do: 'cancel', id: 'n1' }],
        troubles: [says(random.pick(['UNAVAILABLE', 'QUOTA_EXCEEDED']))],
      };
    case 2: {
      const person = random.int(0, people - 1);
      return {
        actions: phones.map((_, index): Action => {
          return {
            at: index * 5 * SECOND,
            do: 'login',
            phone: index,
            person,
            by: random.pick(['call', 'array']),
          };
        }),
        troubles: [],
      };
    }
    default: {
      const phone = random.int(0, phones.length - 1);
      return {
        actions: [
          { at: 0, do: 'login', phone, person: random.int(0, people - 1), by: 'call' },
          { at: 20 * SECOND, do: 'sweep-stale' },
          { ...notify, at: MINUTE },
        ],
        troubles: [],
      };
    }
  }
}

interface Context {
  readonly random: Random;
  readonly people: number;
  readonly phones: number;
  readonly ids: string[];
  nextId: number;
}

/** Without its time. */
type Act = Action extends infer Each ? (Each extends Action ? Omit<Each, 'at'> : never) : never;

function actionOf(what: Action['do'], context: Context): Act {
  const { random } = context;
  const person = (): number => random.int(0, context.people - 1);
  const phone = (): number => random.int(0, context.phones - 1);
  switch (what) {
    case 'notify':
      return notifyOf(context);
    case 'push':
      return pushOf(context);
    case 'edit-push':
      return {
        do: what,
        id: idOf(context, 'push'),
        title: `edited ${random.int(1, 9)}`,
        ...(random.chance(0.5) ? { inMs: random.pick([0, MINUTE, HOUR]) } : {}),
      };
    case 'cancel-push':
    case 'delete-push':
      return { do: what, id: idOf(context, 'push') };
    case 'mute':
    case 'unmute':
      return { do: what, person: person(), kind: random.pick(['wave', 'offer'] as const) };
    case 'login':
      return {
        do: what,
        phone: phone(),
        person: person(),
        by: random.chance(0.75) ? 'call' : 'array',
      };
    case 'logout':
      return { do: what, phone: phone(), by: random.chance(0.75) ? 'call' : 'array' };
    case 'logout-everywhere':
    case 'delete-account':
    case 'edit-profile':
      return { do: what, person: person() };
    case 'renew':
      return {
        do: what,
        phone: phone(),
        tells: random.pick(['replaces', 'plain', 'nobody'] as const),
      };
    case 'start-app':
    case 'uninstall':
      return { do: what, phone: phone() };
    case 'deploy':
    case 'sweep-stale':
      return { do: what };
    case 'retry':
    case 'cancel':
      return { do: what, id: idOf(context, 'n') };
  }
}

function notifyOf(context: Context): Act {
  const { random } = context;
  const id = newId(context, 'n');
  const group = (): number[] => everybodyBut(random, context.people);
  const common = {
    do: 'notify',
    kind: random.chance(0.8) ? 'wave' : 'offer',
    id,
    from: random.int(0, context.people - 1),
    ...(random.chance(0.2) ? { ttl: random.pick([0, 30, 600, 7_200]) } : {}),
    ...(random.chance(0.2) ? { readsWall: true as const } : {}),
  } as const;
  const chance = random.next();
  if (chance < 0.1) return { ...common, to: 'everyone' };
  if (chance < 0.2) return { ...common, to: 'members', members: group() };
  return { ...common, to: group() };
}

function pushOf(context: Context): Act {
  const { random } = context;
  const id = newId(context, 'push');
  const chance = random.next();
  return {
    do: 'push',
    id,
    to: chance < 0.1 ? 'everyone' : chance < 0.15 ? 'topic' : everybodyBut(random, context.people),
    ...(random.chance(0.15) ? { phones: random.some([...Array(context.phones).keys()], 2) } : {}),
    title: 'as written',
    ...(random.chance(0.4) ? { inMs: random.pick([SECOND, MINUTE, HOUR, 40 * 24 * HOUR]) } : {}),
  };
}

/** Some of the people, one at least. */
function everybodyBut(random: Random, people: number): number[] {
  return random.some([...Array(people).keys()], random.int(1, people));
}

function newId(context: Context, prefix: 'n' | 'push'): string {
  const id = `${prefix}${context.nextId}`;
  context.nextId += 1;
  context.ids.push(id);
  return id;
}

/** One of those that were written before, mostly. */
function idOf({ random, ids }: Context, prefix: 'n' | 'push'): string {
  const known = ids.filter((id) => id.startsWith(prefix));
  return known.length === 0 ? `${prefix}0` : random.pick(known);
}
