/** Scenes of what people want to hear, and when: what has to come together to tell whether that is kept, and seldom does by chance; pure. */
import type { Random } from '../time/random.ts';
import { nightFrom } from './night-hours.ts';
import type { Action, NightPlan, PersonPlan, Plan } from './plan.ts';
import type { Trouble } from './troubles.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** What of a world is a scene's own. */
type NightScene = Partial<Omit<Plan, 'seed'>>;

export function nightSceneOf(random: Random, plan: Plan): NightScene {
  return { ...calm(plan), ...random.pick(SCENES)(random, plan) };
}

const SCENES: readonly ((random: Random, plan: Plan) => NightScene)[] = [
  slept,
  triedAgainAtNight,
  sleepsLonger,
  aboutOneThing,
  diedOverOneThing,
  fallsAsleep,
  changedTheirMind,
  mutedForAWhile,
  alarmed,
  unheard,
  diedTwice,
  clockChanged,
  takenOver,
  stopped,
  renewed,
  crowded,
];

/** Two people with a phone each of whom one sleeps, and a third who does things. */
function calm({
  setup,
  people,
}: Plan): Required<Pick<Plan, 'setup' | 'people' | 'phones'>> & NightScene {
  const { isWrongProject: _theirs, ...rest } = setup;
  return {
    setup: { ...rest, maxAddressesPerUser: 20, latencyMs: Math.min(setup.latencyMs, 100) },
    people: people.map(({ uid }) => ({ uid, mutes: [] })),
    phones: [
      { number: 1, kind: 'fcm', person: 0 },
      { number: 2, kind: 'apns', person: 1 },
    ],
    troubles: [],
  };
}

/** For scenes that name a call by its number: nothing else calls, and all are in one entry. */
function counted(plan: Plan): Plan['setup'] {
  const { isNew: _new, ...setup } = calm(plan).setup;
  return { ...setup, isUnlimited: true, lagMs: 50, shardSize: 500 };
}

/** The first of them is otherwise. */
function first({ people }: Plan, their: Partial<PersonPlan>): Pick<Plan, 'people'> {
  return {
    people: people.map(({ uid }, place) => ({ uid, mutes: [], ...(place === 0 ? their : {}) })),
  };
}

/** Everybody is notified by somebody who is none of them. */
function notify(at: number, more: Partial<Extract<Action, { do: 'notify' }>> = {}): Action {
  return { at, do: 'notify', kind: 'wave', id: 'n1', from: 9, to: [0, 1], ...more };
}

/** A night that has begun, and ends soon enough after that moment of the world. */
function nightAt(random: Random, { startAt }: Plan, at: number): NightPlan {
  const from = startAt + at - random.pick([3 * MINUTE, HOUR, 9 * HOUR]);
  return nightFrom(
    random,
    from,
    startAt + at + random.pick([3 * MINUTE, 20 * MINUTE, 90 * MINUTE, 8 * HOUR]),
  );
}

function unavailable(nth: number, seconds?: number): Trouble {
  const retryAfter = seconds === undefined ? {} : { retryAfter: { seconds } };
  return { in: 'fcm', nth, is: { kind: 'answer', says: { what: 'UNAVAILABLE', ...retryAfter } } };
}

/** Something comes at night, which is perhaps over before the morning. */
function slept(random: Random, plan: Plan): NightScene {
  const ttl = random.pick([undefined, undefined, 30, 600, 7_200]);
  return {
    ...first(plan, { night: nightAt(random, plan, 0) }),
    actions: [notify(0, ttl === undefined ? {} : { ttl })],
  };
}

/** FCM takes it only when its recipient is asleep. */
function triedAgainAtNight(random: Random, plan: Plan): NightScene {
  const { startAt } = plan;
  return {
    ...first(plan, { night: nightFrom(random, startAt + MINUTE, startAt + 20 * MINUTE) }),
    actions: [notify(0)],
    troubles: [unavailable(1, random.pick([90, 300]))],
  };
}

/** While somebody sleeps their night gets another end. */
function sleepsLonger(random: Random, plan: Plan): NightScene {
  const night = nightFrom(random, plan.startAt - HOUR, plan.startAt + 10 * MINUTE);
  const other = nightFrom(
    random,
    plan.startAt - HOUR,
    plan.startAt + random.pick([5 * MINUTE, HOUR]),
  );
  return {
    ...first(plan, { night }),
    actions: [
      notify(0),
      {
        ...{ at: random.int(MINUTE, 9 * MINUTE), do: 'set-night', person: 0 },
        ...(random.chance(0.8) ? { night: other } : {}),
      },
    ],
  };
}

/** Several things about one, and perhaps about another, at one night. */
function aboutOneThing(random: Random, plan: Plan): NightScene {
  return {
    ...first(plan, { night: nightFrom(random, plan.startAt - HOUR, plan.startAt + HOUR) }),
    actions: several(random, 2 + random.int(0, 1)),
  };
}

function several(random: Random, count: number): Action[] {
  return Array.from({ length: count }, (_, nth) => {
    const isOther = random.chance(0.15);
    return notify(nth * random.pick([1, MINUTE, 10 * MINUTE]), {
      id: `n${nth + 1}`,
      target: isOther ? 'w2' : 'w1',
      ...(random.chance(0.1) ? { kind: 'offer' as const } : {}),
    });
  }).sort((a, b) => a.at - b.at);
}

/** The same, and an instance dies or freezes over one of them. */
function diedOverOneThing(random: Random, plan: Plan): NightScene {
  return {
    ...aboutOneThing(random, plan),
    troubles: [
      {
        ...{ in: 'firestore', nth: random.int(0, 30) },
        is: random.chance(0.7)
          ? { what: random.pick(['crash-before', 'crash-after'] as const) }
          : { what: 'freeze-after', forMs: random.pick([MINUTE, 12 * MINUTE]) },
      },
    ],
  };
}

/** Somebody falls asleep while a slow database says that they are awake: so many are not read before the entry is there. */
function fallsAsleep(random: Random, plan: Plan): NightScene {
  const night = nightFrom(random, plan.startAt - HOUR, plan.startAt + 10 * MINUTE);
  return {
    actions: [
      notify(0, { to: [0, 1, 2] }),
      { at: random.int(SECOND, 5 * SECOND), do: 'set-night', person: 0, night },
    ],
    troubles: [
      {
        ...{ in: 'firestore', nth: random.pick([1, 1, 2]) },
        is: { what: 'slow', byMs: random.int(8, 14) * SECOND },
      },
    ],
    setup: counted(plan),
  };
}

/** Somebody wants to hear of it when it comes, and does not when it can be told: because of the night, or of FCM. */
function changedTheirMind(random: Random, plan: Plan): NightScene {
  const isNight = random.chance(0.5);
  const at = random.int(20, 80) * SECOND;
  const change = random.pick<Action>([
    { at, do: 'block', person: 0, who: 1 },
    { at, do: 'mute-target', person: 0, target: 'w1' },
    { at, do: 'mute', person: 0, kind: 'wave' },
    { at, do: 'silence', person: 0, kind: 'wave' },
  ]);
  return {
    ...(isNight
      ? first(plan, { night: nightFrom(random, plan.startAt - HOUR, plan.startAt + 5 * MINUTE) })
      : {}),
    actions: [notify(0, { from: 1, to: [0], target: 'w1' }), change],
    troubles: isNight ? [] : [unavailable(1, 120)],
  };
}

/** Something is muted for a while, and comes before that is over, or after it. */
function mutedForAWhile(random: Random, plan: Plan): NightScene {
  return {
    ...first(plan, { mutesTarget: { target: 'w1', forMs: MINUTE } }),
    actions: [notify(random.pick([0, 2 * MINUTE]), { target: 'w1' })],
  };
}

/** What nobody can turn off comes to somebody who has turned everything off. */
function alarmed(random: Random, plan: Plan): NightScene {
  return {
    ...first(plan, { night: nightAt(random, plan, 0), blocks: [1], mutes: ['alarm'] }),
    actions: [notify(0, { kind: 'alarm', from: 1, to: [0] })],
    troubles: random.chance(0.5) ? [unavailable(1)] : [],
  };
}

/** Somebody wants to see it, and not to hear it. */
function unheard(random: Random, plan: Plan): NightScene {
  return { ...first(plan, { silences: ['wave'] }), actions: [notify(0)] };
}

/** One sleeps, the other is sent to, and two instances die over that. */
function diedTwice(random: Random, plan: Plan): NightScene {
  return {
    ...first(plan, { night: nightFrom(random, plan.startAt - HOUR, plan.startAt + HOUR) }),
    actions: [notify(0)],
    troubles: [
      { in: 'request', nth: 0, is: { what: 'crash-after' } },
      {
        in: 'firestore',
        nth: random.int(12, 15),
        is: { what: random.pick(['crash-before', 'crash-after'] as const) },
      },
    ],
    setup: counted(plan),
  };
}

/** Clocks are put forward or back in the night of somebody in Berlin, in New York or on Lord Howe. */
function clockChanged(random: Random, plan: Plan): NightScene {
  const [zone, changeAt] = random.pick([
    ['Europe/Berlin', Date.UTC(2027, 2, 28, 1)],
    ['Europe/Berlin', Date.UTC(2027, 9, 31, 1)],
    ['America/New_York', Date.UTC(2027, 2, 14, 7)],
    ['Australia/Lord_Howe', Date.UTC(2027, 9, 2, 15, 30)],
  ] as const);
  const startAt = changeAt - random.int(1, 120) * MINUTE;
  const hours = {
    sat: random.pick(['22:00-02:10', '22:00-02:10', '23:00-07:00']),
    sun: random.pick(['00:30-02:05', '02:00-02:40']),
  };
  return {
    ...{ startAt, ...first(plan, { night: { zone, hours } }) },
    actions: [notify(0), notify(random.int(1, 150) * MINUTE, { id: 'n2', target: 'w1' })],
  };
}

/** Somebody else logs in on the phone of one who sleeps. */
function takenOver(random: Random, plan: Plan): NightScene {
  return {
    ...first(plan, { night: nightFrom(random, plan.startAt - HOUR, plan.startAt + HOUR) }),
    actions: [
      ...several(random, 2),
      {
        at: random.int(1, 30) * MINUTE,
        do: 'login',
        phone: 0,
        person: 1,
        by: random.pick(['call', 'array'] as const),
      },
    ],
  };
}

/** An operator stops what somebody who sleeps is to be told of last. */
function stopped(random: Random, plan: Plan): NightScene {
  return {
    ...first(plan, { night: nightFrom(random, plan.startAt - HOUR, plan.startAt + HOUR) }),
    actions: [
      notify(0, { target: 'w1' }),
      notify(MINUTE, { id: 'n2', target: 'w1' }),
      { at: random.int(2, 30) * MINUTE, do: 'cancel', id: 'n2' },
    ],
  };
}

/** The phone of somebody who sleeps has a new token in the morning. */
function renewed(random: Random, plan: Plan): NightScene {
  return {
    ...first(plan, { night: nightFrom(random, plan.startAt - HOUR, plan.startAt + HOUR) }),
    actions: [
      notify(0),
      { at: random.int(2, 30) * MINUTE, do: 'renew', phone: 0, tells: 'replaces' },
    ],
  };
}

/** More sleep than one entry has room for. */
function crowded(random: Random, plan: Plan): NightScene {
  const night = nightFrom(random, plan.startAt - HOUR, plan.startAt + HOUR);
  return {
    people: plan.people.map(({ uid }) => ({ uid, mutes: [], night })),
    phones: Array.from({ length: 8 }, (_, index) => ({
      ...{ number: index + 1, kind: random.chance(0.7) ? 'fcm' : 'apns' },
      person: index % 2,
    })),
    actions: [notify(0)],
    setup: { ...calm(plan).setup, shardSize: 500 },
  };
}
