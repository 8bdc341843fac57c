/** Who there is, who offers what, and what goes wrong at the provider: the same for the same seed; pure. */

import { seededRandom } from '../../simulator/src/seeded-random.ts';
import type { FaultSpec } from '../../simulator/src/index.ts';
import type { SoakOptions } from './options.ts';

export interface SoakDevice {
  address: string;
  isLive: boolean;
}

export interface SoakUser {
  uid: string;
  /** The one order that others offer to bring. */
  orderId: string;
  devices: SoakDevice[];
}

export interface SoakEvent {
  owner: SoakUser;
  courierId: string;
}

export interface SoakPlan {
  users: SoakUser[];
  events: SoakEvent[];
  faults: FaultSpec[];
}

/** So many devices have been wiped: pruning goes on throughout. */
const DEAD_RATE = 0.05;

/**
 * What faults there are, and how often each. Those that end a connection take the streams of others with them, and those of
 * the quota make a task wait for a minute, so they are rarer.
 */
const FAULTS: readonly (readonly [share: number, then: FaultSpec['then']])[] = [
  [0.3, { errorCode: 'UNAVAILABLE' }],
  [0.2, { errorCode: 'INTERNAL' }],
  [0.15, { errorCode: 'UNAVAILABLE', deliver: true }],
  [0.1, { status: 502, body: '<html>' }],
  [0.1, { reset: 'REFUSED_STREAM' }],
  [0.05, { reset: true }],
  [0.04, { truncate: true }],
  [0.03, { goaway: { processed: false } }],
  [0.02, { disconnect: true }],
  [0.01, { errorCode: 'QUOTA_EXCEEDED', retryAfterSeconds: 5 }],
];

export function planSoak(options: Omit<SoakOptions, 'cloud' | 'help'>): SoakPlan {
  const { events, users, faultRate, seed } = options;
  const random = seededRandom(seed);
  const people = Array.from({ length: users }, (_, nth): SoakUser => {
    const uid = `user${String(nth).padStart(5, '0')}`;
    const count = 1 + Math.floor(random() * 3);
    const devices = Array.from({ length: count }, (_, device) => ({
      address: `${uid}-${device}:APA91b-soak`,
      isLive: random() >= DEAD_RATE,
    }));
    return { uid, orderId: `order-${uid}`, devices };
  });
  return { users: people, events: offers(people, events, random), faults: faultsOf(faultRate) };
}

/** Each owner in turn gets an offer of the next person in a circle, beginning anywhere, so that none comes twice. */
function offers(people: readonly SoakUser[], events: number, random: () => number): SoakEvent[] {
  const count = people.length;
  const begin = people.map(() => Math.floor(random() * (count - 1)));
  return Array.from({ length: events }, (_, nth) => {
    const owner = nth % count;
    const step = ((begin[owner] as number) + Math.floor(nth / count)) % (count - 1);
    const courier = (owner + 1 + step) % count;
    return { owner: people[owner] as SoakUser, courierId: (people[courier] as SoakUser).uid };
  });
}

/** The first fault that applies strikes, so each is given its part of what the ones before it leave. */
function faultsOf(faultRate: number): FaultSpec[] {
  let left = 1;
  return FAULTS.map(([share, then]) => {
    const part = share * faultRate;
    const rate = Math.min(1, part / left);
    left -= part;
    return { match: { provider: 'fcm' as const }, rate, then };
  }).filter(({ rate }) => rate > 0);
}
