/** What a scene is, and what several of them do. */
import { LEASE_MS } from '../../faults/world.ts';
import type { Expected } from '../fixture.ts';
import type { Installation } from '../installation.ts';

export interface Scene {
  /** Name of its file. */
  readonly name: string;
  /** What the installation is in the middle of. */
  readonly scene: string;
  readonly shardSize?: number;
  /** Brings the installation there; says what is to become of it. */
  readonly play: (installation: Installation) => Promise<Expected>;
}

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A user's only address, where nothing else is said. */
export const addressOf = (uid: string) => `${uid}:APA91b-address`;

/** Every field that a notification may have and that goes together. */
export const ELABORATE = {
  title: { key: 'offer.title', args: { name: 'Maya' } },
  subtitle: 'Order 7',
  body: { locKey: 'order.body', locArgs: ['7'], fallback: 'It is on its way' },
  image: 'https://example.com/order.png',
  data: { orderId: '7', note: 'fragile' },
  requiredData: ['orderId'],
  link: '/orders/7',
  collapseKey: 'order-7',
  channelId: 'orders',
  category: 'order',
  threadId: 'orders',
  launchImage: 'orders.png',
  target: 'orders/7',
  actorName: 'Maya',
  interruptionLevel: 'critical',
  relevanceScore: 0.5,
  targetContentId: 'orders',
  sound: 'bell.caf',
  criticalVolume: 0.5,
  badge: 3,
  priority: 'high',
  style: 'alert',
  timeToLive: 86_400,
  analyticsLabel: 'orders',
  expo: { experienceId: '@shop/app', icon: 'bell' },
  apns: { aps: { 'filter-criteria': 'orders' }, custom: { shop: 'maya' } },
} as const;

export async function addPeople(
  { world }: Installation,
  ...uids: readonly string[]
): Promise<void> {
  for (const uid of uids) await world.addUser(uid, [addressOf(uid)]);
}

/** The provider has no time for an address now: once. */
export function isBusyFor(
  { world }: Installation,
  address: string,
  retryAfterSeconds?: number,
): void {
  const wait = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  world.simulator.addFault({
    match: { address },
    times: 1,
    then: { errorCode: 'UNAVAILABLE', ...wait },
  });
}

/** Nobody holds anything any more. */
export function leasesEnd({ world }: Installation): void {
  world.now += 2 * LEASE_MS;
}

export const resume = (delivery: string) => ({ kind: 'resume', delivery, lease: 0 }) as const;
