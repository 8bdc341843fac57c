/** Gives some worlds people who sleep, and say what they want to hear nothing of; pure. */
import type { Random } from '../time/random.ts';
import { nightOf } from './night-hours.ts';
import type { Action, PersonPlan, Plan } from './plan.ts';
import { nightSceneOf } from './scenes-of-nights.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** So many worlds are scenes of nights, and of the others so many have people who sleep. */
const SCENES = 0.06;
const NIGHTS = 0.05;

/** What notifications are about. */
export const TARGETS = ['w1', 'w2'] as const;

export function withNights(plan: Plan, random: Random): Plan {
  if (random.chance(SCENES)) return { ...plan, ...nightSceneOf(random, plan) };
  if (!random.chance(NIGHTS)) return plan;
  const last = plan.actions.reduce((latest, { at }) => Math.max(latest, at), 0);
  const actions = plan.actions.map((action): Action => {
    if (action.do !== 'notify') return action;
    return {
      ...action,
      ...(random.chance(0.1) ? { kind: 'alarm' as const } : {}),
      ...(random.chance(0.7) ? { target: random.pick(TARGETS) } : {}),
    };
  });
  const changes = random.chance(0.5) ? [changeOf(random, plan, last)] : [];
  return {
    ...plan,
    people: plan.people.map((person) => sleeping(random, plan, person)),
    actions: [...actions, ...changes].sort((a, b) => a.at - b.at),
  };
}

function sleeping(random: Random, { startAt, people }: Plan, person: PersonPlan): PersonPlan {
  const target = random.pick(TARGETS);
  const forMs = random.pick([undefined, 10 * 1_000, HOUR]);
  return {
    ...person,
    ...(random.chance(0.6) ? { night: nightOf(random, startAt) } : {}),
    ...(random.chance(0.15) ? { silences: [random.pick(['wave', 'offer'] as const)] } : {}),
    ...(random.chance(0.15) ? { blocks: [random.int(0, people.length - 1)] } : {}),
    ...(random.chance(0.15)
      ? { mutesTarget: { target, ...(forMs === undefined ? {} : { forMs }) } }
      : {}),
  };
}

/** Somebody says otherwise what they want to hear, and when. */
function changeOf(random: Random, { startAt, people }: Plan, last: number): Action {
  const person = random.int(0, people.length - 1);
  const at = random.int(0, last + random.pick([10_000, 10 * MINUTE]));
  const target = random.pick(TARGETS);
  switch (random.int(0, 4)) {
    case 0:
      return { at, do: random.pick(['mute-target', 'unmute-target'] as const), person, target };
    case 1:
      return { at, do: 'mute-target', person, target, forMs: random.pick([MINUTE, HOUR]) };
    case 2:
      return {
        ...{ at, do: random.pick(['block', 'unblock'] as const), person },
        who: random.int(0, people.length - 1),
      };
    case 3:
      return { at, do: 'silence', person, kind: 'wave' };
    default:
      return random.chance(0.3)
        ? { at, do: 'set-night', person }
        : { at, do: 'set-night', person, night: nightOf(random, startAt + at) };
  }
}
