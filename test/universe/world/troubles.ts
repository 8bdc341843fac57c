/** What goes wrong in a world, decided before it begins; pure, and plain data. */
import type { FirestoreTrouble, InstanceTrouble } from '../platform/network.ts';
import type { EventTrouble } from '../platform/eventarc.ts';
import type { TaskTrouble } from '../platform/cloud-tasks.ts';
import type { ApnsTrouble } from '../providers/apns-model.ts';
import type { FcmTrouble } from '../providers/fcm-model.ts';
import { pickApnsTrouble, pickFcmTrouble, type TroubleClass } from '../providers/troubles.ts';
import type { Random } from '../time/random.ts';
import type { OutagePlan } from './outage.ts';

/** Something that goes wrong: with the `nth` call, request, task or event of its kind. */
export type Trouble =
  | { readonly in: 'firestore'; readonly nth: number; readonly is: FirestoreTrouble }
  /** Of an instance, over a request to a provider. */
  | { readonly in: 'request'; readonly nth: number; readonly is: InstanceTrouble }
  | { readonly in: 'fcm'; readonly nth: number; readonly is: FcmTrouble | OutagePlan }
  | { readonly in: 'apns'; readonly nth: number; readonly is: ApnsTrouble | OutagePlan }
  | { readonly in: 'queue'; readonly nth: number; readonly is: TaskTrouble }
  | { readonly in: 'event'; readonly nth: number; readonly is: EventTrouble }
  /** A sweep that the scheduler leaves out. */
  | { readonly in: 'sweep'; readonly nth: number; readonly is: { readonly what: 'skipped' } };

/** What is of one kind of them. */
export type TroubleIn<In extends Trouble['in']> = Extract<Trouble, { readonly in: In }>['is'];

type Weather = 'firestore' | 'instance' | 'provider' | 'queue' | 'event';

/** The ways in which a world can be in trouble; each world has some of them, and a quarter of all have none. */
const WEATHERS: readonly (readonly Weather[])[] = [
  ...[[], [], []],
  ...([['firestore'], ['instance'], ['provider'], ['queue'], ['event']] as const),
  ...([
    ['firestore', 'instance'],
    ['instance', 'provider'],
    ['firestore', 'provider'],
  ] as const),
  ...([
    ['queue', 'event'],
    ['instance', 'queue'],
    ['firestore', 'instance', 'provider', 'queue', 'event'],
  ] as const),
];

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** @param size how many things people do. */
export function troublesOf(random: Random, size: number): Trouble[] {
  const troubles: Trouble[] = [];
  const weather = random.pick(WEATHERS);
  const isStorm = random.chance(0.1);
  for (const kind of weather) {
    const count = isStorm ? random.int(3, 12) : random.int(1, 3);
    for (let nth = 0; nth < count; nth += 1) troubles.push(troubleOf(kind, random, size));
  }
  return troubles;
}

function troubleOf(kind: Weather, random: Random, size: number): Trouble {
  switch (kind) {
    case 'firestore':
      return { in: 'firestore', nth: random.int(0, 4 + 9 * size), is: firestoreTrouble(random) };
    case 'instance':
      return random.chance(0.6)
        ? { in: 'firestore', nth: random.int(0, 4 + 9 * size), is: instanceTrouble(random) }
        : { in: 'request', nth: random.int(0, 2 + 2 * size), is: instanceTrouble(random) };
    case 'provider':
      return random.chance(0.65)
        ? {
            in: 'fcm',
            nth: random.int(0, 2 + 2 * size),
            is: pickFcmTrouble(random, { classes: classesOf(random) }),
          }
        : {
            in: 'apns',
            nth: random.int(0, 1 + size),
            is: pickApnsTrouble(random, { classes: classesOf(random) }),
          };
    case 'queue':
      if (random.chance(0.2))
        return { in: 'sweep', nth: random.int(0, 2), is: { what: 'skipped' } };
      return { in: 'queue', nth: random.int(0, 1 + size), is: taskTrouble(random) };
    case 'event':
      return { in: 'event', nth: random.int(0, 2 + 3 * size), is: eventTrouble(random) };
  }
}

/** Mostly what passes by itself; sometimes what ends a push, and seldom a provider that calls the living dead. */
function classesOf(random: Random): readonly TroubleClass[] {
  const chance = random.next();
  if (chance < 0.8) return ['passing'];
  return chance < 0.95 ? ['final'] : ['lie'];
}

function firestoreTrouble(random: Random): FirestoreTrouble {
  return random.pick<() => FirestoreTrouble>([
    () => ({ what: random.pick(['unavailable', 'aborted', 'exhausted', 'internal'] as const) }),
    () => ({ what: 'hang' }),
    () => ({ what: 'answer-lost', afterMs: random.pick([SECOND, 60 * SECOND]) }),
    () => ({ what: 'answer-lost', afterMs: random.pick([SECOND, 60 * SECOND]) }),
    () => ({ what: 'twice' }),
    () => ({ what: 'slow', byMs: random.int(SECOND, 20 * SECOND) }),
    () => ({ what: 'outage', forMs: random.pick([10 * SECOND, 3 * MINUTE, 20 * MINUTE]) }),
  ])();
}

function instanceTrouble(random: Random): InstanceTrouble {
  return random.chance(0.6)
    ? { what: random.pick(['crash-before', 'crash-after'] as const) }
    : {
        what: random.pick(['freeze-before', 'freeze-after'] as const),
        forMs: random.pick([4 * SECOND, MINUTE, 4 * MINUTE, 6 * MINUTE, 12 * MINUTE]),
      };
}

function taskTrouble(random: Random): TaskTrouble {
  return random.pick<() => TaskTrouble>([
    () => ({ what: 'refused' }),
    () => ({ what: 'answer-lost' }),
    () => ({ what: 'lost' }),
    () => ({ what: 'twice', afterMs: random.pick([0, 200, 30 * SECOND, 10 * MINUTE]) }),
    () => ({ what: 'late', byMs: random.pick([10 * SECOND, 20 * MINUTE, 7 * HOUR]) }),
    () => ({ what: 'early', byMs: random.pick([SECOND, 30 * SECOND, 10 * MINUTE]) }),
  ])();
}

function eventTrouble(random: Random): EventTrouble {
  const after = (): number => random.pick([0, 3, 200, 30 * SECOND, 6 * MINUTE, 5 * HOUR]);
  return random.pick<() => EventTrouble>([
    () => ({ copies: [after()] }),
    () => ({ copies: [after(), after()] }),
    () => ({ lateMs: random.pick([SECOND, MINUTE, 3 * HOUR]) }),
  ])();
}
