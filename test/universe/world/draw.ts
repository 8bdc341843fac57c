/** Draws a plan by chance; pure. */
import { Random } from '../time/random.ts';
import { actionsOf } from './actions.ts';
import { withNights } from './nights-by-chance.ts';
import type { PersonPlan, PhonePlan, Plan, Setup } from './plan.ts';
import { sceneOf } from './scenes.ts';
import { troublesOf } from './troubles.ts';

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

/** Tells the chances of who sleeps when from all others: what else is in a world stays what it is. */
const NIGHT_SALT = 0x0417;

export function planOf(seed: number, random: Random): Plan {
  return withNights(dayOf(seed, random), new Random(seed + NIGHT_SALT));
}

/** A world in which anybody may be told anything at any time, but for what they mute. */
function dayOf(seed: number, random: Random): Plan {
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
