/** Gives some worlds people who sleep, and say what they want to hear nothing of; pure. */
import type { Random } from '../time/random.ts';
import type { Action, NightPlan, PersonPlan, Plan } from './plan.ts';
import { nightSceneOf } from './scenes-of-nights.ts';
import { wallTime } from './wall-clock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** So many worlds are scenes of nights, and of the others so many have people who sleep. */
const SCENES = 0.06;
const NIGHTS = 0.05;

/** With quarters and halves of hours, on both sides of the date line, summer time in both halves of the year; and none that is one. */
const ZONES = [
  ...(['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Asia/Kathmandu'] as const),
  ...(['Pacific/Apia', 'Pacific/Marquesas', 'Australia/Lord_Howe', 'Mars/Olympus'] as const),
  undefined,
];
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
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

/** A night around the beginning of a world, or a little after that. */
export function nightOf(random: Random, startAt: number): NightPlan {
  const from = random.pick([-9 * HOUR, -HOUR, -MINUTE, MINUTE, 10 * MINUTE]);
  const until = random.pick([2 * MINUTE, 12 * MINUTE, HOUR, 3 * HOUR, 8 * HOUR]);
  return nightFrom(random, startAt + from, startAt + Math.max(until, from + 2 * MINUTE));
}

/** From one moment to another, ms since 1970, as somebody's clock has it: on each day, or on that one. */
export function nightFrom(random: Random, from: number, until: number): NightPlan {
  const zone = random.pick(ZONES);
  const begin = wallTime(zone, from);
  const window = `${inWords(begin.minute)}-${inWords(wallTime(zone, until).minute)}`;
  const days = random.chance(0.7) ? DAYS : [begin.day];
  return {
    ...(zone === undefined ? {} : { zone }),
    hours: Object.fromEntries(days.map((day) => [day, window])),
  };
}

/** `HH:MM`. */
function inWords(minute: number): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
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
