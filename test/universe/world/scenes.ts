/** Things that have to come together to show anything, and seldom do by chance; pure. */
import type { Random } from '../time/random.ts';
import type { Action, Beginning, Scene } from './plan.ts';
import { deliverySceneOf } from './scenes-of-deliveries.ts';
import { sceneOfPhones } from './scenes-of-phones.ts';
import type { Trouble } from './troubles.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** So many of them are about whose a phone is; of the others so many about what the ledger says. */
const OF_PHONES = 0.25;
const OF_DELIVERIES = 0.35;

export function sceneOf(random: Random, beginning: Beginning): Scene {
  if (random.chance(OF_PHONES)) return sceneOfPhones(random, beginning);
  const { phones } = beginning;
  const people = beginning.people.length;
  if (random.chance(OF_DELIVERIES)) return deliverySceneOf(random, people, phones.length);
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
