/** Scenes of whose a phone is: what has to come together before one is lost, kept or refused, and seldom does by chance. */
import type { Random } from '../time/random.ts';
import type { Action, Beginning, PhonePlan, Scene } from './plan.ts';
import type { Trouble } from './troubles.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Less than a client's patience, more than a call takes. */
const SLOW_ANSWER_MS = 12 * SECOND;

export function sceneOfPhones(random: Random, beginning: Beginning): Scene {
  return random.pick(SCENES)(random, beginning);
}

const SCENES: readonly ((random: Random, beginning: Beginning) => Scene)[] = [
  startedWhileCalledDead,
  calledDeadForAnother,
  allCalledDead,
  lateClaim,
  loggedOutMeanwhile,
  nextDay,
  wayBack,
];

/** A provider calls a living phone dead, and before that is heard of its app is started again. */
function startedWhileCalledDead(random: Random): Scene {
  return {
    setup: { maxAddressesPerUser: 20 },
    phones: phonesOf(0),
    actions: [
      notifying(0, 1, 0),
      { at: random.int(SECOND, SLOW_ANSWER_MS), do: 'start-app', phone: 0 },
    ],
    troubles: [
      {
        in: 'fcm',
        nth: 1,
        is: {
          kind: 'slow',
          ms: SLOW_ANSWER_MS,
          acts: 'at-once',
          then: { kind: 'answer', says: { what: 'UNREGISTERED' } },
        },
      },
    ],
  };
}

/** Somebody else has written a phone into their own array, and before the backend hears of that it is called dead for them. */
function calledDeadForAnother(random: Random, beginning: Beginning): Scene {
  return {
    phones: phonesOf(0),
    actions: [
      { at: 0, do: 'login', phone: 0, person: 1, by: 'array' },
      notifying(random.int(10, 2 * SECOND), 0, 1),
    ],
    troubles: [firstClaimLate(beginning), calledDead(1)],
  };
}

/** Most phones of several people are called dead at once. */
function allCalledDead(random: Random, { people }: Beginning): Scene {
  const [one, other] = [1, people.length - 1];
  return {
    setup: { shardSize: 500 },
    phones: phonesOf(one, one, other),
    actions: [{ at: 0, do: 'push', id: 'push1', to: [one, other], title: 'as written' }],
    troubles: [1, 2, 3].slice(0, random.int(2, 3)).map(calledDead),
  };
}

/** Somebody logs in by their array, then somebody else by call, and the backend hears of the first after the second. */
function lateClaim(random: Random, beginning: Beginning): Scene {
  return {
    setup: { maxAddressesPerUser: 20 },
    phones: phonesOf(0),
    actions: [
      { at: 0, do: 'login', phone: 0, person: 1, by: 'array' },
      {
        at: random.int(SECOND, 20 * SECOND),
        do: 'login',
        phone: 0,
        person: random.pick([0, beginning.people.length - 1]),
        by: 'call',
      },
    ],
    troubles: [firstClaimLate(beginning)],
  };
}

/** Somebody logs out and somebody else in at once: either may be heard of first. */
function loggedOutMeanwhile(random: Random): Scene {
  return {
    phones: phonesOf(0),
    actions: [
      { at: 0, do: 'logout', phone: 0, by: 'call' },
      { at: random.int(1, 30), do: 'login', phone: 0, person: 1, by: 'call' },
    ],
    troubles: [],
  };
}

/** Two phones are taken from somebody, the second when the day of the first is over. */
function nextDay(random: Random): Scene {
  return {
    setup: { maxTakeoversPerDay: 1 },
    phones: phonesOf(0, 0),
    actions: [
      { at: 0, do: 'login', phone: 0, person: 1, by: 'call' },
      { at: random.int(20, 40) * HOUR, do: 'login', phone: 1, person: 1, by: 'call' },
    ],
    troubles: [],
  };
}

/** Somebody takes a phone as often as they may in a day, loses their own, and logs in there again. */
function wayBack(random: Random): Scene {
  const login = (at: number, phone: number, person: number): Action => {
    return { at, do: 'login', phone, person, by: 'call' };
  };
  return {
    setup: { maxTakeoversPerDay: 1 },
    phones: phonesOf(0, 1),
    actions: [login(0, 1, 0), login(30 * SECOND, 0, 1), login(random.pick([1, 10]) * MINUTE, 0, 0)],
    troubles: [],
  };
}

/** What the first login by an array leads to comes late; where all is new, each person's document was an event before that. */
function firstClaimLate({ setup, people }: Beginning): Trouble {
  const nth =
    setup.isNew === true ? people.filter(({ isUnknown }) => isUnknown !== true).length : 0;
  return { in: 'event', nth, is: { lateMs: 2 * MINUTE } };
}

function calledDead(nth: number): Trouble {
  return { in: 'fcm', nth, is: { kind: 'answer', says: { what: 'UNREGISTERED' } } };
}

/** One of FCM's for each of these people. */
function phonesOf(...people: readonly number[]): PhonePlan[] {
  return people.map((person, index) => ({ number: index + 1, kind: 'fcm', person }));
}

function notifying(at: number, from: number, to: number): Action {
  return { at, do: 'notify', kind: 'wave', id: 'n1', from, to: [to] };
}
