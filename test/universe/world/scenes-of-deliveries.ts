/** Things that have to come together to tell whether a delivery keeps to its ledger entry, and seldom do by chance; pure. */
import type { Random } from '../time/random.ts';
import type { Action, Scene } from './plan.ts';
import type { Trouble } from './troubles.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** @param people how many there are, and phones. */
export function deliverySceneOf(random: Random, people: number, phones: number): Scene {
  const scene = random.pick([
    ...[slept, cancelled, refused, renewed, unrecorded, unequal],
    ...[putOff, editedAmid],
  ]);
  return scene(random, people, phones);
}

/** Everybody is notified, by somebody who is none of them. */
function notifyAll(random: Random, people: number): Action {
  const to = random.chance(0.2) ? 'everyone' : [...Array(people).keys()];
  return { at: 0, do: 'notify', kind: 'wave', id: 'n1', from: people, to };
}

/** An instance sleeps after it has sent, until another one has sent as well and waits for a retry. */
function slept(random: Random, people: number): Scene {
  return {
    actions: [notifyAll(random, people)],
    troubles: [
      {
        in: 'request',
        nth: random.int(0, 2),
        is: { what: 'freeze-after', forMs: 12 * MINUTE },
      },
      {
        in: 'fcm',
        nth: random.int(2, 5),
        is: {
          kind: 'answer',
          says: { what: 'UNAVAILABLE', retryAfter: { seconds: 1_800 } },
        },
      },
    ],
    setup: { shardSize: 500 },
  };
}

/** An operator stops a delivery while the answers to its first step are on their way. */
function cancelled(random: Random, people: number): Scene {
  const slow = (nth: number): Trouble => {
    return { in: 'fcm', nth, is: { kind: 'slow', ms: 13 * SECOND, acts: 'at-once' } };
  };
  return {
    actions: [
      notifyAll(random, people),
      { at: random.int(SECOND, 6 * SECOND), do: 'cancel', id: 'n1' },
    ],
    troubles: [slow(1), slow(2)],
    setup: { shardSize: random.pick([3, 500]), latencyMs: 30, lagMs: 200 },
  };
}

/** A provider takes nothing for hours. */
function refused(random: Random, people: number): Scene {
  return {
    actions: [notifyAll(random, people)],
    troubles: [
      {
        in: random.chance(0.7) ? 'fcm' : 'apns',
        nth: random.int(1, 2),
        is: { kind: 'outage', forMs: random.pick([40 * MINUTE, 9 * HOUR]) },
      },
    ],
    setup: { latencyMs: 30 },
  };
}

/** A phone has a new token between the first try and the second. */
function renewed(random: Random, people: number, phones: number): Scene {
  const at = random.int(SECOND, 9 * SECOND);
  return {
    actions: [
      notifyAll(random, people),
      { at, do: 'renew', phone: random.int(0, phones - 1), tells: 'replaces' },
    ],
    troubles: [1, 2].map((nth) => {
      return { in: 'fcm', nth, is: { kind: 'answer', says: { what: 'UNAVAILABLE' } } };
    }),
    setup: { latencyMs: 30, lagMs: 200, maxAddressesPerUser: 20 },
  };
}

/** Firestore fails in passing just as it is to be recorded what was sent. */
function unrecorded(random: Random, people: number): Scene {
  const first = random.int(2, 5);
  return {
    actions: [notifyAll(random, people)],
    // Twice: whoever cannot record a step records it with the round.
    troubles: [first, first + 1].map((nth) => {
      return { in: 'firestore', nth, is: { what: 'internal' } };
    }),
  };
}

/** Of two phones that wait for a retry the provider wants a longer wait for one. */
function unequal(random: Random, people: number): Scene {
  const nth = random.int(1, 2);
  return {
    actions: [notifyAll(random, people)],
    troubles: [
      { in: 'fcm', nth, is: { kind: 'answer', says: { what: 'UNAVAILABLE' } } },
      {
        in: 'fcm',
        nth: 3 - nth,
        is: { kind: 'answer', says: { what: 'UNAVAILABLE', retryAfter: { seconds: 600 } } },
      },
    ],
    setup: { shardSize: 500 },
  };
}

/** To everybody, and scheduled if `inMs` says so. */
function pushAll(people: number, inMs?: number): Action {
  return {
    ...{ at: 0, do: 'push', id: 'push1', to: [...Array(people).keys()], title: 'as written' },
    ...(inMs === undefined ? {} : { inMs }),
  };
}

/** A scheduled push is put off, or forward, or said otherwise. */
function putOff(random: Random, people: number): Scene {
  const at = random.int(1, 50) * MINUTE;
  const edit = { at, do: 'edit-push', id: 'push1', title: 'edited' } as const;
  const inMs = random.pick([undefined, MINUTE, HOUR, 3 * HOUR]);
  return {
    actions: [pushAll(people, HOUR), { ...edit, ...(inMs === undefined ? {} : { inMs }) }],
    troubles: [],
  };
}

/** An instance dies over a push that it has just begun, and somebody edits it before it is tried again. */
function editedAmid(random: Random, people: number): Scene {
  const at = random.int(SECOND, 8 * SECOND);
  return {
    actions: [pushAll(people), { at, do: 'edit-push', id: 'push1', title: 'edited' }],
    troubles: [{ in: 'firestore', nth: random.int(0, 3), is: { what: 'crash-after' } }],
    setup: { lagMs: 200 },
  };
}
